"""Rulings 7 to 12 of the execution model: scopes, levels, back, always, tracks and ends.

The rows of the concept table on states, levels, tracks, taking in and linked cases are here too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from escalation_engine import load
from escalation_engine.core import (
    Act,
    Alarm,
    Case,
    Corrected,
    Decision,
    FrozenMap,
    Noted,
    Notify,
    Opened,
    OpenLinked,
    Recorded,
    Sent,
    TellOpener,
)
from tests.core.driving import (
    NOW,
    Drive,
    accepted,
    ann,
    blank,
    done,
    drive,
    eve,
    kinds,
    refusal,
    subjects,
)

# ---- 7: what a transition leaves and enters -----------------------------------------------------

SCOPES = """
actions: {out_a: A, out_b: B, out_c: C, out_x: X, in_a: A, in_b: B, in_c: C, in_x: X}
start: START
on: {FROM_ROOT}
states:
  a:
    entry: {do: in_a}
    exit: {do: out_a}
    on: {FROM_A}
    states:
      b:
        entry: {do: in_b}
        exit: {do: out_b}
        on: {FROM_B}
        states:
          x: {entry: {do: in_x}, exit: {do: out_x}, on: {FROM_X}}
      c: {entry: {do: in_c}, exit: {do: out_c}}
"""


def scopes(where: str, to: str, *, start: str = "a.b.x") -> tuple[str, list[str]]:
    """Declare `go` at one place, send it, and return the new state with what ran."""
    text = SCOPES.replace("START", "a" if start.startswith("a") else start)
    body = "{}" if to == "nowhere" else f"{{to: {to}}}"
    for place in ("FROM_ROOT", "FROM_A", "FROM_B", "FROM_X"):
        text = text.replace(place, f"go: {body}" if place == where else "")
    desk = drive(text)
    decision = desk.sent(desk.open(), "go")
    return decision.case.state, done(decision)


def test_ruling_7_a_target_inside_the_declaring_state_does_not_leave_it():
    assert scopes("FROM_A", "c") == ("a.c", ["out_x", "out_b", "in_c"])


def test_ruling_7_everything_below_the_declaring_state_is_left():
    assert scopes("FROM_A", "b") == ("a.b.x", ["out_x", "out_b", "in_b", "in_x"])


def test_ruling_7_a_target_that_is_the_declaring_state_leaves_and_reenters_it():
    ran = ["out_x", "out_b", "in_b", "in_x"]

    assert scopes("FROM_B", "b") == ("a.b.x", ran)


def test_ruling_7_a_target_that_contains_the_declaring_state_is_left_and_reentered():
    ran = ["out_x", "out_b", "out_a", "in_a", "in_b", "in_x"]

    assert scopes("FROM_B", "a") == ("a.b.x", ran)


def test_ruling_7_the_common_ancestor_of_declaring_state_and_target_is_not_left():
    assert scopes("FROM_X", "c") == ("a.c", ["out_x", "out_b", "in_c"])
    assert scopes("FROM_B", "c") == ("a.c", ["out_x", "out_b", "in_c"])


def test_ruling_7_a_transition_of_the_process_leaves_all_states():
    ran = ["out_x", "out_b", "out_a", "in_a", "in_c"]

    assert scopes("FROM_ROOT", "a.c") == ("a.c", ran)


def test_ruling_7_naming_the_own_leaf_reenters_it_and_no_more():
    assert scopes("FROM_X", "x") == ("a.b.x", ["out_x", "in_x"])


@pytest.mark.parametrize("where", ["FROM_X", "FROM_B", "FROM_A", "FROM_ROOT"])
def test_ruling_7_without_a_target_nothing_is_left_or_entered(where: str):
    assert scopes(where, "nowhere") == ("a.b.x", [])


def test_ruling_7_a_target_inside_the_declaring_state_that_is_active_is_left_and_reentered():
    assert scopes("FROM_B", "x") == ("a.b.x", ["out_x", "in_x"])


def test_a_compound_state_begins_at_its_start_or_its_first_state():
    desk = drive(
        """
start: one
states:
  one: {start: b, states: {a: {}, b: {on: {go: {to: two}}}}}
  two: {states: {a: {}, b: {}}}
"""
    )

    assert desk.open().state == "one.b"
    assert desk.open("go").state == "two.a"


def test_a_name_means_the_innermost_state_of_that_name():
    desk = drive(
        """
start: one
states:
  one: {states: {a: {on: {go: {to: same}, far: {to: two.same}}}, same: {}}}
  two: {states: {same: {}}}
  same: {}
"""
    )
    case = desk.open()

    assert desk.walk(case, "go").state == "one.same"
    assert desk.walk(case, "far").state == "two.same"


def test_an_event_of_a_compound_state_is_inherited_by_the_states_inside():
    desk = drive(
        """
start: a
states:
  a: {on: {go: {to: b}}, states: {x: {on: {step: {to: y}}}, y: {}}}
  b: {}
