"""Counts working days and calendar periods: whole days, whatever the hours in them."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import assert_never

from escalation_engine.calendar.calendar import Calendar, Cutoff, EndOfDay, Roll
from escalation_engine.calendar.duration import Period
from escalation_engine.calendar.fault import NoOpenTime
from escalation_engine.calendar.hours import DAY_MINUTES
from escalation_engine.calendar.local import instant_at, minutes_into, to_utc
from escalation_engine.calendar.working import HORIZON_YEARS
from escalation_engine.errors import BadInput

__all__ = [
    "DayCount",
    "add_period",
    "day_of",
    "nth_working_day",
    "nth_working_day_close",
    "subtract_period",
]

_ONE_DAY = timedelta(days=1)


def nth_working_day_close(calendar: Calendar, start: datetime, n: int) -> datetime:
    """Return when the `n`th working day after that of `start` ends, as the calendar counts days."""
    if n < 1:
        raise BadInput("n", f"{n} is no number of days", accepted="1 or more")
    count = DayCount(calendar, start)
    return count.end_of(nth_working_day(calendar, count.day_zero, n))


def add_period(calendar: Calendar, start: datetime, period: Period) -> datetime:
    """Return the instant a period later at the same local time, moved as `roll` says.

    Months come first and stop at the end of a shorter month: 31 January + 1 month is 28 February.
    """
    local = to_utc(start, "start").astimezone(calendar.zone)
    day = _shift(local.date(), period, 1)
    if calendar.counting.roll is Roll.NEXT_WORKING_DAY and not calendar.ranges_on(day):
        day = nth_working_day(calendar, day, 1)
    return instant_at(calendar.zone, day, local.time())


def subtract_period(calendar: Calendar, end: datetime, period: Period) -> datetime:
    """Return the instant a period earlier at the same local time."""
    local = to_utc(end, "end").astimezone(calendar.zone)
    return instant_at(calendar.zone, _shift(local.date(), period, -1), local.time())


def nth_working_day(calendar: Calendar, day: date, n: int) -> date:
    """Return the `n`th working day after `day`, or before it when `n` is negative; never 0."""
    year, since = day.year, day
    days = calendar.working_days(year)
    # Where the wanted day is in the list of its year, had that list no ends.
    index = bisect_right(days, day) + n - 1 if n > 0 else bisect_right(days, day - _ONE_DAY) + n
    while not 0 <= index < len(days):
        if days:
            since = max(since, days[-1]) if n > 0 else min(since, days[0])
        if n > 0:
            index -= len(days)
        year += 1 if n > 0 else -1
        if abs(year - since.year) > HORIZON_YEARS:
            raise NoOpenTime(calendar.name, instant_at(calendar.zone, since, time()))
        days = calendar.working_days(year)
        if n < 0:
            index += len(days)
    return days[index]


class DayCount:
    """The working days after one start, and the instants at which they end."""

    def __init__(self, calendar: Calendar, start: datetime) -> None:
        """Find day 0 of the start; the calendar's `cutoff` may make it the next working day."""
        self._calendar = calendar
        local = to_utc(start, "start").astimezone(calendar.zone)
        day = day_of(calendar, start)
        if calendar.counting.cutoff is Cutoff.CLOSE and (
            not calendar.ranges_on(day) or start > calendar.close_of(day)
        ):
            day = nth_working_day(calendar, day, 1)
        self.day_zero = day
        self._time = local.time()
        # 1 for what comes past midnight in a range that belongs to the day before.
        self._nights = max(0, (local.date() - day).days)

    def end_of(self, day: date) -> datetime:
        """Return the instant at which a working day ends for this count."""
        calendar = self._calendar
        match calendar.counting.end_of_day:
            case EndOfDay.CLOSE:
                return calendar.close_of(day)
            case EndOfDay.SAME_TIME:
                return instant_at(calendar.zone, day + timedelta(days=self._nights), self._time)
            case EndOfDay.MIDNIGHT:
                return minutes_into(calendar.zone, day, DAY_MINUTES)
            case _:
                assert_never(calendar.counting.end_of_day)

    def ended(self, after: datetime, until: datetime) -> int:
        """Return how many working days end after one instant, and not after another."""
        first, behind = self._first_ending(after), self._first_ending(until)
        return _working_days_in(self._calendar, first, behind)

    def nth_end(self, after: datetime, n: int) -> datetime:
        """Return the end of the `n`th of the working days after day 0 that end after an instant."""
        day = self._first_ending(after)
        return self.end_of(day if n == 1 else nth_working_day(self._calendar, day, n - 1))

    def _first_ending(self, after: datetime) -> date:
        """Return the first working day behind day 0 that ends after an instant."""
        local = after.astimezone(self._calendar.zone).date()
        # No working day ends more than three days after it has begun.
        day = nth_working_day(self._calendar, max(self.day_zero, local - timedelta(days=4)), 1)
        while self.end_of(day) <= after:
            day = nth_working_day(self._calendar, day, 1)
        return day


def _working_days_in(calendar: Calendar, first: date, behind: date) -> int:
    """Return the number of working days from `first` to before `behind`."""
    counted = 0
    for year in range(first.year, behind.year + 1):
        days = calendar.working_days(year)
        begin = bisect_right(days, first - _ONE_DAY)
        counted += max(0, bisect_right(days, behind - _ONE_DAY) - begin)
    return counted


def day_of(calendar: Calendar, instant: datetime) -> date:
    """Return the day that an instant belongs to: of an open range past midnight, the day before."""
    local = instant.astimezone(calendar.zone).date()
    before = local - _ONE_DAY
    for range_ in calendar.ranges_on(before):
        if range_.end_minute > DAY_MINUTES:
            end = minutes_into(calendar.zone, before, range_.end_minute)
            return before if instant < end else local
    return local


def _shift(day: date, period: Period, sign: int) -> date:
    months = day.year * 12 + day.month - 1 + sign * period.months
    year, month = divmod(months, 12)
    month += 1
    shifted = date(year, month, min(day.day, monthrange(year, month)[1]))
    return shifted + sign * timedelta(weeks=period.weeks, days=period.days)
