"""Durations and marks as text: what is read, what is refused and why, and the one way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_engine.calendar import (
    NO_LIMIT,
    Before,
    Duration,
    DurationError,
    Period,
    Share,
    WorkingDays,
    WorkingTime,
    parse_duration,
    parse_mark,
    write_duration,
    write_mark,
)
from tests.calendar.desk import hours, working

READ: list[tuple[str, Duration, str]] = [
    ("90 minutes", hours(1.5), "1 hour 30 minutes"),
    ("24 hours", hours(24), "24 hours"),
    ("1 hour 30 minutes", hours(1.5), "1 hour 30 minutes"),
    ("30 minutes 1 hour", hours(1.5), "1 hour 30 minutes"),
    ("  2  Hours ", hours(2), "2 hours"),
    ("1 hours", hours(1), "1 hour"),
    ("61 seconds", timedelta(seconds=61), "1 minute 1 second"),
    ("4 working hours", working(4), "4 working hours"),
    ("45 working minutes", working(0.75), "45 working minutes"),
    ("1 working hour 30 working minutes", working(1.5), "90 working minutes"),
    ("2 working days", WorkingDays(2), "2 working days"),
    ("1 working day", WorkingDays(1), "1 working day"),
    ("1 day", Period(days=1), "1 day"),
    ("8 weeks", Period(weeks=8), "8 weeks"),
    ("3 months", Period(months=3), "3 months"),
    ("1 month 2 weeks 1 day", Period(1, 2, 1), "1 month 2 weeks 1 day"),
    ("none", NO_LIMIT, "none"),
    (" None ", NO_LIMIT, "none"),
]
EXAMPLES = "write `90 minutes`, `4 working hours`, `2 working days`, `8 weeks` or `none`"
UNITS = "`working`, `seconds`, `minutes`, `hours`, `days`, `weeks`, `months`"
REFUSED = [
    (
        "5",
        0,
        "`5` has no unit",
        "write `5 minutes`, `5 hours`, `5 working hours`, `5 days`, `5 working days`",
    ),
    ("1d", 0, "`1d` is too short to be clear", "write `1 day` or `1 working day`"),
    ("24h", 0, "`24h` is too short to be clear", "write `24 hours` or `24 working hours`"),
    ("8bh", 0, "`8bh` is too short to be clear", "write `8 working hours`"),
    ("30m", 0, "`30m` is too short to be clear", "write `30 minutes` or `30 months`"),
    ("24hours", 0, "`24hours` lacks a space", "write `24 hours`"),
    ("-1 day", 0, "a duration cannot be negative", "write `1 day`"),
    ("+1 day", 0, "a duration has no sign", "write `1 day`"),
    ("0 minutes", 0, "a duration is longer than nothing", "write `none` for no limit"),
    ("1.5 hours", 0, "`1.5` is no whole number", "write `90 minutes`"),
    ("1,5 hours", 0, "`1,5` is no whole number", "write `90 minutes`"),
    ("0.01 minutes", 0, "`0.01` is no whole number", "write whole numbers, such as `90 minutes`"),
    ("0.1 minutes", 0, "`0.1` is no whole number", "write `6 seconds`"),
    ("1.5 working hours", 0, "`1.5` is no whole number", "write `90 working minutes`"),
    ("1.5 days", 0, "`1.5` is no whole number", "write whole numbers, such as `90 minutes`"),
    ("3 hors", 2, f"`hors` is no unit of time; accepted: {UNITS}", "did you mean `hours`?"),
    ("3 mins", 2, f"`mins` is no unit of time; accepted: {UNITS}", "did you mean `minutes`?"),
    (
        "2 business days",
        2,
        f"`business` is no unit of time; accepted: {UNITS}",
        "did you mean `working`?",
    ),
    ("2 q", 2, f"`q` is no unit of time; accepted: {UNITS}", ""),
    (
        "1 working hour 30 minutes",
        15,
        "working time and elapsed time do not add up",
        "write `90 working minutes`, or leave out `working`",
    ),
    (
        "1 day 4 hours",
        6,
        "a calendar period and elapsed time do not add up",
        "say it in one kind of time",
    ),
    (
        "1 working day 1 day",
        14,
        "working days and a calendar period do not add up",
        "say it in one kind of time",
    ),
    ("2 working weeks", 10, "there are no working weeks", "count `working days`"),
    ("2 working", 2, "`working` what?", EXAMPLES),
    ("1 hour 2 hours", 7, "`hours` are given twice", "add them up"),
    ("two days", 0, "a number is missing before `two`", EXAMPLES),
    ("none 5", 0, "a number is missing before `none`", EXAMPLES),
    ("", 0, "the duration is empty", EXAMPLES),
    ("9999999 hours", 0, "a duration of more than 100 years", "write `none` for no limit"),
    ("1 week 99999 days", 7, "a duration of more than 100 years", "write `none` for no limit"),
    ("99999999999 hours", 0, "`99999999999` is too large", EXAMPLES),
    ("٣ hours", 0, "`٣` is too large", EXAMPLES),
]
MARKS = [
    ("75%", Share(75), "75%"),
    (" 5 % ", Share(5), "5%"),
    ("1 hour before", Before(hours(1)), "1 hour before"),
    ("2 working days Before", Before(WorkingDays(2)), "2 working days before"),
]
REFUSED_MARKS = [
    ("0%", "`0%` is no share of a target", "write a whole number from `1%` to `99%`"),
    ("100%", "`100%` is no share of a target", "write a whole number from `1%` to `99%`"),
    ("7.5%", "`7.5%` is no share of a target", "write a whole number from `1%` to `99%`"),
    ("1 hour", "`1 hour` is no mark on the way to a target", "write `75%` or `1 hour before`"),
    ("before", "`before` is no mark on the way to a target", "write `75%` or `1 hour before`"),
    ("none before", "`none` is no time before anything", "write `1 hour before`"),
    ("1h before", "`1h` is too short to be clear", "write `1 hour` or `1 working hour`"),
]

whole_seconds = st.integers(1, 10**9).map(lambda seconds: timedelta(seconds=seconds))
numbers = st.integers(0, 1_000)
durations = st.one_of(
    whole_seconds,
    whole_seconds.map(WorkingTime),
    st.integers(1, 30_000).map(WorkingDays),
    st.builds(Period, numbers, numbers, numbers).filter(lambda period: period != Period()),
    st.just(NO_LIMIT),
)


@pytest.mark.parametrize(("text", "value", "written"), READ)
def test_a_duration_is_read_and_written_in_one_way(text: str, value: Duration, written: str):
    assert parse_duration(text) == value
    assert write_duration(value) == written


@pytest.mark.parametrize(("text", "offset", "message", "hint"), REFUSED)
def test_a_refused_duration_says_where_and_what_instead(
    text: str, offset: int, message: str, hint: str
):
    with pytest.raises(DurationError) as refused:
        parse_duration(text)

    assert (refused.value.offset, refused.value.message, refused.value.hint) == (
        offset,
        message,
        hint,
    )


@given(durations)
def test_what_is_written_is_read_as_the_same_duration(duration: Duration):
    assert parse_duration(write_duration(duration)) == duration


@given(st.text(max_size=30))
def test_any_text_is_a_duration_or_a_duration_error(text: str):
    try:
        found = parse_duration(text)
    except DurationError:
        return

    assert parse_duration(write_duration(found)) == found


@pytest.mark.parametrize(
    "value",
    [timedelta(), hours(-1), timedelta(microseconds=1), WorkingTime(hours(0)), WorkingDays(0)],
)
def test_what_no_text_says_is_not_written(value: Duration):
    with pytest.raises(DurationError):
        write_duration(value)


@pytest.mark.parametrize(("text", "mark", "written"), MARKS)
def test_a_mark_is_read_and_written_in_one_way(text: str, mark: Share | Before, written: str):
    assert parse_mark(text) == mark
    assert write_mark(mark) == written


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED_MARKS)
def test_a_refused_mark_says_what_instead(text: str, message: str, hint: str):
    with pytest.raises(DurationError) as refused:
        parse_mark(text)

    assert (refused.value.message, refused.value.hint) == (message, hint)


@given(st.text(max_size=30))
def test_any_text_is_a_mark_or_a_duration_error(text: str):
    try:
        found = parse_mark(text)
    except DurationError:
        return

    assert parse_mark(write_mark(found)) == found
