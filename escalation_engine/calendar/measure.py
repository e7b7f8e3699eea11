"""How a target is counted: in elapsed time, open time or working days, where nothing interrupts it.

| Target | A pause |
|---|---|
| elapsed time | moves it by its length |
| working time | moves it by the open time within |
| working days | moves it by one working day for each that ends within: such a day does not count |
| calendar period, fixed instant | does not move it |

A working day is whole or nothing: one that ends at the instant of the pause counts, one that ends
at the instant of resuming does not. Hours lost within a day are not made up for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar, assert_never

from escalation_engine.calendar.calendar import Calendar
from escalation_engine.calendar.days import DayCount, add_period
from escalation_engine.calendar.duration import NoLimit, Period, WorkingDays, WorkingTime
from escalation_engine.calendar.local import to_utc
from escalation_engine.calendar.paused import Break, Stop, Stretch, stretches
from escalation_engine.calendar.working import add_open, open_between

__all__ = ["Limit", "Measure", "Target", "measure", "measure_elapsed", "measure_open"]

Limit = timedelta | WorkingTime | WorkingDays | Period | datetime
Target = Limit | NoLimit
_Amount = TypeVar("_Amount", int, timedelta)


def measure(
    calendar: Calendar, start: datetime, limit: Limit, breaks: Sequence[Break]
) -> Measure[timedelta] | Measure[int]:
    """Return how a limit that began at `start`, in UTC, is counted."""
    match limit:
        case timedelta():
            return measure_elapsed(start, limit, breaks)
        case WorkingTime(time):
            return measure_open(calendar, start, time, breaks)
        case WorkingDays(days):
            return Measure(_Days(DayCount(calendar, start)), start, days, tuple(breaks))
        case Period():
            instant = add_period(calendar, start, limit)
        case datetime():
            instant = to_utc(limit, "target")
        case _:
            assert_never(limit)
    return Measure(_Elapsed(), start, instant - start, tuple(breaks), is_fixed=True)


def measure_elapsed(
    start: datetime, amount: timedelta, breaks: Sequence[Break]
) -> Measure[timedelta]:
    """Return how elapsed time since `start` is counted."""
    return Measure(_Elapsed(), start, amount, tuple(breaks))


def measure_open(
    calendar: Calendar, start: datetime, amount: timedelta, breaks: Sequence[Break]
) -> Measure[timedelta]:
    """Return how open time since `start` is counted."""
    return Measure(_Open(calendar), start, amount, tuple(breaks))


class _Meter(Protocol[_Amount]):
    """Counts where nothing interrupts; `advance(start, count(start, end))` is never after `end`."""

    def count(self, start: datetime, end: datetime) -> _Amount:
        """Return how much lies between two instants."""

    def advance(self, start: datetime, amount: _Amount) -> datetime:
        """Return the first instant at which so much is used since `start`."""


@dataclass(frozen=True, slots=True)
class Measure(Generic[_Amount]):
    """One limit: in what it is counted, since when, how much of it, and what interrupts it."""

    meter: _Meter[_Amount]
    start: datetime
    amount: _Amount
    breaks: tuple[Break, ...]
    is_fixed: bool = False
    """Whether no break moves the due instant."""

    def due(self) -> datetime | None:
        """Return when the whole amount is used."""
        return self.reached(self.amount)

    def reached(self, amount: _Amount) -> datetime | None:
        """Return when so much is used; None when a break without an end comes before that."""
        left = amount
        for stretch in stretches(self.start, None, () if self.is_fixed else self.breaks):
            if stretch.is_running:
                counted = self.meter.count(stretch.start, stretch.end) if stretch.end else left
                if counted >= left:
                    return self.meter.advance(stretch.start, left)
                left -= counted
        return None

    def used(self, at: datetime) -> _Amount:
        """Return how much is used at an instant; once it is overdue, more than the amount."""
        total = self.amount - self.amount
        for stretch in self.stretches(at):
            if stretch.is_running and stretch.end:
                total += self.meter.count(stretch.start, stretch.end)
        return total

    def amounts(self, at: datetime) -> tuple[_Amount, _Amount, _Amount]:
        """Return what is used, what remains, and what is used beyond the amount."""
        used, nothing = self.used(at), self.amount - self.amount
        return used, max(self.amount - used, nothing), max(used - self.amount, nothing)

    def stretches(self, at: datetime) -> Iterator[Stretch]:
        """Yield where it ran, paused and stopped until an instant; a fixed limit knows no pause."""
        breaks = self.breaks
        if self.is_fixed:
            breaks = tuple(each for each in breaks if isinstance(each, Stop))
        return stretches(self.start, at, breaks)


@dataclass(frozen=True, slots=True)
class _Elapsed:
    def count(self, start: datetime, end: datetime) -> timedelta:
        return end - start

    def advance(self, start: datetime, amount: timedelta) -> datetime:
        return start + amount


@dataclass(frozen=True, slots=True)
class _Open:
    calendar: Calendar

    def count(self, start: datetime, end: datetime) -> timedelta:
        return open_between(self.calendar, start, end)

    def advance(self, start: datetime, amount: timedelta) -> datetime:
        return add_open(self.calendar, start, amount)


@dataclass(frozen=True, slots=True)
class _Days:
    days: DayCount

    def count(self, start: datetime, end: datetime) -> int:
        return self.days.ended(start, end)

    def advance(self, start: datetime, amount: int) -> datetime:
        return self.days.nth_end(start, amount)
