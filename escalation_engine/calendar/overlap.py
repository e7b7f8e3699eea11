"""Where the hours of a day that differs from its week reach into those of the day beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from escalation_engine.calendar.calendar import Calendar
from escalation_engine.calendar.fault import CalendarFault
from escalation_engine.calendar.hours import DAY_MINUTES, Range

__all__ = ["days_beside", "overlaps"]

_ONE_DAY = timedelta(days=1)
_HINT = "end the first where the second begins"


def overlaps(
    calendar: Calendar, *, special: Sequence[date], yearly: Sequence[str], years: range
) -> Iterator[CalendarFault]:
    """Yield a fault for each special day, and each yearly range in those years, that overlaps.

    `yearly` are the texts of the calendar's yearly ranges, in order.
    """
    seen: set[date] = set()
    for day in special:
        yield from _around(calendar, day, ("special", str(day)), seen)
    for text, range_ in zip(yearly, calendar.yearly, strict=True):
        if range_.ranges and years:
            first, behind = date(years.start, 1, 1), date(years.stop, 1, 1)
            days = (first + timedelta(days=at) for at in range((behind - first).days))
            covered = (day for day in days if range_.covers(day))
            found = (_around(calendar, day, ("yearly", text), seen) for day in covered)
            yield from next((faults for each in found if (faults := list(each))), [])


def days_beside(day: date) -> tuple[date, date]:
    """Return the day before and the day after."""
    return day - _ONE_DAY, day + _ONE_DAY


def _around(
    calendar: Calendar, day: date, at: tuple[str, ...], seen: set[date]
) -> Iterator[CalendarFault]:
    """Yield a fault where the day begins too early or ends too late; each night is told once."""
    for night in (day - _ONE_DAY, day):
        clash = None if night in seen else _clash(calendar, night)
        if clash:
            seen.add(night)
            late, early = clash
            message = f"`{late}` of {night} overlaps `{early}` of {night + _ONE_DAY}"
            yield CalendarFault(at, message, _HINT)


def _clash(calendar: Calendar, night: date) -> tuple[Range, Range] | None:
    """Return the range of a day that reaches past the first one of the next, with that one."""
    late, early = calendar.ranges_on(night), calendar.ranges_on(night + _ONE_DAY)
    if late and early and late[-1].end_minute - DAY_MINUTES > early[0].start_minute:
        return late[-1], early[0]
    return None
