"""Lints: each family finds what it is for, at its place, and `ignore` is heeded."""

from __future__ import annotations

from textwrap import dedent

import pytest

from escalation_engine.errors import Finding
from escalation_engine.loader import read_text
from escalation_engine.verify import verify

HEAD = "process: desk\nversion: 1\ntitle: A desk\nstart: open\n"
STATES = """\
states:
  open: {on: {close: {to: closed}}}
  closed: {kind: end, outcome: done}
"""


def found(text: str, code: str) -> list[Finding]:
    report = verify(read_text(HEAD + dedent(text), name="desk.yaml"))
    return [one for one in report.findings if one.code == code]


def lines(text: str, code: str) -> list[int]:
    return [one.mark.line - HEAD.count("\n") for one in found(text, code)]


DECLARED = {
    "field": "data: {spare: {type: string}}",
    "guard": "guards: {spare: Is it?}",
    "action": "actions: {spare: Do it}",
    "message": "messages: {spare: There is news}",
    "role": "roles: {spare: {title: Spare}}",
    "parameter": "parameters: {spare: {default: x}}",
    "calendar": "calendars: {spare: {timezone: UTC, hours: {mon: 09:00-17:00}}}",
    "checklist": "checklists: {spare: {items: {done: Is it done?}}}",
    "slot": "slots: {spare: {title: Spare}}",
}


@pytest.mark.parametrize("kind", DECLARED)
def test_what_is_declared_and_never_used_is_found_where_it_stands(kind: str):
    [one] = found(f"{DECLARED[kind]}\n{STATES}", "W605")

    assert one.message == f"the {kind} `spare` is used by nothing"
    assert one.mark[1:] == (5, DECLARED[kind].index("spare") + 1)


USED = {
    "brought": "data: {cost: {type: number}}\nevents: {close: {may_bring: [cost]}}",
    "told of": """\
data: {cost: {type: number}}
messages: {news: 'It costs {data.cost}'}
roles: {desk: {title: Desk}}
duties: {tell: {opens: event close, due: 1 hour, missed: {notify: {desk: news}}}}""",
    "counted on": """\
calendars: {office: {timezone: UTC, hours: {mon: 09:00-17:00}}}
timers: {late: {after: 1 working hour, send: close}}""",
    "bound": """\
parameters: {limit: {type: duration, default: 1 hour}}
timers: {late: {after: $limit, send: close}}""",
    "of a side": """\
roles: {client: {title: Client, side: customer}}
on: {tell: {by: [customer]}}""",
}


@pytest.mark.parametrize("text", USED.values(), ids=USED)
def test_what_is_used_in_any_way_is_not_found(text: str):
    assert [one.message for one in found(f"{text}\n{STATES}", "W605")] == []


def test_a_role_that_only_names_itself_is_not_used():
    assert lines(f"roles: {{desk: {{title: Desk, alternates: [desk]}}}}\n{STATES}", "W605") == [1]


HELD = """\
roles: {desk: {title: Desk}, expert: {title: Expert}}
states:
  open: {OPEN on: {close: {to: closed}, pass_on: {to: passed GIVEN}}}
  passed: {on: {close: {to: closed}}}
  closed: {kind: end, outcome: done}
"""


def test_a_state_where_people_work_and_nobody_has_the_case_is_found():
    text = HELD.replace("OPEN", "").replace(" GIVEN", "")

    assert lines(text, "W601") == [3, 4]


def test_who_has_the_case_keeps_it_on_the_way():
    text = HELD.replace("OPEN", "assignee: desk,").replace(" GIVEN", "")

    assert lines(text, "W601") == []


def test_an_event_may_give_the_case_to_somebody():
    text = HELD.replace("OPEN", "").replace("GIVEN", ", assign: {assignee: expert}")

    assert lines(text, "W601") == [3]


def test_a_process_without_roles_is_not_asked_who_has_a_case():
    assert lines(STATES, "W601") == []


TITLED = """\
data: {cost: {type: number, title: What it costs}, other: {type: number}}
events: {close: {may_bring: [cost, other]}}
states:
  open: {title: In work, on: {close: {to: closed}, wait: {to: waiting}}}
  waiting: {on: {resume: {to: open}}}
  closed: {kind: end, outcome: done}
"""


def test_a_title_is_missed_where_others_of_the_kind_have_one():
    assert lines(TITLED, "W603") == [5, 1]


