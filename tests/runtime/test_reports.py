"""What an action's handler returns becomes an event of the engine, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation_engine.core import Case, Effect, Reported
from escalation_engine.errors import CallerError
from escalation_engine.runtime import Engine, Ticked
from escalation_engine.store.protocol import Queued, Store
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import HELP_DESK, Desk, ann
from tests.runtime.test_outbox import tick_until_parked

GUARDED = HELP_DESK.replace(
    "vendor_helped: {to: closed}", "vendor_helped: {to: closed, if: resolvable}"
).replace(
    "vendor_silent: {to: decision, by: [engine]}", "vendor_silent: {to: decision, if: resolvable}"
)


def fall(case: Case) -> bool:
    raise ConnectionError("no network")


@pytest.fixture
def case(engine: Engine) -> Case:
    opened = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
    return engine.send(opened.id, "ask_vendor", by=ann)


def asked(engine: Engine, case: Case) -> Queued:
    return engine.outbox(case.id)[0]


def test_a_declared_report_is_sent_by_the_engine(engine: Engine, case: Case, desk: Desk):
    desk.returns["engage_vendor"] = "vendor_declined"

    engine.tick()

    assert engine.case(case.id).state == "work"
    reported = engine.journal(case.id)[-1].input
    assert reported == Reported(asked(engine, case).effect.id, event="vendor_declined")


def test_no_report_moves_nothing(engine: Engine, case: Case):
    engine.tick()

    assert engine.case(case.id).state == "vendor"
    assert asked(engine, case).status == "delivered"


@pytest.mark.parametrize("undeclared", ["vendor_silent", "nonsense", True, 7])
def test_an_undeclared_report_is_a_failure_in_clear_words(
    engine: Engine, case: Case, desk: Desk, undeclared: object
):
    desk.returns["engage_vendor"] = undeclared

    assert engine.tick() == Ticked(failed=1)
    assert "accepted: vendor_helped, vendor_declined, None" in asked(engine, case).problem


def test_the_effects_that_a_report_leads_to_go_out_in_the_same_tick(
    engine: Engine, case: Case, desk: Desk
):
    desk.returns["engage_vendor"] = "vendor_helped"

    assert engine.tick() == Ticked(delivered=2)
    assert desk.names() == ["engage_vendor", "notify"]


def test_the_first_report_wins(engine: Engine, case: Case, desk: Desk, store: Store):
    desk.returns["engage_vendor"] = "vendor_declined"
    before = asked(engine, case)
    engine.tick()

    desk.returns["engage_vendor"] = "vendor_helped"
    store.settle(before)  # as if the process had died before it was kept as delivered
    engine.tick()

    assert engine.case(case.id).state == "work"
    assert len(desk.done) == 1


def test_an_effect_is_delivered_though_a_callers_key_equals_its_id(engine: Engine, desk: Desk):
    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
    key = f"{case.id}:2:1"
    engine.send(case.id, "ask_vendor", by=ann, key=key)
    desk.returns["engage_vendor"] = "vendor_declined"
    assert asked(engine, case).effect.id == key

    engine.tick()

    assert desk.names() == ["engage_vendor"]
    assert engine.case(case.id).state == "work"


def test_a_refused_report_is_journaled_and_not_tried_again(engine: Engine, case: Case, desk: Desk):
    desk.returns["engage_vendor"] = "vendor_declined"
    engine.send(case.id, "withdraw", by=ann)

    assert engine.tick() == Ticked(delivered=1)

    entry = engine.journal(case.id)[-1]
    assert isinstance(entry.input, Reported)
    assert entry.problem
    assert asked(engine, case).problem == entry.problem
    assert engine.case(case.id).state == "work"


def test_after_the_last_failure_the_failed_event_is_sent(
    engine: Engine, case: Case, desk: Desk, clock: ManualClock
):
    desk.raises["engage_vendor"] = TimeoutError("no answer")

    assert tick_until_parked(engine, clock) == Ticked(failed=7, parked=1)

    assert engine.case(case.id).state == "decision"


def test_the_failed_event_is_sent_once(engine: Engine, case: Case, desk: Desk, clock: ManualClock):
    desk.raises["engage_vendor"] = TimeoutError("no answer")
    tick_until_parked(engine, clock)

    engine.retry(asked(engine, case).effect.id)
    tick_until_parked(engine, clock)

    failures = [
        entry
        for entry in engine.journal(case.id)
        if isinstance(entry.input, Reported) and entry.input.outcome == "failed"
    ]
    assert len(failures) == 1


def test_a_guard_that_raises_on_a_report_is_a_failure_and_comes_again(
    make_engine: MakeEngine, desk: Desk, clock: ManualClock
):
    engine = make_engine(GUARDED)
    opened = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
    case = engine.send(opened.id, "ask_vendor", by=ann)
    desk.returns["engage_vendor"] = "vendor_helped"
    desk.verdict = fall

    assert engine.tick() == Ticked(failed=1)
    assert asked(engine, case).problem.startswith("HookError: hook 'resolvable' raised")

    desk.verdict = True
    clock.move_by(timedelta(minutes=1))
    engine.tick()
    assert engine.case(case.id).is_closed


def test_a_failed_event_that_could_not_be_sent_is_told_with_the_parked_effect(
    make_engine: MakeEngine, desk: Desk, clock: ManualClock
):
    engine = make_engine(GUARDED)
    opened = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
    case = engine.send(opened.id, "ask_vendor", by=ann)
    desk.raises["engage_vendor"] = TimeoutError("no answer")
    desk.verdict = fall

    tick_until_parked(engine, clock)

    assert "its failed event was not sent: HookError" in asked(engine, case).problem
    assert asked(engine, case).status == "parked"


def test_a_handler_that_reports_itself_has_reported(engine: Engine, case: Case, desk: Desk):
    def send(case: Case, effect: Effect) -> None:
        engine.send(case.id, "vendor_helped", by=ann, key=effect.id)

    desk.engage_vendor = send  # type: ignore[method-assign]

    engine.tick()

    assert engine.case(case.id).revision == 3
    assert asked(engine, case).status == "delivered"


def test_a_handler_that_misuses_the_engine_is_recorded_like_any_other(
    engine: Engine, case: Case, desk: Desk
):
    desk.raises["engage_vendor"] = CallerError("a mistake of the host")

    assert engine.tick() == Ticked(failed=1)
    assert asked(engine, case).problem == "CallerError: a mistake of the host"
