"""Rulings 8 to 11 and 22 to 26 where they are load errors: the code and place of each finding.

A process is written with « before the character at fault; the mark is taken out before it is read.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from escalation_engine import DefinitionError, Finding, load, load_text
from escalation_engine.chart import Chart
from escalation_engine.errors import Severity

HEADER = "process: desk\nversion: 1\ntitle: A desk\n"


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text without its marks, and the line and column of each."""
    lines, places = [], []
    for number, line in enumerate((HEADER + dedent(text).lstrip("\n")).split("\n"), start=1):
        rest = line
        while "«" in rest:
            places.append((number, rest.index("«") + 1))
            rest = rest.replace("«", "", 1)
        lines.append(rest)
    return "\n".join(lines), places


def findings(text: str, **parameters: object) -> tuple[Finding, ...]:
    """Return the faults for which a text is refused."""
    with pytest.raises(DefinitionError) as refused:
        load_text(text, parameters=parameters)
    return refused.value.findings


def assert_fault(text: str, code: str, **parameters: object) -> Finding:
    """Assert that the one fault of a text has the code and stands at the mark; return it."""
    plain, places = unmarked(text)
    (found,) = findings(plain, **parameters)

    assert (found.code, [(found.mark.line, found.mark.column)]) == (code, places), str(found)
    return found


def loaded(text: str, **parameters: object) -> Chart:
    """Return the chart of a text without marks or header."""
    return load_text(unmarked(text)[0], parameters=parameters)


# ---- 8: levels ----------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["next_level", "previous_level", "first_level", "this_level"])
def test_ruling_8_a_level_word_outside_a_ladder_is_a_load_error(word: str):
    assert_fault(
        f"""
        start: a
        states:
          a:
            on:
              up: {{to: «{word}}}
        """,
        "E115",
    )


def test_ruling_8_a_level_word_on_the_ladder_itself_is_outside_its_levels():
    assert_fault(
        """
        start: ladder
        states:
          ladder:
            levels: {low: {}, high: {}}
            on: {up: {to: «next_level}}
            after_last_level: over
          over: {}
        """,
        "E115",
    )


def test_ruling_8_this_level_outside_a_ladder_is_a_load_error_in_conditions_too():
    plain, places = unmarked(
        """
        start: a
        states:
          a: {on: {go: {when: «this_level == low}}}
          ladder: {levels: {low: {}, high: {}}}
        """
    )

    assert (findings(plain)[0].mark.line, findings(plain)[0].mark.column) == places[0]


def test_ruling_8_a_way_up_from_the_last_level_must_lead_somewhere():
    assert_fault(
        """
        start: ladder
        states:
          ladder:
            levels: {low: {}, high: {}}
            each_level: {on: {up: {to: «next_level}}}
        """,
        "E115",
    )


def test_ruling_8_the_last_level_may_be_one_that_must_resolve():
    chart = loaded(
        """
        start: ladder
        states:
          ladder:
            levels: {low: {}, high: {must_resolve: true}}
            each_level: {on: {up: {to: next_level}}}
        """
    )

    assert "up" not in chart.main.branches["ladder.high"]


def test_a_level_field_outside_needs_exactly_one_ladder():
    assert_fault(
        """
        data: {goal: {type: level}}
        start: a
        states:
          a: {on: {go: {to: «{level: goal}}}}
          one: {levels: {low: {}, high: {}}}
          two: {levels: {low: {}, high: {}}}
        """,
        "E115",
    )


def test_a_level_field_is_of_type_level():
    assert_fault(
        """
        data: {goal: {type: string}}
        start: ladder
        states:
          ladder:
            levels: {low: {}, high: {}}
            each_level: {on: {go: {to: {level: «goal}}}}
        """,
        "E122",
    )


# ---- 9: back ------------------------------------------------------------------------------------


def test_ruling_9_back_does_not_stand_at_the_top():
    assert_fault(
        """
        start: a
        on: {answer: {to: «back}}
        states: {a: {}}
        """,
        "E116",
    )


