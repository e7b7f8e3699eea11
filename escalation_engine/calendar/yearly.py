"""Ranges of days that come back every year: `24 Dec to 2 Jan`, `29 Feb`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from escalation_engine.calendar.fault import TextError, did_you_mean
from escalation_engine.calendar.hours import Range

__all__ = ["YearlyRange", "read_yearly"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NUMBERS = {
    name: number
    for number, month in enumerate(_MONTHS, start=1)
    for name in (month.casefold(), month[:3].casefold())
}
_DAY = re.compile(r"(\d{1,2})\s+([^\W\d]+)", re.ASCII)
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class YearlyRange:
    """From one (month, day) to another, both included; one that ends before it starts goes round.

    `ranges` are the hours on those of its days that are otherwise open; empty: closed.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    ranges: tuple[Range, ...] = ()

    def covers(self, day: date) -> bool:
        """Return whether the day lies in the range, whatever its year."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


def read_yearly(text: str, ranges: tuple[Range, ...] = ()) -> YearlyRange:
    """Return the range that a text like `24 Dec to 2 Jan` or `24 Dec` says."""
    first, to, last = re.sub(r"\s+", " ", text.strip()).partition(" to ")
    start = _read_day(first)
    return YearlyRange(start, _read_day(last) if to else start, ranges)


def _read_day(text: str) -> tuple[int, int]:
    parts = _DAY.fullmatch(text.strip())
    if not parts:
        raise TextError(f"`{text}` is no day of the year", hint="write `24 Dec to 2 Jan`")
    day, name = int(parts[1]), parts[2].casefold()
    if name not in _NUMBERS:
        raise TextError(f"`{parts[2]}` is no month", hint=did_you_mean(name, _NUMBERS))
    try:
        date(_LEAP_YEAR, _NUMBERS[name], day)
    except ValueError:
        message = f"{_MONTHS[_NUMBERS[name] - 1]} has no day {day}"
        raise TextError(message, hint="write `24 Dec to 2 Jan`") from None
    return _NUMBERS[name], day
