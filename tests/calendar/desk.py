"""The calendars of these tests, and short ways to say an instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from escalation_engine.calendar import (
    Calendar,
    CalendarFault,
    CalendarSpec,
    Counting,
    Cutoff,
    EndOfDay,
    Pause,
    Roll,
    WorkingTime,
    resolve_calendar,
)

YEARS = range(2025, 2036)
OFFICE_HOURS = {"mon-fri": "09:00-17:00"}


def calendar(
    timezone: str = "Europe/London",
    hours: Mapping[str, str | Sequence[str]] = OFFICE_HOURS,
    holidays: str | None = None,
    **more: object,
) -> Calendar:
    """The calendar of a specification that has no fault."""
    spec = CalendarSpec(timezone=timezone, hours=hours, holidays=holidays, **more)  # type: ignore[arg-type]  # the rest of the specification
    resolved = resolve_calendar(spec, name="office", years=YEARS)
    assert isinstance(resolved, Calendar), resolved
    return resolved


def faults(spec: CalendarSpec) -> tuple[CalendarFault, ...]:
    """The faults of a specification that has some."""
    found = resolve_calendar(spec, name="office", years=YEARS)
    assert not isinstance(found, Calendar)
    return found


def counting(
    base: Calendar,
    *,
    cutoff: Cutoff = Cutoff.NONE,
    end_of_day: EndOfDay = EndOfDay.CLOSE,
    roll: Roll = Roll.NONE,
) -> Calendar:
    """The calendar with other rules of counting."""
    return replace(base, counting=Counting(cutoff, end_of_day, roll))


def at(text: str, zone: str = "Europe/London") -> datetime:
    """The instant of a local time, such as `2026-06-08 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def utc(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(number: float) -> timedelta:
    """Elapsed hours."""
    return timedelta(hours=number)


def working(number: float) -> WorkingTime:
    """Working hours."""
    return WorkingTime(hours(number))


def pause(start: str, end: str | None, reason: str = "client") -> Pause:
    """A pause between two local times in London."""
    return Pause(at(start), at(end) if end else None, reason)


LON = calendar(holidays="GB-ENG")
SCOTLAND = calendar(holidays="GB-SCT", removed=[date(2026, 6, 15)])
ROUND_THE_CLOCK = calendar(hours={"mon-sun": "00:00-24:00"})
NIGHTS = calendar("America/New_York", {"mon-sun": "22:00-06:00"})