"""
    )

    assert desk.open("go").state == "b"
    assert desk.open("step", "go").state == "b"


# ---- 8: levels ----------------------------------------------------------------------------------

LADDER = """
data: {skip_to: {type: level}, here: {type: level}}
actions: {came: Came, went: Went}
start: desk
states:
  desk: {on: {hand_over: {to: support}, skip: {to: {level: skip_to}, requires: {data: [skip_to]}}}}
  support:
    levels:
      one: {}
      two: {}
      three: {}
    each_level:
      entry: {do: came}
      exit: {do: went}
      start: asking
      on:
        up: {to: next_level}
        down: {to: previous_level}
        top: {to: first_level}
        again: {to: this_level}
        by_name: {to: two}
        jump: {to: {level: skip_to}, requires: {data: [skip_to]}}
        mark: {when: this_level == two, set: {here: this_level}}
      states:
        asking: {on: {work: {to: working}}}
        working: {}
    before_first_level: desk
    after_last_level: decision
  decision: {kind: decision, on: {back_to: {to: support.two}}}
"""


@pytest.fixture(scope="module")
def ladder() -> Drive:
    return drive(LADDER)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (["hand_over"], "support.one.asking"),
        (["hand_over", "up"], "support.two.asking"),
        (["hand_over", "work", "up"], "support.two.asking"),
        (["hand_over", "up", "up", "work"], "support.three.working"),
        (["hand_over", "up", "up", "down"], "support.two.asking"),
        (["hand_over", "up", "up", "top"], "support.one.asking"),
        (["hand_over", "work", "by_name"], "support.two.asking"),
        (["hand_over", "up", "up", "up", "back_to"], "support.two.asking"),
    ],
)
def test_ruling_8_levels_are_named_by_their_place(ladder: Drive, events: list[str], state: str):
    assert ladder.open(*events).state == state


def test_ruling_8_from_the_last_level_the_next_is_what_follows_the_ladder(ladder: Drive):
    assert ladder.open("hand_over", "up", "up", "up").state == "decision"


def test_ruling_8_from_the_first_level_the_previous_is_what_precedes_the_ladder(ladder: Drive):
    assert ladder.open("hand_over", "down").state == "desk"


@pytest.mark.parametrize("event", ["by_name", "again"])
def test_ruling_8_naming_the_current_level_reenters_it_at_its_start(ladder: Drive, event: str):
    case = ladder.open("hand_over", "up", "work")

    decision = ladder.sent(case, event)

    assert decision.case.state == "support.two.asking"
    assert done(decision) == ["went", "came"]


def test_ruling_8_first_level_from_the_first_level_reenters_it(ladder: Drive):
    decision = ladder.sent(ladder.open("hand_over", "work"), "top")

    assert (decision.case.state, done(decision)) == ("support.one.asking", ["went", "came"])


@pytest.mark.parametrize("event", ["hand_over", "up"])
def test_ruling_8_entering_a_level_starts_at_its_start(ladder: Drive, event: str):
    visited = ladder.open("hand_over", "work", "up", "work", "down", "down", "hand_over")

    case = ladder.walk(visited, *([] if event == "hand_over" else ["work", event]))

    assert case.state.endswith(".asking")


def test_ruling_8_this_level_names_the_level_in_conditions_and_values(ladder: Drive):
    case = ladder.open("hand_over", "up", "mark")

    assert case.data["here"] == "two"
    assert kinds(ladder.refused(ladder.open("hand_over"), "mark"))


@pytest.mark.parametrize("level", ["one", "two", "three"])
def test_a_level_may_be_named_by_data(ladder: Drive, level: str):
    case = ladder.open("hand_over", "up", "work")

    decision = ladder.sent(case, "jump", data={"skip_to": level})

    assert decision.case.state == f"support.{level}.asking"
    assert done(decision) == ["went", "came"]


@pytest.mark.parametrize("level", ["one", "three"])
def test_a_level_may_be_named_by_data_from_outside_the_only_ladder(ladder: Drive, level: str):
    case = ladder.sent(ladder.open(), "skip", data={"skip_to": level}).case

    assert case.state == f"support.{level}.asking"


def test_a_level_named_by_data_must_be_named(ladder: Drive):
    assert subjects(ladder.refused(ladder.open(), "skip")) == {"skip_to"}


def test_a_level_that_is_none_is_refused(ladder: Drive):
    assert kinds(ladder.refused(ladder.open(), "skip", data={"skip_to": "seventh"}))


NESTED = """
start: outer
states:
  outer:
    levels: {low: {}, high: {}}
    each_level:
      on: {up: {to: next_level}}
      states:
        inner:
          levels: {left: {}, right: {}}
          each_level: {on: {along: {to: next_level}, again: {to: first_level}}}
          after_last_level: rest
        rest: {on: {higher: {to: next_level}}}
    after_last_level: over
  over: {}
