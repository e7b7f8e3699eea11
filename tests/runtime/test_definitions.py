"""Definitions: published at start, kept for the cases that stand on them."""

from __future__ import annotations

import pytest

from escalation_engine.errors import BadInput, HooksMismatch, StoreError
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.store import MemoryStore
from escalation_engine.store.protocol import Store
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import HELP_DESK, Desk, ann

NEWER = (
    HELP_DESK.replace("version: 1", "version: 2")
    .replace(
        "finish:\n        - {to: closed, if: resolvable}\n        - {to: decision}",
        "finish: {to: closed}",
    )
    .replace("  resolvable: Can the desk resolve it?", "  mendable: Can it be mended?")
)


class NewerDesk(Desk):
    resolvable = None  # type: ignore[assignment]  # the question is not asked any more

    def mendable(self) -> bool:
        return True


def test_a_definition_is_published_at_start(engine: Engine, store: Store, clock: ManualClock):
    chart = load_text(HELP_DESK, name="help_desk.yaml")

    kept = store.publication(chart.hash)

    assert kept is not None
    assert (kept.process, kept.version, kept.published_at) == ("help_desk", 1, clock.now())


def test_one_version_has_one_content(store: Store):
    other = HELP_DESK.replace("Service desk", "Help desk")
    charts = [load_text(text, name="x.yaml") for text in (HELP_DESK, other)]

    with pytest.raises(BadInput, match="help_desk@1 is given twice with different content"):
        Engine(store, charts, hooks=Desk())


def test_the_same_definition_twice_is_once(make_engine: MakeEngine):
    assert make_engine(HELP_DESK, HELP_DESK).cases() == []


def test_hooks_are_checked_at_start(store: Store):
    with pytest.raises(HooksMismatch, match="engage_vendor"):
        Engine(store, [load_text(HELP_DESK, name="x.yaml")], hooks=object())


def test_a_case_stays_on_the_definition_it_was_opened_with(make_engine: MakeEngine, desk: Desk):
    case = make_engine().open_case("help_desk", data={"client": "C-7"}, by=ann)
    desk.verdict = False

    later = make_engine(HELP_DESK.replace("version: 1", "version: 2"))
    moved = later.send(case.id, "finish", by=ann)

    assert (moved.version, moved.state) == (1, "decision")
    assert later.replay(case.id) == later.case(case.id)


def test_hooks_that_an_older_definition_needs_are_asked_for_when_it_is_met(
    make_engine: MakeEngine,
):
    case = make_engine().open_case("help_desk", data={"client": "C-7"}, by=ann)
    later = make_engine(NEWER.replace("  mendable: Can it be mended?", "  {}"), hooks=_without())

    with pytest.raises(HooksMismatch, match=r"help_desk@1: guard resolvable"):
        later.send(case.id, "finish", by=ann)

    assert later.replay(case.id) == later.case(case.id)
    assert later.open_case("help_desk", data={"client": "C-8"}, by=ann).version == 2


def _without() -> Desk:
    desk = Desk()
    desk.resolvable = None  # type: ignore[assignment,method-assign]  # it is gone
    return desk


def test_a_definition_that_is_nowhere_is_the_operators(make_engine: MakeEngine, clock: ManualClock):
    class Forgetful(MemoryStore):
        def publication(self, hash: str) -> None:
            return None

    store = Forgetful()
    chart = load_text(HELP_DESK, name="x.yaml")
    with Engine(store, [chart], hooks=Desk(), clock=clock) as engine:
        case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)

    other = Engine(store, [], clock=clock)

    with pytest.raises(StoreError, match="neither loaded nor in the store"):
        other.send(case.id, "finish", by=ann)


def test_a_track_cannot_run_alone(store: Store):
    track = """
process: overlay
kind: track
version: 1
title: A track
states:
  rest: {kind: idle, on: {begin: {to: work}}}
  work: {on: {stop: {to: rest}}}
start: rest
"""
    with pytest.raises(BadInput, match="to be taken in by a process"):
        Engine(store, [load_text(track, name="overlay.yaml")])
