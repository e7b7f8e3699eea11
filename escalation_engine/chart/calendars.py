"""Calendars of a definition: read, tried, and chosen for what counts on one of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from escalation_engine.calendar import CalendarSpec, resolve_calendar
from escalation_engine.chart.amount import needs_calendar
from escalation_engine.chart.body_model import Amount
from escalation_engine.chart.fault import Path
from escalation_engine.chart.names import Names
from escalation_engine.chart.time_model import NamedCalendar
from escalation_engine.definition import CalendarEntry

__all__ = ["CHECKED_YEARS", "calendar_of", "note_no_calendar", "read_calendars"]

CHECKED_YEARS = range(2024, 2028)
"""The years for which a definition's calendars are tried when it is loaded."""

_AS_VALUES = (("timezone",), ("holidays",))


def read_calendars(names: Names) -> dict[str, NamedCalendar]:
    """Return the calendars of one part by canonical name; their faults are noted."""
    found = {}
    for name, written in names.part.definition.calendars.items():
        at: Path = ("calendars", name)
        spec = _spec(written, names, at)
        if spec is None:
            continue
        tried = resolve_calendar(spec, name=name, years=CHECKED_YEARS)
        if isinstance(tried, tuple):
            for fault in tried:
                place, at_key = (*at, *fault.at), fault.at not in _AS_VALUES
                names.faults.add("E130", fault.message, place, hint=fault.hint, at_key=at_key)
        canonical = names.known["calendar"][name]
        title = written.title or name.replace("_", " ")
        found[canonical] = NamedCalendar(canonical, title, spec)
    return found


def calendar_of(
    names: Names, written: str | None, amounts: Iterable[Amount | None], at: Path
) -> str:
    """Return the calendar that is named, or the only one that is declared, or none.

    Where several are declared, or none is, and an amount needs one, that is noted. A part that
    declares none counts on those of its taker.
    """
    if written is not None:
        return names.find("calendar", written, (*at, "calendar")) or ""
    known = names.known["calendar"]
    own = [known[name] for name in names.part.definition.calendars]
    declared = own or list(dict.fromkeys(known.values()))
    if len(declared) == 1:
        return declared[0]
    needing = next((amount for amount in amounts if amount and needs_calendar(amount)), None)
    if needing is not None:
        note_no_calendar(names, needing, declared, at)
    return ""


def note_no_calendar(names: Names, amount: Amount, declared: list[str], at: Path) -> None:
    """Note that an amount has no calendar to count on; a track alone gets its taker's."""
    what = f"`{amount.texts[0]}`" if amount.texts else "what is agreed at run time"
    if declared:
        listed = " or ".join(f"`calendar: {name}`" for name in declared)
        message = f"several calendars are declared, and nothing says on which {what} counts"
        names.faults.add("E131", message, at, at_key=True, hint=f"add {listed}")
    elif names.part.definition.kind == "process" or names.part.track:
        message = f"{what} counts on a calendar, and none is declared"
        hint = (
            "add `calendars: {office: {timezone: Europe/London, hours: {mon-fri: 09:00-17:00}}}`, "
            "or write elapsed time such as `4 hours`"
        )
        names.faults.add("E131", message, at, at_key=True, hint=hint)


def _spec(written: CalendarEntry, names: Names, at: Path) -> CalendarSpec | None:
    added = {
        _date(text, names, (*at, "added", text)): title for text, title in written.added.items()
    }
    special = {
        _date(text, names, (*at, "special", text)): ranges
        for text, ranges in written.special.items()
    }
    if None in added or None in special:
        return None
    return CalendarSpec(
        timezone=written.timezone,
        hours=written.hours,
        holidays=written.holidays,
        added={day: title for day, title in added.items() if day},
        removed=tuple(_date_or_name(text) for text in written.removed),
        special={day: ranges for day, ranges in special.items() if day},
        yearly=written.yearly,
        counting=written.counting.model_dump() if written.counting is not None else {},
    )


def _date(text: str, names: Names, at: Path) -> date | None:
    found = _date_or_name(text)
    if isinstance(found, date):
        return found
    message = f"`{text}` is not a date such as 2026-12-24"
    names.faults.add("E130", message, at, at_key=True)
    return None


def _date_or_name(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
