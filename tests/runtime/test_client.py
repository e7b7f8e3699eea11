"""The journal for the client: of every kind of input only what a client may see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from escalation_engine.core import (
    EMPTY,
    Actor,
    Corrected,
    Due,
    Entry,
    FrozenMap,
    Fulfilled,
    Input,
    Move,
    Noted,
    Opened,
    Recalculated,
    Recorded,
    Reported,
    Sent,
    Step,
)
from escalation_engine.loader import load_text
from escalation_engine.runtime.client import as_client

AT = datetime(2026, 6, 8, 9, tzinfo=UTC)
SECRET = "xsecret"
DATA = FrozenMap({"issue": SECRET})
WHO = Actor("ann", {SECRET})
MORE: dict[str, Any] = {
    "data": DATA,
    "note": SECRET,
    "channel": SECRET,
    "evidence": SECRET,
    "on_behalf_of": SECRET,
    "occurred_at": AT,
}
CHART = load_text(
    """
process: desk
version: 1
title: Desk
data: {issue: {type: string}}
opens: {ring: {to: a}}
states:
  a:
    on:
      inside: {to: b, reason: xsecret}
      outside: {to: b, reason: told to the client, visibility: client}
  b: {always: [{to: c, reason: told at last, visibility: client}]}
  c: {kind: end, outcome: done}
""",
    name="desk.yaml",
)


def entry(input: Input, *steps: Step) -> Entry:
    return Entry(
        "1", 2, AT, input, {}, steps, FrozenMap({"issue": (None, SECRET)}),
        states=FrozenMap({"main": "c", SECRET: "b"}), visibility="client", problem=SECRET,
        effects=(SECRET,),
    )  # fmt: skip


@pytest.mark.parametrize(
    "input",
    [
        Opened("ring", WHO, **MORE),
        Sent("inside", WHO, **MORE),
        Recorded(WHO, checklists=FrozenMap({SECRET: EMPTY}), **MORE),
        Noted(WHO, SECRET, channel=SECRET),
        Reported(SECRET, "inside", SECRET, SECRET, SECRET, SECRET, SECRET),
        Corrected(WHO, SECRET, SECRET, SECRET),
        Due("timer", "wait", SECRET, "due", AT),
        Fulfilled("report", WHO, **MORE),
        Recalculated(WHO, SECRET),
    ],
    ids=lambda input: type(input).__name__,
)
def test_the_client_sees_nothing_internal_of_any_input(input: Input):
    inside = Move("main", "a", "b", 1, "a", SECRET)
    aside = Move(SECRET, "a", "b", 1, "a", SECRET)

    shown = as_client(entry(input, Step("inside", (inside, aside))), CHART)

    assert SECRET not in repr(shown)
    assert (type(shown.input), shown.at, shown.states) == (type(input), AT, {"main": "c"})


def test_the_client_reads_a_note_that_is_for_the_client():
    noted = Noted(WHO, "we will call", visibility="client")

    shown = as_client(entry(noted), CHART)

    assert shown.input == Noted(Actor("ann"), "we will call", visibility="client")


def test_the_client_reads_the_reason_of_a_client_visible_transition():
    first = Step("outside", (Move("main", "a", "b", 1, "a", "told to the client"),))
    last = Step("", (Move("main", "b", "c", 1, "b", "told at last"),))

    shown = as_client(entry(Sent("outside", WHO), first, last), CHART)

    assert shown.steps == (first, last)
