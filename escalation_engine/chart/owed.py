"""Duties: from what an author wrote to their place in the chart."""

from __future__ import annotations

from escalation_engine.calendar import TextError, parse_duration
from escalation_engine.chart.amount import OFF
from escalation_engine.chart.calendars import calendar_of
from escalation_engine.chart.fault import Path, did_you_mean
from escalation_engine.chart.model import Amount, Duty
from escalation_engine.chart.names import Names
from escalation_engine.chart.timing import TimeReader
from escalation_engine.definition import Duty as WrittenDuty

__all__ = ["read_duties"]

_ONLY_BY_SCHEDULE = ("while_", "on_holiday", "first", "counted_from", "catch_up")


def read_duties(reader: TimeReader) -> dict[str, Duty]:
    """Return the duties of one part by canonical name."""
    names = reader.names
    read = [
        _duty(reader, names.known["duty"][name], name, written, ("duties", name))
        for name, written in names.part.definition.duties.items()
    ]
    return {duty.name: duty for duty in read if duty is not None}


def _duty(
    reader: TimeReader, canonical: str, name: str, written: WrittenDuty, at: Path
) -> Duty | None:
    names = reader.names
    if not _is_sound(names, name, written, at):
        return None
    every = reader.amounts.recurrence(written.every, (*at, "every")) if written.every else None
    _check_holiday(names, written, every, at)
    due = reader.amounts.duration(written.due, (*at, "due")) if written.due else None
    return Duty(
        name=canonical,
        title=written.title or name.replace("_", " "),
        every=every,
        opens=reader.moments(written.opens, (*at, "opens")),
        due=due,
        active_in=reader.states(
            [text.removeprefix("in ") for text in written.while_], (*at, "while")
        ),
        calendar=calendar_of(names, written.calendar, (every, due), at),
        on_holiday=written.on_holiday or "",
        owed_by=_who(names, written.owed_by, (*at, "owed_by")),
        owed_to=_who(names, written.for_, (*at, "for")),
        needs=names.find_all("field", written.needs, (*at, "needs")),
        done_by=reader.moments(written.done_by, (*at, "done_by")),
        missed=reader.body(written.missed, (*at, "missed")),
        is_first_at_once=written.first == "at_once",
        counts_from_last=written.counted_from == "last_done",
        must_be_done=written.at_end == "must_be_done",
        catch_up=written.catch_up,
    )


def _is_sound(names: Names, name: str, written: WrittenDuty, at: Path) -> bool:
    """A duty comes by a schedule or is owed once, and says nothing that belongs to the other."""
    faults = names.faults
    is_recurring = written.every is not None
    if is_recurring == bool(written.opens):
        message = f"the duty `{name}` is owed by a schedule (`every`) or once (`opens`)"
        hint = "take one of them away" if is_recurring else "add one of them"
        faults.add("E132", message, at, at_key=True, hint=hint)
        return False
    foreign = [key for key in _ONLY_BY_SCHEDULE if key in written.model_fields_set]
    if is_recurring:
        foreign = ["due"] if written.due is not None else []
    for key in foreign:
        kind = "comes by a schedule" if is_recurring else "is owed once"
        word = key.removesuffix("_")
        message = f"the duty `{name}` {kind}: `{word}` has no meaning there"
        faults.add("E132", message, (*at, word), at_key=True)
    if not is_recurring and written.due is None and written.missed is not None:
        message = f"the duty `{name}` is never due, so it cannot be missed"
        faults.add("E132", message, (*at, "missed"), at_key=True, hint="add `due: DURATION`")
    return True


def _check_holiday(names: Names, written: WrittenDuty, every: Amount | None, at: Path) -> None:
    """Only a wall schedule falls on a day; what follows from durations goes by the calendar."""
    if written.on_holiday is None or every is None or not every.texts:
        return
    if all(text != OFF and _is_duration(text) for text in every.texts):
        message = f"`{every.texts[0]}` is no wall schedule: `on_holiday` has no meaning there"
        hint = "`counting: {roll: next_working_day}` of the calendar moves periods"
        names.faults.add("E132", message, (*at, "on_holiday"), at_key=True, hint=hint)


def _is_duration(text: str) -> bool:
    try:
        parse_duration(text)
    except TextError:
        return False
    return True


def _who(names: Names, name: str | None, at: Path) -> str:
    """Return the role or slot of that name; a name never stands for both."""
    if name is None:
        return ""
    known = {**names.known["slot"], **names.known["role"]}
    if name not in known:
        message = f"nobody is called `{name}`: no role or slot"
        names.faults.add("E113", message, at, hint=did_you_mean(name, known))
    return known.get(name, "")
