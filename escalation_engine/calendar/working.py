"""Adds, measures and lists the open time of a calendar. All instants are aware, in and out.

No day is stepped through when a question is asked: a calendar's year is laid out once (`table.py`),
and every question is a search in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from escalation_engine.calendar.calendar import Calendar
from escalation_engine.calendar.fault import NoOpenTime
from escalation_engine.calendar.local import to_utc
from escalation_engine.errors import BadInput

__all__ = [
    "HORIZON_YEARS",
    "add_open",
    "intervals",
    "is_open",
    "next_close",
    "next_open",
    "open_between",
    "subtract_open",
]

HORIZON_YEARS = 5
_NOTHING = timedelta()


def add_open(calendar: Calendar, start: datetime, time: timedelta) -> datetime:
    """Return the first instant at which `time` of open time has passed since `start`.

    Time used up exactly at closing time ends at that closing instant; nothing to add ends at
    `start`, open or not. `NoOpenTime` when the calendar closes for more than five years on the way.
    """
    if start.tzinfo is not UTC:
        start = to_utc(start, "start")
    table = calendar.table(start.year)
    used = table.used(start) + time
    if time > _NOTHING and used <= table.total:
        return table.reached(used)
    return _add_over_years(calendar, start, time)


def subtract_open(calendar: Calendar, end: datetime, time: timedelta) -> datetime:
    """Return the last instant from which `time` of open time passes until `end`."""
    end = to_utc(end, "end")
    _check_time(time)
    if not time:
        return end
    since, year = end, end.year
    left = calendar.table(year).used(end) - time
    while left < _NOTHING:
        year = _open_year(calendar, range(year - 1, year - 1 - HORIZON_YEARS, -1), since)
        table = calendar.table(year)
        since = table.opens[1]
        left += table.total
    return calendar.table(year).last_at(left)


def open_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how much open time lies from `start` until `end`, which is not before it."""
    start, end = _in_order(start, end)
    passed = calendar.table(end.year).used(end) - calendar.table(start.year).used(start)
    return sum((calendar.table(year).total for year in range(start.year, end.year)), passed)


def intervals(
    calendar: Calendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open intervals from `start` until `end`, half-open; none touches the next."""
    start, end = _in_order(start, end)
    begun: tuple[datetime, datetime] | None = None
    for year in range(start.year, end.year + 1):
        for open_, close in _pieces(calendar, year, start, end):
            if begun and begun[1] == open_:
                begun = begun[0], close
                continue
            if begun:
                yield begun
            begun = open_, close
    if begun:
        yield begun


def is_open(calendar: Calendar, instant: datetime) -> bool:
    """Return whether the calendar is open; at its closing instant it is not."""
    instant = to_utc(instant, "instant")
    table = calendar.table(instant.year)
    return instant < table.closes[bisect_right(table.opens, instant) - 1]


def next_open(calendar: Calendar, instant: datetime) -> datetime:
    """Return the first instant from this one on at which the calendar is open."""
    instant = to_utc(instant, "instant")
    table = calendar.table(instant.year)
    index = bisect_right(table.closes, instant)
    if index < len(table.opens):
        return max(instant, table.opens[index])
    years = range(instant.year + 1, instant.year + 1 + HORIZON_YEARS)
    return calendar.table(_open_year(calendar, years, instant)).opens[1]


def next_close(calendar: Calendar, instant: datetime) -> datetime | None:
    """Return the first closing instant after this one, None when it stays open for five years."""
    begin = next_open(calendar, instant)
    for year in range(begin.year, begin.year + HORIZON_YEARS + 1):
        table = calendar.table(year)
        begins = datetime(year, 1, 1, tzinfo=UTC)
        if year > begin.year and not is_open(calendar, begins):
            return begins
        close = table.closes[bisect_right(table.opens, max(begin, begins)) - 1]
        if close.year == year:
            return close
    return None


def _pieces(
    calendar: Calendar, year: int, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open intervals of one UTC year, cut to what lies from `start` until `end`."""
    table = calendar.table(year)
    for index in range(max(1, bisect_right(table.closes, start)), len(table.opens)):
        open_ = max(table.opens[index], start)
        if open_ >= end:
            return
        yield open_, min(table.closes[index], end)


def _add_over_years(calendar: Calendar, start: datetime, time: timedelta) -> datetime:
    _check_time(time)
    if not time:
        return start
    since, year = start, start.year
    table = calendar.table(year)
    left = table.used(start) + time
    while left > table.total:
        left -= table.total
        if table.total:
            since = max(since, table.closes[-1])
        year = _open_year(calendar, range(year + 1, year + 1 + HORIZON_YEARS), since)
        table = calendar.table(year)
    return table.reached(left)


def _open_year(calendar: Calendar, years: range, since: datetime) -> int:
    """Return the first of the years that has open time, or raise `NoOpenTime`."""
    for year in years:
        if calendar.table(year).total:
            return year
    raise NoOpenTime(calendar.name, since)


def _check_time(time: timedelta) -> None:
    if time < _NOTHING:
        raise BadInput("time", f"{time} is negative", accepted="nothing or more")


def _in_order(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    start, end = to_utc(start, "start"), to_utc(end, "end")
    if end < start:
        raise BadInput("end", f"{end} is before the start, {start}", accepted="a later instant")
    return start, end
