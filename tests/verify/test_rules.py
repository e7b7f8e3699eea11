"""Each rule of soundness: a process that keeps it, one that breaks it, and the shortest way."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from escalation_engine.loader import read, read_text
from escalation_engine.verify import CODES, Report, explore, proven, verify
from tests.verify.desk import HEADER, LADDER, TWO_TRACKS, chart_of
from tests.verify.replay import ended_where_it_says

PROCESSES = [
    path for path in sorted(Path("processes").glob("*.yaml")) if read(path).chart.kind == "process"
]


def report_of(text: str) -> Report:
    return verify(read_text(HEADER + dedent(text), name="desk.yaml"))


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


ENDS = """
      done: {kind: end, outcome: done}
"""

BROKEN = {
    "E201": (
        """
        start: a
        states:
          a: {on: {wrong: {to: b}, right: {to: done}}}
          b: {title: Stuck}
          done: {kind: end, outcome: done}
        """,
        2,
    ),
    "E202": (
        """
        start: a
        states:
          a: {on: {wrong: {to: b}, right: {to: done}}}
          b: {on: {on: {to: c}}}
          c: {on: {on: {to: b}}}
          done: {kind: end, outcome: done}
        """,
        2,
    ),
    "E203": (
        """
        start: a
        states:
          a: {on: {go: {to: done}}}
          never: {on: {go: {to: done}}}
          done: {kind: end, outcome: done}
        """,
        0,
    ),
    "E204": (
        """
        start: a
        states:
          a: {on: {go: {to: b}}}
          b: {kind: decision, assignee: owner_role}
        roles: {owner_role: {title: Owner}}
        """,
        0,
    ),
    "E205": (
        """
        start: a
        roles: {chief: {title: Chief}}
        states:
          a: {on: {go: {to: rest}, end: {to: done}}}
          rest:
            kind: decision
            assignee: chief
            timers: {again: {after: 1 hour, send: nudge}}
            on: {nudge: {set: {told: true}}}
          done: {kind: end, outcome: done}
        data: {told: {type: boolean}}
        """,
        2,
    ),
    "E206": (
        """
        roles: {chief: {title: Chief}}
        tracks:
          main_line:
            start: a
            states:
              a: {on: {go: {to: rest}, end: {to: done}}}
              rest: {kind: decision, assignee: chief}
              done: {kind: end, outcome: done}
          side:
            start: busy
            states: {busy: {title: Never rests}}
        """,
        2,
    ),
    "E207": (
        """
        start: a
        states:
          a: {on: {go: {to: rest}}}
          rest: {kind: decision, on: {decide: {to: done}}}
          done: {kind: end, outcome: done}
        """,
        2,
    ),
    "E208": (
        """
        start: a
        roles: {chief: {title: Chief}}
        counts: {tries: {up_on: event go}}
        states:
          a: {on: {go: {to: rest}, end: {to: done}}}
          rest:
            kind: decision
            assignee: chief
            on: {decide: [{to: done, when: tries > 1}, {refuse: Not yet}]}
          done: {kind: end, outcome: done}
        """,
        2,
    ),
    "E209": (
        """
        start: a
        data: {fact: {type: string}}
        states:
          a:
            timers: {box: {after: 1 hour, send: move}}
            on: {move: {to: done, requires: {data: [fact]}}, tell: {requires: {data: [fact]}}}
          done: {kind: end, outcome: done}
        """,
        2,
    ),
    "E210": (
        """
        opens: {open: {to: a}}
        data: {fact: {type: string}}
        roles: {nobody_left: {title: N}}
        slots: {keeper: {title: K}}
        states:
          a: {on: {go: {to: done}, keep: {to: kept, by: [keeper]}}}
          kept: {on: {go: {to: done}}}
          done: {kind: end, outcome: done}
        """,
        1,
    ),
    "E301": (
        """
        data: {size: {type: integer, minimum: 0, maximum: 9}}
        events: {go: {needs: [size]}}
        opens: {open: {to: a}}
        states:
          a: {on: {go: [{to: done, when: size > 3}, {to: other, when: size < 3}]}}
          other: {kind: end, outcome: other}
          done: {kind: end, outcome: done}
        """,
        2,
    ),
    "W209": (
        """
        start: a
        states:
          a: {on: {go: {to: b}}}
          b: {on: {back_to: {to: a}, end: {to: done}}}
          done: {kind: end, outcome: done}
        """,
        3,
    ),
    "W302": (
        """
        data: {size: {type: integer, minimum: 0, maximum: 9}}
        events: {go: {needs: [size]}}
        opens: {open: {to: a}}
        states:
          a: {on: {go: [{to: done, when: size > 3}, {to: other, when: size > 1}, {to: done}]}}
          other: {kind: end, outcome: other}
          done: {kind: end, outcome: done}
        """,
        2,
    ),
    "W401": (
        """
        start: a
        states:
          a: {timers: {box: {after: 1 hour, send: move}}, on: {move: {to: b}}}
          b: {on: {end: {to: done}}}
          done: {kind: end, outcome: done}
        """,
        2,
    ),
    "W403": (
        """
        start: a
        states:
          a: {timers: {box: {after: 1 hour, send: end}}, on: {go: {to: b}, end: {to: done}}}
          b: {timers: {box: {after: 1 hour, send: end}}, on: {go: {to: a}, end: {to: done}}}
          done: {kind: end, outcome: done}
        """,
        0,
    ),
    "W404": (
        """
        start: a
        states:
          a:
            timers: {soon: {after: 1 hour, send: end}, late: {after: 2 hours, send: end}}
            on: {end: {to: done}}
          done: {kind: end, outcome: done}
        """,
        0,
    ),
    "W405": (
        """
        start: a
        states:
          a:
            timers: {one: {after: 1 hour, send: end}, two: {after: 60 minutes, send: other}}
            on: {end: {to: done}, other: {to: done}}
          done: {kind: end, outcome: done}
        """,
        1,
    ),
    "W406": (
        """
        calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
        start: a
        states:
          a:
            timers: {wall: {after: 3 hours, send: end}, work: {after: 2 working hours, send: other}}
            on: {end: {to: done}, other: {to: done}}
          done: {kind: end, outcome: done}
        """,
        0,
    ),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_rule_is_found(code: str):
    text, _ = BROKEN[code]

    assert code in codes(report_of(text))


@pytest.mark.parametrize("code", [code for code, (_, steps) in BROKEN.items() if steps])
def test_the_way_to_it_is_the_shortest(code: str):
    text, steps = BROKEN[code]
    finding = next(one for one in report_of(text).findings if one.code == code)

    assert len(finding.path) == steps


@pytest.mark.parametrize("code", [code for code, (_, steps) in BROKEN.items() if steps])
def test_the_way_to_it_can_be_walked_on_the_engine(code: str):
    report, graph = proven(chart_of(BROKEN[code][0]))
    paths = [flaw.path for flaw in report.flaws if flaw.code == code]

    assert paths
    assert all(ended_where_it_says(graph, path, is_lost=code == "E301") for path in paths)


SOUND = {
    "flat": """
        start: a
        states:
          a: {timers: {box: {after: 1 hour, send: end}}, on: {end: {to: done}}}
          done: {kind: end, outcome: done}
        """,
    "two branches with an else": """
        start: a
        data: {size: {type: integer, minimum: 0, maximum: 9}}
        events: {end: {needs: [size]}}
        states:
          a: {on: {end: [{to: done, when: size > 3}, {to: other}]}}
          done: {kind: end, outcome: done}
          other: {kind: end, outcome: other}
        """,
    "a final decision point": """
        start: a
        roles: {chief: {title: Chief}}
        states:
          a: {on: {end: {to: done}, leave: {to: rest}}}
          rest: {kind: decision, assignee: chief}
          done: {kind: end, outcome: done}
        """,
    "a loop that a count ends": """
        start: a
        counts: {rounds: {up_on: event again, at_most: 2}}
        states:
          a: {on: {go: {to: b}}}
          b: {on: {again: {to: a}, end: {to: done}}}
          done: {kind: end, outcome: done}
        """,
    "a branch that a parameter switches off": """
        parameters: {strict: {type: boolean, default: false}}
        start: a
        states:
          a: {on: {end: [{to: other, when: $strict == true}, {to: done}]}}
          done: {kind: end, outcome: done}
          other: {on: {end: {to: done}}}
        """,
    "a timer that a parameter switches off": """
        parameters: {limit: {type: duration, default: none}}
        start: a
        states:
          a:
            timers: {box: {after: $limit, send: late}}
            on: {late: {to: b, by: [engine]}, end: {to: done}}
          b: {on: {end: {to: done}}}
          done: {kind: end, outcome: done}
        """,
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_process_has_no_error(name: str):
    report = report_of(SOUND[name])

    assert [one for one in report.findings if one.code[0] in "EX"] == []
    assert report.is_sound


def test_a_loop_that_a_count_ends_is_bounded():
    report = report_of(SOUND["a loop that a count ends"])

    assert report.bounded is True
    assert "W209" not in codes(report)


ROUND = """
data: {size: {type: integer, minimum: 0, maximum: 9}}
start: a
states:
  a: {on: {go: {to: b, requires: {data: [size]}}, wait: {to: c}}}
  b: {on: {send_back: {to: a}, end: {to: done}}}
  c: {on: {go_on: {to: b, requires: {data: [size]}}}}
  done: {kind: end, outcome: done}
