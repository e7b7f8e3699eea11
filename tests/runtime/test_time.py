"""What falls due: once, in order, before what comes after it; late, again, after a restart."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from escalation_engine.core import Actor, Case, Due, Verdict
from escalation_engine.errors import BadInput, Conflict, EventRefused, HookError
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine, RetryPolicy, Ticked
from escalation_engine.store import open_store
from escalation_engine.store.protocol import Store
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine

ann = Actor("ann", {"desk"})
NINE = datetime(2026, 6, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)

DESK = """
process: support
version: 1
title: Support
data:
  update: {type: string, title: What was told}
roles:
  desk: {title: Desk}
  expert: {title: Expert}
messages:
  soon: {subject: Soon, text: Call back soon.}
  late: {subject: Late, text: Nobody called back.}
guards: {staffed: Is anybody there?}
events:
  escalate: {title: It is escalated}
  lapse: {title: Time is up}
  refer: {title: It is referred}
clocks:
  contact:
    title: First contact
    starts: entering open
    stops: event reach
    target: 2 hours
    warn: {50%: {notify: {desk: soon}}}
    breach: {notify: {expert: late}}
duties:
  tell:
    title: Tell the client
    opens: event promise
    due: 3 hours
    needs: [update]
opens:
  ring: {to: open, by: [desk]}
states:
  open:
    timers:
      time_box: {title: Time box, after: 4 hours, send: lapse}
    on:
      reach: {}
      promise: {}
      say: {}
      escalate: {to: expert}
      lapse: {to: expert, if: staffed}
      refer: {to: guarded}
      close: {to: done, by: [desk]}
  expert:
    timers:
      second: {title: Second box, after: 4 hours, send: escalate}
    on:
      escalate: {to: boss}
      say: {}
  boss: {on: {say: {}, close: {to: done}}}
  guarded:
    timers: {strict: {after: 1 hour, send: escalate}}
    on:
      escalate: {to: boss, by: [desk]}
      say: {}
  done: {kind: end, outcome: solved}