def test_ruling_9_back_does_not_stand_in_always():
    plain, places = unmarked(
        """
        start: a
        states:
          a: {on: {go: {to: b}}}
          b: {always: «{to: back}}
        """
    )
    (found,) = findings(plain)

    assert (found.code, found.mark.line) == ("E116", places[0][0])


def test_ruling_9_nothing_opens_into_back():
    plain, places = unmarked(
        """
        opens: {open: {to: «back}}
        states: {a: {}}
        """
    )
    (found,) = findings(plain)

    assert (found.mark.line, found.mark.column) == places[0]


@pytest.mark.parametrize(
    "text",
    [
        """
        start: a
        states: {a: {on: {answer: {to: «back}}}, b: {}}
        """,
        """
        start: c
        states: {c: {states: {a: {on: {answer: {to: «back}}}, b: {}}}}
        """,
        """
        opens: {open: {to: b}, other: {to: a}}
        states: {a: {on: {answer: {to: «back}}}, b: {}}
        """,
        """
        tracks:
          one: {start: x, states: {x: {}}}
          two: {start: a, states: {a: {on: {answer: {to: «back}}}, b: {}}}
        """,
    ],
    ids=["start", "inner start", "one of the openings", "start of a side track"],
)
def test_ruling_9_a_state_that_remembers_is_never_a_start_state(text: str):
    assert_fault(text, "E116")


# ---- 10: always ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "states",
    [
        "{a: {always: «{to: a}}}",
        "{a: {always: «{to: b, when: x == 1}}, b: {always: {to: a, when: x == 2}}}",
        "{a: {always: «{to: b}}, b: {always: {to: c, if: wise}}, c: {always: {to: a}}}",
        "{a: {always: «{to: y, when: x == 1}, states: {y: {}, z: {}}}}",
    ],
    ids=["itself", "two", "three", "into itself"],
)
def test_ruling_10_a_cycle_of_always_is_a_load_error_whatever_its_conditions(states: str):
    plain, places = unmarked(
        f"""
        data: {{x: {{type: integer}}}}
        guards: {{wise: Is it wise?}}
        start: a
        states: {states}
        """
    )
    (found,) = findings(plain)

    assert (found.code, found.mark.line, found.mark.column) == ("E117", *places[0])


def test_ruling_10_ways_of_always_that_meet_again_are_no_cycle():
    chart = loaded(
        """
        data: {x: {type: integer}}
        start: a
        states:
          a: {always: [{to: b, when: x == 1}, {to: c, when: x == 2}]}
          b: {always: {to: d, when: x == 1}}
          c: {always: {to: d, when: x == 2}}
          d: {}
        """
    )

    assert chart.tracks


# ---- 11: one field, one setter ------------------------------------------------------------------


def test_ruling_11_two_tracks_that_set_one_field_on_one_event_are_a_load_error():
    assert_fault(
        """
        data: {x: {type: integer}}
        tracks:
          one:
            start: a
            states: {a: {on: {go: {set: {x: 1}}}}}
          two:
            start: a
            states: {a: {on: {go: {set: {«x: 2}}}}}
        """,
        "E125",
    )


@pytest.mark.parametrize(
    "second",
    [
        "{a: {on: {go: {clear: [x]}}}}",
        "{a: {on: {go: [{to: b}, {set: {x: 2}}]}}, b: {}}",
        "{a: {exit: {set: {x: 2}}, on: {go: {to: b}}}, b: {}}",
        "{a: {on: {go: {to: b}}}, b: {entry: {set: {x: 2}}}}",
    ],
    ids=["clear", "another branch", "exit", "entry"],
)
def test_ruling_11_whichever_way_the_second_track_sets_it(second: str):
    plain, _ = unmarked(
        f"""
        data: {{x: {{type: integer}}}}
        tracks:
          one:
            start: a
            states: {{a: {{on: {{go: {{set: {{x: 1}}}}}}}}}}
          two:
            start: a
            states: {second}
        """
    )

    assert [found.code for found in findings(plain)] == ["E125"]


