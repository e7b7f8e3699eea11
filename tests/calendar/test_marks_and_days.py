"""Marks on the way to a target, pauses in working days, and what remains."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from escalation_engine.calendar import (
    NO_LIMIT,
    Before,
    Break,
    EndOfDay,
    Mark,
    Period,
    Share,
    Stop,
    Target,
    Threshold,
    WorkingDays,
    due,
    explain,
    mark_due,
    nth_working_day_close,
    parse_mark,
)
from escalation_engine.errors import BadInput
from tests.calendar.desk import LON, NIGHTS, at, counting, hours, pause, utc, working

MONDAY_10 = at("2026-06-08 10:00")


@pytest.mark.parametrize(
    ("target", "mark", "expected"),
    [
        (working(8), "75%", "2026-06-08 16:00"),
        (hours(8), "75%", "2026-06-08 16:00"),
        (WorkingDays(2), "75%", "2026-06-10 11:15"),  # 23 open hours until Wednesday 17:00
        (Period(days=4), "50%", "2026-06-10 10:00"),
        (at("2026-06-12 10:00"), "50%", "2026-06-10 10:00"),
        (working(8), "1 working hour before", "2026-06-08 17:00"),
        (working(8), "2 hours before", "2026-06-09 08:00"),
        (working(8), "1 working day before", "2026-06-08 17:00"),
        (working(8), "1 day before", "2026-06-08 10:00"),
        (working(16), "1 day before", "2026-06-09 10:00"),
        (hours(8), "1 hour before", "2026-06-08 17:00"),
        (hours(1), "1 hour before", "2026-06-08 10:00"),
        (hours(1), "2 hours before", None),
        (working(1), "2 working hours before", None),
        (WorkingDays(2), "1 working day before", "2026-06-09 17:00"),
        (WorkingDays(2), "2 working days before", "2026-06-08 10:00"),
        (WorkingDays(2), "3 working days before", None),
        (WorkingDays(2), "1 working hour before", "2026-06-10 16:00"),
        (Period(weeks=1), "1 working day before", "2026-06-12 17:00"),
        (NO_LIMIT, "75%", None),
    ],
)
def test_a_mark_lies_where_its_words_say(target: Target, mark: str, expected: str | None):
    found = mark_due(LON, MONDAY_10, target, parse_mark(mark))

    assert found == (at(expected) if expected else None)


def test_a_share_of_days_that_end_before_they_open_is_one_of_elapsed_time():
    office = counting(LON, end_of_day=EndOfDay.SAME_TIME)
    saturday = at("2026-06-06 06:00")

    assert due(office, saturday, WorkingDays(1)) == at("2026-06-08 06:00")
    assert mark_due(office, saturday, WorkingDays(1), Share(50)) == at("2026-06-07 06:00")


@pytest.mark.parametrize(
    ("target", "mark"),
    [
        (working(4), Share(75)),
        (working(4), Before(working(1))),
        (hours(4), Share(75)),
        (hours(4), Before(hours(1))),
    ],
)
def test_a_mark_that_is_past_stays_where_it_was_when_a_pause_follows(target: Target, mark: Mark):
    later = [pause("2026-06-08 13:30", "2026-06-08 15:00")]

    assert mark_due(LON, MONDAY_10, target, mark, later) == at("2026-06-08 13:00")


@pytest.mark.parametrize("mark", ["75%", "2 hours before", "1 working hour before"])
@pytest.mark.parametrize("target", [working(8), WorkingDays(2), hours(8)])
def test_while_it_pauses_no_mark_lies_ahead(target: Target, mark: str):
    paused = [pause("2026-06-08 11:00", None)]

    assert mark_due(LON, MONDAY_10, target, parse_mark(mark), paused) is None


@pytest.mark.parametrize(
    ("paused", "resumed", "expected"),
    [
        ("2026-06-09 10:00", "2026-06-09 15:00", "2026-06-10 17:00"),  # within one day
        ("2026-06-09 10:00", "2026-06-10 11:00", "2026-06-11 17:00"),  # Tuesday ended within
        ("2026-06-09 10:00", "2026-06-12 11:00", "2026-06-15 17:00"),  # Tuesday to Thursday did
        ("2026-06-09 17:00", "2026-06-09 18:00", "2026-06-10 17:00"),  # from closing time on
        ("2026-06-09 16:00", "2026-06-09 17:00", "2026-06-11 17:00"),  # until closing time
        ("2026-06-12 10:00", "2026-06-15 10:00", "2026-06-10 17:00"),  # after it was due
        ("2026-06-06 10:00", "2026-06-08 18:00", "2026-06-10 17:00"),  # on day 0
    ],
)
def test_a_working_day_that_ends_during_a_pause_does_not_count(
    paused: str, resumed: str, expected: str
):
    assert due(LON, MONDAY_10, WorkingDays(2), [pause(paused, resumed)]) == at(expected)


def test_days_used_and_remaining_are_whole():
    waiting = [pause("2026-06-09 10:00", "2026-06-10 11:00")]
    found = [
        explain(LON, MONDAY_10, WorkingDays(2), at=at(f"2026-06-{day} 17:00"), breaks=waiting)
        for day in ("08", "09", "10", "11", "12")
    ]

    assert [each.used for each in found] == [WorkingDays(n) for n in (0, 0, 1, 2, 3)]
    assert [each.remaining for each in found] == [WorkingDays(n) for n in (2, 2, 1, 0, 0)]
    assert [each.overrun for each in found] == [WorkingDays(n) for n in (0, 0, 0, 0, 1)]


@pytest.mark.parametrize(
    ("end_of_day", "expected"),
    [
        (EndOfDay.CLOSE, "2026-06-10 06:00"),
        (EndOfDay.SAME_TIME, "2026-06-10 03:00"),
        (EndOfDay.MIDNIGHT, "2026-06-10 00:00"),
    ],
)
def test_what_happens_within_a_night_happens_on_the_day_it_began(
    end_of_day: EndOfDay, expected: str
):
    nights = counting(NIGHTS, end_of_day=end_of_day)
    within_monday_night = at("2026-06-09 03:00", "America/New_York")

    assert due(nights, within_monday_night, WorkingDays(1)) == at(expected, "America/New_York")


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31 10:00", 1, "2026-02-28 10:00"),
        ("2026-11-30 10:00", 3, "2027-02-28 10:00"),
        ("2026-12-15 10:00", 1, "2027-01-15 10:00"),
    ],
)
def test_a_month_stops_at_the_end_of_a_shorter_one(start: str, months: int, expected: str):
    assert due(LON, at(start), Period(months=months)) == at(expected)


def test_the_next_threshold_is_the_next_mark_and_then_the_due_instant():
    marks = [Share(50), Share(75)]
    found = [
        explain(LON, MONDAY_10, working(4), at=at(f"2026-06-08 {when}"), marks=marks).next_threshold
        for when in ("10:00", "12:00", "13:00", "14:00")
    ]

    assert found == [
        Threshold(Share(50), at("2026-06-08 12:00")),
        Threshold(Share(75), at("2026-06-08 13:00")),
        Threshold(None, at("2026-06-08 14:00")),
        None,
    ]


@pytest.mark.parametrize("target", [working(4), Period(days=1)])
def test_a_stopped_clock_shows_when_it_would_have_been_due_and_nothing_lies_ahead(target: Target):
    stopped: list[Break] = [Stop(at("2026-06-08 11:00"))]
    found = explain(LON, MONDAY_10, target, at=at("2026-06-08 12:00"), breaks=stopped)

    assert found.due == due(LON, MONDAY_10, target)
    assert found.used == hours(1)
    assert found.next_threshold is None


def test_without_a_limit_time_runs_and_nothing_remains():
    found = explain(LON, MONDAY_10, NO_LIMIT, at=at("2026-06-08 12:00"))

    assert (found.used, found.remaining, found.overrun, found.due) == (hours(2), None, None, None)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(BadInput, match="start: has no time zone"):
        due(LON, datetime(2026, 6, 8), hours(1))  # noqa: DTZ001 - the point of the test


def test_a_pause_does_not_end_before_it_begins():
    with pytest.raises(BadInput, match="is before the start"):
        pause("2026-06-08 12:00", "2026-06-08 11:00")


def test_a_number_of_days_is_one_or_more():
    with pytest.raises(BadInput, match="0 is no number of days"):
        nth_working_day_close(LON, MONDAY_10, 0)


def test_instants_come_back_in_utc():
    for target in (hours(1), working(1), WorkingDays(1), Period(days=1), at("2026-06-09 10:00")):
        assert due(LON, MONDAY_10, target).utcoffset() == timedelta()
        assert due(LON, MONDAY_10, target).tzinfo is utc("2026-01-01").tzinfo
