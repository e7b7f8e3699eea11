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
    "day_ended_at",
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
    end = instant_at(calendar.zone, _shift(local.date(), period, 1), local.time())
    if calendar.counting.roll is Roll.NONE:
        return end
    day = day_of(calendar, end)
    if calendar.is_working_day(day):
        return end
    return instant_at(calendar.zone, nth_working_day(calendar, day, 1), local.time())


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
        start = to_utc(start, "start")
        local = start.astimezone(calendar.zone)
        day = day_of(calendar, start)
        if calendar.counting.cutoff is Cutoff.CLOSE and (
            not calendar.is_working_day(day) or start > calendar.close_of(day)
        ):
            day = nth_working_day(calendar, day, 1)
        self.day_zero = day
        self._time = local.time()
        # 1 for what comes past midnight in a shift that belongs to the day before.
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
    """Return the day that an event, in UTC, belongs to: of a night shift, the day it starts on.

    A closing instant still belongs to its shift, unless another one opens then. Outside every
    shift it is the local date.
    """
    today = instant.astimezone(calendar.zone).date()
    shifts = _shifts_around(calendar, today)
    running = (day for day, open_, close in shifts if open_ <= instant < close)
    closing = (day for day, _, close in shifts if instant == close)
    return next(running, None) or next(closing, today)


def day_ended_at(calendar: Calendar, end: datetime) -> date:
    """Return the day that a due instant, in UTC, belongs to: of two shifts that meet, the first."""
    today = end.astimezone(calendar.zone).date()
    shifts = _shifts_around(calendar, today)
    return next((day for day, open_, close in shifts if open_ < end <= close), today)


def _shifts_around(calendar: Calendar, today: date) -> list[tuple[date, datetime, datetime]]:
    """Return the shifts that can hold an instant of a local date, with their days, in order."""
    # Tomorrow's too: clocks that go back over midnight show today's date once more.
    days = (today - _ONE_DAY, today, today + _ONE_DAY)
    return [(day, open_, close) for day in days for open_, close in calendar.hours_on(day)]


def _shift(day: date, period: Period, sign: int) -> date:
    months = day.year * 12 + day.month - 1 + sign * period.months
    year, month = divmod(months, 12)
    month += 1
    shifted = date(year, month, min(day.day, monthrange(year, month)[1]))
    return shifted + sign * timedelta(weeks=period.weeks, days=period.days)