"""


def test_a_loop_is_told_by_the_move_that_leads_back_whatever_was_set_on_the_way():
    found = [one.message for one in report_of(ROUND).findings if one.code == "W209"]

    assert [one.split("`")[1] for one in found] == ["send_back"]


@pytest.mark.parametrize("meant", ["go", "go_on", "send_back"])
def test_any_move_of_a_loop_may_say_that_it_is_meant(meant: str):
    text = ROUND.replace(f"{meant}: {{", f"{meant}: {{ignore: {{W209: As often as it takes}}, ")

    told = [one.split("`")[1] for one in meant_and_found(report_of(text))]

    assert meant in told
    assert "W602" not in codes(report_of(text))


def meant_and_found(report: Report) -> list[str]:
    found = [(one.code, one.message) for one in report.findings]
    meant = [(one.code, one.message) for one in report.ignored]
    return [message for code, message in (*meant, *found) if code == "W209"]


BACK_IN_TIME = """
start: a
states:
  a: {on: {go: {to: b}, end: {to: done}}}
  b: {timers: {over: {after: 1 hour, send: back_again}}, on: {back_again: {to: a, by: [engine]}}}
  done: {kind: end, outcome: done}
"""


def test_a_loop_that_time_leads_back_in_is_no_bound_either():
    report = report_of(BACK_IN_TIME)

    found = [one.message.split("`")[1] for one in report.findings if one.code == "W209"]
    assert found == ["go"]
    assert report.bounded is False


def test_two_tracks_end_and_are_not_bounded():
    report = verify(chart_of(TWO_TRACKS))

    assert (report.fair, report.bounded) == (True, False)


def test_a_ladder_ends_however_people_choose():
    assert verify(chart_of(LADDER)).bounded is True


def test_when_nobody_acts_the_bound_is_told_by_kinds_of_time():
    report = report_of(
        """
        calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
        start: a
        states:
          a: {timers: {box: {after: 4 working hours, send: end}}, on: {end: {to: b, by: [engine]}}}
          b: {timers: {box: {after: 24 hours, send: end}}, on: {end: {to: done, by: [engine]}}}
          done: {kind: end, outcome: done}
        """
    )

    assert report.silent is True
    assert {one.state: one.within for one in report.bounds} == {
        "a": "24 hours + 4 working hours",
        "b": "24 hours",
    }
    assert "I402" in codes(report)


def test_a_limit_makes_it_undecided_and_never_right():
    report = verify(chart_of(LADDER), most=3)

    assert "X901" in codes(report)
    assert report.fair is None
    assert not report.is_sound


def test_a_path_that_no_calendar_allows_is_not_decided():
    report = report_of(
        """
        calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
        start: a
        states:
          a:
            timers:
              wall: {after: 1 hour, send: quick}
              work: {after: 2 working hours, send: slow}
            on: {quick: {to: done, by: [engine]}, slow: {to: stuck, by: [engine]}}
          stuck: {title: Never}
          done: {kind: end, outcome: done}
        """
    )

    assert "E201" not in codes(report)
    assert "X901" in codes(report)


IGNORED = """
start: a
states:
  a: {ignore: {W401: People look at it daily}, on: {end: {to: done}}}
  done: {kind: end, outcome: done, ignore: {W209: There is none}}
