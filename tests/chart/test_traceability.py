"""What comes from which statement, element by element, and what no statement says."""

from __future__ import annotations

from textwrap import dedent

import pytest

from escalation_engine.chart.traceability import Inference, element, inferences, statements
from escalation_engine.definition import Process
from escalation_engine.loader import read_text

HEAD = "process: p\nversion: 1\ntitle: P\nsources: {S1: {title: T, statements: [1, 2, 3]}}\n"


def definition(text: str) -> Process:
    return read_text(HEAD + dedent(text)).definition


def traced(text: str) -> dict[str, tuple[str, ...]]:
    return {one.name: one.elements for one in statements(definition(text))}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("roles", "desk"), "role desk"),
        (("opens", "ask", 0), "opening ask"),
        (("states", "help", "levels", "first", "on", "solve", 0), "help.first on solve"),
        (("states", "help", "levels", "first", "on", "solve", 1), "help.first on solve (2)"),
        (("states", "levels", "states", "items"), "levels.items"),
        (("states", "help", "timers", "box"), "help timers box"),
        (("states", "done", "entry"), "done entry"),
        (("on", "withdraw", 0), "on withdraw"),
        (("tracks", "vendor", "states", "idle"), "vendor.idle"),
        (("checklists", "closing", "items", "told"), "checklist closing.told"),
        (("counts", "contacts"), "count contacts"),
    ],
)
def test_an_element_has_the_name_that_people_call_it_by(path: tuple[str | int, ...], name: str):
    assert element(path) == name


LADDER = """
start: help
states:
  help:
    levels: {one: {source: [S1.1]}, two: {on: {climb: {SOURCE}}}}
    each_level: {on: {climb: {to: next_level, source: [S1.2]}}}
    after_last_level: over
  over: {kind: end, outcome: over, inferred: Where would it end?}
"""


def test_what_all_levels_share_is_told_once():
    assert traced(LADDER.replace("SOURCE", "")) == {
        "1": ("help.one",),
        "2": ("help.each_level on climb",),
        "3": (),
    }


def test_what_a_level_says_itself_is_told_of_it():
    found = traced(LADDER.replace("SOURCE", "source: [S1.3]"))

    assert found["3"] == ("help.two on climb",)


def test_a_statement_without_an_element_is_missing_unless_it_repeats_or_is_furniture():
    text = LADDER.replace("SOURCE", "")

    assert [one.name for one in statements(definition(text)) if one.is_missing] == ["3"]


def test_what_no_statement_says_is_told_with_its_reason():
    found = inferences(definition(LADDER.replace("SOURCE", "")))

    assert found == (Inference("over", "Where would it end?"),)