"""


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "outer.low.inner.left"),
        (["along"], "outer.low.inner.right"),
        (["along", "along"], "outer.low.rest"),
        (["along", "again"], "outer.low.inner.left"),
        (["along", "up"], "outer.high.inner.left"),
        (["along", "along", "higher"], "outer.high.inner.left"),
        (["up", "along", "up"], "over"),
    ],
)
def test_ruling_8_levels_mean_the_innermost_ladder_around_the_declaration(
    events: list[str], state: str
):
    assert drive(NESTED).open(*events).state == state


MUST_RESOLVE = LADDER.replace("two: {}", "two: {must_resolve: true}", 1)


@pytest.mark.parametrize("event", ["up"])
def test_ruling_8_a_level_that_must_resolve_has_no_way_up(event: str):
    desk = drive(MUST_RESOLVE)
    case = desk.open("hand_over", "up")

    assert kinds(desk.refused(case, event))
    assert not desk.options(case)[event].is_possible


def test_ruling_8_a_level_that_must_resolve_is_not_left_upwards_by_data():
    desk = drive(MUST_RESOLVE)
    case = desk.open("hand_over", "up")

    assert kinds(desk.refused(case, "jump", data={"skip_to": "three"}))
    assert desk.sent(case, "jump", data={"skip_to": "one"}).case.state == "support.one.asking"


def test_ruling_8_a_level_that_must_resolve_is_not_left_upwards_by_name():
    desk = drive(MUST_RESOLVE.replace("by_name: {to: two}", "by_name: {to: three}"))

    assert desk.open("hand_over", "by_name").state == "support.three.asking"
    assert kinds(desk.refused(desk.open("hand_over", "up"), "by_name"))


def test_ruling_8_a_level_that_must_resolve_keeps_its_ways_down_and_aside():
    desk = drive(MUST_RESOLVE)
    case = desk.open("hand_over", "up")

    assert desk.walk(case, "down").state == "support.one.asking"
    assert desk.walk(case, "again").state == "support.two.asking"


def test_a_level_may_override_each_level_and_be_just_on():
    desk = drive(
        """
start: ladder
states:
  ladder:
    levels:
      low: {on: {go: {to: high}}}
      high:
        on: {go: null, extra: {to: low}}
    each_level:
      on: {go: {to: next_level}, stay: {}}
    after_last_level: over
  over: {}
"""
    )

    assert desk.open("go").state == "ladder.high"
    assert kinds(desk.refused(desk.open("go"), "go"))
    assert desk.open("go", "stay", "extra").state == "ladder.low"


# ---- 9: back ------------------------------------------------------------------------------------

BACK = """
roles: {desk: {title: Desk}, chief: {title: Chief}}
messages: {hello: Hello}
actions: {came: Came, left: Left, resumed: Resumed}
start: new
on: {wait: {to: waiting}, pause: {to: paused}}
states:
  new: {on: {go: {to: support}}}
  support:
    levels: {one: {}, two: {}}
    each_level:
      assignee: chief
      entry: {do: came, notify: {assignee: hello}}
      on: {up: {to: next_level}}
      states: {asking: {on: {work: {to: working}}}, working: {entry: {do: came}}}
    after_last_level: new
  waiting:
    assignee: desk
    exit: {do: left}
    on: {answer: {to: back, do: resumed}}
    states:
      first: {on: {remind: {to: second}}}
      second: {}
  paused: {on: {resume: {to: back}}}
"""


@pytest.fixture(scope="module")
def back() -> Drive:
    return drive(BACK, directory={"desk": "ann", "chief": "eve"})


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (["go", "up", "work", "wait", "answer"], "support.two.working"),
        (["wait", "answer"], "new"),
        (["go", "wait", "remind", "answer"], "support.one.asking"),
        (["go", "wait", "answer", "work", "wait", "answer"], "support.one.working"),
    ],
)
def test_ruling_9_back_returns_to_the_exact_leaf_that_was_left(
    back: Drive, events: list[str], state: str
):
    assert back.open(*events).state == state


def test_ruling_9_an_entry_by_back_does_not_overwrite_the_memory(back: Drive):
    case = back.open("go", "work", "wait", "pause", "resume")

    assert case.state == "waiting.first"
    assert back.walk(case, "answer").state == "support.one.working"


def test_ruling_9_only_an_entry_from_outside_is_remembered(back: Drive):
    case = back.open("go", "work", "wait", "remind", "wait")

    assert case.state == "waiting.first"
    assert back.walk(case, "answer").state == "support.one.working"


def test_ruling_9_back_runs_no_assignee_entry_or_notify_again(back: Drive):
    waiting = back.open("go", "work", "wait")

    decision = back.sent(waiting, "answer")

    assert done(decision) == ["left", "resumed"]
    assert [effect for effect in decision.effects if not isinstance(effect, Act)] == []
    assert decision.case.slots == waiting.slots


def test_ruling_9_a_state_entered_by_a_correction_remembers_too(back: Drive):
    case = back.open("go", "work")

    corrected = accepted(
        back.decide(case, Corrected(eve, "waiting", "main", "the client was asked by phone"))
    )

    assert back.walk(corrected.case, "answer").state == "support.one.working"


def test_ruling_9_memory_is_of_the_own_track():
    desk = drive(
        """
tracks:
  ticket:
    start: a
    on: {wait: {to: waiting}}
    states: {a: {on: {go: {to: b}}}, b: {}, waiting: {on: {answer: {to: back}}}}
  side:
    start: x
    on: {wait: {to: waiting}}
    states: {x: {on: {move: {to: y}}}, y: {}, waiting: {on: {answer: {to: back}}}}
"""
    )

    assert dict(desk.open("go", "wait", "answer").states) == {"ticket": "b", "side": "x"}
    assert dict(desk.open("move", "wait", "answer").states) == {"ticket": "a", "side": "y"}


# ---- 10: always ---------------------------------------------------------------------------------

ALWAYS = """
data: {x: {type: integer, changes: anytime}, y: {type: integer, changes: anytime}}
guards: {ready: Is it ready?}
start: a
states:
  a:
    always: [{to: b, when: x == 1}, {to: d, when: y == 9}]
    states:
      inner: {always: {to: c, when: x == 1 and y == 1}}
  b: {always: {to: c, when: y == 2}}
  c: {always: {to: d, if: ready}}
  d: {}