ignore: {W401: It is small}
"""


def test_an_ignored_finding_is_listed_with_its_reason():
    report = report_of(IGNORED)

    assert [(one.code, one.reason) for one in report.ignored] == [("W401", "It is small")]
    assert "W401" not in codes(report)
    assert report.silent is False


def test_an_ignore_that_nothing_needs_is_found_at_its_place():
    found = [one for one in report_of(IGNORED).findings if one.code == "W602"]

    assert {one.mark.line for one in found} == {7, 8}


def test_a_finding_stands_where_its_element_is_written():
    finding = next(one for one in report_of(BROKEN["E201"][0]).findings if one.code == "E201")

    assert finding.mark[:2] == ("desk.yaml", 8)
    assert "b: {title: Stuck}" in finding.excerpt


def test_two_runs_find_the_same_in_the_same_order():
    text = BROKEN["E202"][0]

    assert report_of(text) == report_of(text)


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_every_process_that_is_shipped_is_proven_without_a_finding(path: Path):
    report = verify(read(path))

    assert [(one.code, one.mark.line) for one in report.findings if one.code != "I402"] == []
    assert report.fair is True


def test_every_rule_that_is_broken_here_has_a_code():
    assert set(BROKEN) < set(CODES)


def test_branches_are_taken_in_the_order_of_the_document():
    graph = explore(chart_of(BROKEN["W302"][0]))
    taken = {number for _, leaf, event, number in graph.used if (leaf, event) == ("a", "go")}

    assert taken == {1, 2, 3}
