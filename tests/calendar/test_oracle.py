"""The arithmetic of the package against a model that steps through the minutes.

Calendars, starts, lengths and pauses are drawn at random from a seed, which names a failure.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.calendar.compared import differences
from tests.calendar.drawn import NIGHT, utc
from tests.calendar.oracle import Break, Oracle, Range, Rules

ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Santiago",
    "Asia/Riyadh",
    "UTC",
)


@pytest.mark.parametrize("zone", ZONES)
def test_the_package_agrees_with_the_minutes(zone: str):
    assert differences(zone, seeds=range(8), samples=30)[:3] == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("zone", ZONES)
def test_the_package_agrees_with_the_minutes_on_a_hundred_thousand_schedules(zone: str):
    assert differences(zone, seeds=range(1000, 1160), samples=80)[:3] == []


@pytest.mark.parametrize(
    ("rules", "start", "hours", "pause", "due_at"),
    [
        pytest.param("office", "2026-03-27T16:00", 4, None, "2026-03-30T11:00", id="S11 spring"),
        pytest.param("office", "2026-10-23T15:00", 4, None, "2026-10-26T12:00", id="S11 autumn"),
        pytest.param("office", "2026-06-08T08:00", 8, None, "2026-06-08T16:00", id="S28"),
        pytest.param("office", "2026-06-08T16:00", 1, None, "2026-06-09T09:00", id="S29"),
        pytest.param("night", "2026-03-08T03:00", 8, None, "2026-03-09T03:00", id="S13 spring"),
        pytest.param("night", "2026-11-01T02:00", 8, None, "2026-11-01T10:00", id="S13 autumn"),
        pytest.param(
            "office",
            "2026-06-08T09:00",
            8,
            ("2026-06-08T11:00", "2026-06-09T10:00"),
            "2026-06-09T16:00",
            id="S33",
        ),
        pytest.param(
            "office",
            "2026-06-05T15:00",
            8,
            ("2026-06-05T15:30", "2026-06-08T08:30"),
            "2026-06-08T16:00",
            id="S35",
        ),
    ],
)
def test_the_oracle_gives_what_the_worked_cases_say(
    rules: str, start: str, hours: int, pause: tuple[str, str] | None, due_at: str
):
    nine_to_five = (Range(9 * 60, 17 * 60),)
    oracle = Oracle(
        Rules("Europe/London", (nine_to_five,) * 5 + ((), ()))
        if rules == "office"
        else Rules("America/New_York", (NIGHT,) * 7)
    )
    breaks = [] if pause is None else [Break(utc(pause[0]), utc(pause[1]))]

    assert oracle.working_time(utc(start), hours * 60, breaks) == utc(due_at)


def test_the_oracle_counts_working_days_as_the_worked_case_does():
    easter = frozenset([date(2026, 4, 3), date(2026, 4, 6)])
    office = Rules("Europe/London", ((Range(9 * 60, 17 * 60),),) * 5 + ((), ()), easter)

    assert Oracle(office).working_days(utc("2026-04-02T14:00"), 2) == utc("2026-04-08T16:00")  # S1