"""


def always(**guards: bool) -> Drive:
    return drive(ALWAYS, guards={"ready": False, **guards})


def test_ruling_10_always_is_examined_on_entry():
    assert always().open(data={"x": 1}).state == "b"


def test_ruling_10_always_is_examined_after_every_accepted_input():
    desk = always()

    assert desk.recorded(desk.open(), data={"x": 1}).case.state == "b"


def test_ruling_10_always_is_examined_after_an_event_that_stays():
    desk = drive(
        """
counts: {knocks: {up_on: event knock}}
start: shut
states:
  shut: {on: {knock: {}}, always: {to: open, when: knocks >= 2}}
  open: {}
"""
    )

    assert desk.open("knock").state == "shut"
    assert desk.open("knock", "knock").state == "open"


def test_ruling_10_the_innermost_always_is_first():
    assert always().open(data={"x": 1, "y": 1}).state == "c"


def test_ruling_10_always_goes_on_until_none_holds():
    desk = always(ready=True)

    decision = desk.opened(data={"x": 1, "y": 2})

    assert decision.case.state == "d"
    assert decision.case.revision == 1


def test_ruling_10_the_first_always_that_holds_wins():
    assert always().open(data={"x": 1, "y": 9}).state == "b"


def test_ruling_10_the_guards_of_always_are_asked_on_entry_only():
    desk = always(ready=False)
    case = desk.open(data={"x": 1, "y": 1})
    desk.guards = {"ready": True}

    decision = desk.noted(case)

    assert (decision.case.state, desk.asked) == ("c", [])


def test_ruling_10_the_guards_of_always_are_asked_again_on_the_next_entry():
    desk = drive(
        """
guards: {ready: Is it ready?}
start: a
states:
  a: {always: {to: b, if: ready}, on: {again: {to: a}, stay: {}}}
  b: {}
""",
        guards={"ready": False},
    )
    case = desk.open()
    desk.guards = {"ready": True}

    assert desk.walk(case, "stay").state == "a"
    assert desk.walk(case, "again").state == "b"


def test_ruling_10_the_guards_of_a_compound_states_always_are_asked_on_its_own_entry_only():
    desk = drive(
        """
guards: {ready: Is it ready?}
start: a
states:
  a: {always: {to: b, if: ready}, states: {x: {on: {step: {to: y}}}, y: {}}}
  b: {}
""",
        guards={"ready": False},
    )
    case = desk.open()
    desk.guards = {"ready": True}

    assert desk.walk(case, "step").state == "a.y"
    assert desk.asked == []


def test_ruling_10_always_joins_tracks():
    desk = drive(
        """
tracks:
  ticket:
    start: open
    states: {open: {always: {to: over, when: in vendor.ready and in desk.ready}}, over: {}}
  vendor: {start: busy, states: {busy: {on: {delivered: {to: ready}}}, ready: {}}}
  desk: {start: busy, states: {busy: {on: {checked: {to: ready}}}, ready: {}}}
"""
    )

    assert desk.open("delivered").state == "open"
    assert desk.open("delivered", "checked").state == "over"


def test_ruling_10_events_that_send_themselves_for_ever_are_refused_with_their_own_error():
    desk = drive("start: a\nstates: {a: {on: {ping: {send: pong}, pong: {send: ping}}}}")
    case = desk.open()

    refused = desk.refused(case, "ping")

    assert not kinds(refused) & {"wrong_state", "unknown_event", "refused"}
    assert "100" in refused.reasons[0].message


def test_ruling_10_a_chain_within_the_bound_is_run_to_its_end():
    desk = drive(
        """
counts: {rounds: {up_on: event ping}}
start: a
states: {a: {on: {ping: [{when: rounds < 90, send: ping}, {to: b}]}}, b: {}}
"""
    )

    case = desk.open("ping")

    assert (case.state, case.counts["rounds"], case.revision) == ("b", 91, 2)


def test_ruling_10_looking_at_an_always_that_does_not_hold_is_no_microstep():
    desk = drive(
        """
data: {x: {type: integer}}
counts: {rounds: {up_on: event ping}}
start: a
states:
  a: {on: {ping: [{when: rounds < 90, send: ping}, {to: b}]}}
  b: {always: {to: a, when: x == 1}}
"""
    )

    assert desk.open("ping").state == "b"


# ---- 11: tracks and sent events -----------------------------------------------------------------

TRACKS = """
data: {x: {type: integer, default: 1}}
actions:
  out_one: O
  out_two: O
  act_one: A
  act_two: A
  in_one: I
  in_two: I
messages: {tell: Told}
roles: {desk: {title: Desk}, chief: {title: Chief}}
tracks:
  one:
    start: a
    states:
      a:
        exit: {do: out_one}
        on: {go: {to: b, set: {x: 2}, do: act_one, notify: {desk: tell}}}
      b: {entry: {do: in_one}}
  two:
    start: a
    states:
      a:
        exit: {do: out_two}
        on:
          go:
            - {to: b, when: x == 1 and in one.a, do: act_two, notify: {chief: tell}, GATE}
            - {to: c}
      b: {entry: {do: in_two}}
      c: {}
