"""Which day an event belongs to, and which days are working days: decision 0023."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest

from escalation_engine.calendar import (
    Before,
    Calendar,
    Cutoff,
    EndOfDay,
    Period,
    Roll,
    WorkingDays,
    add_period,
    due,
    mark_due,
    nth_working_day_close,
)
from escalation_engine.calendar.days import day_of, nth_working_day
from tests.calendar.desk import LON, ROUND_THE_CLOCK, at, calendar, counting, hours, utc, working

ONE_DAY = WorkingDays(1)
WEEK_NIGHTS = calendar(hours={"mon-fri": "22:00-06:00"})
SMALL_HOURS = calendar(
    "America/New_York", {"mon-sun": ["00:30-01:30", "02:30-02:45", "02:50-03:15"]}
)


def test_a_day_closes_where_its_last_range_that_opens_does():
    assert nth_working_day_close(SMALL_HOURS, utc("2026-03-07 12:00"), 1) == utc("2026-03-08 07:45")


def test_a_day_whose_hours_the_clocks_skip_is_no_working_day():
    # On 8 March 02:00 becomes 03:00, so that 02:50 is 03:50, after 03:15.
    lost = calendar("America/New_York", {"sat-mon": "02:50-03:15"})
    saturday = at("2026-03-07 12:00", "America/New_York")

    assert due(lost, saturday, ONE_DAY) == at("2026-03-09 03:15", "America/New_York")
    assert nth_working_day(lost, date(2026, 3, 7), 1) == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("place", "instant", "day"),
    [
        (WEEK_NIGHTS, "2026-06-09 05:59", "2026-06-08"),  # the night that began on Monday
        (WEEK_NIGHTS, "2026-06-09 06:00", "2026-06-08"),  # it has just closed
        (WEEK_NIGHTS, "2026-06-09 06:01", "2026-06-09"),
        (WEEK_NIGHTS, "2026-06-13 03:00", "2026-06-12"),  # Friday's night on Saturday
        (WEEK_NIGHTS, "2026-06-13 12:00", "2026-06-13"),
        (WEEK_NIGHTS, "2026-06-15 03:00", "2026-06-15"),  # Sunday has no night
        (LON, "2026-06-09 17:00", "2026-06-09"),
        (ROUND_THE_CLOCK, "2026-06-09 00:00", "2026-06-09"),  # one closes, the next one opens
    ],
)
def test_an_event_belongs_to_the_shift_that_runs_or_has_just_closed(
    place: Calendar, instant: str, day: str
):
    assert str(day_of(place, at(instant))) == day


@pytest.mark.parametrize("end_of_day", EndOfDay)
@pytest.mark.parametrize("place", [LON, WEEK_NIGHTS, ROUND_THE_CLOCK])
def test_a_cutoff_never_makes_anything_due_earlier(place: Calendar, end_of_day: EndOfDay):
    plain = counting(place, end_of_day=end_of_day)
    cut = counting(place, end_of_day=end_of_day, cutoff=Cutoff.CLOSE)
    starts = [at("2026-06-05 00:00") + timedelta(minutes=30 * step) for step in range(48 * 5)]

    assert all(due(plain, start, ONE_DAY) <= due(cut, start, ONE_DAY) for start in starts)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-06-09 06:00", "2026-06-10 06:00"),  # as Monday's night closes: in time
        ("2026-06-09 06:01", "2026-06-11 06:00"),  # after it: of Tuesday's night
        ("2026-06-13 06:00", "2026-06-16 06:00"),  # as Friday's night closes
        ("2026-06-13 06:01", "2026-06-17 06:00"),  # after it: of Monday's night
    ],
)
def test_with_a_cutoff_what_comes_as_a_night_closes_comes_in_time(start: str, expected: str):
    nights = counting(WEEK_NIGHTS, cutoff=Cutoff.CLOSE)

    assert due(nights, at(start), ONE_DAY) == at(expected)


def test_a_close_that_comes_twice_is_known_by_a_local_time_as_well():
    london = calendar(hours={"sat": "09:00-01:51", "sun, mon": "09:00-17:00"})
    first = at("2026-10-25 01:51")  # not equal, for Python, to any instant of another zone

    assert due(london, first, ONE_DAY) == due(london, first.astimezone(UTC), ONE_DAY)
    assert nth_working_day_close(london, first, 1) == at("2026-10-25 17:00")


@pytest.mark.parametrize(
    ("end", "rolled"),
    [
        ("2026-06-13 03:00", "2026-06-13 03:00"),  # within Friday's night
        ("2026-06-13 06:00", "2026-06-13 06:00"),  # as it closes
        ("2026-06-13 07:00", "2026-06-15 07:00"),
        ("2026-06-14 03:00", "2026-06-15 03:00"),
    ],
)
def test_a_period_that_ends_within_a_night_has_ended_on_a_working_day(end: str, rolled: str):
    nights = counting(WEEK_NIGHTS, roll=Roll.NEXT_WORKING_DAY)

    assert add_period(nights, at(end) - timedelta(weeks=1), Period(weeks=1)) == at(rolled)


@pytest.mark.parametrize(
    ("place", "start", "before"),
    [
        (WEEK_NIGHTS, "2026-06-09 22:00", "2026-06-09 06:00"),
        (ROUND_THE_CLOCK, "2026-06-09 16:00", "2026-06-09 00:00"),
    ],
)
def test_a_working_day_before_a_close_is_the_close_before(place: Calendar, start: str, before: str):
    target = working(8)
    found = mark_due(place, at("2026-06-08 23:00"), at(start) + hours(8), Before(ONE_DAY))

    assert due(place, at(start), target) == at(start) + hours(8)
    assert found == at(before)
