"""Wall schedules: `Friday 16:00`, `day at 09:00`, `month day 1 at 09:00`, and what comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never

from escalation_engine.calendar.calendar import Calendar
from escalation_engine.calendar.days import nth_working_day
from escalation_engine.calendar.fault import NoOpenTime, TextError
from escalation_engine.calendar.hours import WEEKDAYS, read_weekday
from escalation_engine.calendar.local import instant_at, to_utc
from escalation_engine.calendar.working import HORIZON_YEARS

__all__ = [
    "LAST_DAY",
    "Monthly",
    "OnHoliday",
    "Schedule",
    "ScheduleError",
    "Weekly",
    "next_after",
    "parse_schedule",
    "write_schedule",
]

LAST_DAY = 0
_ONE_DAY = timedelta(days=1)
_FORMS = (
    "write for example `Friday 16:00`, `Monday, Thursday 10:00`, `day at 09:00`, "
    "`weekday at 09:00` or `month day 1 at 09:00`"
)
_TIME = re.compile(r"(?P<days>.*?)(?:\s+at)?\s+(?P<hour>\d\d?):(?P<minute>\d\d)", re.ASCII)
_MONTH_DAY = re.compile(r"month day (\S+)", re.ASCII)


class ScheduleError(TextError):
    """A schedule cannot be read."""


class OnHoliday(StrEnum):
    """What happens to an occurrence on a holiday. A day closed by its weekday alone is none."""

    BEFORE = "before"
    AFTER = "after"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Weekly:
    """On these weekdays, 0 for Monday, in order, at one local time."""

    weekdays: tuple[int, ...]
    at: time


@dataclass(frozen=True, slots=True)
class Monthly:
    """On one day of each month, 1 to 28 or `LAST_DAY`, at one local time."""

    day: int
    at: time


Schedule = Weekly | Monthly


def next_after(
    schedule: Schedule,
    instant: datetime,
    calendar: Calendar,
    on_holiday: OnHoliday | None = None,
) -> datetime:
    """Return the first occurrence after an instant, in the calendar's zone.

    On a holiday it moves to the nearest working day before or after, or is skipped; None leaves it
    where it is. Two that come to one instant are one. A local time that the clocks skip moves
    forward by the gap; of one that comes twice it is the first.
    """
    instant = to_utc(instant, "instant")
    today = instant.astimezone(calendar.zone).date()
    found: datetime | None = None
    enough = date.max
    for day in _days_from(schedule, _first_that_matters(calendar, today, on_holiday)):
        if day > enough:
            break
        if day.year > today.year + HORIZON_YEARS:
            raise NoOpenTime(calendar.name, instant)
        moved = _moved(calendar, day, on_holiday)
        if moved is None:
            continue
        at = instant_at(calendar.zone, moved, schedule.at)
        if at > instant and (found is None or at < found):
            found = at
            enough = moved
            if on_holiday is OnHoliday.BEFORE:
                # A later occurrence may move to before this one, but not over a working day.
                enough = nth_working_day(calendar, moved - _ONE_DAY, 1)
    assert found
    return found


def parse_schedule(text: str) -> Schedule:
    """Return the schedule that a text says; a `ScheduleError` says what would be accepted."""
    parts = _TIME.fullmatch(re.sub(r"\s+", " ", text.strip()))
    if not parts:
        message = f"`{text}` says no day and time" if text.strip() else "the schedule is empty"
        raise ScheduleError(message, hint=_FORMS)
    hour, minute = int(parts["hour"]), int(parts["minute"])
    if hour > 23 or minute > 59:
        message = f"`{parts['hour']}:{parts['minute']}` is a time that no clock shows"
        raise ScheduleError(message, offset=text.rindex(parts["hour"] + ":"), hint=_FORMS)
    days, at = parts["days"].casefold(), time(hour, minute)
    if days == "day":
        return Weekly(tuple(range(7)), at)
    if days == "weekday":
        return Weekly(tuple(range(5)), at)
    if month_day := _MONTH_DAY.fullmatch(days):
        return Monthly(_month_day(month_day[1], text), at)
    return Weekly(_weekdays(parts["days"], text), at)


def write_schedule(schedule: Schedule) -> str:
    """Return the one text of a schedule, which `parse_schedule` reads as the same."""
    at = schedule.at.strftime("%H:%M")
    match schedule:
        case Monthly(day):
            return f"month day {'last' if day == LAST_DAY else day} at {at}"
        case Weekly(weekdays):
            if len(weekdays) == 7:
                return f"day at {at}"
            if weekdays == tuple(range(5)):
                return f"weekday at {at}"
            return f"{', '.join(WEEKDAYS[number] for number in weekdays)} {at}"
        case _:
            assert_never(schedule)


def _first_that_matters(calendar: Calendar, today: date, on_holiday: OnHoliday | None) -> date:
    """Return the first day whose occurrence may come to today or later."""
    first = today - 2 * _ONE_DAY  # a zone that skips a whole day moves it to the next
    if on_holiday is OnHoliday.AFTER:
        first = nth_working_day(calendar, first, -1)
    return first


def _days_from(schedule: Schedule, first: date) -> Iterator[date]:
    """Yield the days of a schedule from a day on, without end."""
    match schedule:
        case Weekly(weekdays):
            day = first
            while True:
                if day.weekday() in weekdays:
                    yield day
                day += _ONE_DAY
        case Monthly(number):
            month = first.replace(day=1)
            while True:
                behind = (month + timedelta(days=31)).replace(day=1)
                day = behind - _ONE_DAY if number == LAST_DAY else month.replace(day=number)
                if day >= first:
                    yield day
                month = behind
        case _:
            assert_never(schedule)


def _moved(calendar: Calendar, day: date, on_holiday: OnHoliday | None) -> date | None:
    if on_holiday is None or not calendar.is_holiday(day):
        return day
    match on_holiday:
        case OnHoliday.BEFORE:
            return nth_working_day(calendar, day, -1)
        case OnHoliday.AFTER:
            return nth_working_day(calendar, day, 1)
        case OnHoliday.SKIP:
            return None
        case _:
            assert_never(on_holiday)


def _month_day(word: str, text: str) -> int:
    if word == "last":
        return LAST_DAY
    if re.fullmatch(r"[1-9]|1\d|2[0-8]", word, re.ASCII):
        return int(word)
    message = f"`{word}` is no day that every month has"
    offset = text.casefold().rindex(word)
    raise ScheduleError(message, offset=offset, hint="write 1 to 28, or `last`")


def _weekdays(names: str, text: str) -> tuple[int, ...]:
    found: list[int] = []
    for name in names.split(","):
        try:
            number = read_weekday(name)
        except TextError as error:
            offset = text.find(name.strip())
            raise ScheduleError(error.message, offset=offset, hint=error.hint) from None
        if number in found:
            raise ScheduleError(
                f"{WEEKDAYS[number]} is given twice", offset=text.rindex(name.strip())
            )
        found.append(number)
    return tuple(sorted(found))