"""


def test_ruling_11_tracks_all_choose_against_the_case_as_it_was():
    desk = drive(TRACKS.replace(", GATE", ""))

    assert dict(desk.open("go").states) == {"one": "b", "two": "b"}


def test_ruling_11_one_unmet_gate_refuses_the_whole_input():
    desk = drive(TRACKS.replace("GATE", "by: [chief]"))
    case = desk.open()

    assert kinds(desk.refused(case, "go")) == {"wrong_role"}
    assert dict(desk.walk(case, "go", by=eve).states) == {"one": "b", "two": "b"}


def test_ruling_11_each_phase_runs_for_all_tracks_in_document_order():
    desk = drive(TRACKS.replace(", GATE", ""))

    decision = desk.sent(desk.open(), "go")

    shown = [
        effect.name if isinstance(effect, Act) else effect.recipient
        for effect in decision.effects
        if isinstance(effect, (Act, Notify))
    ]
    assert shown == [
        "out_one", "out_two", "act_one", "act_two", "desk", "chief", "in_one", "in_two",
    ]  # fmt: skip


def test_ruling_11_an_event_is_taken_by_every_track_that_has_it_and_one_is_enough():
    desk = drive(
        """
tracks:
  one: {start: a, states: {a: {on: {go: {to: b}}}, b: {}}}
  two: {start: a, states: {a: {on: {go: {to: b}, only: {to: b}}}, b: {}}}
"""
    )

    assert dict(desk.open("go").states) == {"one": "b", "two": "b"}
    assert dict(desk.open("only").states) == {"one": "a", "two": "b"}


SENDS = """
actions: {did: {title: Did, arguments: {what: {type: string}}}}
data: {x: {type: integer, default: 0}}
start: a
states:
  a: {on: {go: {to: b, set: {x: 1}, send: [first, second]}}}
  b: {always: {to: c, when: x == 1}}
  c:
    on:
      first: {do: {did: {what: first}}, send: third}
      second: {do: {did: {what: second}}}
      third: {do: {did: {what: third}}}
"""


def test_ruling_11_sent_events_are_first_in_first_out_after_always_is_stable():
    desk = drive(SENDS)

    decision = desk.sent(desk.open(), "go")

    shown = [effect.arguments["what"] for effect in decision.effects if isinstance(effect, Act)]
    assert (decision.case.state, shown) == ("c", ["first", "second", "third"])
    assert [step.event for step in decision.entry.steps] == ["go", "", "first", "second", "third"]


def test_ruling_11_an_event_is_sent_from_entry_and_exit_too():
    desk = drive(
        """
actions: {did: {title: Did, arguments: {what: {type: string}}}}
start: a
on: {left: {do: {did: {what: left}}}, came: {do: {did: {what: came}}}}
states:
  a: {exit: {send: left}, on: {go: {to: b}}}
  b: {entry: {send: came}}
"""
    )

    decision = desk.sent(desk.open(), "go")

    assert [step.event for step in decision.entry.steps] == ["go", "left", "came"]
    assert done(decision) == ["did", "did"]


def test_ruling_11_sent_events_are_offered_to_all_tracks():
    desk = drive(
        """
tracks:
  one: {start: a, states: {a: {on: {go: {to: b, send: more}}}, b: {on: {more: {to: c}}}, c: {}}}
  two: {start: a, states: {a: {on: {more: {to: b}}}, b: {}}}
"""
    )

    assert dict(desk.open("go").states) == {"one": "c", "two": "b"}


def test_ruling_11_a_sent_event_comes_without_the_data_note_and_channel_of_the_outer_one():
    desk = drive(
        """
data: {x: {type: integer}, words: {type: string}, way: {type: string}}
events: {go: {may_bring: [x]}, more: {may_bring: [x]}}
start: a
states:
  a: {on: {go: {to: b, clear: [x], send: more}}}
  b: {on: {more: {to: c, set: {words: note, way: channel}}}}
  c: {}
"""
    )

    case = desk.sent(desk.open(), "go", data={"x": 1}, note="mine", channel="phone").case

    assert case.state == "c"
    assert "x" not in case.data
    assert (case.data.get("words") == "mine", "way" in case.data) == (False, False)


def test_ruling_11_a_sent_event_that_nobody_takes_is_journaled_and_dropped():
    desk = drive("start: a\nstates: {a: {on: {go: {to: b, send: more}, more: {}}}, b: {}}")

    decision = desk.sent(desk.open(), "go")

    assert decision.case.state == "b"
    assert [(step.event, len(step.moves)) for step in decision.entry.steps] == [
        ("go", 1),
        ("more", 0),
    ]


def test_ruling_11_a_gate_unmet_by_a_sent_event_refuses_the_outer_input():
    desk = drive(
        """
data: {x: {type: integer}}
start: a
states:
  a: {on: {go: {to: b, send: more}}}
  b: {on: {more: {to: c, requires: {data: [x]}}}}
  c: {}
"""
    )
    case = desk.open()

    assert subjects(desk.refused(case, "go")) == {"x"}
    assert desk.open("go", data={"x": 1}).state == "c"


def test_ruling_11_direct_states_are_the_track_main():
    assert dict(drive("start: a\nstates: {a: {}}").open().states) == {"main": "a"}


def test_ruling_11_a_sent_event_that_needs_data_refuses_the_outer_input_since_it_brings_none():
    desk = drive(
        """
