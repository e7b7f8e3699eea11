"""What holds for every calendar, instant, length and pause."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from escalation_engine.calendar import (
    Break,
    Calendar,
    Cause,
    Cutoff,
    EndOfDay,
    Mark,
    Pause,
    Period,
    Share,
    Stop,
    Target,
    WorkingDays,
    WorkingTime,
    add_open,
    due,
    explain,
    intervals,
    is_open,
    mark_due,
    next_close,
    next_open,
    open_between,
    subtract_open,
)
from escalation_engine.calendar.days import DayCount, nth_working_day
from tests.calendar.desk import LON, NIGHTS, ROUND_THE_CLOCK, SCOTLAND, calendar, counting

NOTHING = timedelta()
PLACES = [
    LON,
    SCOTLAND,
    ROUND_THE_CLOCK,
    NIGHTS,
    calendar("Asia/Riyadh", {"sun-thu": "09:00-17:00"}),
    calendar("Australia/Lord_Howe", {"mon-sun": ["00:30-02:15", "13:00-24:00"]}),
    calendar("Pacific/Chatham", {"mon-sat": "20:00-12:00"}, special={date(2026, 7, 1): "closed"}),
    calendar("America/St_Johns", {"sun": "23:59-23:58"}, yearly={"20 Dec to 10 Jan": "closed"}),
]
COUNTED = [
    counting(place, cutoff=cutoff, end_of_day=end_of_day)
    for place in PLACES
    for cutoff in Cutoff
    for end_of_day in EndOfDay
]

places = st.sampled_from(PLACES)
counted = st.sampled_from(COUNTED)
starts = st.one_of(
    st.datetimes(datetime(2025, 6, 1), datetime(2028, 6, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is given beside it
    st.integers(0, 3 * 365 * 96).map(
        lambda quarters: datetime(2025, 6, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    ),
)
spans = st.one_of(
    st.timedeltas(timedelta(microseconds=1), timedelta(days=30)),
    st.integers(1, 2_000).map(lambda quarters: timedelta(minutes=15 * quarters)),
)
long_spans = st.timedeltas(NOTHING, timedelta(days=800))


@st.composite
def breaks_after(draw: st.DrawFn, start: datetime) -> list[Break]:
    """Up to five pauses and stops that may overlap, begin before the start, or never end."""
    found: list[Break] = []
    for _ in range(draw(st.integers(0, 5))):
        begin = start + draw(st.timedeltas(timedelta(days=-2), timedelta(days=20)))
        end = begin + draw(spans) if draw(st.integers(0, 9)) else None
        reason = draw(st.sampled_from(["client", "vendor", ""]))
        found.append(Pause(begin, end, reason) if reason else Stop(begin, end))
    return found


@given(places, starts, spans)
def test_measuring_what_was_added_gives_it_back(place: Calendar, start: datetime, time: timedelta):
    end = add_open(place, start, time)

    assert open_between(place, start, end) == time
    assert end > start


@given(places, starts, spans)
def test_what_was_added_can_be_taken_away(place: Calendar, start: datetime, time: timedelta):
    begin = subtract_open(place, add_open(place, start, time), time)

    assert open_between(place, begin, add_open(place, start, time)) == time
    assert begin == next_open(place, start)


@given(places, starts, spans, spans)
def test_more_time_ends_later(place: Calendar, start: datetime, one: timedelta, two: timedelta):
    less, more = sorted([one, two])

    assert add_open(place, start, less) <= add_open(place, start, more)


@given(places, starts, long_spans, spans)
def test_a_later_start_ends_no_earlier(
    place: Calendar, start: datetime, later: timedelta, time: timedelta
):
    assert add_open(place, start, time) <= add_open(place, start + later, time)


@given(places, starts, spans, spans)
def test_adding_twice_is_adding_the_sum(
    place: Calendar, start: datetime, one: timedelta, two: timedelta
):
    assert add_open(place, add_open(place, start, one), two) == add_open(place, start, one + two)


@given(places, starts, long_spans, long_spans)
def test_open_time_adds_up(place: Calendar, start: datetime, one: timedelta, two: timedelta):
    middle, end = start + one, start + one + two

    assert open_between(place, start, end) == open_between(place, start, middle) + open_between(
        place, middle, end
    )
    assert NOTHING <= open_between(place, start, end) <= end - start


@given(places, starts, long_spans)
def test_the_intervals_are_the_open_time(place: Calendar, start: datetime, span: timedelta):
    found = list(intervals(place, start, start + span))

    assert sum((close - open_ for open_, close in found), NOTHING) == open_between(
        place, start, start + span
    )
    assert all(open_ < close for open_, close in found)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(found))


@given(places, starts)
def test_opening_and_being_open_agree(place: Calendar, instant: datetime):
    opens, closes = next_open(place, instant), next_close(place, instant)

    assert is_open(place, instant) is (opens == instant)
    assert is_open(place, opens)
    assert open_between(place, instant, opens) == NOTHING
    if closes:
        assert not is_open(place, closes)
        assert open_between(place, opens, closes) == closes - opens


@given(counted, starts, st.one_of(spans.map(WorkingTime), spans, st.integers(1, 40)))
def test_nothing_is_due_before_its_start(
    place: Calendar, start: datetime, target: WorkingTime | timedelta | int
):
    if isinstance(target, int):
        assert due(place, start, WorkingDays(target)) > start
        assert due(place, start, Period(days=target)) > start
        assert due(place, start, Period(months=target)) > start
    else:
        assert due(place, start, target) > start


@given(counted, starts, long_spans, st.integers(1, 300))
def test_days_that_start_later_end_no_earlier(
    place: Calendar, start: datetime, later: timedelta, days: int
):
    assert due(place, start, WorkingDays(days)) <= due(place, start + later, WorkingDays(days))


@given(places, st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.integers(1, 600))
def test_working_days_count_back_as_they_count_on(place: Calendar, day: date, days: int):
    last = nth_working_day(place, day, days)
    first = nth_working_day(place, day, 1)

    assert nth_working_day(place, first, days - 1) == last if days > 1 else first == last
    assert nth_working_day(place, last + timedelta(days=1), -days) == first


@given(places, starts, spans, st.data())
def test_a_pause_never_brings_a_due_instant_forward(
    place: Calendar, start: datetime, time: timedelta, data: st.DataObject
):
    breaks = data.draw(breaks_after(start))
    for target in (WorkingTime(time), time, WorkingDays(1 + time.days)):
        found, more = due(place, start, target, breaks[1:]), due(place, start, target, breaks)

        assert more is None or (found is not None and found <= more)


@given(places, starts, spans, st.data())
def test_what_counted_adds_up_to_the_target_when_it_is_due(
    place: Calendar, start: datetime, time: timedelta, data: st.DataObject
):
    breaks = data.draw(breaks_after(start))
    for target in (WorkingTime(time), time):
        when = due(place, start, target, breaks)
        assume(when is not None)
        assert when
        found = explain(place, start, target, at=when, breaks=breaks)

        assert found.total(Cause.COUNTED) == found.used == time
        assert (found.remaining, found.overrun) == (NOTHING, NOTHING)


@given(counted, starts, spans, st.data())
def test_the_intervals_of_an_explanation_add_up_to_the_due_instant(
    place: Calendar, start: datetime, time: timedelta, data: st.DataObject
):
    breaks = data.draw(breaks_after(start))
    days = 1 + time.days
    fixed: list[Target] = [Period(days=days), start + time]
    for target in (WorkingTime(time), time, WorkingDays(days), *fixed):
        when = due(place, start, target, breaks)
        if when is None:
            continue
        found = explain(place, start, target, at=when, breaks=breaks)

        assert sum((each.end - each.start for each in found.intervals), start) == when
        assert found.due == when
        if isinstance(target, WorkingTime | timedelta):
            assert found.total(Cause.COUNTED) == time
        if isinstance(target, WorkingDays):
            assert found.used == target


@given(places, starts, spans, long_spans, st.data())
def test_an_explanation_leaves_no_gap_and_counts_what_is_used(
    place: Calendar, start: datetime, time: timedelta, later: timedelta, data: st.DataObject
):
    breaks = data.draw(breaks_after(start))
    for target in (WorkingTime(time), time, WorkingDays(3), Period(weeks=1)):
        found = explain(place, start, target, at=start + later, breaks=breaks)
        edges = [edge for each in found.intervals for edge in (each.start, each.end)]

        assert edges[::2] == [start, *edges[1:-1:2]][: len(edges) // 2]
        assert edges[-1:] == ([start + later] if later else [])
        if not isinstance(target, WorkingDays):
            assert found.total(Cause.COUNTED) == found.used


@given(counted, starts, st.integers(1, 12), st.data())
def test_paused_days_are_those_that_end_within_a_break(
    place: Calendar, start: datetime, number: int, data: st.DataObject
):
    breaks = data.draw(breaks_after(start))
    count = DayCount(place, start)
    days = [nth_working_day(place, count.day_zero, n) for n in range(1, 60)]
    ends = [count.end_of(day) for day in days]
    running = [end for end in ends if not any(is_within(each, end) for each in breaks)]
    expected = running[number - 1] if len(running) >= number else None

    assert due(place, start, WorkingDays(number), breaks) == expected


@given(counted, starts, spans, st.integers(1, 99), st.data())
def test_a_mark_lies_between_the_start_and_the_due_instant(
    place: Calendar, start: datetime, time: timedelta, percent: int, data: st.DataObject
):
    breaks = data.draw(breaks_after(start))
    mark: Mark = Share(percent)
    for target in (WorkingTime(time), time, WorkingDays(2), Period(days=2)):
        marked, ends = (
            mark_due(place, start, target, mark, breaks),
            due(place, start, target, breaks),
        )

        assert ends is None or (marked is not None and start <= marked <= ends)


@pytest.mark.parametrize("place", PLACES)
def test_a_year_of_a_calendar_is_as_long_as_its_parts(place: Calendar):
    year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

    assert open_between(place, *year) == place.table(2026).total


def is_within(each: Break, end: datetime) -> bool:
    """Whether a working day's end falls into a break: after its beginning, up to its end."""
    return each.start < end and (each.end is None or end <= each.end)
