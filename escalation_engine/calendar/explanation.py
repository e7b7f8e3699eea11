"""Why a target is due when it is: what counted, what did not and for which cause, what remains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation_engine.calendar.calendar import Calendar
from escalation_engine.calendar.due import due, mark_due
from escalation_engine.calendar.duration import Mark, NoLimit, WorkingDays, WorkingTime
from escalation_engine.calendar.local import to_utc
from escalation_engine.calendar.measure import Measure, Target, measure, measure_elapsed
from escalation_engine.calendar.paused import Break, Cause, Stop, Stretch
from escalation_engine.calendar.working import intervals

__all__ = ["Explanation", "Interval", "Threshold", "explain"]

Used = timedelta | WorkingDays


@dataclass(frozen=True, slots=True)
class Interval:
    """A time that counted, or the one cause why it did not.

    Outside hours nothing would count anyway, so that is the cause there; `reasons` still names the
    pauses that held.
    """

    start: datetime
    end: datetime
    cause: Cause
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """What comes next: a mark, or the due instant itself when `mark` is None."""

    mark: Mark | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    """A target at one instant.

    `used` is in working days for a target in working days, in elapsed or working time otherwise;
    so are `remaining` and `overrun`, of which one is nothing at any time (both None without a
    limit). `due` is None when a pause keeps it open.
    """

    target: Target
    start: datetime
    at: datetime
    due: datetime | None
    intervals: tuple[Interval, ...]
    used: Used
    remaining: Used | None
    overrun: Used | None
    next_threshold: Threshold | None

    def total(self, cause: Cause) -> timedelta:
        """Return the length of all intervals of one cause."""
        lengths = (each.end - each.start for each in self.intervals if each.cause == cause)
        return sum(lengths, timedelta())


def explain(
    calendar: Calendar,
    start: datetime,
    target: Target,
    *,
    at: datetime,
    breaks: Sequence[Break] = (),
    marks: Sequence[Mark] = (),
) -> Explanation:
    """Return what has become of a target from `start` until `at`, which is not before it.

    Counted intervals add up to `used`, and so at the due instant to the target, unless that is in
    working days: those are whole, so `used` counts the ones that have ended.
    """
    start, at = to_utc(start, "start"), to_utc(at, "at")
    if isinstance(target, NoLimit):
        measured: Measure[timedelta] | Measure[int] = measure_elapsed(start, timedelta(), breaks)
    else:
        measured = measure(calendar, start, target, breaks)
    used, remaining, overrun = (_in_kind(amount) for amount in measured.amounts(at))
    has_limit = not isinstance(target, NoLimit)
    by_hours = calendar if isinstance(target, WorkingTime | WorkingDays) else None
    # A clock that was stopped shows when it would have been due.
    resumed = [each for each in breaks if not (isinstance(each, Stop) and each.end is None)]
    return Explanation(
        target=target,
        start=start,
        at=at,
        due=due(calendar, start, target, resumed),
        intervals=tuple(
            interval for stretch in measured.stretches(at) for interval in _split(by_hours, stretch)
        ),
        used=used,
        remaining=remaining if has_limit else None,
        overrun=overrun if has_limit else None,
        next_threshold=_next_threshold(calendar, start, target, at=at, breaks=breaks, marks=marks),
    )


def _in_kind(amount: int | timedelta) -> Used:
    return WorkingDays(amount) if isinstance(amount, int) else amount


def _split(calendar: Calendar | None, stretch: Stretch) -> Iterator[Interval]:
    """Yield a stretch, cut by the calendar's hours when there is one; a stop knows no hours."""
    begin, end, cause, reasons = stretch.start, stretch.end, stretch.cause, stretch.reasons
    if end is None:
        return
    if calendar is None or cause is Cause.STOPPED:
        yield Interval(begin, end, cause, reasons)
        return
    for open_, close in intervals(calendar, begin, end):
        if begin < open_:
            yield Interval(begin, open_, Cause.OUTSIDE_HOURS, reasons)
        yield Interval(open_, close, cause, reasons)
        begin = close
    if begin < end:
        yield Interval(begin, end, Cause.OUTSIDE_HOURS, reasons)


def _next_threshold(
    calendar: Calendar,
    start: datetime,
    target: Target,
    *,
    at: datetime,
    breaks: Sequence[Break],
    marks: Sequence[Mark],
) -> Threshold | None:
    stops = (each for each in breaks if isinstance(each, Stop) and each.start <= at)
    if any(stop.end is None or at < stop.end for stop in stops):
        return None
    found = [(mark_due(calendar, start, target, mark, breaks), mark) for mark in marks]
    instants = [*found, (due(calendar, start, target, breaks), None)]
    coming = [Threshold(mark, instant) for instant, mark in instants if instant and instant > at]
    return min(coming, key=lambda threshold: threshold.at, default=None)
