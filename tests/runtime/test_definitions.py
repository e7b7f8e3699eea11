"""Definitions: published at start, kept for the cases that stand on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation_engine.core import Case
from escalation_engine.errors import BadInput, HooksMismatch, StoreError
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine, Ticked
from escalation_engine.store import MemoryStore
from escalation_engine.store.protocol import Publication, Store
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import HELP_DESK, Desk, ann
from tests.runtime.test_outbox import tick_until_parked

TIMER = "    timers: {time_box: {title: Time box, after: 1 hour, send: lapse}}\n"

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


class Garbled(MemoryStore):
    """Holds the definition of help_desk@1 in a language that nobody reads any more."""

    def publication(self, hash: str) -> Publication | None:
        kept = super().publication(hash)
        return replace(kept, source='{"definition": {}}') if kept else None


def with_a_garbled_case(text: str, clock: ManualClock) -> tuple[Engine, Case, Case]:
    """Return an engine that runs version 2, a case on garbled version 1, and one on version 2."""
    store = Garbled()
    with Engine(store, [load_text(text, name="x.yaml")], hooks=Desk(), clock=clock) as before:
        garbled = before.open_case("help_desk", data={"client": "C-7"}, by=ann)
        before.send(garbled.id, "log", by=ann)
    newer = load_text(text.replace("version: 1", "version: 2"), name="x.yaml")
    engine = Engine(store, [newer], hooks=Desk(), clock=clock)
    sound = engine.open_case("help_desk", data={"client": "C-8"}, by=ann)
    engine.send(sound.id, "log", by=ann)
    return engine, garbled, sound


def test_a_stored_definition_that_no_longer_loads_is_the_operators(clock: ManualClock):
    engine, garbled, _ = with_a_garbled_case(HELP_DESK, clock)

    with pytest.raises(StoreError, match=r"help_desk@1\) cannot be loaded") as raised:
        engine.send(garbled.id, "log", by=ann)

    assert garbled.id in str(raised.value)


def test_an_effect_of_a_definition_that_no_longer_loads_fails_alone_and_is_parked(
    clock: ManualClock,
):
    engine, garbled, sound = with_a_garbled_case(HELP_DESK, clock)

    assert engine.tick() == Ticked(delivered=1, failed=1)

    assert "cannot be loaded" in engine.outbox(garbled.id)[0].problem
    assert engine.outbox(sound.id)[0].status == "delivered"
    tick_until_parked(engine, clock)
    assert [queued.case_id for queued in engine.parked()] == [garbled.id]


def test_a_due_case_whose_definition_no_longer_loads_is_put_off_alone(clock: ManualClock):
    work = "    assignee: desk\n    on:\n"
    lapse = "      lapse: {to: decision, by: [engine]}\n"
    timed = HELP_DESK.replace(work, f"{TIMER}{work}{lapse}", 1)
    engine, garbled, sound = with_a_garbled_case(timed, clock)
    clock.move_by(timedelta(hours=2))

    ticked = engine.tick()

    assert ticked.fired == 1
    assert engine.case(sound.id).state == "decision"
    (stalled,) = engine.stalled()
    assert stalled.case_id == garbled.id
    assert "cannot be loaded" in stalled.problem


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