def test_ruling_11_two_tracks_may_set_one_field_on_two_events_or_two_fields_on_one():
    chart = loaded(
        """
        data: {x: {type: integer}, y: {type: integer}}
        tracks:
          one: {start: a, states: {a: {on: {go: {set: {x: 1}}, on_its_own: {set: {y: 1}}}}}}
          two: {start: a, states: {a: {on: {go: {set: {y: 2}}, other: {set: {x: 1}}}}}}
        """
    )

    assert chart.tracks


def test_ruling_11_a_track_may_be_called_main_where_no_states_stand_beside_it():
    chart = loaded(
        """
        tracks:
          main: {start: a, states: {a: {}}}
          side: {start: x, states: {x: {}}}
        """
    )

    assert [track.name for track in chart.tracks] == ["main", "side"]


# ---- 22: from text to chart ---------------------------------------------------------------------


def test_ruling_22_a_finding_has_code_place_excerpt_with_caret_and_hint():
    found = assert_fault(
        """
        start: a
        states:
          a: {on: {go: {to: «waitng}}}
          waiting: {}
        """,
        "E113",
    )

    source, caret = found.excerpt.splitlines()[-2:]
    assert source[caret.index("^") :].startswith("waitng")
    assert "waiting" in found.hint
    assert found.severity is Severity.ERROR


def test_ruling_22_all_faults_of_a_file_come_back_at_once_in_file_order():
    plain, places = unmarked(
        """
        roles: {desk: {title: Desk}}
        start: a
        states:
          a:
            assignee: «nobody_here
            on:
              go: {to: «nowhere}
              come: {to: b, when: «y == 1}
              run: {by: [«stranger]}
          b: {}
        """
    )

    found = findings(plain)

    assert [(one.mark.line, one.mark.column) for one in found] == places


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("start: a\nstates: {a: {«colour: red}}", "E110"),
        ("start: a\nstates: {a: {kind: «middle}}", "E111"),
        ("start: a\nstates: {a: {on: {go: {to: «[b]}}}, b: {}}", "E111"),
        ("start: «c\nstates: {a: {}}", "E113"),
        ("start: a\nstates: {a: {on: {go: {if: «wise}}}}", "E113"),
        ("start: a\nstates: {a: {on: {go: {do: {«call: {}}}}}}", "E113"),
        ("messages: {m: Hi}\nstart: a\nstates: {a: {on: {go: {notify: {«desk: m}}}}}", "E113"),
        ("start: a\nstates: {a: {on: {go: {requires: {checklist: «closing}}}}}", "E113"),
        ("start: a\nstates: {a: {on: {go: {set: {«x: 1}}}}}", "E113"),
        ("start: a\nstates: {a: {on: {go: {assign: {«boss: sender}}}}}", "E113"),
        ("counts: {c: {up_on: «event shout}}\nstart: a\nstates: {a: {}}", "E113"),
        ("counts: {c: {up_on: «entering b}}\nstart: a\nstates: {a: {}}", "E113"),
        ("counts: {c: {up_on: «whenever}}\nstart: a\nstates: {a: {}}", "E127"),
        ("data: {x: {enum: [p, q]}}\nstart: a\nstates: {a: {on: {go: {when: x == «z}}}}", "E119"),
        ("data: {x: {type: integer}}\nstart: a\nstates: {a: {on: {go: {set: {x: «no}}}}}", "E122"),
        ("messages: {m: \"«{data.x\"}\nstart: a\nstates: {a: {}}", "E121"),
        ("start: a\nstates: {a: {kind: end, outcome: over, «on: {go: {}}}}", "E114"),
        ("start: a\nstates: {«a: {kind: end}}", "E112"),
    ],
)  # fmt: skip
def test_ruling_22_a_definition_is_validated_at_its_place(text: str, code: str):
    plain, places = unmarked(text)

    (found,) = findings(plain)

    assert (found.code, found.mark.line) == (code, places[0][0]), str(found)
    assert found.mark.column == places[0][1], str(found)


