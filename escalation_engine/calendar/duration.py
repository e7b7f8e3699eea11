"""How long something may take, as values of five kinds that never convert into one another.

Elapsed time is a plain `timedelta`. `parse_duration` reads them, in `grammar.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from escalation_engine.calendar.fault import TextError

__all__ = [
    "NO_LIMIT",
    "Before",
    "Duration",
    "DurationError",
    "Mark",
    "NoLimit",
    "Period",
    "Share",
    "WorkingDays",
    "WorkingTime",
    "counted",
    "write_duration",
    "write_mark",
]


class DurationError(TextError):
    """A duration or a mark cannot be read, or cannot be written."""


@dataclass(frozen=True, slots=True, order=True)
class WorkingTime:
    """Time that counts only while a calendar is open: `4 working hours`."""

    time: timedelta


@dataclass(frozen=True, slots=True, order=True)
class WorkingDays:
    """Days counted on a calendar; the day of the event is day 0: `2 working days`."""

    days: int

    def __str__(self) -> str:
        return counted(self.days, "working day")


@dataclass(frozen=True, slots=True)
class Period:
    """Months, then weeks and days, later at the same local time: `8 weeks`."""

    months: int = 0
    weeks: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class NoLimit:
    """No limit at all: `none`."""


Duration = timedelta | WorkingTime | WorkingDays | Period | NoLimit
NO_LIMIT = NoLimit()


@dataclass(frozen=True, slots=True)
class Share:
    """The instant at which so many hundredths of a target are used up: `75%`."""

    percent: int


@dataclass(frozen=True, slots=True)
class Before:
    """The instant that lies so long before a target is due: `1 hour before`."""

    duration: timedelta | WorkingTime | WorkingDays | Period


Mark = Share | Before


def write_duration(value: Duration) -> str:
    """Return the one text of a duration, which `parse_duration` reads as the same value.

    A `DurationError` for what no text says: parts of a second, less than nothing, nothing.
    """
    match value:
        case timedelta():
            seconds = _whole_seconds(value)
            parts = [
                (seconds // 3600, "hour"),
                (seconds // 60 % 60, "minute"),
                (seconds % 60, "second"),
            ]
        case WorkingTime(time):
            seconds = _whole_seconds(time)
            size, unit = next(each for each in _SIZES if seconds % each[0] == 0)
            parts = [(seconds // size, f"working {unit}")]
        case WorkingDays(days):
            parts = [(days, "working day")]
        case Period(months, weeks, days):
            parts = [(months, "month"), (weeks, "week"), (days, "day")]
        case NoLimit():
            return "none"
        case _:
            assert_never(value)
    if min(number for number, _ in parts) < 0 or not any(number for number, _ in parts):
        raise DurationError(f"{value} is no duration", hint="a duration is longer than nothing")
    return " ".join(counted(number, unit) for number, unit in parts if number)


def write_mark(mark: Mark) -> str:
    """Return the one text of a mark."""
    match mark:
        case Share(percent):
            return f"{percent}%"
        case Before(duration):
            return f"{write_duration(duration)} before"
        case _:
            assert_never(mark)


def counted(number: int, unit: str) -> str:
    """Return the number with its unit, in the plural when it is not 1."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


_SIZES = ((3600, "hour"), (60, "minute"), (1, "second"))


def _whole_seconds(time: timedelta) -> int:
    if time.microseconds:
        raise DurationError(f"{time} is not in whole seconds", hint="round it first")
    return time // timedelta(seconds=1)