data: {x: {type: integer}}
events: {more: {needs: [x]}}
start: a
states:
  a: {on: {go: {to: b, send: more}}}
  b: {on: {more: {to: c}}}
  c: {}
"""
    )

    assert subjects(desk.refused(desk.open(), "go")) == {"x"}


# ---- 12: ends, idle states, resting states ------------------------------------------------------

ENDS = """
data: {x: {type: integer, changes: anytime}}
actions: {call: {title: Call, reports: [go]}}
tracks:
  ticket:
    start: open
    states:
      open:
        states:
          work: {on: {close: {to: over}, go: {}}}
          over: {kind: end, outcome: closed}
      resolved: {on: {reopen: {to: open}}}
  side:
    start: rest
    AT_END
    states:
      rest: {kind: idle, on: {begin: {to: active}, close: {}}}
      active: {on: {stop: {to: rest}, close: CLOSE, end_it: {to: ended}}}
      ended: {kind: end, outcome: stopped}
"""


def ends(close: str = "{}", at_end: str = "") -> Drive:
    return drive(ENDS.replace("AT_END", at_end).replace("CLOSE", close))


def test_ruling_12_an_end_at_any_depth_ends_the_main_track_and_with_it_the_case():
    case = ends().open("close")

    assert (case.state, case.outcome, case.is_closed) == ("open.over", "closed", True)


def test_ruling_12_a_side_track_ends_alone():
    desk = ends()

    case = desk.open("begin", "end_it")

    assert not case.is_closed
    assert case.outcome is None
    assert kinds(desk.refused(case, "begin")) == {"wrong_state"}


def test_ruling_12_a_side_track_runs_again_from_idle():
    case = ends().open("begin", "stop", "begin")

    assert case.states["side"] == "active"


@pytest.mark.parametrize(
    "given",
    [
        Sent("close", ann),
        Sent("begin", ann),
        Recorded(ann, {"x": 1}),
        Noted(ann, "too late"),
        Corrected(ann, "open", "ticket", "by mistake"),
        Corrected(ann, "rest", "side", "by mistake"),
    ],
)
def test_ruling_12_an_end_is_absolute(given: Sent | Recorded | Noted | Corrected):
    desk = ends()
    case = desk.open("close")

    assert kinds(refusal(desk.decide(case, given))) == {"closed"}


def test_ruling_12_a_report_after_the_end_is_journaled_and_moves_nothing():
    desk = ends()
    case = desk.open("close")

    decision = desk.reported(case, "go")

    assert decision.case == case._replace(revision=case.revision + 1)
    assert decision.entry.problem


def test_ruling_12_a_closed_case_has_no_options():
    desk = ends()

    assert desk.options(desk.open("close")) == {}


def test_ruling_12_a_side_track_that_stops_with_the_case_is_journaled():
    desk = drive(ENDS.replace("AT_END", "").replace("close: CLOSE, ", ""))
    case = desk.open("begin")

    decision = desk.sent(case, "close")

    moves = [move for step in decision.entry.steps for move in step.moves]
    stopped = [move for move in moves if move.track == "side" and "stop" in move.reason]
    assert [move.source for move in stopped] == ["active"]


def test_ruling_12_a_side_track_that_must_be_idle_refuses_the_end():
    desk = ends(at_end="at_end: must_be_idle")
    case = desk.open("begin")

    refused = desk.refused(case, "close")

    assert "side" in str(refused.reasons)
    assert desk.walk(case, "stop", "close").is_closed


@pytest.mark.parametrize("close", ["{to: rest}", "{send: stop}", "{to: ended}"])
def test_ruling_12_idleness_is_checked_after_run_to_completion(close: str):
    desk = ends(close, at_end="at_end: must_be_idle")

    assert desk.open("begin", "close").is_closed


def test_ruling_12_reopening_is_a_transition_from_a_resting_state():
    desk = drive(
        """
start: open
states:
  open: {on: {resolve: {to: resolved}}}
  resolved: {on: {reopen: {to: open}, close: {to: closed}}}
  closed: {kind: end, outcome: closed}
"""
    )

    assert desk.open("resolve", "reopen").state == "open"
    assert kinds(desk.refused(desk.open("resolve", "close"), "reopen")) == {"closed"}


@pytest.mark.parametrize("way", ["on: {more: {to: a}}", "always: {to: rest, when: x == 1}"])
def test_ruling_12_nothing_that_is_inherited_leads_on_from_an_end(way: str):
    desk = drive(
        f"""
data: {{x: {{type: integer}}}}
start: whole
states:
  whole:
    {way}
    states:
      a: {{on: {{go: {{to: over, set: {{x: 1}}, send: more}}, more: {{}}}}}}
      over: {{kind: end, outcome: over}}
  rest: {{}}
"""
    )

    assert desk.open("go").state == "whole.over"


def test_ruling_12_a_side_track_that_has_ended_takes_no_inherited_event():
    desk = drive(
        """
tracks:
  ticket: {start: a, states: {a: {on: {go: {}}}}}
  side:
    start: x
    on: {go: {to: x}}
    states: {x: {on: {halt: {to: over}}}, over: {kind: end, outcome: over}}
"""
    )

    assert desk.open("halt", "go").states["side"] == "over"


FINAL_DECISION = """
data: {x: {type: integer, changes: anytime}}
checklists: {report: {items: {told: Is it told?}}}
roles: {chief: {title: Chief}}
start: a
states:
  a: {on: {go: {to: top}}}
  top: {kind: decision, assignee: chief}
