"""Turns the local time of a zone into instants, and keeps instants in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from escalation_engine.errors import BadInput

__all__ = ["instant_at", "minutes_into", "to_utc"]

_DAY_MINUTES = 24 * 60


def to_utc(instant: datetime, what: str) -> datetime:
    """Return the instant in UTC; `BadInput` names `what` when it has no zone."""
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise BadInput(what, "has no time zone", accepted="an aware datetime")
    return instant.astimezone(UTC)


def instant_at(zone: ZoneInfo, day: date, at: time) -> datetime:
    """Return the instant of a local time.

    A time that the clocks skip moves forward by the size of the gap; of a time that comes twice it
    is the first. (PEP 495, `fold=0`: the offset before the change applies to both.)
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def minutes_into(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """Return the instant at which the wall clock has gone that many minutes past `day`'s midnight.

    1,440 is midnight at the end of the day, more is the next morning.
    """
    days, minute = divmod(minutes, _DAY_MINUTES)
    return instant_at(zone, day + timedelta(days=days), time(minute // 60, minute % 60))
