"""Open time at its edges: closing instants, year ends, and calendars that hardly open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from escalation_engine.calendar import (
    NoOpenTime,
    add_open,
    around_the_clock,
    intervals,
    is_open,
    next_close,
    next_open,
    nth_working_day_close,
    open_between,
    subtract_open,
)
from escalation_engine.errors import BadInput
from tests.calendar.desk import LON, ROUND_THE_CLOCK, at, calendar, hours, utc

NOTHING = timedelta()
ONCE = calendar(hours={"mon": "closed"}, special={date(2026, 6, 8): "09:00-17:00"})
OFFICE = [(at("2026-06-08 09:00"), at("2026-06-08 17:00"))]


@pytest.mark.parametrize(
    ("when", "open_", "opens", "closes"),
    [
        ("2026-06-08 08:59", False, "2026-06-08 09:00", "2026-06-08 17:00"),
        ("2026-06-08 09:00", True, "2026-06-08 09:00", "2026-06-08 17:00"),
        ("2026-06-08 16:59", True, "2026-06-08 16:59", "2026-06-08 17:00"),
        ("2026-06-08 17:00", False, "2026-06-09 09:00", "2026-06-09 17:00"),
        ("2026-12-31 17:00", False, "2027-01-04 09:00", "2027-01-04 17:00"),
    ],
)
def test_open_intervals_are_half_open(when: str, open_: bool, opens: str, closes: str):
    assert is_open(LON, at(when)) is open_
    assert next_open(LON, at(when)) == at(opens)
    assert next_close(LON, at(when)) == at(closes)


def test_what_never_closes_has_no_closing_instant_and_one_interval():
    start, end = utc("2026-06-08 12:00"), utc("2029-01-01 12:00")

    assert next_close(ROUND_THE_CLOCK, start) is None
    assert list(intervals(ROUND_THE_CLOCK, start, end)) == [(start, end)]
    assert open_between(around_the_clock(), start, end) == end - start


@pytest.mark.parametrize("hours_", ["18:00-00:00", "18:00-24:00", "18:00-03:00"])
def test_a_night_over_new_year_is_one_interval(hours_: str):
    place = calendar("UTC", {"mon-sun": hours_})
    start, end = utc("2026-12-31 12:00"), utc("2027-01-01 12:00")
    ((open_, close),) = intervals(place, start, end)

    assert next_close(place, start) == close
    assert add_open(place, open_, close - open_) == close
    assert subtract_open(place, close, close - open_) == open_


def test_twenty_years_of_hours_are_added_at_once():
    start = at("2025-01-01 00:00")
    end = add_open(ROUND_THE_CLOCK, start, timedelta(days=7_300))

    assert end == start.astimezone(utc("2025-01-01").tzinfo) + timedelta(days=7_300)
    assert subtract_open(ROUND_THE_CLOCK, end, timedelta(days=7_300)) == start


def test_adding_nothing_stays():
    assert add_open(LON, at("2026-06-07 12:00"), NOTHING) == at("2026-06-07 12:00")
    assert subtract_open(LON, at("2026-06-07 12:00"), NOTHING) == at("2026-06-07 12:00")


def test_a_calendar_that_opens_once_is_used_up():
    assert add_open(ONCE, at("2021-06-08 09:00"), hours(8)) == at("2026-06-08 17:00")
    assert subtract_open(ONCE, at("2031-06-08 17:00"), hours(8)) == at("2026-06-08 09:00")
    with pytest.raises(NoOpenTime) as refused:
        add_open(ONCE, at("2026-06-08 10:00"), hours(8))
    assert (refused.value.calendar, refused.value.since) == ("office", at("2026-06-08 17:00"))


@pytest.mark.parametrize("when", ["2020-12-31 12:00", "2026-06-08 17:00"])
def test_no_opening_within_five_years_is_an_error(when: str):
    with pytest.raises(NoOpenTime):
        next_open(ONCE, at(when))
    with pytest.raises(NoOpenTime):
        next_close(ONCE, at(when))
    with pytest.raises(NoOpenTime):
        nth_working_day_close(ONCE, at(when), 1)


def test_days_that_run_out_are_missed_since_the_last_of_them():
    with pytest.raises(NoOpenTime) as refused:
        nth_working_day_close(ONCE, at("2026-06-01 12:00"), 2)

    assert refused.value.since == at("2026-06-08 00:00")


def test_no_open_time_in_the_five_years_before_is_an_error():
    with pytest.raises(NoOpenTime):
        subtract_open(ONCE, at("2026-06-08 09:00"), hours(1))


def test_intervals_are_cut_to_what_is_asked():
    assert list(intervals(LON, at("2026-06-08 00:00"), at("2026-06-09 00:00"))) == OFFICE
    assert list(intervals(LON, at("2026-06-08 10:00"), at("2026-06-08 11:00"))) == [
        (at("2026-06-08 10:00"), at("2026-06-08 11:00"))
    ]
    assert list(intervals(LON, at("2026-06-08 17:00"), at("2026-06-09 09:00"))) == []


def test_ranges_that_a_change_of_clocks_pushes_together_count_once():
    place = calendar(hours={"sun": ["01:00-01:45", "02:00-03:00"]})
    night = at("2026-03-29 00:00"), at("2026-03-29 12:00")

    assert open_between(place, *night) == hours(1)
    assert len(list(intervals(place, *night))) == 1


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(BadInput, match="is before the start"):
        open_between(LON, at("2026-06-08 10:00"), at("2026-06-08 09:00"))
    with pytest.raises(BadInput, match="is negative"):
        add_open(LON, at("2026-06-08 10:00"), -hours(1))
    with pytest.raises(BadInput, match="is negative"):
        subtract_open(LON, at("2026-06-08 10:00"), -hours(1))
    with pytest.raises(BadInput, match="beyond every calendar"):
        add_open(LON, utc("9999-06-08 10:00"), hours(1))
    with pytest.raises(BadInput, match="beyond every calendar"):
        nth_working_day_close(LON, utc("9999-06-08 10:00"), 1)
