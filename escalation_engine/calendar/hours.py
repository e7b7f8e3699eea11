"""The hours of a day and the days of a week, as text: `mon-fri`, `09:00-17:30`, `22:00-06:00`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from escalation_engine.calendar.fault import TextError, did_you_mean, listed

__all__ = [
    "CLOSED",
    "DAY_MINUTES",
    "WEEKDAYS",
    "Range",
    "read_ranges",
    "read_weekday",
    "read_weekdays",
]

CLOSED = "closed"
DAY_MINUTES = 24 * 60
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_NUMBERS = {
    name: number
    for number, weekday in enumerate(WEEKDAYS)
    for name in (weekday.casefold(), weekday[:3].casefold())
}
_RANGE = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Open from one minute to another, counted from midnight of the day that the range belongs to.

    An end above 1,440 is on the next day; the range belongs to the day it starts on all the same.
    """

    start_minute: int
    end_minute: int

    def __str__(self) -> str:
        return f"{_clock_time(self.start_minute)}-{_clock_time(self.end_minute)}"


def read_ranges(written: str | Sequence[str]) -> tuple[Range, ...]:
    """Return the ranges of one day in order, none for `closed`."""
    texts = written.split(",") if isinstance(written, str) else list(written)
    if [text.strip().casefold() for text in texts] in ([CLOSED], []):
        return ()
    ranges = tuple(sorted(_read_range(text.strip()) for text in texts))
    for earlier, later in pairwise(ranges):
        if later.start_minute < earlier.end_minute:
            raise TextError(f"`{earlier}` and `{later}` overlap", hint="join them into one range")
    return ranges


def read_weekdays(text: str) -> tuple[int, ...]:
    """Return the weekdays of `mon-fri`, `sat` or `mon, wed`, 0 for Monday; `sat-mon` goes round."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        start = read_weekday(first)
        span = (read_weekday(last) - start) % 7 if dash else 0
        found += [(start + step) % 7 for step in range(span + 1)]
    for number in found:
        if found.count(number) > 1:
            raise TextError(f"{WEEKDAYS[number]} is in `{text}` twice")
    return tuple(found)


def read_weekday(text: str) -> int:
    """Return the number of a weekday by its name or the first three letters, 0 for Monday."""
    name = text.strip().casefold()
    if name not in _NUMBERS:
        message = f"`{text.strip()}` is no day of the week"
        accepted = [weekday[:3].casefold() for weekday in WEEKDAYS]
        hint = did_you_mean(name, WEEKDAYS) or f"accepted: {listed(accepted)}"
        raise TextError(message, hint=hint)
    return _NUMBERS[name]


def _read_range(text: str) -> Range:
    parts = _RANGE.fullmatch(text)
    if not parts:
        hint = f"write a range like `09:00-17:30`, or `{CLOSED}`"
        raise TextError(f"`{text}` is no range of hours", hint=hint)
    start_hour, start_minute, end_hour, end_minute = map(int, parts.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start_minute > 59 or end_minute > 59 or start >= DAY_MINUTES or end > DAY_MINUTES:
        raise TextError(f"`{text}` names a time that no clock shows", hint="the last is `24:00`")
    if start == end:
        raise TextError(f"`{text}` is empty", hint="write `00:00-24:00` for a whole day")
    return Range(start, end if end > start else end + DAY_MINUTES)


def _clock_time(minutes: int) -> str:
    if minutes != DAY_MINUTES:
        minutes %= DAY_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"
