"""Digests: one per holder and due time, with the cases as they stood at that instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escalation_engine.core import Actor, Case, Digest, Holder, Unavailable
from escalation_engine.errors import BadInput, HooksMismatch
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine, RetryPolicy, Ticked, write_protocol
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine

tess = Actor("tess", {"technician"})
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EIGHT = datetime(2026, 6, 8, 8, tzinfo=UTC)  # Monday, 09:00 in London
DAILY = "digest:support/daily"

SUPPORT = """
process: support
version: 1
title: Support requests
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: GB-ENG}
data:
  region: {enum: [north, south]}
  issue: {type: string}
  phone: {type: string, sensitive: true}
  rem: {type: person}
roles:
  technician: {title: Technician}
  manager: {title: Escalation manager, alternates: [chief], chosen_by: [region]}
  chief: {title: Chief}
slots: {regional_manager: {title: Regional escalation manager}}
actions:
  send_daily: Send the list of active escalations
tracks:
  request:
    opens:
      call: {to: open, may_bring: [region, issue, phone, rem], by: [technician]}
    states:
      open:
        timers: {box: {title: Box, after: 30 days, send: expire}}
        on:
          expire: {to: lapsed}
          solve: {to: solved}
          say: {}
      lapsed: {on: {solve: {to: solved}}}
      solved: {kind: end, outcome: solved}
  escalation:
    start: none_yet
    states:
      none_yet: {kind: idle, on: {escalate: {to: active, assign: {regional_manager: rem}}}}
      active:
        on:
          de_escalate: {to: none_yet}
digests:
  daily:
    title: Daily list of escalations
    every: day at 09:00
    cases: in escalation.active
    shows: [reference, data, state, due]
    per: slot regional_manager
    send_by: send_daily
