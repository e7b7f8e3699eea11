"""When a duty that recurs is due next: by a wall schedule, or each time a duration has passed.

Durations are counted from one origin, the third at three times the duration: three months after
31 January is 30 April, whatever the months between were too short for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

from escalation_engine.calendar import (
    Calendar,
    NoLimit,
    OnHoliday,
    Period,
    TextError,
    WorkingDays,
    WorkingTime,
    due,
    next_after,
    parse_schedule,
)
from escalation_engine.chart.time_model import Duty
from escalation_engine.core.arming import amount_text, instants
from escalation_engine.core.draft import Draft
from escalation_engine.core.timetable import target_of
from escalation_engine.core.watch import DUE, Owed, Threshold

__all__ = ["next_occurrence", "occurrences", "renewed"]

_MOST_OCCURRENCES = 1_000
_Interval = timedelta | WorkingTime | WorkingDays | Period
_Following = Callable[[datetime], datetime]


def next_occurrence(
    draft: Draft, duty: Duty, after: datetime, *, origin: datetime
) -> datetime | None:
    """Return the first due time after an instant; None: the duty is switched off, or not agreed."""
    found = occurrences(draft, duty, after, origin=origin, until=after)
    return found[0] if found else None


def renewed(draft: Draft, duty: Duty, owed: Owed) -> datetime | None:
    """Return the due time to come by the calendar of today; what has come due comes not again."""
    origin = owed.origin or owed.since
    found = next_occurrence(draft, duty, max(owed.since, origin), origin=origin)
    if found is None or owed.since <= origin or not _is_schedule(_text(draft, duty)):
        return found
    # A schedule has one occurrence a day; moved by an hour it would be there once more.
    zone = draft.calendar(duty.calendar).zone
    if found.astimezone(zone).date() > owed.since.astimezone(zone).date():
        return found
    return next_occurrence(draft, duty, found, origin=origin)


def occurrences(
    draft: Draft, duty: Duty, after: datetime, *, origin: datetime, until: datetime
) -> tuple[datetime, ...]:
    """Return the due times after an instant: those up to `until`, and the next one.

    Of more than a thousand the first thousand, and the next one after `until`.
    """
    text = _text(draft, duty)
    calendar = draft.calendar(duty.calendar)
    on_holiday = OnHoliday(duty.on_holiday) if duty.on_holiday else None
    following = _following(calendar, text, on_holiday, origin)
    if following is None:
        return ()

    def count() -> tuple[Threshold, ...]:
        found = [following(after)]
        while found[-1] <= until and len(found) < _MOST_OCCURRENCES:
            found.append(following(found[-1]))
        if found[-1] <= until:
            found.append(following(until))
        return tuple([Threshold(at, DUE) for at in found])

    return tuple([one.at for one in instants(draft, duty.name, count)])


def _following(
    calendar: Calendar, text: str, on_holiday: OnHoliday | None, origin: datetime
) -> _Following | None:
    """Return what finds the due time after an instant; None where a text says no recurrence."""
    if not text or text == "none":
        return None
    try:
        schedule = parse_schedule(text)
    except TextError:
        return _each_interval(calendar, text, origin)
    return lambda after: next_after(schedule, after, calendar, on_holiday)


def _is_schedule(text: str) -> bool:
    try:
        parse_schedule(text)
    except TextError:
        return False
    return True


def _each_interval(calendar: Calendar, text: str, origin: datetime) -> _Following | None:
    try:
        interval = target_of(text)
    except ValueError:
        return None
    if isinstance(interval, NoLimit | datetime):
        return None

    def nth(number: int) -> datetime:
        return due(calendar, origin, _times(interval, number))

    def following(after: datetime) -> datetime:
        most = 1
        while nth(most) <= after:
            most *= 2
        numbers = range(most // 2 + 1, most + 1)
        return nth(numbers[bisect_right(numbers, after, key=nth)])

    return following


def _times(interval: _Interval, number: int) -> _Interval:
    match interval:
        case timedelta():
            return interval * number
        case WorkingTime(time):
            return WorkingTime(time * number)
        case WorkingDays(days):
            return WorkingDays(days * number)
        case Period(months, weeks, days):
            return Period(months * number, weeks * number, days * number)
        case _:
            assert_never(interval)


def _text(draft: Draft, duty: Duty) -> str:
    return amount_text(draft, duty.every) if duty.every is not None else ""
