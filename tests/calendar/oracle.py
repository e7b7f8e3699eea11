"""A second opinion on working time: slow, obvious, and written from the rulings alone.

An `Oracle` knows, for every single minute of two years, whether a calendar is open, and answers by
stepping from minute to minute. An instant is a whole minute, counted from `ORIGIN` in UTC; a wall
time is one counted from `WALL_ORIGIN`, as the clocks on the wall show it. It takes nothing from
the package that it judges.
"""

from __future__ import annotations

from array import array
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

ORIGIN = datetime(2025, 12, 28, tzinfo=UTC)
WALL_ORIGIN = datetime(2025, 12, 27)  # noqa: DTZ001 — what a clock on the wall shows has no zone
DAY = 24 * 60
MINUTES = 740 * DAY
LONGER = MINUTES + 5 * DAY  # So that what begins within those minutes is known to its end.
FIRST_DAY = date(2025, 12, 30)
LAST_DAY = date(2028, 1, 8)
SKIPPED = -1
LAST_OPEN_MINUTE = bytes([1, 0])


class Beyond(Exception):
    """The answer lies after the last minute that is known."""


@dataclass(frozen=True, slots=True)
class Range:
    """Minutes from 00:00 of the day it starts on; past midnight `closes` is more than a day."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Rules:
    """A calendar as data: `week` has seven days, Monday first."""

    zone: str
    week: tuple[tuple[Range, ...], ...]
    holidays: frozenset[date] = frozenset()
    special: Mapping[date, tuple[Range, ...]] = field(default_factory=dict)

    def of(self, day: date) -> tuple[Range, ...]:
        """Return the ranges that start on a day; a holiday there removes the whole shift."""
        if day in self.special:
            return self.special[day]
        if day in self.holidays:
            return ()
        return self.week[day.weekday()]


@dataclass(frozen=True, slots=True)
class Break:
    """Minutes that do not count, from `start` until `end`, None: until further notice."""

    start: int
    end: int | None


class Oracle:
    """What is open in each minute, and what follows from it."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.open = bytearray(LONGER)
        self.closes: dict[date, int] = {}  # Of working days only: those with any open minute.
        for number in range((LAST_DAY - FIRST_DAY).days + 1):
            day = FIRST_DAY + timedelta(days=number)
            for one in rules.of(day):
                self._open(day, one)
        del self.open[MINUTES:]

    def _open(self, day: date, one: Range) -> None:
        opens, closes = self.at(day, one.opens), self.at(day, one.closes)
        if opens < closes:
            self.open[opens:closes] = bytes([1]) * (closes - opens)
            self.closes[day] = max(closes, self.closes.get(day, closes))

    def at(self, day: date, minute_of_day: int) -> int:
        """Return the instant of a local time of a day."""
        midnight = datetime.combine(day, time())
        return instant_of(self.rules.zone, whole_minutes(midnight - WALL_ORIGIN) + minute_of_day)

    def wall(self, instant: int) -> datetime:
        """Return what the clocks on the wall show."""
        return WALL_ORIGIN + timedelta(minutes=walls(self.rules.zone)[instant])

    def minute_of_day(self, instant: int) -> int:
        return self.wall(instant).hour * 60 + self.wall(instant).minute

    def day_of(self, instant: int) -> date:
        """Return the day of an event: of the shift that runs, or has just closed, its first day."""
        today = self.wall(instant).date()
        shifts = [
            (day, self.at(day, one.opens), self.at(day, one.closes))
            for day in (today + timedelta(days=number) for number in (-1, 0, 1))
            for one in self.rules.of(day)
        ]
        for day, opens, closes in shifts:
            if opens <= instant < closes:
                return day
        for day, opens, closes in shifts:
            if opens < instant == closes:
                return day
        return today

    def is_working_day(self, day: date) -> bool:
        if day > LAST_DAY:
            raise Beyond
        return day in self.closes

    # ---- open and closed ------------------------------------------------------------------------

    def is_open(self, instant: int) -> bool:
        return self.open[instant] == 1

    def open_between(self, start: int, end: int) -> int:
        return sum(self.open[start:end])

    def next_open(self, instant: int) -> int:
        return known(self.open.find(1, instant))

    def closes_after(self, instant: int) -> bool:
        return self.open.find(LAST_OPEN_MINUTE, instant) >= 0

    def next_close(self, instant: int) -> int:
        return known(self.open.find(LAST_OPEN_MINUTE, instant)) + 1

    # ---- when something is due ------------------------------------------------------------------

    def working_time(self, start: int, minutes: int, breaks: Sequence[Break] = ()) -> int | None:
        """Return the end of the minute that uses up the time: at closing time that very instant."""
        return used_up(self.counting(breaks), start, minutes, breaks)

    def elapsed(self, start: int, minutes: int, breaks: Sequence[Break] = ()) -> int | None:
        return used_up(self.counting(breaks, elapsed=True), start, minutes, breaks)

    def counting(self, breaks: Sequence[Break], *, elapsed: bool = False) -> bytearray:
        """Return which minutes count, and by 0 which do not: those inside any break never do."""
        counts = bytearray([1]) * MINUTES if elapsed else bytearray(self.open)
        for one in breaks:
            end = MINUTES if one.end is None else one.end
            counts[one.start : end] = bytes(end - one.start)
        return counts

    def working_days(self, start: int, days: int, breaks: Sequence[Break] = ()) -> int | None:
        """Return the close of the Nth working day; one that closes in a pause does not count."""
        day = self.walk(self.day_of(start), days, breaks)
        return None if day is None else self.closes[day]

    def working_days_after_close(self, start: int, days: int) -> int | None:
        """Return the same with `cutoff: close`: after its close the event belongs to the next."""
        day = self.day_of(start)
        while not self.is_working_day(day) or start > self.closes[day]:
            day += timedelta(days=1)
        last = self.walk(day, days)
        return None if last is None else self.closes[last]

    def working_days_at_midnight(self, start: int, days: int) -> int:
        """Return midnight at the end of the Nth working day: `end_of_day: midnight`."""
        return self.at(self.nth(start, days), DAY)

    def working_days_at_same_time(self, start: int, days: int) -> int:
        """Return the local time of the event on the Nth working day: `end_of_day: same_time`.

        What came past midnight in a shift comes past midnight again.
        """
        past_midnight = max(0, (self.wall(start).date() - self.day_of(start)).days) * DAY
        return self.at(self.nth(start, days), past_midnight + self.minute_of_day(start))

    def nth(self, start: int, days: int) -> date:
        day = self.walk(self.day_of(start), days)
        assert day is not None
        return day

    def walk(self, day: date, days: int, breaks: Sequence[Break] = ()) -> date | None:
        """Return the Nth working day after a day, which is day 0."""
        counted = 0
        while counted < days:
            day += timedelta(days=1)
            if day > LAST_DAY and any(one.end is None for one in breaks):
                return None
            if self.is_working_day(day) and not lies_in_one(self.closes[day], breaks):
                counted += 1
        return day

    def period(self, start: int, *, months: int, days: int) -> int:
        """Return the instant of the same local time, months and then days later."""
        day = add_months(self.wall(start).date(), months) + timedelta(days=days)
        return self.at(day, self.minute_of_day(start))

    def rolled_period(self, start: int, *, months: int, days: int) -> int:
        """Return the same with `roll: next_working_day`: on that day at the same local time.

        An end within a shift past midnight ends on the working day that the shift began.
        """
        end = self.period(start, months=months, days=days)
        day = self.day_of(end)
        if self.is_working_day(day):
            return end
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return self.at(day, self.minute_of_day(start))