# ---- 23: merging levels -------------------------------------------------------------------------

LADDER = """
guards: {wise: Is it wise?, late: Is it late?}
start: ladder
states:
  ladder:
    levels:
      low: {}
      high:
        LEVEL
    each_level:
      on:
        up: [{to: next_level, if: wise}, {to: over, if: late}]
        stay: {by: [engine], note: {}}
    after_last_level: over
  over: {}
""".replace(", note: {}", "")


def ladder(level: str) -> str:
    return LADDER.replace("LEVEL", level)


def test_ruling_23_a_mapping_over_a_mapping_merges():
    chart = loaded(ladder("on: {more: {}}"))

    assert set(chart.main.branches["ladder.low"]) == {"up", "stay"}
    assert set(chart.main.branches["ladder.high"]) == {"up", "stay", "more"}


def test_ruling_23_a_mapping_merges_all_the_way_down():
    chart = loaded(ladder("on: {stay: {title: Stay here}}"))

    (branch,) = chart.main.branches["ladder.high"]["stay"]
    assert branch.transition.by is not None
    assert (branch.transition.by.names, branch.transition.title) == (("engine",), "Stay here")


def test_ruling_23_a_list_over_a_list_replaces():
    chart = loaded(ladder("on: {up: [{to: over}]}"))

    (branch,) = chart.main.branches["ladder.high"]["up"]
    assert branch.target == "over"


@pytest.mark.parametrize("level", ["on: {up: «{to: over}}", "on: {stay: «[{to: over}]}"])
def test_ruling_23_a_mapping_over_a_list_or_the_reverse_is_an_error(level: str):
    assert_fault(ladder(level), "E128")


def test_ruling_23_a_written_null_removes():
    chart = loaded(ladder("on: {stay: null}"))

    assert set(chart.main.branches["ladder.high"]) == {"up"}


@pytest.mark.parametrize("empty", ["«stay:", "«stay: # nothing"])
def test_ruling_23_an_empty_value_is_an_error_and_removes_nothing(empty: str):
    plain, places = unmarked(ladder(f"on:\n          {empty}"))

    (found,) = findings(plain)

    assert found.mark.line == places[0][0]


def test_ruling_23_base_keys_keep_their_position():
    chart = loaded(ladder("on: {more: {}, up: [{to: over}]}"))

    assert list(chart.main.branches["ladder.high"]) == ["up", "stay", "more"]


def test_ruling_23_a_level_may_repeat_any_key_of_each_level():
    chart = loaded(
        """
        roles: {desk: {title: Desk}, chief: {title: Chief}}
        start: ladder
        states:
          ladder:
            levels:
              low: {}
              high: {title: High, assignee: chief, start: b, states: {c: {}}, exit: {reason: Out}}
            each_level:
              title: Level
              assignee: desk
              states: {a: {}, b: {}}
              exit: {reason: Gone}
        """
    )

    states = chart.main.states
    assert (states["ladder.low"].title, states["ladder.high"].title) == ("Level", "High")
    assert (states["ladder.low"].start, states["ladder.high"].start) == (
        "ladder.low.a",
        "ladder.high.b",
    )
    assert "ladder.high.c" in states
    assert states["ladder.high"].exit.reason == "Out"


def test_ruling_23_a_fault_of_each_level_is_told_once():
    assert_fault(
        """
        start: ladder
        states:
          ladder:
            levels: {low: {}, high: {}, top: {}}
            each_level: {on: {go: {to: «nowhere}}}
        """,
        "E113",
    )


# ---- 24: bounds and syntax ----------------------------------------------------------------------


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_ruling_24_a_text_of_any_depth_is_refused_and_crashes_nothing(opening: str):
    (found,) = findings(f"process: {opening * 100_000}")

    assert found.code in {"E101", "E104"}


def test_ruling_24_aliases_do_not_explode():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    assert "E104" in {found.code for found in findings("\n".join(lines))}


