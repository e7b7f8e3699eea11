"""The numbered cases of time that need a store: restarts, clocks that go back, who sees what."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_engine.core import Actor, Alarm, Case, Due, Effect
from escalation_engine.errors import EventRefused
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.store import open_store
from escalation_engine.testing.clock import ManualClock
from tests.calendar.desk import at
from tests.runtime.conftest import MakeEngine

ann = Actor("ann", {"desk"})
MINUTE = timedelta(minutes=1)
FRIDAY = at("2026-06-05 17:00").astimezone(UTC)

DESK = """
process: desk
version: 1
title: A desk
calendars:
  lon: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: GB-ENG}
data: {asked: {type: boolean}}
roles: {desk: {title: Desk}, chief: {title: Chief}, client: {title: Client, side: client}}
messages: {late: {subject: Late, text: It is late.}}
events: {climb: {}, solve: {}, reopen: {}, hold: {}, resume: {}, reply: {}, ask: {}}
clocks:
  answer:
    starts: entering work
    stops: entering solved
    target: 8 working hours
    paused_in: [held]
    on_reopen: restart
    warn: {50%: {notify: {desk: late}}}
    breach: {notify: {chief: late}}
duties: {update: {every: Friday 16:00, done_by: event reply}}
opens: {ring: {to: work}}
on: {reply: {visibility: client}, ask: {by: [chief]}}
states:
  work:
    timers: {box: {title: Time box, after: 1 working hour, send: climb}}
    on: {climb: {to: higher}, solve: {to: solved}, hold: {to: held}}
  higher:
    timers: {box: {title: Second box, after: 2 working hours, send: climb}}
    on: {climb: {to: top}, solve: {to: solved, visibility: client}, hold: {to: held}}
  top: {on: {solve: {to: solved}, hold: {to: held}}}
  held: {on: {resume: {to: back}}}
  solved: {on: {reopen: {to: work}, end: {to: over, visibility: client}}}
  over: {kind: end, outcome: solved}