"""


class Host:
    """Keeps what it was asked to send; `down` raises instead."""

    def __init__(self) -> None:
        self.sent: list[Digest] = []
        self.is_down = False

    def send_daily(self, digest: Digest) -> None:
        if self.is_down:
            raise OSError("no mail")
        self.sent.append(digest)

    def lists(self) -> list[tuple[str | None, list[str]]]:
        """Who got which cases, by reference."""
        return [
            (
                None if one.holder is None else one.holder.person or one.holder.role,
                [str(row.reference) for row in one.rows],
            )
            for one in self.sent
        ]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EIGHT - DAY)


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def engine(make_engine: MakeEngine, host: Host) -> Engine:
    return make_engine(SUPPORT, hooks=host)


def opened(engine: Engine, reference: str, *, rem: str | None = "ruth", **data: Any) -> Case:
    """A case that is escalated, with a regional manager unless it has none."""
    given = data if rem is None else {"rem": rem, **data}
    case = engine.open_case("support", by=tess, data=given, reference=reference)
    return case if rem is None else engine.send(case.id, "escalate", by=tess)


# ---- which cases (A12.5)


def test_each_manager_gets_exactly_the_escalations_active_at_that_instant(
    engine: Engine, clock: ManualClock, host: Host
):
    opened(engine, "T-1")
    opened(engine, "T-2", rem="raj")
    calm = opened(engine, "T-3")
    engine.open_case("support", by=tess, reference="T-4")
    clock.move_to(EIGHT - MINUTE)
    opened(engine, "T-5")
    engine.send(calm.id, "de_escalate", by=tess)
    clock.move_to(EIGHT)
    engine.tick()

    assert host.lists() == [("raj", ["T-2"]), ("ruth", ["T-1", "T-5"])]


def test_nothing_is_sent_before_it_is_due_and_nothing_twice(
    engine: Engine, clock: ManualClock, host: Host
):
    opened(engine, "T-1")
    clock.move_to(EIGHT - timedelta(microseconds=1))
    engine.tick()
    assert host.sent == []

    for minutes in (0, 0, 5, 90):
        clock.move_to(EIGHT + minutes * MINUTE)
        engine.tick()
    assert len(host.sent) == 1

    clock.move_to(EIGHT + DAY)
    engine.tick()
    assert [one.due_at for one in host.sent] == [EIGHT, EIGHT + DAY]


@pytest.mark.parametrize("event", ["de_escalate", "solve"])
def test_a_late_tick_lists_the_cases_as_they_stood_when_it_was_due(
    engine: Engine, clock: ManualClock, host: Host, event: str
):
    case = opened(engine, "T-1", issue="Down")
    clock.move_to(EIGHT + 5 * MINUTE)
    engine.send(case.id, event, by=tess)
    opened(engine, "T-2")
    engine.tick()

    (digest,) = host.sent
    assert host.lists() == [("ruth", ["T-1"])]
    assert dict(digest.rows[0].states) == {"request": "open", "escalation": "active"}


def test_what_happens_at_the_very_instant_comes_before_the_digest(
    engine: Engine, clock: ManualClock, host: Host
):
    calm = opened(engine, "T-1")
    clock.move_to(EIGHT)
    engine.send(calm.id, "de_escalate", by=tess)
    opened(engine, "T-2")
    engine.tick()

    assert host.lists() == [("ruth", ["T-2"])]


@pytest.mark.parametrize("readings", [1, 2, 3, 4])
def test_a_timer_of_the_very_instant_comes_before_the_digest(
    make_engine: MakeEngine, host: Host, readings: int
):
    """The clock reaches the instant in the middle of a tick, behind the look at the cases."""

    class Running(ManualClock):
        moments = 0

        def now(self) -> datetime:
            if self.moments:
                self.moments -= 1
                self.move_by(timedelta(microseconds=1))
            return super().now()

    clock = Running(EIGHT - DAY)
    engine = make_engine(SUPPORT.replace("30 days", "1 day"), hooks=host, clock=clock)
    opened(engine, "T-1")
    clock.move_to(EIGHT - readings * timedelta(microseconds=1))
    clock.moments = readings
    engine.tick()
    clock.move_to(EIGHT + MINUTE)
    engine.tick()

    digest = host.sent[-1]
    assert (digest.due_at, digest.rows[0].states["request"]) == (EIGHT, "lapsed")


def test_what_fell_due_before_counts_though_it_fires_later(
    engine: Engine, clock: ManualClock, host: Host
):
    opened(engine, "T-1")
    clock.move_to(EIGHT + 31 * DAY + MINUTE)  # the box of 30 days ends a day before
    engine.tick()

    (digest,) = host.sent
    assert digest.due_at == EIGHT + 31 * DAY
    assert digest.rows[0].states["request"] == "lapsed"


def test_closed_cases_are_left_out_unless_the_condition_names_an_end(
    make_engine: MakeEngine, clock: ManualClock, host: Host
):
    for number, condition in enumerate(
        ["not in request.lapsed", "in request.solved or in request.open"]
    ):
        text = SUPPORT.replace("in escalation.active", condition)
        text = text.replace("process: support", f"process: support{number}")
        engine = make_engine(text, hooks=host)
        for reference in ("open", "closed"):
            case = engine.open_case(f"support{number}", by=tess, reference=f"{number} {reference}")
            clock.move_by(MINUTE)
            if reference == "closed":
                engine.send(case.id, "solve", by=tess)
    clock.move_to(EIGHT)
    engine.tick()

    assert host.lists() == [(None, ["0 open"]), (None, ["1 open", "1 closed"])]


def test_more_cases_than_a_page_come_in_order_of_opening(
    make_engine: MakeEngine, clock: ManualClock, host: Host, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("escalation_engine.runtime.compiling._PAGE", 2)
    names = iter("edcba")
    engine = make_engine(SUPPORT, hooks=host, ids=lambda: next(names))
    for number in range(5):
        opened(engine, f"T-{number}")
        clock.move_by(MINUTE)
    clock.move_to(EIGHT)
    engine.tick()

    assert host.lists() == [("ruth", [f"T-{number}" for number in range(5)])]


# ---- for whom


def test_without_a_case_that_is_listed_nobody_gets_anything(
    engine: Engine, clock: ManualClock, host: Host
):
    opened(engine, "T-1", rem=None)
    clock.move_to(EIGHT)

    assert engine.tick() == Ticked(fired=1)
    assert engine.outbox(DAILY) == []
    assert host.sent == []


def test_a_list_that_nobody_holds_is_sent_all_the_same(
    make_engine: MakeEngine, clock: ManualClock, host: Host
):
    engine = make_engine(SUPPORT.replace("in escalation.active", "in request.open"), hooks=host)
    opened(engine, "T-1", rem=None)
    opened(engine, "T-2")
    clock.move_to(EIGHT)
    engine.tick()

    assert host.lists() == [(None, ["T-1"]), ("ruth", ["T-2"])]


class Rota:
    """Knows a manager for the north; in the south the chief stands in, in the end nobody."""

    def __init__(self) -> None:
        self.is_down = False

    def holder(self, role: str, case: Case) -> str | Unavailable | None:
        if self.is_down:
            raise OSError("no rota")
        if case.data.get("region") == "north":
            return "nora"
        return "cleo" if role == "chief" and case.data.get("region") == "south" else None


PER_ROLE = SUPPORT.replace("slot regional_manager", "role manager")


def test_a_role_is_asked_for_each_case_with_its_alternates(
    make_engine: MakeEngine, clock: ManualClock, host: Host
):
    engine = make_engine(PER_ROLE, hooks=host, directory=Rota())
    for reference, data in (
        ("T-1", {"region": "south"}),
        ("T-2", {"region": "north"}),
        ("T-3", {}),
    ):
        opened(engine, reference, **data)
    clock.move_to(EIGHT)
    engine.tick()

    assert [(one.holder, len(one.rows)) for one in host.sent] == [
        (Holder("manager", "cleo", "chief"), 1),
        (Holder("manager", "nora"), 1),
        (Holder("manager", None), 1),
    ]


# ---- what it shows


def test_a_row_has_the_columns_that_the_digest_shows(
    engine: Engine, clock: ManualClock, host: Host
):
    case = opened(engine, "T-1", issue="Down", phone="555-0100")
    clock.move_to(EIGHT)
    engine.tick()

    ((row,), digest) = (host.sent[0].rows, host.sent[0])
    assert (row.case_id, row.reference) == (case.id, "T-1")
    assert dict(row.data) == {"issue": "Down", "rem": "ruth"}  # what is sensitive stays at home
    assert dict(row.states) == {"request": "open", "escalation": "active"}
    assert row.due == (("box", case.opened_at + 30 * DAY),)
    assert (digest.title, digest.due_at, digest.missed) == ("Daily list of escalations", EIGHT, 0)


def test_what_is_not_shown_is_empty_and_a_field_that_is_named_is_shown(
    make_engine: MakeEngine, clock: ManualClock, host: Host
):
    engine = make_engine(SUPPORT.replace("[reference, data, state, due]", "[phone]"), hooks=host)
    opened(engine, "T-1", issue="Down", phone="555-0100")
    clock.move_to(EIGHT)
    engine.tick()

    (row,) = host.sent[0].rows
    assert (row.reference, dict(row.states), row.due) == (None, {}, ())
    assert dict(row.data) == {"phone": "555-0100"}


# ---- when


def test_s15_the_local_time_stays_when_the_clocks_change(make_engine: MakeEngine, host: Host):
    spring = ManualClock(datetime(2026, 3, 27, 12, tzinfo=UTC))
    engine = make_engine(SUPPORT, hooks=host, clock=spring)
    opened(engine, "T-1")
    for _ in range(3):
        due = engine.next_due()
        assert due is not None
        spring.move_to(due)
        engine.tick()

    assert [one.due_at for one in host.sent] == [
        datetime(2026, 3, 28, 9, tzinfo=UTC),
        datetime(2026, 3, 29, 8, tzinfo=UTC),
        datetime(2026, 3, 30, 8, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ("", datetime(2026, 4, 3, 15, tzinfo=UTC)),
        ("    on_holiday: before\n", datetime(2026, 4, 2, 15, tzinfo=UTC)),
        ("    on_holiday: after\n", datetime(2026, 4, 7, 15, tzinfo=UTC)),
        ("    on_holiday: skip\n", datetime(2026, 4, 10, 15, tzinfo=UTC)),
    ],
)
def test_s17_a_holiday_moves_it_as_the_digest_says(
    make_engine: MakeEngine, host: Host, rule: str, due: datetime
):
    text = SUPPORT.replace("    every: day at 09:00\n", f"    every: Friday 16:00\n{rule}")
    engine = make_engine(text, hooks=host, clock=ManualClock(datetime(2026, 4, 1, 9, tzinfo=UTC)))

    assert engine.next_due() == due


def test_the_next_due_instant_is_exact_without_any_case(engine: Engine, clock: ManualClock):
    assert engine.next_due() == EIGHT

    clock.move_to(EIGHT)
    assert engine.tick() == Ticked(fired=1)
    assert engine.next_due() == EIGHT + DAY


def test_after_a_long_absence_one_digest_says_how_many_were_missed(
    engine: Engine, clock: ManualClock, host: Host
):
    opened(engine, "T-1")
    clock.move_to(EIGHT + 4 * DAY + 30 * MINUTE)
    engine.tick()
    engine.tick()

    (digest,) = host.sent
    assert (digest.due_at, digest.missed) == (EIGHT + 4 * DAY, 4)
    assert engine.next_due() == EIGHT + 5 * DAY


def test_a_clock_that_goes_back_sends_nothing_twice(make_engine: MakeEngine, host: Host):
    text, later = SUPPORT, ManualClock(EIGHT - DAY)
    engine = make_engine(text, hooks=host, clock=later)
    opened(engine, "T-1")
    later.move_to(EIGHT)
    engine.tick()
    earlier = make_engine(text, hooks=host, clock=ManualClock(EIGHT - MINUTE))
    earlier.tick()

    assert len(host.sent) == 1
    assert earlier.next_due() == EIGHT + DAY


def test_a_digest_that_a_parameter_switches_off_is_never_due(make_engine: MakeEngine, host: Host):
    knob = "parameters: {when: {type: schedule, title: When, default: none}}\ndigests:"
    text = SUPPORT.replace("digests:", knob).replace("day at 09:00", "$when")

    assert make_engine(text, hooks=host).next_due() is None


# ---- restart, several engines


def test_a_restart_neither_forgets_nor_repeats_a_digest(tmp_path: Path, host: Host):
    url, clock = f"sqlite:///{tmp_path / 'desk.db'}", ManualClock(EIGHT - DAY)
    charts = [load_text(SUPPORT, name="support.yaml")]
    for moment in (EIGHT - DAY, EIGHT + MINUTE, EIGHT + 2 * MINUTE, EIGHT + DAY + MINUTE):
        clock.move_to(moment)
        with Engine(url, charts, hooks=host, clock=clock) as engine:
            if moment < EIGHT:
                opened(engine, "T-1")
            else:
                engine.tick()

    assert [(one.due_at, one.missed) for one in host.sent] == [(EIGHT, 0), (EIGHT + DAY, 0)]


def test_engines_that_tick_at_once_send_one(tmp_path: Path, host: Host):
    url, clock = f"sqlite:///{tmp_path / 'desk.db'}", ManualClock(EIGHT - DAY)
    charts = [load_text(SUPPORT, name="support.yaml")]
    engines = [Engine(url, charts, hooks=host, clock=clock) for _ in range(4)]
    opened(engines[0], "T-1")
    opened(engines[0], "T-2", rem="raj")
    clock.move_to(EIGHT)
    with ThreadPoolExecutor(len(engines)) as pool:
        fired = [ticked.fired for ticked in pool.map(lambda engine: engine.tick(), engines)]
    queued = engines[0].outbox(DAILY)

    assert sum(fired) == 1
    assert [it.effect.id for it in queued] == [
        "digest/support/daily/2026-06-08T08:00:00.000000Z/person/raj",
        "digest/support/daily/2026-06-08T08:00:00.000000Z/person/ruth",
    ]
    assert {one.id for one in host.sent} == {it.effect.id for it in queued}
    for engine in engines:
        engine.close()


# ---- versions

SECOND = SUPPORT.replace("version: 1", "version: 2").replace("day at 09:00", "day at 10:00")


def test_the_highest_version_decides_about_cases_of_all(make_engine: MakeEngine, host: Host):
    clock = ManualClock(EIGHT - DAY)
    old = make_engine(SUPPORT, hooks=host, clock=clock)
    opened(old, "T-1")
    clock.move_by(MINUTE)
    new = make_engine(SUPPORT, SECOND, hooks=host, clock=clock)
    opened(new, "T-2")
    clock.move_to(EIGHT + 60 * MINUTE)
    old.tick()  # it does not know the version, and follows it all the same

    assert host.lists() == [("ruth", ["T-1", "T-2"])]
    assert host.sent[0].due_at == EIGHT + 60 * MINUTE


def test_an_engine_of_an_older_version_takes_nothing_back(make_engine: MakeEngine, host: Host):
    clock = ManualClock(EIGHT - DAY)
    make_engine(SECOND, hooks=host, clock=clock)
    old = make_engine(SUPPORT, hooks=host, clock=clock)

    assert old.next_due() == EIGHT - DAY + 60 * MINUTE


def test_a_new_version_sends_what_is_overdue_and_then_by_its_own_schedule(
    make_engine: MakeEngine, host: Host
):
    clock = ManualClock(EIGHT - DAY)
    opened(make_engine(SUPPORT, hooks=host, clock=clock), "T-1")
    clock.move_to(EIGHT + MINUTE)
    new = make_engine(SUPPORT, SECOND, hooks=host, clock=clock)
    new.tick()

    assert [one.due_at for one in host.sent] == [EIGHT]
    assert new.next_due() == EIGHT + 60 * MINUTE


def test_a_version_without_the_digest_ends_it(make_engine: MakeEngine, host: Host):
    clock = ManualClock(EIGHT - DAY)
    opened(make_engine(SUPPORT, hooks=host, clock=clock), "T-1")
    action = "actions:\n  send_daily: Send the list of active escalations\n"
    without = SECOND[: SECOND.index("digests:")].replace(action, "")
    clock.move_to(EIGHT + MINUTE)
    make_engine(without, hooks=host, clock=clock).tick()
    old = make_engine(SUPPORT, hooks=host, clock=clock)
    old.tick()

    assert host.sent == []
    assert old.next_due() == EIGHT - DAY + 30 * DAY  # the box of the case


# ---- failures


def test_a_digest_is_tried_again_and_parked_like_other_effects(
    make_engine: MakeEngine, clock: ManualClock, host: Host
):
    retries = RetryPolicy(attempts=2, first_wait=MINUTE)
    engine = make_engine(SUPPORT, hooks=host, retries=retries)
    opened(engine, "T-1")
    host.is_down = True
    clock.move_to(EIGHT)
    assert engine.tick() == Ticked(failed=1, fired=1)
    assert engine.next_due() == EIGHT + MINUTE
    clock.move_to(EIGHT + MINUTE)
    assert engine.tick() == Ticked(parked=1)

    (parked,) = engine.parked()
    assert (parked.case_id, parked.problem) == (DAILY, "OSError: no mail")
    host.is_down = False
    engine.retry(parked.effect.id)
    engine.tick()
    assert [one.id for one in host.sent] == [parked.effect.id]


def test_one_holders_failure_holds_up_nobody_else(
    engine: Engine, clock: ManualClock, host: Host, monkeypatch: pytest.MonkeyPatch
):
    def send(digest: Digest) -> None:
        if digest.holder == Holder(None, "raj"):
            raise OSError("raj's mailbox is full")
        host.sent.append(digest)

    opened(engine, "T-1", rem="raj")
    opened(engine, "T-2")
    monkeypatch.setattr(host, "send_daily", send)
    clock.move_to(EIGHT)
    engine.tick()

    assert host.lists() == [("ruth", ["T-2"])]


def test_a_hook_that_returns_something_has_not_sent_it(
    engine: Engine, clock: ManualClock, host: Host, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(host, "send_daily", lambda digest: digest.id)
    opened(engine, "T-1")
    clock.move_to(EIGHT)
    engine.tick()

    (queued,) = engine.outbox(DAILY)
    assert queued.problem == "action send_daily returned a value of type str; accepted: None"


def test_a_directory_that_fails_delays_a_digest_and_never_ends_it(
    make_engine: MakeEngine, clock: ManualClock, host: Host
):
    rota = Rota()
    retries = RetryPolicy(attempts=2, first_wait=MINUTE)
    engine = make_engine(PER_ROLE, hooks=host, directory=rota, retries=retries)
    opened(engine, "T-1", region="north")
    rota.is_down = True
    clock.move_to(EIGHT)
    for _ in range(4):
        assert engine.tick() == Ticked(failed=1)
        clock.move_by(MINUTE)
    (stalled,) = engine.stalled()
    assert (stalled.case_id, stalled.attempts) == (DAILY, 4)
    assert "no rota" in stalled.problem

    rota.is_down = False
    engine.retry(DAILY)
    engine.tick()
    assert host.lists() == [("nora", ["T-1"])]
    assert (host.sent[0].due_at, engine.stalled()) == (EIGHT, [])


def test_what_failed_is_no_name_for_a_digest_that_did_not(engine: Engine):
    with pytest.raises(BadInput, match="is not parked"):
        engine.retry(DAILY)


# ---- the host's hook


class Missing: ...


class TakesACase:
    def send_daily(self, case: Case, effect: object) -> None: ...


@pytest.mark.parametrize("hooks", [Missing(), TakesACase()])
def test_a_hook_that_cannot_take_a_digest_is_found_at_start(make_engine: MakeEngine, hooks: object):
    with pytest.raises(HooksMismatch, match=r"send_daily.*digest"):
        make_engine(SUPPORT, hooks=hooks)


def test_the_protocol_has_a_method_that_takes_a_digest():
    written = write_protocol(load_text(SUPPORT, name="support.yaml"))

    assert "import Alarm, Case, Digest, Notify" in written
    assert "def send_daily(self, digest: Digest) -> None:" in written
    assert "Sends daily, day at 09:00: cases `in escalation.active`" in written
    compile(written, "hooks.py", "exec")


def test_a_limited_tick_does_one_thing_at_a_time(engine: Engine, clock: ManualClock, host: Host):
    opened(engine, "T-1")
    clock.move_to(EIGHT + 31 * DAY)
    fired = [engine.tick(limit=1).fired for _ in range(3)]

    assert fired == [1, 1, 0]
    assert len(host.sent) == 1