def known(found: int) -> int:
    if found < 0:
        raise Beyond
    return found


# ---- stepping -----------------------------------------------------------------------------------


def used_up(counts: bytearray, start: int, minutes: int, breaks: Sequence[Break]) -> int | None:
    """Return the end of the minute that is the last to be used; None when paused for good."""
    endless = min((one.start for one in breaks if one.end is None), default=MINUTES)
    for end, used in enumerate(accumulate(counts[start:endless]), start + 1):
        if used == minutes:
            return end
    if endless == MINUTES:
        raise Beyond
    return None


def lies_in_one(close: int, breaks: Sequence[Break]) -> bool:
    """Return whether a close lies after the start of a pause, up to and including its end."""
    return any(one.start < close and (one.end is None or close <= one.end) for one in breaks)


# ---- local time ---------------------------------------------------------------------------------


@cache
def walls(zone: str) -> array[int]:
    """Return the wall time of every instant, in steps of one minute.

    The zone is asked each half of an hour: none of ours changes its offset in between.
    """
    shown = array("i")
    for minute in range(0, LONGER, 30):
        wall = (ORIGIN + timedelta(minutes=minute)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        first = whole_minutes(wall - WALL_ORIGIN)
        shown.extend(range(first, first + 30))
    return shown


@cache
def first_instants(zone: str) -> array[int]:
    """Return the first instant of every wall time, `SKIPPED` where the clocks never show it."""
    shown = walls(zone)
    first = array("i", [SKIPPED]) * (LONGER + 3 * DAY)
    for instant in range(LONGER - 1, -1, -1):  # Backwards: the first is what remains.
        first[shown[instant]] = instant
    return first


def instant_of(zone: str, wall: int) -> int:
    """Return the first instant of a wall time; one that is skipped moves forward by the gap."""
    first = first_instants(zone)
    if first[wall] != SKIPPED:
        return first[wall]
    begin = end = wall
    while first[begin - 1] == SKIPPED:
        begin -= 1
    while first[end] == SKIPPED:
        end += 1
    return first[wall + (end - begin)]


@cache
def clock_changes(zone: str) -> tuple[int, ...]:
    """Return the instants at which the clocks are put forward or back."""
    shown = walls(zone)
    return tuple(at for at in range(1, MINUTES) if shown[at] != shown[at - 1] + 1)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or the last that it has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_minutes(time: timedelta) -> int:
    minutes, rest = divmod(time, timedelta(minutes=1))
    assert not rest
    return minutes
