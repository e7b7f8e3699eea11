"""A calendar: which hours of which days are open, in which zone, and how its days are counted.

It holds dates, not rules about dates: `resolve_calendar` has looked the holidays up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from escalation_engine.calendar.hours import DAY_MINUTES, Range
from escalation_engine.calendar.local import minutes_into
from escalation_engine.calendar.table import Table, lay_out
from escalation_engine.calendar.yearly import YearlyRange
from escalation_engine.errors import BadInput

__all__ = ["Calendar", "Counting", "Cutoff", "EndOfDay", "Roll", "around_the_clock"]

_YEARS = range(2, 9998)  # a year's table looks two days over its edges


class Cutoff(StrEnum):
    """Whether what comes after closing time counts as of the next working day."""

    NONE = "none"
    CLOSE = "close"


class EndOfDay(StrEnum):
    """When on the last working day a target in working days is due."""

    CLOSE = "close"
    SAME_TIME = "same_time"
    MIDNIGHT = "midnight"


class Roll(StrEnum):
    """What becomes of a calendar period that ends on a day that is no working day."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


@dataclass(frozen=True, slots=True)
class Counting:
    """How days are counted. The day of the event is day 0 whatever is chosen."""

    cutoff: Cutoff = Cutoff.NONE
    end_of_day: EndOfDay = EndOfDay.CLOSE
    roll: Roll = Roll.NONE


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly hours, and the days that differ from them.

    `weekly` has seven entries, Monday first. A special day goes before a holiday, a holiday before
    a yearly range, a yearly range before the week. `years` are those whose holidays were looked up;
    other years have their week, special days and yearly ranges only.
    """

    name: str
    zone: ZoneInfo
    weekly: tuple[tuple[Range, ...], ...]
    holidays: Mapping[date, str] = field(default_factory=dict, hash=False, repr=False)
    special: Mapping[date, tuple[Range, ...]] = field(default_factory=dict, hash=False)
    yearly: tuple[YearlyRange, ...] = ()
    counting: Counting = Counting()
    years: range = range(0)
    # What follows from the rest, by year. Filled when first asked for; two threads fill it alike.
    _tables: dict[int, Table] = field(default_factory=dict, init=False, repr=False, compare=False)
    _days: dict[int, list[date]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def ranges_on(self, day: date) -> tuple[Range, ...]:
        """Return the ranges that belong to a day: those that start on it."""
        if day in self.special:
            return self.special[day]
        if day in self.holidays:
            return ()
        weekly = self.weekly[day.weekday()]
        for yearly in self.yearly:
            if yearly.covers(day):
                return yearly.ranges if weekly else ()
        return weekly

    def is_holiday(self, day: date) -> bool:
        """Return whether the day is closed by its date and not by its weekday alone."""
        named = day in self.special or day in self.holidays
        return (named or any(yearly.covers(day) for yearly in self.yearly)) and not self.ranges_on(
            day
        )

    def table(self, year: int) -> Table:
        """Return the open time of a UTC year."""
        table = self._tables.get(year)
        if table is None:
            _check_year(year)
            table = self._tables[year] = lay_out(year, self._intervals(year))
        return table

    def hours_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return when the ranges of a day open and close, without those that a gap swallows."""
        found = [
            (
                minutes_into(self.zone, day, range_.start_minute),
                minutes_into(self.zone, day, range_.end_minute),
            )
            for range_ in self.ranges_on(day)
        ]
        return [(open_, close) for open_, close in found if open_ < close]

    def is_working_day(self, day: date) -> bool:
        """Return whether a day is open at any moment."""
        return bool(self.hours_on(day))

    def working_days(self, year: int) -> list[date]:
        """Return the days of a local year that are open at any moment, in order."""
        days = self._days.get(year)
        if days is None:
            _check_year(year)
            first, last = date(year, 1, 1), date(year, 12, 31)
            days = self._days[year] = [
                day for day in _days(first, last) if self.is_working_day(day)
            ]
        return days

    def close_of(self, day: date) -> datetime:
        """Return the last closing instant of a working day, which may be on the next morning."""
        return max(close for _, close in self.hours_on(day))

    def _intervals(self, year: int) -> Iterator[tuple[datetime, datetime]]:
        # An overnight range lasts two days at most, and no zone is further than a day from UTC.
        first, last = date(year, 1, 1) - timedelta(days=3), date(year + 1, 1, 1) + timedelta(days=1)
        for day in _days(first, last):
            yield from self.hours_on(day)


def around_the_clock(timezone: str = "UTC") -> Calendar:
    """Return a calendar that never closes: for processes that declare none."""
    whole_day = (Range(0, DAY_MINUTES),)
    return Calendar(name="around_the_clock", zone=ZoneInfo(timezone), weekly=(whole_day,) * 7)


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def _check_year(year: int) -> None:
    if year not in _YEARS:
        accepted = f"years {_YEARS.start} to {_YEARS.stop - 1}"
        raise BadInput("year", f"{year} is beyond every calendar", accepted=accepted)
