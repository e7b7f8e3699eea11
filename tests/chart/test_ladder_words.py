"""`first_level` and `last_level`: the ends of a ladder, by whatever names their levels go."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_engine import DefinitionError, load_text
from escalation_engine.chart import Chart
from tests.core.driving import drive

HELP_DESK = Path(__file__).parents[2] / "processes" / "help_desk.yaml"
DESK = """
data: {wanted: {type: level}}
events: {climb: {}, ask: {}}
tracks:
  ticket:
    start: help
    states:
      help:
        levels: {one: {}, two: {}}
        each_level:
          on:
            climb: {to: next_level}
            ask: ASK
        after_last_level: over
      over: {kind: end, outcome: done}
      yes: {}
  beside:
    start: rest
    states:
      rest: {kind: idle, on: {climb: {to: alarmed, when: in ticket.help.last_level}}}
      alarmed: {}
"""
HERE = "[{to: yes, when: CONDITION}, {set: {wanted: this_level}}]"
LONGER = DESK.replace("two: {}}", "two: {}, three: {}}")


@pytest.mark.parametrize("text", [DESK, LONGER])
@pytest.mark.parametrize(
    "condition", ["this_level is last_level", "this_level == last_level", "in last_level"]
)
def test_a_condition_knows_the_last_level_of_its_ladder(text: str, condition: str):
    desk = drive(text.replace("ASK", HERE.replace("CONDITION", condition)))
    climbs = 1 if text is DESK else 2
    before = desk.open(*["climb"] * (climbs - 1), "ask")
    after = desk.open(*["climb"] * climbs, "ask")

    assert before.states["ticket"].startswith("help.")
    assert after.states["ticket"] == "yes"


@pytest.mark.parametrize(("text", "last"), [(DESK, "two"), (LONGER, "three")])
def test_from_another_track_the_last_level_is_named_by_its_ladder(text: str, last: str):
    desk = drive(text.replace("ASK", "{}"))
    climbs = ["climb"] * (1 if last == "two" else 2)

    assert desk.open(*climbs).states["beside"] == "rest"
    assert desk.open(*climbs, "climb").states["beside"] == "alarmed"


def test_a_level_in_a_field_may_be_compared_with_the_ends_of_the_ladder():
    condition = "wanted is first_level"
    desk = drive(DESK.replace("ASK", HERE.replace("CONDITION", condition)))

    assert desk.open("ask", "ask").states["ticket"] == "yes"
    assert desk.open("climb", "ask", "ask").states["ticket"] == "help.two"


@pytest.mark.parametrize(
    ("word", "leaf"), [("first_level", "help.one"), ("last_level", "help.two")]
)
def test_both_are_targets_from_inside(word: str, leaf: str):
    desk = drive(DESK.replace("ASK", f"{{to: {word}}}"))

    assert desk.open("ask").states["ticket"] == leaf
    assert desk.open("climb", "ask").states["ticket"] == leaf


def test_both_are_targets_from_outside_by_the_name_of_the_ladder():
    text = DESK.replace("ASK", "{to: yes}").replace(
        "yes: {}", "yes: {on: {climb: {to: help.last_level}}}"
    )

    assert drive(text).open("ask", "climb").states["ticket"] == "help.two"


def test_two_ladders_with_levels_of_the_same_names_have_each_their_own_last():
    text = """
start: a
states:
  a:
    levels: {one: {}, two: {}}
    each_level: {on: {ask: [{to: yes, when: this_level is last_level}, {to: b}]}}
    after_last_level: b
  b:
    levels: {two: {}, one: {}}
    each_level: {on: {ask: [{to: yes, when: this_level is last_level}, {to: next_level}]}}
    after_last_level: no
  yes: {}
  no: {}
"""
    assert drive(text).open("ask").state == "b.two"
    assert drive(text).open("ask", "ask").state == "b.one"
    assert drive(text).open("ask", "ask", "ask").state == "yes"


def test_no_state_may_be_called_so():
    text = DESK.replace("ASK", "{}").replace("two: {}}", "last_level: {}}")

    with pytest.raises(DefinitionError, match="has a meaning of its own"):
        drive(text)


def test_outside_a_ladder_the_word_names_nothing():
    text = DESK.replace("ASK", "{}").replace("ticket.help.last_level", "ticket.over.last_level")

    with pytest.raises(DefinitionError, match="is no state that is known here"):
        drive(text)


def vendor_asked_in(chart: Chart) -> list[str]:
    """The conditions of the vendor's track that say in which level the ladder is exhausted."""
    track = next(one for one in chart.tracks if one.name == "vendor")
    ways = [way for branches in track.branches.values() for way in branches.get("escalate", ())]
    return [str(way.transition.when) for way in ways if "main." in str(way.transition.when)]


def test_a_level_that_is_added_behind_the_last_one_is_where_the_help_desks_ladder_ends():
    text = HELP_DESK.read_text("utf-8")
    onsite = (
        "      onsite: {title: Onsite, assignee: onsite, source: [S1.T3.cannot, S1.onsite.12]}\n"
    )
    assert onsite in text
    longer = text.replace(onsite, onsite + "      maker: {title: Maker, assignee: onsite}\n")

    (usual,) = vendor_asked_in(load_text(text))
    (added,) = vendor_asked_in(load_text(longer))
    assert usual.endswith("in main.support.onsite")
    assert added.endswith("in main.support.maker")


def test_a_field_with_some_of_the_levels_leads_to_those_only():
    chart = load_text(
        """
process: narrow
version: 1
title: Narrow
data: {wanted: {type: level, enum: [one, two]}}
start: help
states:
  help:
    levels: {one: {}, two: {}, three: {}}
    each_level: {on: {climb: {to: next_level}}}
    after_last_level: desk
  desk: {on: {give: {to: {level: wanted}}, end: {to: over}}}
  over: {kind: end, outcome: over}
"""
    )

    targets = [way.target for way in chart.main.branches["desk"]["give"]]
    assert targets == ["help.one", "help.two", None]
