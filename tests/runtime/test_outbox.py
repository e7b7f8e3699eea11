"""Effects go out after commit: in order, again after a failure, at last parked."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from escalation_engine.core import Act, Case, Effect, Notify, Reported
from escalation_engine.errors import BadInput
from escalation_engine.runtime import Engine, RetryPolicy, StaticDirectory, Ticked
from escalation_engine.store.protocol import Queued, Store
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import HELP_DESK, Desk, ann

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(engine: Engine) -> Case:
    return engine.open_case("help_desk", data={"client": "C-7"}, by=ann)


def only(engine: Engine, case: Case) -> Queued:
    (queued,) = engine.outbox(case.id)
    return queued


def attempts(engine: Engine, case: Case) -> list[tuple[str, str | None]]:
    inputs = [entry.input for entry in engine.journal(case.id)]
    return [(found.outcome, found.channel) for found in inputs if isinstance(found, Reported)]


def tick_until_parked(engine: Engine, clock: ManualClock) -> Ticked:
    total = Ticked()
    while (due := engine.next_due()) is not None:
        clock.move_to(max(due, clock.now()))
        total = Ticked(*(sum(pair) for pair in zip(total, engine.tick(), strict=True)))
    return total


def test_nothing_is_done_before_a_tick(engine: Engine, case: Case, desk: Desk):
    engine.send(case.id, "log", by=ann)

    assert desk.done == []
    assert only(engine, case).status == "waiting"


def test_an_action_gets_its_effect_and_the_case_as_it_stands(
    engine: Engine, case: Case, desk: Desk
):
    engine.send(case.id, "describe", data={"issue": "No dial tone"}, by=ann)
    engine.send(case.id, "ask_vendor", by=ann)
    engine.note(case.id, "they know us", by=ann)

    assert engine.tick() == Ticked(delivered=1)

    ((name, seen, effect),) = desk.done
    assert (name, seen.revision) == ("engage_vendor", 4)
    assert isinstance(effect, Act)
    assert effect.arguments == {"issue": "No dial tone"}


def test_what_is_delivered_is_not_delivered_again(engine: Engine, case: Case, desk: Desk):
    engine.send(case.id, "log", by=ann)

    engine.tick()

    assert engine.tick() == Ticked()
    assert len(desk.done) == 1
    assert engine.next_due() is None


def test_a_failing_handler_is_recorded_and_raises_nothing(
    engine: Engine, case: Case, desk: Desk, clock: ManualClock
):
    desk.raises["write_log"] = OSError("disk full")
    engine.send(case.id, "log", by=ann)

    assert engine.tick() == Ticked(failed=1)

    queued = only(engine, case)
    assert (queued.status, queued.attempts, queued.problem) == ("waiting", 1, "OSError: disk full")
    assert engine.next_due() == clock.now() + MINUTE


def test_waits_grow_until_the_effect_is_parked(
    make_engine: MakeEngine, desk: Desk, clock: ManualClock
):
    engine = make_engine(retries=RetryPolicy(attempts=4))
    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
    desk.raises["write_log"] = OSError("disk full")
    engine.send(case.id, "log", by=ann)
    start = clock.now()

    assert tick_until_parked(engine, clock) == Ticked(failed=3, parked=1)

    assert clock.now() - start == 7 * MINUTE
    assert [queued.effect.id for queued in engine.parked()] == [only(engine, case).effect.id]


def test_before_its_wait_is_over_an_effect_is_not_tried(
    engine: Engine, case: Case, desk: Desk, clock: ManualClock
):
    desk.raises["write_log"] = OSError("disk full")
    engine.send(case.id, "log", by=ann)
    engine.tick()

    clock.move_by(timedelta(seconds=59))

    assert engine.tick() == Ticked()


def test_a_parked_effect_is_tried_again_when_a_person_says_so(
    engine: Engine, case: Case, desk: Desk, clock: ManualClock
):
    desk.raises["write_log"] = OSError("disk full")
    engine.send(case.id, "log", by=ann)
    tick_until_parked(engine, clock)
    desk.raises.clear()

    engine.retry(only(engine, case).effect.id)

    assert engine.tick() == Ticked(delivered=1)
    assert engine.parked() == []
    assert only(engine, case).problem == ""


def test_only_what_is_parked_is_retried(engine: Engine, case: Case):
    engine.send(case.id, "log", by=ann)

    with pytest.raises(BadInput, match="is not parked"):
        engine.retry(only(engine, case).effect.id)


def test_effects_of_one_handler_stay_in_order(
    engine: Engine, case: Case, desk: Desk, clock: ManualClock
):
    desk.raises["write_log"] = OSError("disk full")
    engine.send(case.id, "log", by=ann)
    engine.send(case.id, "log", by=ann)
    assert engine.tick() == Ticked(failed=1)

    desk.raises.clear()
    clock.move_by(MINUTE)

    assert engine.tick() == Ticked(delivered=2)
    ids = [effect.id for _, _, effect in desk.done]
    assert ids == [ids[0], ids[0], ids[2]]
    assert ids[0] < ids[2]


def test_a_failing_handler_holds_up_no_other(engine: Engine, case: Case, desk: Desk):
    desk.raises["write_log"] = OSError("disk full")
    engine.send(case.id, "log_twice", by=ann)

    assert engine.tick() == Ticked(delivered=1, failed=1)
    assert desk.names() == ["write_log", "engage_vendor"]


def test_a_failing_case_holds_up_no_other(engine: Engine, case: Case, desk: Desk):
    other = engine.open_case("help_desk", data={"client": "C-8"}, by=ann)
    desk.raises["write_log"] = OSError("disk full")
    engine.send(case.id, "log", by=ann)
    engine.tick()
    desk.raises.clear()
    engine.send(other.id, "log", by=ann)

    assert engine.tick() == Ticked(delivered=1)


def test_a_parked_effect_blocks_nothing(engine: Engine, case: Case, desk: Desk, clock: ManualClock):
    desk.raises["write_log"] = OSError("disk full")
    engine.send(case.id, "log", by=ann)
    tick_until_parked(engine, clock)
    desk.raises.clear()

    engine.send(case.id, "log", by=ann)

    assert engine.tick() == Ticked(delivered=1)


def test_a_tick_stops_at_its_limit(engine: Engine, case: Case):
    for _ in range(5):
        engine.send(case.id, "log", by=ann)

    assert engine.tick(limit=3) == Ticked(delivered=3)
    assert engine.tick() == Ticked(delivered=2)


@pytest.mark.parametrize("limit", [0, -1, True, "1"])
def test_a_limit_is_a_whole_number_from_one_on(engine: Engine, limit: int):
    with pytest.raises(BadInput, match="1 to 1,000,000"):
        engine.tick(limit=limit)


def test_a_handler_cannot_tick_itself(engine: Engine, case: Case, desk: Desk):
    def tick(case: Case, effect: Effect) -> None:
        engine.tick()

    desk.write_log = tick  # type: ignore[method-assign]
    engine.send(case.id, "log", by=ann)

    assert engine.tick() == Ticked(failed=1)
    assert "cannot tick itself" in only(engine, case).problem


def test_a_handler_may_send_an_event(engine: Engine, case: Case, desk: Desk):
    def escalate(case: Case, effect: Effect) -> None:
        engine.send(case.id, "escalate", by=ann, note="from the log", key=f"log {effect.id}")

    desk.write_log = escalate  # type: ignore[method-assign]
    engine.send(case.id, "log", by=ann)

    assert engine.tick() == Ticked(delivered=2)
    assert engine.case(case.id).state == "decision"


def test_contacts_are_tried_in_order_and_each_attempt_is_journaled(
    engine: Engine, case: Case, desk: Desk
):
    engine.send(case.id, "escalate", by=ann, note="too hard")

    assert engine.tick() == Ticked(delivered=1)

    assert attempts(engine, case) == [("attempt_failed", "phone"), ("attempted_ok", "pager")]
    ((_, _, effect),) = desk.done
    assert isinstance(effect, Notify)
    assert effect.contacts == (("pager", "555-0100"),)


def test_when_all_contacts_fail_the_effect_is_tried_again_from_the_first(
    engine: Engine, case: Case, desk: Desk, clock: ManualClock
):
    desk.raises["notify"] = TimeoutError("no answer")
    engine.send(case.id, "escalate", by=ann, note="too hard")
    assert engine.tick() == Ticked(failed=1)

    desk.raises.clear()
    clock.move_by(MINUTE)
    engine.tick()

    assert attempts(engine, case) == [
        ("attempt_failed", "phone"),
        ("attempt_failed", "pager"),
        ("attempt_failed", "email"),
        ("attempt_failed", "phone"),
        ("attempted_ok", "pager"),
    ]


def test_somebody_is_told_once_though_the_word_of_it_was_lost(
    engine: Engine, case: Case, desk: Desk, store: Store
):
    engine.send(case.id, "escalate", by=ann, note="too hard")
    before = only(engine, case)
    engine.tick()

    store.settle(before)  # as if the process had died between the journal entry and this

    assert engine.tick() == Ticked(delivered=1)
    assert len(desk.done) == 1


def test_what_another_tick_has_delivered_is_not_parked(
    make_engine: MakeEngine, desk: Desk, store: Store
):
    engine = make_engine(retries=RetryPolicy(attempts=1))
    opened = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
    case = engine.send(opened.id, "ask_vendor", by=ann)

    def fail_late(case: Case, effect: Effect) -> str:
        del case, effect
        queued = only(engine, opened)
        store.settle(replace(queued, status="delivered", attempts=1), since=queued)
        raise TimeoutError("no answer")

    desk.engage_vendor = fail_late  # type: ignore[method-assign]

    assert engine.tick() == Ticked()

    assert only(engine, case).status == "delivered"
    assert engine.case(case.id).revision == case.revision  # no failed event was sent


def test_where_no_contact_is_bound_the_effect_is_parked_at_once(make_engine: MakeEngine):
    unbound = HELP_DESK.replace('"555-0100"', '"▇▇▇"').replace("manager@desk.example", '"***"')
    engine = make_engine(unbound)
    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
    engine.send(case.id, "escalate", by=ann, note="too hard")

    assert engine.tick() == Ticked(parked=1)
    assert len(attempts(engine, case)) == 3


def test_without_a_notify_hook_a_message_is_parked_with_the_problem(
    make_engine: MakeEngine, desk: Desk
):
    desk.notify = None  # type: ignore[assignment,method-assign]  # as if it were not there
    engine = make_engine()
    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
    engine.send(case.id, "escalate", by=ann, note="too hard")

    assert engine.tick() == Ticked(parked=1)
    assert only(engine, case).problem == "the host has no notify hook"


def test_a_message_to_a_closed_case_is_still_told(engine: Engine, case: Case, desk: Desk):
    engine.send(case.id, "finish", by=ann)

    assert engine.tick() == Ticked(delivered=1)
    assert desk.names() == ["notify"]


def test_an_alarm_reaches_the_hosts_hook(make_engine: MakeEngine, desk: Desk):
    engine = make_engine(directory=StaticDirectory({}))
    engine.open_case("help_desk", data={"client": "C-7"}, by=ann)

    assert engine.tick() == Ticked(delivered=1)
    assert desk.names() == ["alarm"]


def test_an_alarm_without_a_hook_is_logged_and_stays_visible(
    make_engine: MakeEngine, desk: Desk, caplog: pytest.LogCaptureFixture
):
    desk.alarm = None  # type: ignore[assignment,method-assign]  # as if it were not there
    engine = make_engine(directory=StaticDirectory({}))
    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)

    with caplog.at_level(logging.WARNING, logger="escalation_engine"):
        assert engine.tick() == Ticked(parked=1)

    assert f"alarm case={case.id}" in caplog.text
    assert [queued.case_id for queued in engine.parked()] == [case.id]


def test_logs_hold_no_data_and_no_address(
    engine: Engine,
    case: Case,
    desk: Desk,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
):
    desk.raises["notify"] = TimeoutError("555-0100 does not answer")
    engine.send(case.id, "escalate", by=ann, note="too hard")

    with caplog.at_level(logging.DEBUG):
        tick_until_parked(engine, clock)

    assert "effect_parked" in caplog.text
    for secret in ("555-0100", "desk.example", "C-7", "too hard"):
        assert secret not in caplog.text


@pytest.mark.parametrize("loop", ["Engine"], indirect=True)  # a thread cannot wait for the loop
def test_two_that_tick_at_once_do_not_deliver_one_effect_at_once(
    make_engine: MakeEngine, desk: Desk
):
    first, other = make_engine(), make_engine()
    case = first.open_case("help_desk", data={"client": "C-7"}, by=ann)
    first.send(case.id, "log", by=ann)
    during: list[Ticked] = []

    def ticking(case: Case, effect: Act) -> None:
        thread = Thread(target=lambda: during.append(other.tick()))
        thread.start()
        thread.join()

    desk.write_log = ticking  # type: ignore[method-assign]  # the host's own handler
    ticked = first.tick()

    assert (ticked, during) == (Ticked(delivered=1), [Ticked()])
