"""Time that passes on a manual clock: to which instant, and all that falls due on the way."""

from __future__ import annotations

import re
from datetime import datetime

from escalation_engine.calendar import (
    Calendar,
    CalendarFault,
    NoLimit,
    TextError,
    around_the_clock,
    due,
    next_after,
    parse_duration,
    parse_schedule,
    resolve_calendar,
)
from escalation_engine.chart.model import Chart
from escalation_engine.errors import BadInput
from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock

__all__ = ["instant_after", "pass_time"]

ACCEPTED = "2 working days, 90 minutes, until Monday 09:00, or an instant with its offset"

_UNTIL = re.compile(r"(?:until|to)\s+(.+)", re.IGNORECASE)
_LOADED_YEARS = 10


def instant_after(chart: Chart, now: datetime, text: str) -> datetime:
    """Return the instant that a text means: a duration from now, `until` a schedule, or ISO 8601.

    Working time and local times are those of the process's first calendar, else of UTC around the
    clock. Raises BadInput.
    """
    wanted = text.strip().removeprefix("+").strip()
    calendar = _calendar(chart, now)
    found: datetime | None
    try:
        if until := _UNTIL.fullmatch(wanted):
            found = _instant(until[1]) or next_after(parse_schedule(until[1]), now, calendar)
        elif (found := _instant(wanted)) is None:
            duration = parse_duration(wanted)
            found = None if isinstance(duration, NoLimit) else due(calendar, now, duration)
    except TextError as error:
        raise BadInput("time", error.message, accepted=error.hint or ACCEPTED) from error
    if found is None or found < now:
        raise BadInput("time", f"{text!r} leads to no later instant", accepted=ACCEPTED)
    return found


def pass_time(engine: Engine, clock: ManualClock, *, until: datetime) -> None:
    """Move the clock on, with a tick at each instant at which something is due on the way.

    So everything happens when it is due, as if the engine had been running all the time.
    """
    while (next_due := engine.next_due()) is not None and next_due <= until:
        clock.move_to(max(next_due, clock.now()))
        if not any(engine.tick()) and engine.next_due() == next_due:
            break
    clock.move_to(max(until, clock.now()))
    engine.tick()


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.utcoffset() is None:
        raise BadInput("time", f"{text!r} has no offset", accepted="2026-06-08T10:00:00+01:00")
    return found


def _calendar(chart: Chart, now: datetime) -> Calendar:
    for name, named in chart.calendars.items():
        years = range(now.year - 1, now.year + _LOADED_YEARS)
        found = resolve_calendar(named.spec, name=name, years=years)
        if isinstance(found, Calendar):
            return found
        raise BadInput("calendar", "; ".join(_told(fault) for fault in found))
    return around_the_clock("UTC")


def _told(fault: CalendarFault) -> str:
    return fault.message
