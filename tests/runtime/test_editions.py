"""The dates of calendars: kept beside the definition, and adopted by `recalculate` alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest

from escalation_engine.calendar import edition_from
from escalation_engine.core import Actor, Case, Opened, Recalculated, TimeChange
from escalation_engine.errors import StoreError
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.store import MemoryStore
from escalation_engine.store.protocol import KeptEdition, Store
from escalation_engine.testing.clock import ManualClock
from tests.calendar.desk import at
from tests.runtime.conftest import MakeEngine

ann = Actor("ann", {"desk"})
FRIDAY = at("2026-06-12 10:00").astimezone(UTC)
TUESDAY, WEDNESDAY = at("2026-06-16 17:00"), at("2026-06-17 17:00")
ONE_OFF = date(2026, 6, 15)  # Scotland's holiday, which older releases do not know
OLDER, NEWER = "1.0", "1.1"

DESK = """
process: support
version: 1
title: Support
calendars:
  office:
    timezone: Europe/London
    hours: {mon-fri: "09:00-17:00"}
    holidays: GB-SCT
    removed: [Saint Andrew's Day]
roles: {desk: {title: Desk}}
events: {ask: {}, finish: {}}
clocks:
  answer: {starts: entering open, stops: event finish, target: 2 working days}
  reply: {starts: event ask, stops: event finish, target: 2 working days}
opens: {ring: {to: open}}
states:
  open: {on: {ask: {}, finish: {to: done}}}
  done: {kind: end, outcome: solved}
"""

Install = Callable[[str], None]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(FRIDAY)


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Let one of two releases of the package be installed; the older one knows one day less."""
    known = holidays.country_holidays

    def older(*place: str, **options: object) -> dict[date, str]:
        found = dict(known(*place, **options))  # type: ignore[arg-type]  # as they came
        return {day: title for day, title in found.items() if day != ONE_OFF}

    def install(release: str) -> None:
        monkeypatch.setattr("holidays.version.__version__", release)
        monkeypatch.setattr("holidays.country_holidays", older if release == OLDER else known)

    install(OLDER)
    return install


@pytest.fixture
def case(make_engine: MakeEngine, install: Install) -> Case:
    """A case that was opened while the older release was installed."""
    return make_engine(DESK).open_case("support", by=ann)


def due(case: Case, name: str) -> datetime | None:
    return case.clocks[name].due_at


def test_s18_a_running_case_counts_on_the_dates_it_was_opened_with(
    make_engine: MakeEngine, install: Install, case: Case, clock: ManualClock
):
    install(NEWER)
    upgraded = make_engine(DESK)
    clock.move_by(timedelta(minutes=30))
    asked = upgraded.send(case.id, "ask", by=ann)

    assert (due(case, "answer"), due(asked, "reply")) == (TUESDAY, TUESDAY)
    assert upgraded.explain(case.id, clock="reply").due == TUESDAY
    assert due(upgraded.open_case("support", by=ann), "answer") == WEDNESDAY


def test_s18_a_recalculation_adopts_the_newer_dates_and_journals_both(
    make_engine: MakeEngine, install: Install, case: Case
):
    install(NEWER)
    upgraded = make_engine(DESK)
    after = upgraded.recalculate(case.id, by=ann, reason="A holiday was declared")
    entry = upgraded.journal(case.id)[-1]
    adopted, counted = entry.timing

    assert case.edition.startswith("holidays 1.0, tzdata ")
    assert after.edition.startswith("holidays 1.1, tzdata ")
    assert entry.input == Recalculated(ann, "A holiday was declared", after.edition)
    assert adopted.detail == f"{case.edition} to {after.edition}"
    assert counted == TimeChange(
        "clock", "answer", "recalculated", WEDNESDAY, TUESDAY, "A holiday was declared"
    )
    assert due(upgraded.send(case.id, "ask", by=ann), "reply") == WEDNESDAY


def test_s80_what_was_breached_on_the_older_dates_stays_breached(
    make_engine: MakeEngine, install: Install, case: Case, clock: ManualClock
):
    clock.move_to(TUESDAY + timedelta(hours=1))
    make_engine(DESK).tick()
    install(NEWER)
    after = make_engine(DESK).recalculate(case.id, by=ann, reason="A holiday was declared")

    assert after.clocks["answer"].status == "breached"
    assert due(after, "answer") == TUESDAY


def test_s84_a_replay_takes_the_journal_s_instants_whatever_is_installed(
    make_engine: MakeEngine, install: Install, case: Case
):
    install(NEWER)
    upgraded = make_engine(DESK)
    upgraded.recalculate(case.id, by=ann, reason="A holiday was declared")
    upgraded.send(case.id, "ask", by=ann)
    install(OLDER)

    for engine in (upgraded, make_engine(DESK)):
        assert engine.replay(case.id) == engine.case(case.id)


def test_the_journal_names_the_dates_that_a_case_was_opened_on(
    make_engine: MakeEngine, case: Case, store: Store
):
    opened = make_engine(DESK).journal(case.id)[0].input
    kept = store.edition(case.identity.definition, case.edition)

    assert isinstance(opened, Opened)
    assert opened.edition == case.edition
    assert kept is not None
    edition = edition_from(kept.source)
    assert (edition.name, edition.years) == (case.edition, range(2021, 2037))
    assert date(2026, 12, 25) in edition.holidays["office"]
    assert ONE_OFF not in edition.holidays["office"]


def test_the_same_release_in_the_same_year_is_one_edition(make_engine: MakeEngine, case: Case):
    again = make_engine(DESK).open_case("support", by=ann)

    assert again.edition == case.edition


def test_a_process_without_calendars_needs_no_dates(make_engine: MakeEngine):
    text = DESK.replace("2 working days", "2 hours")
    start, end = text.index("calendars:"), text.index("roles:")

    assert make_engine(text[:start] + text[end:]).open_case("support", by=ann).edition == ""


@pytest.mark.parametrize(
    ("restarts_in", "expected"),
    [(2026, "2037-01-01 17:00"), (2036, "2037-01-05 17:00")],
    ids=["nobody knows 2037 yet", "an engine that starts later knows it"],
)
def test_years_behind_the_end_of_an_edition_come_with_a_later_start(
    make_engine: MakeEngine, case: Case, clock: ManualClock, restarts_in: int, expected: str
):
    engine = make_engine(DESK)
    clock.move_to(at("2036-12-30 10:00").astimezone(UTC))
    if restarts_in == 2036:
        engine = make_engine(DESK)
    asked = engine.send(case.id, "ask", by=ann)

    assert due(asked, "reply") == at(expected)
    assert asked.edition == case.edition


def test_an_older_definition_outlives_its_file_and_its_holidays_names(
    make_engine: MakeEngine, case: Case, store: Store, clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    def renamed(*_place: str, **_options: object) -> dict[date, str]:
        return {date(2026, 11, 30): "Feast of Saint Andrew", ONE_OFF: "World Cup"}

    monkeypatch.setattr("holidays.country_holidays", renamed)
    later = Engine(store, [load_text(DESK.replace("support", "other").replace(
        "    removed: [Saint Andrew's Day]\n", ""), name="other.yaml")], clock=clock)  # fmt: skip

    assert due(later.send(case.id, "ask", by=ann), "reply") == TUESDAY
    recalculated = later.recalculate(case.id, by=ann, reason="A holiday was declared")
    assert due(recalculated, "reply") == WEDNESDAY
    assert store.edition(case.identity.definition, recalculated.edition) is not None


def test_dates_that_are_nowhere_stop_their_own_cases_only(clock: ManualClock, install: Install):
    class Forgetful(MemoryStore):
        def edition(self, definition: str, name: str) -> KeptEdition | None:
            return None

    store, chart = Forgetful(), load_text(DESK, name="desk.yaml")
    case = Engine(store, [chart], clock=clock).open_case("support", by=ann)
    install(NEWER)
    upgraded = Engine(store, [chart], clock=clock)
    other = upgraded.open_case("support", by=ann)
    clock.move_to(WEDNESDAY)
    upgraded.tick()

    assert upgraded.case(other.id).clocks["answer"].status == "breached"
    assert upgraded.case(case.id).clocks["answer"].status == "running"
    assert "are not in the store" in upgraded.stalled()[0].problem
    with pytest.raises(StoreError, match="are not in the store"):
        upgraded.send(case.id, "ask", by=ann)