def test_a_sketch_without_titles_is_left_alone():
    assert lines(STATES, "W603") == []


SOURCES = """\
sources: {S1: {title: Handbook, statements: [1, 2, 3], furniture: [4]}}
roles:
  desk: {title: Desk, source: [S1.1]}
  expert: {title: Expert}
states:
  open:
    assignee: desk
    source: [S1.2]
    on: {close: {to: closed, by: [desk, expert]}}
  waiting:
    on:
      resume: {to: open, inferred: It has to go on}
      close: {to: closed}
  closed: {kind: end, outcome: done, inferred: Something has to end it}
"""


def test_what_comes_from_no_source_is_found_outermost():
    assert lines(SOURCES, "W604") == [4, 13]


def test_without_sources_nothing_has_to_cite_any():
    assert lines(STATES, "W604") == []


def test_a_statement_that_nothing_cites_is_found_with_its_name():
    [one] = found(SOURCES, "W606")

    assert one.message == "nothing cites `S1.3`"
    assert one.mark.line == 5


TABLE = """\
data: {{cost: {{type: integer, minimum: 0, maximum: 900}}}}
guards: {{easy: Is it?}}
states:
  open:
    entry: {{set: {{cost: 50}}}}
    on:
      close:
        - {{to: closed, {first}}}
        - {{refuse: Ask first, {second}}}
  closed: {{kind: end, outcome: done}}
"""


@pytest.mark.parametrize(
    ("first", "second", "gap"),
    [
        ("when: cost < 100", "when: cost > 100", "cost is 100"),
        ("when: cost < 100 and cost > 10", "when: cost >= 100", "cost is 9"),
        ("when: cost < 100", "{}", ""),
        ("when: cost < 100", "when: cost >= 100", ""),
        ("if: easy", "unless: easy", ""),
    ],
)
def test_a_gap_of_a_table_is_told_with_the_values_in_it(first: str, second: str, gap: str):
    second = "by: [owner]" if second == "{}" else second
    said = [one.message for one in found(TABLE.format(first=first, second=second), "I303")]

    assert [gap in one for one in said] == ([True] if gap else [])


def test_a_gap_that_a_case_can_reach_is_a_fault_and_told_once():
    text = TABLE.format(first="when: cost < 100", second="when: cost > 100")
    text = text.replace("entry: {set: {cost: 50}}", "guidance: Ask what it costs")

    assert len(found(text, "E301")) == 1
    assert found(text, "I303") == []


def test_an_overlap_of_a_table_is_told_with_the_values_in_it():
    [one] = found(TABLE.format(first="when: cost < 100", second="when: cost > 80"), "I304")

    assert "both hold when cost is 81" in one.message


def test_an_overlap_that_a_case_can_reach_is_told_once():
    text = TABLE.format(first="when: cost < 100", second="when: cost > 80")
    text = text.replace("entry: {set: {cost: 50}}", "guidance: Ask what it costs")

    assert len(found(text, "W302")) == 1
    assert found(text, "I304") == []


def test_conditions_that_ask_where_a_case_is_are_no_table():
    text = TABLE.format(first="when: in open and cost < 100", second="when: cost > 100")

    assert found(text, "I303") == []


IGNORED = {
    "W601": (HELD.replace("OPEN", "ignore: {W601: x},").replace(" GIVEN", ""), [4]),
    "W603": (TITLED.replace("waiting: {on", "waiting: {ignore: {W603: x}, on"), [1]),
    "W604": (SOURCES.replace("title: Expert", "title: Expert, ignore: {W604: x}"), [13]),
    "W605": ("data: {spare: {type: string, ignore: {W605: x}}}\n" + STATES, []),
    "W606": (SOURCES.replace("Handbook,", "Handbook, ignore: {W606: x},"), []),
    "I303": (
        TABLE.format(first="when: cost < 100, ignore: {I303: x}", second="when: cost > 100"),
        [],
    ),
    "I304": (
        TABLE.format(first="when: cost < 100, ignore: {I304: x}", second="when: cost > 80"),
        [],
    ),
}


@pytest.mark.parametrize("code", IGNORED)
def test_a_lint_is_ignored_where_the_text_says_so(code: str):
    text, left = IGNORED[code]

    assert lines(text, code) == left
    assert found(text, "W602") == []
