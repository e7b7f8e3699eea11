"""Durations and schedules as an author wrote them: parsed, parameters filled in, made canonical."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from escalation_engine.calendar import (
    Period,
    TextError,
    WorkingDays,
    WorkingTime,
    parse_duration,
    parse_mark,
    parse_schedule,
    write_duration,
    write_mark,
    write_schedule,
)
from escalation_engine.chart.body_model import Amount
from escalation_engine.chart.fault import Path, did_you_mean
from escalation_engine.chart.model import Field
from escalation_engine.chart.names import Names
from escalation_engine.condition.vocabulary import Kind

__all__ = ["OFF", "AmountReader", "is_off", "needs_calendar"]

OFF = "none"
"""The text of no limit: what has it is switched off."""

_FIXED_KEYS = ("depends_on", "otherwise", "agreed_in")
_COUNTED = (Kind.INTEGER, Kind.ENUM, Kind.BOOLEAN, Kind.LEVEL, Kind.ROLE)


def _recurrence(text: str) -> str:
    """Return the canonical text of a schedule or a duration; the fault is of the likelier one."""
    try:
        return _CANONICAL["schedule"](text)
    except TextError as error:
        if text.strip()[:1].isdigit():
            return _CANONICAL["duration"](text)
        hint = f"{error.hint}; or how long in between, such as `8 weeks`"
        raise TextError(error.message, offset=error.offset, hint=hint) from None


_CANONICAL: Mapping[str, Callable[[str], str]] = {
    "duration": lambda text: write_duration(parse_duration(text)),
    "schedule": lambda text: text if text == OFF else write_schedule(parse_schedule(text)),
    "recurrence": _recurrence,
    "mark": lambda text: write_mark(parse_mark(text)),
}


_ACCEPTED = {"recurrence": ("schedule", "duration")}
"""The types of parameters and fields that fit, where they are not called as what is wanted."""


def is_off(amount: Amount) -> bool:
    """Return whether there is no limit, whatever the facts."""
    return amount.texts != () and set(amount.texts) == {OFF}


def needs_calendar(amount: Amount) -> bool:
    """Return whether days or open hours are counted; what is agreed at run time may count them.

    Elapsed time alone needs no calendar.
    """
    if amount.agreed_in:
        return True
    return any(_is_counted(text) for text in amount.texts)


def _is_counted(text: str) -> bool:
    try:
        return isinstance(parse_duration(text), WorkingTime | WorkingDays | Period)
    except TextError:
        return True  # A wall schedule: it has a zone.


@dataclass(frozen=True, slots=True)
class AmountReader:
    """Reads amounts in one part of a definition."""

    names: Names
    fields: Mapping[str, Field]
    parameters: Mapping[str, object]

    def duration(self, written: str | Mapping[str, str], at: Path) -> Amount | None:
        """Return a duration; what cannot be read is noted."""
        return self._amount(written, at, "duration")

    def schedule(self, written: str | Mapping[str, str], at: Path) -> Amount | None:
        """Return a wall schedule; what cannot be read is noted."""
        return self._amount(written, at, "schedule")

    def recurrence(self, written: str | Mapping[str, str], at: Path) -> Amount | None:
        """Return a wall schedule, or how long there is in between; what is neither is noted."""
        return self._amount(written, at, "recurrence")

    def mark(self, text: str, at: Path) -> str | None:
        """Return the canonical text of a mark, such as 75% or 1 hour before; it stands as a key."""
        return self._canonical(text, at, "mark", at_key=True)

    def _amount(self, written: str | Mapping[str, str], at: Path, kind: str) -> Amount | None:
        if isinstance(written, str):
            text = self._text(written, at, kind)
            return None if text is None else Amount(text)
        if "agreed_in" in written:
            return self._agreed(written, at, kind)
        if "depends_on" in written:
            return self._by_fact(written, at, kind)
        self.names.faults.add(
            "E112",
            "it names no field",
            at,
            hint="write {depends_on: FIELD, VALUE: …, otherwise: …} or {agreed_in: FIELD}",
        )
        return None

    def _by_fact(self, written: Mapping[str, str], at: Path, kind: str) -> Amount | None:
        field = self._deciding(written["depends_on"], (*at, "depends_on"))
        values = [_as_written(value) for value in self._values(field)]
        table, is_read = {}, True
        for value, item in written.items():
            if value == "depends_on":
                continue
            text = self._text(item, (*at, value), kind)
            is_read = is_read and text is not None
            table[value] = text or ""
            if value != "otherwise" and values and value not in values:
                message = f"`{value}` is not a value of `{written['depends_on']}`"
                hint = did_you_mean(value, values)
                self.names.faults.add("E122", message, (*at, value), hint=hint, at_key=True)
        otherwise = table.pop("otherwise", "")
        lacking = [value for value in values if value not in table]
        if field is not None and not otherwise and (lacking or not values):
            named = " and ".join(f"`{value}`" for value in lacking) or "other values"
            hint = "add them, or `otherwise: …`; `none` says that there is no limit"
            self.names.faults.add("E112", f"it says nothing for {named}", at, hint=hint)
        return Amount(otherwise, field, table) if field is not None and is_read else None

    def _deciding(self, name: str, at: Path) -> str | None:
        """The field that an amount depends on: one whose values can be listed."""
        field = self.names.find("field", name, at)
        if field is None or self.fields[field].domain.kind in _COUNTED:
            return field
        hint = "declare it with `enum: [VALUE, …]`"
        self.names.faults.add("E122", f"the values of `{name}` cannot be listed", at, hint=hint)
        return None

    def _values(self, field: str | None) -> tuple[object, ...]:
        if field is None:
            return ()
        domain = self.fields[field].domain
        return (True, False) if domain.kind is Kind.BOOLEAN else domain.values

    def _agreed(self, written: Mapping[str, str], at: Path, kind: str) -> Amount | None:
        for key in written:
            if key != "agreed_in":
                message = f"what is agreed at run time depends on nothing else: `{key}`"
                self.names.faults.add("E111", message, (*at, key), at_key=True)
        name, place = written["agreed_in"], (*at, "agreed_in")
        field = self.names.find("field", name, place)
        if field is None:
            return None
        accepted = _ACCEPTED.get(kind, (kind,))
        if self.fields[field].type not in accepted:
            message = f"`{name}` is not a field of type {' or '.join(accepted)}"
            hint = f"declare it as {{type: {accepted[0]}}}"
            self.names.faults.add("E122", message, place, hint=hint)
            return None
        return Amount(agreed_in=field)

    def _text(self, text: str, at: Path, kind: str) -> str | None:
        return (
            self._parameter(text[1:], at, kind)
            if text[:1] == "$"
            else (self._canonical(text, at, kind))
        )

    def _parameter(self, name: str, at: Path, kind: str) -> str | None:
        found = self.names.find("parameter", name, at)
        if found is None:
            return None
        declared = self.names.part.definition.parameters.get(name)
        accepted = _ACCEPTED.get(kind, (kind,))
        if declared is not None and declared.type not in accepted:
            message = (
                f"`{name}` is a parameter of type {declared.type}, not {' or '.join(accepted)}"
            )
            hint = f"declare it as {{type: {accepted[0]}}}"
            self.names.faults.add("E122", message, at, hint=hint)
            return None
        value = self.parameters.get(found)
        try:
            return OFF if value is None else _CANONICAL[kind](str(value))
        except TextError:
            return None  # Noted where the parameter is declared.

    def _canonical(self, text: str, at: Path, kind: str, *, at_key: bool = False) -> str | None:
        try:
            return _CANONICAL[kind](text)
        except TextError as error:
            self.names.faults.add(
                "E129", error.message, at, hint=error.hint, at_key=at_key, offset=error.offset
            )
            return None


def _as_written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