"""


class Host:
    """Says whether anybody is there; `down` raises instead."""

    def __init__(self) -> None:
        self.is_down = False
        self.asked = 0

    def staffed(self, case: Case) -> bool | Verdict:
        self.asked += 1
        if self.is_down:
            raise OSError("the rota is down")
        return True


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def engine(make_engine: MakeEngine, host: Host) -> Engine:
    return make_engine(DESK, hooks=host)


@pytest.fixture
def case(engine: Engine) -> Case:
    return engine.open_case("support", by=ann)


def fired(engine: Engine, case: Case) -> list[tuple[str, str, datetime]]:
    """Name and label of what fell due, and when it did; in the order of the journal."""
    return [
        (entry.input.key.rpartition(":")[2], entry.input.label, entry.at)
        for entry in engine.journal(case.id)
        if isinstance(entry.input, Due)
    ]


def names(engine: Engine, case: Case) -> list[str]:
    return [f"{name} {label}" for name, label, _ in fired(engine, case)]


ALL = ["contact 50%", "contact due", "time_box due"]


def test_the_next_due_instant_is_exact_at_every_step(
    engine: Engine, case: Case, clock: ManualClock
):
    seen: list[timedelta] = []
    while (due := engine.next_due()) is not None and len(seen) < 9:
        seen.append(due - NINE)
        clock.move_to(max(due, clock.now()))
        engine.tick()

    # the notifications of warning and breach go out, and are parked, in the tick that makes them
    assert seen == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert engine.case(case.id).state == "boss"


def test_nothing_fires_a_moment_early_and_it_fires_on_time(
    engine: Engine, case: Case, clock: ManualClock
):
    clock.move_to(NINE + HOUR - MOMENT)
    assert engine.tick().fired == 0

    clock.move_to(NINE + HOUR)
    assert engine.tick().fired == 1
    assert fired(engine, case) == [("contact", "50%", NINE + HOUR)]


def test_a_late_tick_fires_all_that_was_due_in_due_order(
    engine: Engine, case: Case, clock: ManualClock
):
    clock.move_by(30 * HOUR)

    assert engine.tick().fired == 3
    assert names(engine, case) == ALL
    assert engine.case(case.id).state == "expert"


def test_what_a_late_firing_arms_counts_from_when_it_fired(
    engine: Engine, case: Case, clock: ManualClock
):
    clock.move_by(30 * HOUR)
    engine.tick()

    assert engine.next_due() == NINE + 34 * HOUR


def test_a_late_breach_keeps_the_instant_at_which_it_was_due(
    engine: Engine, case: Case, clock: ManualClock
):
    clock.move_by(30 * HOUR)
    engine.tick()

    assert engine.case(case.id).clocks["contact"].due_at == NINE + 2 * HOUR


def test_repeated_ticks_fire_nothing_again(engine: Engine, case: Case, clock: ManualClock):
    clock.move_by(30 * HOUR)
    engine.tick()

    assert engine.tick().fired == engine.tick().fired == 0
    assert names(engine, case) == ALL


def test_a_clock_that_goes_back_fires_nothing_twice(engine: Engine, case: Case, clock: ManualClock):
    clock.move_by(30 * HOUR)
    engine.tick()
    clock.move_to(NINE, may_go_back=True)
    engine.tick()
    clock.move_by(30 * HOUR)
    engine.tick()

    assert names(engine, case) == ALL


def test_overlapping_ticks_of_many_threads_fire_each_threshold_once(
    engine: Engine, clock: ManualClock
):
    cases = [engine.open_case("support", by=ann) for _ in range(12)]
    clock.move_by(30 * HOUR)
    with ThreadPoolExecutor(8) as pool:
        ticked = list(pool.map(lambda _: engine.tick(), range(8)))

    assert [names(engine, case) for case in cases] == [ALL] * 12
    assert sum(one.fired for one in ticked) == 36
    assert sum(one.failed for one in ticked) == 0


def test_several_engines_on_one_store_fire_each_threshold_once(
    make_engine: MakeEngine, host: Host, clock: ManualClock
):
    engines = [make_engine(DESK, hooks=host) for _ in range(4)]
    case = engines[0].open_case("support", by=ann)
    clock.move_by(30 * HOUR)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda engine: engine.tick(), engines))

    assert names(engines[0], case) == ALL


def test_after_a_restart_the_file_knows_what_is_due(tmp_path: Path, clock: ManualClock):
    url, charts = f"sqlite:///{tmp_path / 'desk.db'}", [load_text(DESK, name="desk.yaml")]
    with Engine(url, charts, hooks=Host(), clock=clock) as engine:
        case = engine.open_case("support", by=ann)
        clock.move_by(HOUR)
        engine.tick()
    with Engine(url, charts, hooks=Host(), clock=clock) as engine:
        assert engine.next_due() == NINE + 2 * HOUR
        clock.move_by(30 * HOUR)
        engine.tick()
        assert names(engine, case) == ALL
    with Engine(url, charts, hooks=Host(), clock=clock) as engine:
        assert engine.tick().fired == 0
        assert engine.replay(case.id) == engine.case(case.id)


def test_a_tick_takes_no_more_than_its_limit_and_the_next_one_goes_on(
    engine: Engine, case: Case, clock: ManualClock
):
    clock.move_by(30 * HOUR)

    assert [engine.tick(limit=1).fired for _ in range(4)] == [1, 1, 1, 0]
    assert names(engine, case) == ALL


def test_a_closed_case_is_due_no_more(engine: Engine, case: Case, clock: ManualClock):
    engine.send(case.id, "close", by=ann)
    clock.move_by(30 * HOUR)

    assert engine.tick().fired == 0


# ---- the order of what is due and what comes in


def test_what_was_due_falls_due_before_an_input_as_decisions_of_its_own(
    engine: Engine, case: Case, clock: ManualClock
):
    clock.move_by(2 * HOUR + MOMENT)
    after = engine.note(case.id, "Hello", by=ann)

    assert names(engine, case) == ALL[:2]
    assert (after.revision, after.receipt.revision if after.receipt else 0) == (4, 4)
    assert [entry.at for entry in engine.journal(case.id)][1:] == [clock.now()] * 3


def test_an_event_at_the_very_instant_comes_first_and_meets_the_clock(
    engine: Engine, case: Case, clock: ManualClock
):
    clock.move_by(2 * HOUR)
    engine.send(case.id, "reach", by=ann)
    engine.tick()

    assert names(engine, case) == ["contact 50%"]
    assert engine.case(case.id).cycles["contact"][-1].verdict == "met"


def test_an_event_a_moment_late_finds_the_clock_breached(
    engine: Engine, case: Case, clock: ManualClock
):
    clock.move_by(2 * HOUR + MOMENT)
    engine.send(case.id, "reach", by=ann)

    assert engine.case(case.id).cycles["contact"][-1].verdict == "breached"


def test_what_fell_due_stays_when_the_input_is_refused(
    engine: Engine, case: Case, clock: ManualClock
):
    clock.move_by(5 * HOUR)
    with pytest.raises(EventRefused) as refused:
        engine.send(case.id, "close", by=ann)

    assert refused.value.where.startswith("expert")
    assert names(engine, case) == ALL


@pytest.mark.parametrize("has_ticked", [False, True])
def test_an_input_meets_the_same_case_whether_a_tick_came_first_or_not(
    engine: Engine, case: Case, clock: ManualClock, has_ticked: bool
):
    clock.move_by(5 * HOUR)
    if has_ticked:
        engine.tick()
    after = engine.send(case.id, "escalate", by=ann)

    assert (after.state, after.revision) == ("boss", 5)


@pytest.mark.parametrize("has_ticked", [False, True])
def test_a_view_that_a_firing_made_old_is_a_conflict_whoever_fired_it(
    engine: Engine, case: Case, clock: ManualClock, has_ticked: bool
):
    """S58: the time box has escalated; who pressed escalate before seeing that adds no second."""
    clock.move_by(5 * HOUR)
    if has_ticked:
        engine.tick()
    with pytest.raises(Conflict) as conflict:
        engine.send(case.id, "escalate", by=ann, as_of=case.revision)

    assert (conflict.value.expected, conflict.value.found) == (1, 4)
    assert engine.case(case.id).state == "expert"


def test_a_repeated_key_lets_nothing_fall_due(engine: Engine, case: Case, clock: ManualClock):
    engine.send(case.id, "say", by=ann, key="mail-1")
    clock.move_by(5 * HOUR)
    again = engine.send(case.id, "say", by=ann, key="mail-1")

    assert again.receipt is not None
    assert again.receipt.repeated
    assert names(engine, case) == []


def test_every_kind_of_input_finds_done_what_was_due(
    engine: Engine, case: Case, clock: ManualClock
):
    engine.send(case.id, "promise", by=ann)
    steps = [
        lambda: engine.fulfil(case.id, "tell", by=ann, data={"update": "Soon"}),
        lambda: engine.recalculate(case.id, by=ann, reason="new calendar"),
        lambda: engine.correct(case.id, to="open", reason="too early", by=ann),
    ]
    counts = []
    for step in steps:
        clock.move_by(HOUR + 10 * MOMENT)
        step()
        counts.append(len(names(engine, case)))

    assert counts == [1, 2, 2]


def test_a_refused_firing_is_consumed_and_raises_an_alarm(
    engine: Engine, case: Case, clock: ManualClock
):
    engine.send(case.id, "refer", by=ann)
    clock.move_by(HOUR)
    engine.tick()

    assert engine.case(case.id).state == "guarded"
    assert "strict due" in names(engine, case)
    assert any(type(queued.effect).__name__ == "Alarm" for queued in engine.outbox(case.id))
    assert engine.tick().fired == 0


# ---- a host that fails


def test_a_guard_that_raises_leaves_the_firing_due_for_later(
    engine: Engine, case: Case, clock: ManualClock, host: Host
):
    host.is_down = True
    clock.move_by(4 * HOUR)

    assert engine.tick()[1:] == (1, 2, 2)  # a firing failed; both messages have no hook
    assert engine.case(case.id).state == "open"
    assert engine.next_due() == clock.now() + timedelta(minutes=1)
    (stalled,) = engine.stalled()
    assert (stalled.attempts, stalled.next_at) == (1, engine.next_due())
    assert "timer main.open:time_box (due): HookError" in stalled.problem
    assert "the rota is down" in stalled.problem


def test_the_firing_comes_when_the_host_is_well_again(
    engine: Engine, case: Case, clock: ManualClock, host: Host
):
    host.is_down = True
    clock.move_by(4 * HOUR)
    engine.tick()
    host.is_down = False
    assert engine.tick().fired == 0

    clock.move_by(timedelta(minutes=1))
    assert engine.tick().fired == 1
    assert engine.stalled() == []
    assert names(engine, case) == ALL


def test_after_the_last_attempt_it_is_parked_visibly_and_can_be_retried(
    make_engine: MakeEngine,
    clock: ManualClock,
    host: Host,
    caplog: pytest.LogCaptureFixture,
):
    engine = make_engine(DESK, hooks=host, retries=RetryPolicy(attempts=3))
    case = engine.open_case("support", by=ann)
    host.is_down = True
    clock.move_by(4 * HOUR)
    total = Ticked()
    with caplog.at_level(logging.WARNING):
        while (due := engine.next_due()) is not None:
            clock.move_to(max(due, clock.now()))
            total = Ticked(*(sum(pair) for pair in zip(total, engine.tick(), strict=True)))

    (stalled,) = engine.stalled()
    assert (stalled.case_id, stalled.attempts, stalled.next_at) == (case.id, 3, None)
    assert (total.failed, host.asked) == (2, 3)
    assert "firing_parked" in caplog.text

    host.is_down = False
    engine.retry(case.id)
    assert engine.next_due() == clock.now()
    assert engine.tick().fired == 1
    assert engine.stalled() == []


def test_one_case_that_fails_keeps_no_other_from_its_time(
    engine: Engine, case: Case, clock: ManualClock, host: Host
):
    other = engine.open_case("support", by=ann)
    engine.send(other.id, "refer", by=ann)
    host.is_down = True
    clock.move_by(4 * HOUR)
    engine.tick()

    assert "strict due" in names(engine, other)


def test_an_input_behind_a_failing_firing_is_not_taken(
    engine: Engine, case: Case, clock: ManualClock, host: Host
):
    host.is_down = True
    clock.move_by(5 * HOUR)
    with pytest.raises(HookError, match="the rota is down"):
        engine.send(case.id, "say", by=ann)

    assert names(engine, case) == ALL[:2]
    assert engine.case(case.id).state == "open"


def test_a_correction_gets_past_a_failing_firing(
    engine: Engine, case: Case, clock: ManualClock, host: Host
):
    host.is_down = True
    clock.move_by(5 * HOUR)
    after = engine.correct(case.id, to="boss", reason="the rota is down", by=ann)
    engine.tick()

    assert after.state == "boss"
    assert engine.stalled() == []
    assert names(engine, case) == ALL[:2]


def test_retrying_what_nobody_knows_is_bad_input(engine: Engine):
    with pytest.raises(BadInput, match="is not parked"):
        engine.retry("nothing")


def test_a_guard_that_ticks_is_told_not_to(
    engine: Engine, case: Case, clock: ManualClock, host: Host
):
    def tick(case: Case) -> bool:
        return bool(engine.tick())

    host.staffed = tick  # type: ignore[method-assign]  # a host that does not know better
    clock.move_by(4 * HOUR)
    engine.tick()

    (stalled,) = engine.stalled()
    assert "cannot tick itself" in stalled.problem


# ---- duties, recalculation, explanation


def test_a_duty_is_fulfilled_with_the_data_that_it_needs(
    engine: Engine, case: Case, clock: ManualClock
):
    engine.send(case.id, "promise", by=ann)
    with pytest.raises(EventRefused):
        engine.fulfil(case.id, "tell", by=ann)

    after = engine.fulfil(case.id, "tell", by=ann, data={"update": "Soon"}, key="k-1")
    assert after.duties["tell"].status == "done"
    again = engine.fulfil(case.id, "tell", by=ann, data={"update": "Soon"}, key="k-1")
    assert again.receipt is not None
    assert again.receipt.repeated


def test_a_duty_that_was_not_done_is_missed_at_its_due_time(
    engine: Engine, case: Case, clock: ManualClock
):
    engine.send(case.id, "promise", by=ann)
    clock.move_by(3 * HOUR)
    engine.tick()

    assert engine.case(case.id).duties["tell"].status == "missed"


def test_all_open_cases_of_a_process_are_recalculated(engine: Engine, case: Case):
    closed = engine.open_case("support", by=ann)
    engine.send(closed.id, "close", by=ann)
    other = engine.open_case("support", by=ann)

    found = engine.recalculate_all("support", by=ann, reason="a holiday was added")

    assert set(found) == {case.id, other.id}
    with pytest.raises(BadInput, match="reason"):
        engine.recalculate(case.id, by=ann, reason=" ")


def test_a_clock_is_explained_as_it_stands(engine: Engine, case: Case, clock: ManualClock):
    clock.move_by(HOUR / 2)
    found = engine.explain(case.id, clock="contact")

    assert (found.used, found.remaining) == (HOUR / 2, 3 * HOUR / 2)
    assert found.next_threshold is not None
    assert found.next_threshold.at == NINE + HOUR
    with pytest.raises(BadInput, match="contact"):
        engine.explain(case.id, clock="contract")


def test_what_is_kept_as_due_is_what_fires_next(
    engine: Engine, case: Case, store: Store, clock: ManualClock
):
    """The column and the core agree, whatever happens to a case."""
    engine.send(case.id, "promise", by=ann)
    for _ in range(12):
        due = engine._asking.next_firing(engine.case(case.id))
        kept = store.due_cases(NINE + 1000 * HOUR, 1)
        assert bool(kept) is (due is not None)
        if due is None:
            break
        assert store.due_cases(due.due_at - MOMENT, 1) == []
        assert store.due_cases(due.due_at, 1) == [case.id]
        clock.move_to(due.due_at)
        engine.tick(limit=1)


def test_inside_the_hosts_transaction_what_was_due_waits_for_the_hosts_commit(
    tmp_path: Path, clock: ManualClock
):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    store = open_store(url)
    engine = Engine(store, [load_text(DESK, name="desk.yaml")], hooks=Host(), clock=clock)
    case = engine.open_case("support", by=ann)
    clock.move_by(5 * HOUR)
    database = create_engine(url)
    with database.connect() as connection:
        with engine.using(connection):
            engine.send(case.id, "say", by=ann)
        connection.rollback()
    database.dispose()

    assert engine.case(case.id) == case._replace(receipt=None)
    store.close()