"""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(FRIDAY)


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    return make_engine(DESK, hooks=None)


def fired(engine: Engine, case: Case) -> list[str]:
    """What fell due, in the order of the journal."""
    found = [entry.input for entry in engine.journal(case.id)]
    return [f"{one.key} {one.label}" for one in found if isinstance(one, Due)]


# ---- restarts and late ticks


def test_s56_after_a_long_weekend_what_is_overdue_falls_due_in_order_and_one_level_a_time(
    engine: Engine, clock: ManualClock
):
    """Down from Friday 17:00 to Tuesday: the second level gets its full time from then."""
    case = engine.open_case("desk", by=ann)
    clock.move_to(at("2026-06-09 08:00"))
    engine.tick()

    assert fired(engine, case) == ["main.work:box due", "answer 50%", "answer due"]
    assert engine.case(case.id).state == "higher"
    assert engine.next_due() == at("2026-06-09 11:00")


@pytest.mark.parametrize("hour", range(8, 17, 4))
def test_s60_a_wait_for_opening_hours_survives_a_restart(tmp_path: Path, hour: int):
    url, charts = f"sqlite:///{tmp_path / 'desk.db'}", [load_text(DESK)]
    clock = ManualClock(at("2026-06-06 10:00"))
    with Engine(url, charts, clock=clock) as engine:
        case = engine.open_case("desk", by=ann)
    clock.move_to(at(f"2026-06-07 {hour:02}:00"))
    with Engine(url, charts, clock=clock) as engine:
        assert engine.tick().fired == 0
        assert engine.next_due() == at("2026-06-08 10:00")
    clock.move_to(at("2026-06-08 10:00"))
    with Engine(url, charts, clock=clock) as engine:
        engine.tick()

        assert engine.case(case.id).state == "higher"
        assert engine.replay(case.id) == engine.case(case.id)


def test_s61_the_next_due_instant_is_exact_and_no_tick_before_it_does_anything(
    engine: Engine, clock: ManualClock
):
    engine.open_case("desk", by=ann)
    engine.tick()
    seen = []
    for _ in range(5):
        due = engine.next_due()
        assert due is not None
        seen.append(due)
        clock.move_to(due - timedelta(microseconds=1))
        assert engine.tick().fired == 0
        clock.move_to(due)
        assert engine.tick().fired == 1
        engine.tick()

    assert seen == [
        at(f"2026-06-{when}")
        for when in ("08 10:00", "08 12:00", "08 13:00", "08 17:00", "12 16:00")
    ]


def test_s57_a_clock_that_goes_back_fires_nothing_twice_and_turns_no_case_back(
    engine: Engine, clock: ManualClock
):
    case = engine.open_case("desk", by=ann)
    clock.move_to(at("2026-06-08 10:30"))
    engine.tick()
    clock.move_to(at("2026-06-08 09:00"), may_go_back=True)
    engine.tick()
    engine.note(case.id, "Hello", by=ann)
    clock.move_to(at("2026-06-08 10:45"))
    engine.tick()

    assert fired(engine, case) == ["main.work:box due"]
    instants = [entry.at for entry in engine.journal(case.id)]
    assert instants == sorted(instants)


def test_s54_a_crash_between_commit_and_sending_loses_nothing_and_fires_nothing_again(
    tmp_path: Path,
):
    class Desk:
        def __init__(self, *, stops: bool) -> None:
            self.stops = stops
            self.told: list[str] = []

        def notify(self, case: Case, effect: Effect) -> None:
            if self.stops:
                raise KeyboardInterrupt
            self.told.append(effect.id)

    url, charts = f"sqlite:///{tmp_path / 'desk.db'}", [load_text(DESK)]
    clock = ManualClock(at("2026-06-08 09:00"))
    with Engine(url, charts, hooks=Desk(stops=True), clock=clock) as engine:
        case = engine.open_case("desk", by=ann)
        clock.move_to(at("2026-06-08 13:00"))
        with pytest.raises(KeyboardInterrupt):
            engine.tick()
    desk = Desk(stops=False)
    with Engine(url, charts, hooks=desk, clock=clock) as engine:
        for _ in range(3):
            engine.tick()

        assert Counter(fired(engine, case))["answer 50%"] == 1
        assert len(desk.told) == len(set(desk.told)) == 1


def test_s54_two_engines_on_one_file_and_many_threads_fire_each_threshold_once(tmp_path: Path):
    url, charts = f"sqlite:///{tmp_path / 'desk.db'}", [load_text(DESK)]
    clock = ManualClock(at("2026-06-08 09:00"))
    with Engine(url, charts, clock=clock) as one, Engine(url, charts, clock=clock) as other:
        cases = [one.open_case("desk", by=ann) for _ in range(6)]
        for when in ("2026-06-08 12:30", "2026-06-08 18:00", "2026-06-09 09:00"):
            clock.move_to(at(when))
            with ThreadPoolExecutor(6) as pool:
                list(pool.map(lambda engine: engine.tick(), [one, other] * 3))

        expected = {
            "main.work:box due": 1,
            "main.higher:box due": 1,
            "answer 50%": 1,
            "answer due": 1,
        }
        for case in cases:
            assert Counter(fired(one, case)) == expected
            assert one.replay(case.id) == one.case(case.id)
        sent = [queued.effect.id for case in cases for queued in one.outbox(case.id)]
        assert len(sent) == len(set(sent)) == 2 * len(cases)


# ---- once in a cycle, whatever happens and whenever somebody ticks


STEPS = ["solve", "reopen", "hold", "resume", "climb", "ask", "tick", "late", "restart"]
journeys = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 900)), min_size=4, max_size=25)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(journeys)
def test_each_warning_and_breach_fires_once_in_each_cycle(steps: list[tuple[str, int]]):
    clock, store, chart = ManualClock(FRIDAY), open_store("memory://"), load_text(DESK)
    engine = Engine(store, [chart], clock=clock)
    case = engine.open_case("desk", by=ann)
    for verb, minutes in steps:
        clock.move_by(minutes * MINUTE)
        if verb == "tick":
            engine.tick()
            engine.tick()
        elif verb == "restart":
            engine = Engine(store, [chart], clock=clock)
        elif verb != "late":  # which lets time pass without a tick
            engine.tick()
            dues = _dues(engine.case(case.id))
            with suppress(EventRefused):
                engine.send(case.id, verb, by=ann)
            if verb == "ask":  # S50: a request that is denied moves nothing
                assert _dues(engine.case(case.id)) == dues
    engine.tick()

    _assert_once_in_each_cycle(engine, case)
    assert engine.replay(case.id) == engine.case(case.id)


def _dues(case: Case) -> dict[str, datetime | None]:
    return {name: watch.due_at for name, watch in case.clocks.items()}


def _assert_once_in_each_cycle(engine: Engine, case: Case) -> None:
    cycle, seen = 0, Counter[tuple[int, str]]()
    changes = [change for entry in engine.journal(case.id) for change in entry.timing]
    for change in (one for one in changes if one.key == "answer"):
        cycle += change.what == "armed"
        if change.what in ("fired", "breached"):
            seen[cycle, change.what] += 1
    assert all(number == 1 for number in seen.values()), seen


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(STEPS[:4]), st.integers(1, 900)), max_size=15))
def test_what_becomes_of_a_clock_does_not_depend_on_when_somebody_ticks(
    steps: list[tuple[str, int]],
):
    clock = ManualClock(FRIDAY)
    often, rarely = (Engine("memory://", [load_text(DESK)], clock=clock) for _ in range(2))
    cases = [(each, each.open_case("desk", by=ann)) for each in (often, rarely)]
    for verb, minutes in steps:
        for _ in range(3):
            clock.move_by(minutes / 3 * MINUTE)
            often.tick()
        for each, case in cases:
            with suppress(EventRefused):
                each.send(case.id, verb, by=ann)
    for each, _ in cases:
        each.tick()

    judged = []
    for each, case in cases:
        found = each.case(case.id)
        watch = found.clocks["answer"]
        judged.append((found.cycles, watch.status, watch.due_at, watch.breaks, watch.fired))
    assert judged[0] == judged[1]


# ---- ends, readers, versions


def test_s46_what_has_ended_is_carried_on_by_a_new_case_that_names_it(
    engine: Engine, clock: ManualClock
):
    case = engine.open_case("desk", by=ann)
    engine.send(case.id, "solve", by=ann)
    engine.send(case.id, "end", by=ann)
    clock.move_by(MINUTE)
    with pytest.raises(EventRefused):
        engine.send(case.id, "reopen", by=ann)
    again = engine.open_case("desk", by=ann, reopens=case.id)

    assert again.identity.reopens == case.id
    assert again.clocks["answer"].cycle == 1
    assert engine.case(case.id).outcome == "solved"


def test_s78_the_client_sees_no_internal_escalation(engine: Engine, clock: ManualClock):
    case = engine.open_case("desk", by=ann)
    clock.move_to(at("2026-06-08 10:30"))
    engine.send(case.id, "reply", by=ann)
    engine.send(case.id, "climb", by=ann, note="Too hard for us")
    engine.send(case.id, "solve", by=ann)
    engine.send(case.id, "end", by=ann)

    shown = engine.journal(case.id, visibility="client")
    assert [entry.input.event for entry in shown] == ["reply", "end"]  # type: ignore[union-attr]  # all are sent
    assert "Too hard" not in repr(shown)
    assert not any(entry.timing for entry in shown)


COMPLAINT = """
process: complaint
version: VERSION
title: A complaint
calendars: {lon: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: GB-ENG}}
clocks: {answer: {starts: entering open, stops: event reply, target: WEEKS weeks}}
start: open
states: {open: {on: {reply: {to: over}}}, over: {kind: end, outcome: answered}}
"""


def test_s79_a_case_keeps_the_rule_under_which_it_was_opened(
    make_engine: MakeEngine, clock: ManualClock
):
    """The time to answer went from eight weeks to six on 8 April 2026, for complaints from then."""
    eight = COMPLAINT.replace("VERSION", "1").replace("WEEKS", "8")
    six = COMPLAINT.replace("VERSION", "2").replace("WEEKS", "6")
    clock.move_to(at("2026-04-07 10:00"), may_go_back=True)
    before = make_engine(eight).open_case("complaint", by=ann)
    clock.move_to(at("2026-04-08 10:00"))
    engine = make_engine(eight, six)
    after = engine.open_case("complaint", by=ann)
    engine.recalculate_all("complaint", by=ann, reason="to be sure")

    assert engine.case(before.id).clocks["answer"].due_at == at("2026-06-02 10:00")
    assert engine.case(after.id).clocks["answer"].due_at == at("2026-05-20 10:00")
    assert (before.identity.version, after.identity.version) == (1, 2)


# ---- a calendar that opens no more


RARE = """
process: rare
version: 1
title: A rare desk
calendars:
  rare:
    timezone: Europe/London
    hours: {fri: "09:00-17:00"}
    yearly: {1 Jan to 31 Dec: closed}
    special: {2026-06-08: "09:00-17:00"}
start: open
timers: {box: {after: 2 working hours, send: again, repeat: {every: 4 working hours, until: 9}}}
on: {again: {}, end: {to: over}}
states: {open: {on: {go: {}}}, over: {kind: end, outcome: done}}
"""


def test_s21_a_case_whose_calendar_opens_no_more_keeps_no_other_from_its_time(
    make_engine: MakeEngine, clock: ManualClock
):
    engine = make_engine(RARE, DESK, hooks=None)
    rare = engine.open_case("rare", by=ann)
    usual = engine.open_case("desk", by=ann)
    clock.move_to(at("2026-06-09 09:00"))
    engine.tick()

    alarms = [it.effect for it in engine.outbox(rare.id) if isinstance(it.effect, Alarm)]
    assert [alarm.kind for alarm in alarms] == ["no_open_time"]
    assert "'rare'" in alarms[0].text
    assert engine.stalled() == []
    assert "answer 50%" in fired(engine, usual)
    assert engine.send(rare.id, "end", by=ann).is_closed