"""


def test_ruling_12_a_final_decision_point_stays_open_and_owned():
    case = drive(FINAL_DECISION, directory={"chief": "eve"}).open("go")

    assert not case.is_closed
    assert [holder.person for holder in case.slots["assignee"]] == ["eve"]


def test_ruling_12_at_a_final_decision_point_notes_and_records_are_allowed():
    desk = drive(FINAL_DECISION, directory={"chief": "eve"})
    case = desk.open("go")

    case = desk.noted(case).case
    case = desk.recorded(case, data={"x": 1}).case
    case = desk.recorded(case, checklists={"report": {"told": ("yes", None)}}).case

    assert (case.state, case.data["x"]) == ("top", 1)


def test_ruling_12_linked_cases_are_not_touched_by_the_end():
    desk = drive(
        LINKED.replace("states:\n  open:", "states:\n  open: {on: {close: {to: over}}}\n  open_:")
    )

    decision = desk.sent(desk.open(), "close")

    assert [effect for effect in decision.effects if isinstance(effect, OpenLinked)] == []


# ---- the track row: bodies run however a state was entered --------------------------------------


def test_the_bodies_of_the_start_state_run_when_a_case_opens():
    desk = drive(
        """
actions: {outer: O, inner: I, side: S}
tracks:
  one: {start: a, states: {a: {entry: {do: outer}, states: {b: {entry: {do: inner}}}}}}
  two: {start: x, states: {x: {entry: {do: side}}}}
"""
    )

    assert done(desk.opened()) == ["outer", "inner", "side"]


def test_a_correction_moves_a_stuck_case_without_gates_and_keeps_the_reason():
    desk = drive(
        """
actions: {out: O, came: C}
start: a
states:
  a: {exit: {do: out}, on: {go: {to: b, by: [engine]}}}
  b: {entry: {do: came}}
"""
    )

    decision = accepted(desk.decide(desk.open(), Corrected(eve, "b", "main", "stuck")))

    assert (decision.case.state, done(decision)) == ("b", ["out", "came"])
    assert [move.reason for step in decision.entry.steps for move in step.moves] == ["stuck"]


@pytest.mark.parametrize(
    "given",
    [
        Corrected(eve, "nowhere", "main", "stuck"),
        Corrected(eve, "b", "side", "stuck"),
        Corrected(eve, "b", "main", "  "),
    ],
)
def test_a_correction_needs_a_place_and_a_reason(given: Corrected):
    desk = drive("start: a\nstates: {a: {on: {go: {to: b}}}, b: {}}")

    assert kinds(refusal(desk.decide(desk.open(), given)))


# ---- taking in ----------------------------------------------------------------------------------

TAKER = """
process: desk
version: 1
title: A desk
data: {issue: {type: string}, heat: {type: integer}}
roles: {boss: {title: Boss}, desk: {title: Desk}}
parameters: {limit: {type: integer, default: 3}}
tracks:
  ticket:
    opens: {open: {to: work, may_bring: [heat]}}
    states:
      work:
        on:
          begin: {}
          close: {to: over}
          joint: {}
      over: {kind: end, outcome: closed}
  escalation:
    process: alarm_track@1
    at_end: must_be_idle
    parameters: {threshold: 2}
    roles: {manager: boss}
    data: {warmth: heat}
    shares: [joint]
"""

TAKEN = """
process: alarm_track
version: 1
kind: track
title: An alarm
expects: {data: [warmth], roles: [manager], tracks: [ticket], events: [close]}
parameters: {threshold: {type: integer}}
data: {since: {type: string}}
counts: {alarms: {up_on: event begin}}
guards: {wise: Is it wise?}
start: idle
states:
  idle:
    kind: idle
    on:
      begin: {to: active, when: warmth > $threshold, if: wise, set: {since: now_or_never}}
      joint: {to: active}
  active:
    assignee: manager
    on:
      stop: {to: idle, by: [manager]}
      close: {when: in ticket.work, to: idle}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "desk.yaml").write_text(TAKER)
    (tmp_path / "alarm_track.yaml").write_text(TAKEN)
    return tmp_path


@pytest.fixture
def taken_in(folder: Path) -> Drive:
    return Drive(
        load(folder / "desk.yaml"),
        guards={"escalation.wise": True},
        directory={"boss": "eve"},
    )


def test_a_track_that_is_taken_in_runs_beside_ours(taken_in: Drive):
    assert dict(taken_in.open().states) == {"ticket": "work", "escalation": "idle"}


def test_the_names_of_a_track_that_is_taken_in_get_its_name_as_prefix(taken_in: Drive):
    case = taken_in.open("escalation.begin", data={"heat": 3})

    assert case.states["escalation"] == "active"
    assert case.data["escalation.since"] == "now_or_never"
    assert case.counts["escalation.alarms"] == 1


def test_the_events_of_a_track_that_is_taken_in_are_its_own(taken_in: Drive):
    case = taken_in.open("begin", data={"heat": 3})

    assert case.states["escalation"] == "idle"


def test_a_shared_event_is_ours_and_theirs_at_once(taken_in: Drive):
    decision = taken_in.sent(taken_in.open(), "joint")

    assert decision.case.states["escalation"] == "active"
    assert {move.track for step in decision.entry.steps for move in step.moves} == {
        "ticket",
        "escalation",
    }


