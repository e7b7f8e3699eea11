"""Wall schedules: what is read, what is refused, and what comes next."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_engine.calendar import (
    Calendar,
    Monthly,
    NoOpenTime,
    OnHoliday,
    Schedule,
    ScheduleError,
    Weekly,
    next_after,
    parse_schedule,
    write_schedule,
)
from escalation_engine.calendar.days import nth_working_day
from escalation_engine.calendar.local import instant_at
from tests.calendar.desk import LON, SCOTLAND, at, calendar

NINE = time(9)
READ: list[tuple[str, Schedule, str]] = [
    ("Friday 16:00", Weekly((4,), time(16)), "Friday 16:00"),
    ("friday at 9:05", Weekly((4,), time(9, 5)), "Friday 09:05"),
    ("day at 09:00", Weekly(tuple(range(7)), NINE), "day at 09:00"),
    ("weekday at 09:00", Weekly(tuple(range(5)), NINE), "weekday at 09:00"),
    ("Thu,  Monday 10:00", Weekly((0, 3), time(10)), "Monday, Thursday 10:00"),
    ("month day 1 at 09:00", Monthly(1, NINE), "month day 1 at 09:00"),
    ("Month Day last at 09:00", Monthly(0, NINE), "month day last at 09:00"),
]
REFUSED = [
    ("", 0, "the schedule is empty"),
    ("Friday", 0, "`Friday` says no day and time"),
    ("Friday 16", 0, "`Friday 16` says no day and time"),
    ("16:00", 0, "`16:00` says no day and time"),
    ("Friday 24:00", 7, "`24:00` is a time that no clock shows"),
    ("Monday, Freitag 16:00", 8, "`Freitag` is no day of the week"),
    ("Fri, Friday 10:00", 5, "Friday is given twice"),
    ("month day 29 at 09:00", 10, "`29` is no day that every month has"),
]
weekly = st.builds(
    Weekly, st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))), st.times()
)
schedules = st.one_of(weekly, st.builds(Monthly, st.integers(0, 28), st.times()))
CHRISTMAS = calendar(holidays="GB-ENG", yearly={"20 Dec to 5 Jan": "closed"})


@pytest.mark.parametrize(("text", "schedule", "written"), READ)
def test_a_schedule_is_read_and_written_in_one_way(text: str, schedule: Schedule, written: str):
    assert parse_schedule(text) == schedule
    assert write_schedule(schedule) == written


@pytest.mark.parametrize(("text", "offset", "message"), REFUSED)
def test_a_refused_schedule_says_where_and_why(text: str, offset: int, message: str):
    with pytest.raises(ScheduleError) as refused:
        parse_schedule(text)

    assert (refused.value.offset, refused.value.message) == (offset, message)


@given(schedules)
def test_what_is_written_is_read_as_the_same_schedule(schedule: Schedule):
    whole_minutes = type(schedule)(
        *(getattr(schedule, schedule.__slots__[0]), schedule.at.replace(second=0, microsecond=0))
    )

    assert parse_schedule(write_schedule(whole_minutes)) == whole_minutes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("month day 1 at 09:00", "2026-07-01 09:00"),
        ("month day 20 at 09:00", "2026-06-20 09:00"),
        ("month day last at 09:00", "2026-06-30 09:00"),
        ("Monday 09:00", "2026-06-15 09:00"),
        ("Monday 09:01", "2026-06-08 09:01"),
    ],
)
def test_the_next_occurrence_is_after_the_instant(text: str, expected: str):
    assert next_after(parse_schedule(text), at("2026-06-08 09:00"), LON) == at(expected)


def test_the_last_day_of_february_is_the_29th_in_a_leap_year():
    last = parse_schedule("month day last at 12:00")

    assert next_after(last, at("2028-02-01 00:00"), LON) == at("2028-02-29 12:00")


def test_a_weekend_is_no_holiday():
    daily = parse_schedule("day at 09:00")

    assert next_after(daily, at("2026-06-05 12:00"), LON, OnHoliday.SKIP) == at("2026-06-06 09:00")


def test_an_occurrence_that_moves_onto_another_is_one_with_it():
    daily = parse_schedule("day at 09:00")
    thursday = next_after(daily, at("2026-04-01 12:00"), LON, OnHoliday.BEFORE)

    assert thursday == at("2026-04-02 09:00")
    assert next_after(daily, thursday, LON, OnHoliday.BEFORE) == at("2026-04-04 09:00")


def test_a_schedule_that_is_always_skipped_is_an_error():
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    closed = calendar(yearly={f"1 {month}": "closed" for month in months})

    with pytest.raises(NoOpenTime):
        next_after(Monthly(1, NINE), at("2026-01-01 12:00"), closed, OnHoliday.SKIP)


@given(
    schedules,
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - given its zone below
    st.sampled_from([LON, SCOTLAND, CHRISTMAS]),
    st.sampled_from([None, *OnHoliday]),
)
def test_next_is_the_earliest_of_all_occurrences_nearby(
    schedule: Schedule, naive: datetime, place: Calendar, on_holiday: OnHoliday | None
):
    instant = naive.replace(tzinfo=place.zone)
    nearby = [naive.date() + timedelta(days=step) for step in range(-60, 100)]
    moved = [moved_day(place, day, on_holiday) for day in nearby if occurs(schedule, day)]
    instants = [instant_at(place.zone, day, schedule.at) for day in moved if day]

    assert next_after(schedule, instant, place, on_holiday) == min(
        each for each in instants if each > instant
    )


def occurs(schedule: Schedule, day: date) -> bool:
    if isinstance(schedule, Weekly):
        return day.weekday() in schedule.weekdays
    return (day + timedelta(days=1)).day == 1 if schedule.day == 0 else day.day == schedule.day


def moved_day(place: Calendar, day: date, on_holiday: OnHoliday | None) -> date | None:
    if not place.is_holiday(day) or on_holiday is None:
        return day
    if on_holiday is OnHoliday.SKIP:
        return None
    return nth_working_day(place, day, 1 if on_holiday is OnHoliday.AFTER else -1)
