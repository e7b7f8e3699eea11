"""When a target is due, and when a mark on the way to it is reached, pauses included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never, overload

from escalation_engine.calendar.calendar import Calendar
from escalation_engine.calendar.days import (
    DayCount,
    day_ended_at,
    nth_working_day,
    subtract_period,
)
from escalation_engine.calendar.duration import (
    Before,
    Mark,
    NoLimit,
    Period,
    Share,
    WorkingDays,
    WorkingTime,
)
from escalation_engine.calendar.local import to_utc
from escalation_engine.calendar.measure import (
    Limit,
    Measure,
    Target,
    measure,
    measure_elapsed,
    measure_open,
)
from escalation_engine.calendar.paused import Break
from escalation_engine.calendar.working import subtract_open

__all__ = ["due", "mark_due", "moves_with_pauses"]

_NOTHING = timedelta()


@overload
def due(calendar: Calendar, start: datetime, target: Limit) -> datetime: ...
@overload
def due(
    calendar: Calendar, start: datetime, target: Target, breaks: Sequence[Break] = ()
) -> datetime | None: ...
def due(
    calendar: Calendar, start: datetime, target: Target, breaks: Sequence[Break] = ()
) -> datetime | None:
    """Return when a target that began at `start` is due, in UTC.

    None when nothing is: without a limit, or paused or stopped until further notice before that.
    """
    if isinstance(target, NoLimit):
        return None
    return measure(calendar, to_utc(start, "start"), target, breaks).due()


def mark_due(
    calendar: Calendar, start: datetime, target: Target, mark: Mark, breaks: Sequence[Break] = ()
) -> datetime | None:
    """Return when a mark is reached; None when a break keeps that open, or it never is.

    A share of working days is one of the open time that runs until they are due. A mark that would
    lie before `start` is never reached.
    """
    if isinstance(target, NoLimit):
        return None
    start = to_utc(start, "start")
    match mark:
        case Share(percent):
            return _share_due(calendar, start, target, percent, breaks)
        case Before(duration):
            found = _before_due(calendar, start, target, duration, breaks)
            return found if found and found >= start else None
        case _:
            assert_never(mark)


def moves_with_pauses(target: Target) -> bool:
    """Return whether a pause can move such a target at all."""
    return isinstance(target, timedelta | WorkingTime | WorkingDays)


def _share_due(
    calendar: Calendar, start: datetime, target: Limit, percent: int, breaks: Sequence[Break]
) -> datetime | None:
    match target:
        case timedelta():
            return measure_elapsed(start, target, breaks).reached(target * percent / 100)
        case WorkingTime(time):
            return measure_open(calendar, start, time, breaks).reached(time * percent / 100)
        case WorkingDays():
            end = due(calendar, start, target, breaks)
            if end is None:
                return None
            running = measure_open(calendar, start, _NOTHING, breaks)
            if not running.used(end):  # due before the first hours: `end_of_day: same_time`
                running = measure_elapsed(start, _NOTHING, breaks)
            return running.reached(running.used(end) * percent / 100)
        case Period() | datetime():
            return start + (due(calendar, start, target) - start) * percent / 100
        case _:
            assert_never(target)


def _before_due(
    calendar: Calendar,
    start: datetime,
    target: Limit,
    before: timedelta | WorkingTime | WorkingDays | Period,
    breaks: Sequence[Break],
) -> datetime | None:
    """Return the instant that lies so long before the due instant.

    Of the same kind it is where so much remains, so that a later pause does not move it once it is
    past; of another kind it is counted back from where the target is due now.
    """
    match target, before:
        case timedelta(), timedelta():
            return _reached(measure_elapsed(start, target, breaks), target - before)
        case WorkingTime(time), WorkingTime(last):
            return _reached(measure_open(calendar, start, time, breaks), time - last)
        case WorkingDays(days), WorkingDays(last_days):
            if days <= last_days:
                return start if days == last_days else None
            return due(calendar, start, WorkingDays(days - last_days), breaks)
    end = due(calendar, start, target, breaks)
    return _counted_back(calendar, start, end, before) if end else None


def _reached(measured: Measure[timedelta], amount: timedelta) -> datetime | None:
    if amount <= _NOTHING:
        return None if amount else measured.start
    return measured.reached(amount)


def _counted_back(
    calendar: Calendar,
    start: datetime,
    end: datetime,
    before: timedelta | WorkingTime | WorkingDays | Period,
) -> datetime:
    match before:
        case timedelta():
            return end - before
        case WorkingTime(time):
            return subtract_open(calendar, end, time)
        case WorkingDays(days):
            day = nth_working_day(calendar, day_ended_at(calendar, end), -days)
            return DayCount(calendar, start).end_of(day)
        case Period():
            return subtract_period(calendar, end, before)
        case _:
            assert_never(before)