def test_ruling_24_one_syntax_fault_ends_a_file():
    plain, places = unmarked(
        """
        colour: red
        start: [a, b
        states: {a: {}}
        taste: sour
        """
    )
    found = findings(plain)

    assert [one.code for one in found if one.code == "E101"] == ["E101"]
    assert places == []


def test_ruling_24_all_other_faults_come_together():
    plain, places = unmarked(
        """
        «colour: red
        start: a
        states:
          a: {«taste: sour}
          «a: {}
        """
    )

    found = findings(plain)

    assert [(one.mark.line, one.mark.column) for one in found] == places


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("guidance: {a: [b}", "["),
        ("data: {x: {title: about: this}}", ":"),
        ("data: {x: {title: a [b] c}}", "quotes"),
        ("title: ***", "quotes"),
        ("data: {x: {enum: [***]}}", "quotes"),
    ],
)
def test_ruling_24_hints_tell_what_to_quote(line: str, word: str):
    found = findings(f"process: desk\nversion: 1\n{line}\nstart: a\nstates: {{a: {{}}}}\n")

    assert found[0].mark.line == 3
    assert word in found[0].hint


# ---- 25: parameters -----------------------------------------------------------------------------

LIMITED = """
parameters:
  limit: {type: integer}
counts: {tries: {up_on: event go}}
start: a
states: {a: {on: {go: {when: tries < $limit}}}}
"""


def test_ruling_25_a_parameter_without_default_must_be_bound():
    plain, _ = unmarked(LIMITED)

    (found,) = findings(plain)

    assert (found.code, found.mark.line) == ("E123", 5)
    assert "limit" in found.message


def test_ruling_25_a_bound_parameter_has_its_value():
    assert loaded(LIMITED, limit=3).parameters["limit"] == 3


def test_ruling_25_a_parameter_with_a_default_need_not_be_bound():
    text = LIMITED.replace("type: integer", "type: integer, default: 2")

    assert loaded(text).parameters["limit"] == 2
    assert loaded(text, limit=3).parameters["limit"] == 3


@pytest.mark.parametrize("value", ["three", 3.5, True])
def test_ruling_25_a_parameter_is_bound_to_what_it_takes(value: object):
    assert findings(unmarked(LIMITED)[0], limit=value)


@pytest.mark.parametrize("default", ["three", "3.5", "true"])
def test_ruling_25_the_default_of_a_parameter_is_one_that_it_takes(default: str):
    assert findings(
        f"{HEADER}parameters: {{n: {{type: integer, default: {default}}}}}\nstart: a\n"
        "states: {a: {}}\n"
    )


def test_ruling_25_a_parameter_that_nobody_declares_cannot_be_bound():
    assert findings(unmarked(LIMITED)[0], limit=3, speed=4)


def test_ruling_25_a_contact_may_stay_unbound():
    chart = loaded(
        """
        parameters: {phone: {type: contact}}
        roles: {desk: {title: Desk, contacts: [{channel: phone, address: $phone}]}}
        start: a
        states: {a: {}}
        """
    )

    assert chart.roles["desk"].contacts[0].address is None


def test_ruling_25_a_parameter_that_is_not_declared_is_an_error():
    plain, places = unmarked(
        """
        counts: {tries: {up_on: event go}}
        start: a
        states: {a: {on: {go: {when: tries < «$limit}}}}
        """
    )
    (found,) = findings(plain)

    assert (found.mark.line, found.mark.column) == places[0]


# ---- 26: sources --------------------------------------------------------------------------------

SOURCES = """
sources: {S1: {title: A text, statements: [1, 2, four.b], furniture: [heading]}}
start: a
states:
  a: {source: [CITED]}
"""


@pytest.mark.parametrize("cited", ["S1.1", "S1.2", "S1.four.b", "S1"])
def test_ruling_26_a_listed_statement_may_be_cited(cited: str):
    assert loaded(SOURCES.replace("CITED", cited)).tracks


@pytest.mark.parametrize("cited", ["S1.3", "S1.four", "S2", "S2.1", "s1.1"])
def test_ruling_26_what_is_not_listed_cannot_be_cited(cited: str):
    assert_fault(SOURCES.replace("CITED", f"«{cited}"), "E126")