def test_an_expected_event_is_the_takers(taken_in: Drive):
    case = taken_in.open("joint", "close")

    assert (case.is_closed, case.states["escalation"]) == (True, "idle")


def test_their_role_is_ours_by_another_name(taken_in: Drive):
    case = taken_in.open("joint")

    assert [(one.role, one.person) for one in case.slots["assignee"]] == [("boss", "eve")]
    assert taken_in.walk(case, "escalation.stop", by=eve).states["escalation"] == "idle"
    assert kinds(taken_in.refused(case, "escalation.stop")) == {"wrong_role"}


@pytest.mark.parametrize(("heat", "state"), [(2, "idle"), (3, "active")])
def test_their_parameters_are_bound_where_they_are_taken_in(taken_in: Drive, heat: int, state: str):
    case = taken_in.open(data={"heat": heat})

    found = taken_in.decide(case, Sent("escalation.begin", ann))

    assert (found.case.states["escalation"] if isinstance(found, Decision) else "idle") == state


# ---- linked cases -------------------------------------------------------------------------------

LINKED = """
parameters: {complaints: {type: process, default: complaint}}
data: {issue: {type: string}, note: {type: string}}
start: open
states:
  open:
    on:
      complain:
        to: waiting
        open_case:
          process: $complaints
          event: lodge
          with: {matter: issue}
          send: {upheld: right, otherwise: wrong}
      same: {open_case: {process: other, with: [issue], send: wrong}}
      loose: {open_case: {process: other}}
  waiting: {on: {right: {to: won}, wrong: {to: lost}}}
  won: {}
  lost: {}
  over: {kind: end, outcome: over}
"""


def linked(decision: Decision) -> list[OpenLinked]:
    return [effect for effect in decision.effects if isinstance(effect, OpenLinked)]


def test_a_linked_case_is_opened_with_our_data_under_their_names():
    desk = drive(LINKED)

    (effect,) = linked(desk.sent(desk.open(data={"issue": "rude"}), "complain"))

    assert (effect.process, effect.event, dict(effect.data)) == (
        "complaint",
        "lodge",
        {"matter": "rude"},
    )


def test_a_linked_cases_end_is_to_be_told_by_outcome():
    desk = drive(LINKED)

    (effect,) = linked(desk.sent(desk.open(data={"issue": "rude"}), "complain"))

    assert dict(effect.at_end) == {"upheld": "right", "otherwise": "wrong"}


def test_a_linked_case_takes_data_by_the_same_name():
    desk = drive(LINKED)

    (effect,) = linked(desk.sent(desk.open(data={"issue": "rude"}), "same"))

    assert dict(effect.data) == {"issue": "rude"}
    assert dict(effect.at_end) == {"otherwise": "wrong"}


def test_the_end_of_a_linked_case_acts_as_the_engine():
    desk = drive(
        LINKED.replace("right: {to: won}", "right: {to: won, by: [engine]}").replace(
            "wrong: {to: lost}", "wrong: {to: lost, by: [client]}"
        )
        + "roles: {client: {title: Client}}\n"
    )
    case = desk.open("complain", data={"issue": "rude"})

    assert desk.reported(case, "right").case.state == "won"
    assert desk.reported(case, "wrong").case.state == "waiting"


def opened_by_another(desk: Drive, **at_end: str) -> Case:
    """Open a case as one that another case has opened."""
    case = blank(desk.chart)
    identity = replace(case.identity, opener="case-0", at_end=FrozenMap(at_end))
    return accepted(desk.decide(case._replace(identity=identity), Opened("open", ann))).case


TWO_ENDS = """
start: a
states:
  a: {on: {win: {to: won}, lose: {to: lost}}}
  won: {kind: end, outcome: upheld}
  lost: {kind: end, outcome: dismissed}
"""


@pytest.mark.parametrize(
    ("at_end", "event", "told"),
    [
        ({"upheld": "right", "otherwise": "wrong"}, "win", "right"),
        ({"upheld": "right", "otherwise": "wrong"}, "lose", "wrong"),
        ({"upheld": "right"}, "lose", None),
        ({}, "win", None),
    ],
)
def test_the_end_of_a_linked_case_tells_its_opener(
    at_end: dict[str, str], event: str, told: str | None
):
    desk = drive(TWO_ENDS)
    case = opened_by_another(desk, **at_end)

    decision = desk.sent(case, event)

    messages = [effect for effect in decision.effects if isinstance(effect, TellOpener)]
    outcome = decision.case.outcome
    assert [(one.case_id, one.event, one.outcome) for one in messages] == (
        [("case-0", told, outcome)] if told else []
    )


def test_effects_are_named_alike_whenever_the_decision_is_taken_again():
    desk = drive(TRACKS.replace(", GATE", ""))
    case = desk.open()

    one, other = desk.sent(case, "go"), desk.sent(case, "go")

    ids = [effect.id for effect in one.effects]
    assert ids == [effect.id for effect in other.effects]
    assert ids == list(one.entry.effects)
    assert len(set(ids)) == len(ids)


def test_no_alarm_is_raised_where_nothing_is_wrong():
    desk = drive(TRACKS.replace(", GATE", ""))

    assert [e for e in desk.sent(desk.open(), "go").effects if isinstance(e, Alarm)] == []
    assert desk.open().at == NOW
