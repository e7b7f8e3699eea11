"""From which date on a version of a process opens cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from escalation_engine.chart.fields import parse_instant
from escalation_engine.chart.model import Chart, Field, Validity
from escalation_engine.chart.names import Names
from escalation_engine.definition import Process

__all__ = ["opens_on", "read_validity"]

_DATED = ("date", "instant")


def read_validity(definition: Process, names: Names, fields: Mapping[str, Field]) -> Validity:
    """Return what the head of a process says; a date that is none is noted as a fault."""
    faults = names.faults
    since, by = definition.valid_from or "", definition.valid_by or ""
    if since and _day(since) is None:
        message = f"`{since}` is not a date such as 2026-04-08"
        faults.add("E122", message, ("valid_from",))
    if not by:
        return Validity(since)
    field = fields.get(names.find("field", by, ("valid_by",)) or "")
    if field is not None and field.type not in _DATED:
        message = f"`{by}` is of type {field.type}, and a version begins on a date"
        faults.add("E122", message, ("valid_by",), hint="a field of type date or instant")
    if not since:
        message = "`valid_by` says what a date is held against, and there is none"
        faults.add("E122", message, ("valid_by",), hint="add `valid_from:`")
    return Validity(since, by if field is None else field.name)


def opens_on(chart: Chart, *, now: datetime, data: Mapping[str, object]) -> bool:
    """Return whether a version opens a case now, that brings this data.

    Its own date counts where it brings one, else the day in the zone of the first calendar.
    """
    if not chart.validity.since:
        return True
    first = next(iter(chart.calendars.values()), None)
    zone = ZoneInfo("UTC" if first is None else first.spec.timezone)
    given = data.get(chart.validity.by)
    day = _day_of(given, zone) if isinstance(given, str) else None
    since = _day(chart.validity.since)
    assert since is not None, "a chart has a date that can be read"
    return since <= (day or now.astimezone(zone).date())


def _day_of(text: str, zone: ZoneInfo) -> date | None:
    """The day of a date or an instant; None for a text that is neither, which is refused later."""
    instant = parse_instant(text)
    return _day(text) if instant is None else instant.astimezone(zone).date()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