def test_ruling_26_every_element_that_cites_is_checked():
    plain, places = unmarked(
        """
        sources: {S1: {title: A text, statements: [1]}}
        data: {x: {type: integer, source: [«S1.9]}}
        roles: {desk: {title: Desk, source: [«S1.9]}}
        guards: {wise: {title: Is it?, source: [«S1.9]}}
        checklists: {list: {source: [«S1.9], items: {one: {text: One, source: [«S1.9]}}}}
        counts: {tries: {up_on: event go, source: [«S1.9]}}
        events: {go: {title: Go, source: [«S1.9]}}
        opens: {open: {to: a, source: [«S1.9]}}
        states:
          a:
            source: [«S1.9]
            entry: {reason: In, source: [«S1.9]}
            on:
              go: {source: [«S1.9]}
        """
    )

    assert [(one.mark.line, one.mark.column) for one in findings(plain)] == places


# ---- taking in ----------------------------------------------------------------------------------

TAKER = """
process: desk
version: 1
title: A desk
data: {heat: {type: integer}}
roles: {boss: {title: Boss}}
tracks:
  ticket:
    opens: {open: {to: work}}
    states: {work: {on: {close: {}}}}
  alarm: {process: alarm@1, roles: {manager: boss}, data: {warmth: heat}}
"""

TRACK = """
process: alarm
version: 1
kind: track
title: An alarm
expects: {data: [warmth], roles: [manager], events: [close], tracks: [ticket]}
start: idle
states:
  idle: {kind: idle, on: {begin: {to: on, when: warmth > 1}, close: {}}}
  on: {assignee: manager, on: {stop: {to: idle, when: in ticket.work}}}
"""


def taken_in(folder: Path, taker: str = TAKER, track: str = TRACK) -> list[Finding]:
    """Write both files, load the taker, and return its faults."""
    (folder / "desk.yaml").write_text(taker)
    (folder / "alarm.yaml").write_text(track)
    try:
        load(folder / "desk.yaml")
    except DefinitionError as error:
        return list(error.findings)
    return []


def test_a_track_with_all_that_it_expects_is_taken_in(tmp_path: Path):
    assert taken_in(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (", data: {warmth: heat}", "", "warmth"),
        ("roles: {manager: boss}, ", "", "manager"),
        ("close: {}", "shut: {}", "close"),
        ("  ticket:", "  order:", "ticket"),
    ],
    ids=["data", "role", "event", "track"],
)
def test_nothing_that_a_track_expects_may_be_missing(
    tmp_path: Path, old: str, new: str, named: str
):
    found = taken_in(tmp_path, TAKER.replace(old, new))

    assert any(named in one.message for one in found), found
    assert {Path(one.mark.file).suffix for one in found} == {".yaml"}


@pytest.mark.parametrize(
    ("taker", "track"),
    [
        (TAKER.replace("@1", "@2"), TRACK),
        (TAKER.replace("alarm@1", "alert@1"), TRACK),
        (TAKER, TRACK.replace("kind: track\n", "")),
    ],
    ids=["version", "no such file", "not a track"],
)
def test_only_a_track_of_the_version_asked_for_is_taken_in(tmp_path: Path, taker: str, track: str):
    found = taken_in(tmp_path, taker, track)

    assert [(one.code, one.mark.line) for one in found] == [("E124", 11)]


def test_a_fault_of_a_track_that_is_taken_in_points_into_its_own_file(tmp_path: Path):
    found = taken_in(tmp_path, track=TRACK.replace("{to: idle,", "{to: nowhere,"))

    assert [(Path(one.mark.file).name, one.mark.line) for one in found] == [("alarm.yaml", 10)]


def test_what_a_track_shares_must_be_an_event_of_both(tmp_path: Path):
    shared = TAKER.replace("process: alarm@1,", "process: alarm@1, shares: [shout],")

    assert any("shout" in one.message for one in taken_in(tmp_path, shared))
