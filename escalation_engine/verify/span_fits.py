"""Whether a stretch of time fits into a limit that is counted otherwise, such as working days.

Where both are of one kind they are compared; else both are counted from many starts of a year.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from escalation_engine.calendar import Target, WorkingTime, due
from escalation_engine.chart.model import Chart, Promise
from escalation_engine.core.arming import BEYOND
from escalation_engine.core.plan import plan_of
from escalation_engine.core.timetable import target_of
from escalation_engine.verify.pending import Span

__all__ = ["fits"]

_FIRST = datetime(2026, 6, 8, 9, tzinfo=UTC)
_STARTS = 1200
_APART = timedelta(hours=7, minutes=18)  # _STARTS of these are a year


def fits(chart: Chart, span: Span, promise: Promise, text: str) -> bool | None:
    """Return whether a span of one kind is within a limit, whenever it begins; None: not known."""
    passed = {kind: length for kind, length in span.items() if length}
    if not passed:
        return True
    if len(passed) > 1:
        return None
    ((kind, length),) = passed.items()
    match target_of(text):
        case timedelta() as limit if kind == "elapsed":
            return length <= limit
        case WorkingTime(limit) if kind == f"working {promise.calendar}":
            return length <= limit
    return _fits_from_every_start(chart, kind, length, promise, text)


def _fits_from_every_start(
    chart: Chart, kind: str, length: timedelta, promise: Promise, text: str
) -> bool | None:
    table, target = plan_of(chart).timetable, target_of(text)
    counted = table.calendar(promise.calendar, None)
    is_working = kind.startswith("working ")
    if not is_working and kind != "elapsed":
        return None  # Days, periods and schedules: their own calendar tells how long they are.
    calendar = table.calendar(kind.removeprefix("working ") if is_working else "", None)
    passing: Target = WorkingTime(length) if is_working else length
    try:
        starts = [_FIRST + number * _APART for number in range(_STARTS)]
        ends = [(due(calendar, start, passing), due(counted, start, target)) for start in starts]
    except BEYOND:
        return None
    return all(end and (not limit or end <= limit) for end, limit in ends)
