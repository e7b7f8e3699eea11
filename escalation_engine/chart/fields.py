"""Data fields: from what the author wrote to a JSON Schema and the domain that conditions see."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from escalation_engine.calendar import TextError, parse_duration, parse_schedule
from escalation_engine.chart.fault import Faults, Path, did_you_mean
from escalation_engine.chart.model import Field, Passing
from escalation_engine.condition.vocabulary import Domain, Kind
from escalation_engine.definition import DataField, SchemaWords

__all__ = ["build_field", "misfit", "parse_instant"]

_KINDS = {
    "boolean": Kind.BOOLEAN, "integer": Kind.INTEGER, "number": Kind.NUMBER, "string": Kind.TEXT,
    "level": Kind.LEVEL, "role": Kind.ROLE, "person": Kind.PERSON,
}  # fmt: skip
_OWN_TYPES = {"date", "instant", "duration", "schedule", "person", "role", "level"}


def build_field(
    name: str,
    written: DataField,
    *,
    by: Passing | None,
    levels: tuple[str, ...],
    roles: tuple[str, ...],
    at: Path,
    faults: Faults,
) -> Field:
    """Return the field; a default that does not fit its own schema is noted as a fault."""
    type_name = written.type or _type_of_values(written.enum)
    values = tuple(written.enum or ())
    closed = {"level": levels, "role": roles}.get(type_name, ())
    kind = _KINDS.get(type_name, Kind.OPAQUE) if closed or not values else Kind.ENUM
    for index, value in enumerate(values if closed else ()):
        if value not in closed:
            hint = did_you_mean(str(value), closed)
            faults.add(
                "E113", f"there is no {type_name} `{value}`", (*at, "enum", index), hint=hint
            )
    field = Field(
        name=name,
        title=written.title or name.rpartition(".")[2].replace("_", " "),
        type=type_name,
        domain=Domain(kind, name, values or closed),
        schema=_schema(written, type_name, values or closed),
        default=written.default,
        changes=written.changes,
        by=by,
        sensitive=written.sensitive,
    )
    if written.default is not None:
        problem = misfit(field, written.default)
        if problem:
            faults.add("E122", f"the default {written.default!r} {problem}", (*at, "default"))
    return field


def _type_of_values(values: tuple[Any, ...] | None) -> str:
    if not values:
        return "string"
    names = {bool: "boolean", int: "integer", float: "number", str: "string"}
    found = {names[type(value)] for value in values}
    return found.pop() if len(found) == 1 else "string"


def _schema(written: DataField, type_name: str, values: tuple[Any, ...]) -> Mapping[str, object]:
    words = set(SchemaWords.model_fields)
    schema = written.model_dump(include=words, exclude_none=True, mode="json")
    mixed = written.type is None and len({type(value) for value in values}) > 1
    if not mixed:
        schema["type"] = "string" if type_name in _OWN_TYPES else type_name
    if values:
        schema["enum"] = list(values)
    return schema


def parse_instant(text: str) -> datetime | None:
    """Return an aware instant from ISO 8601 text; None where it is not one or has no zone."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,), "integer": (int,), "number": (int, float), "string": (str,),
}  # fmt: skip


def misfit(field: Field, value: object) -> str:
    """Return why a value can never stand in the field by its type and values; empty where it fits.

    The full JSON Schema is applied when a value arrives; this is what a literal in YAML is held to.
    """
    if field.domain.values and value not in field.domain.values:
        accepted = ", ".join(map(str, field.domain.values[:12]))
        return f"is not one of its values ({accepted})"
    if field.type == "date" and not _is_date(value):
        return "is not a date such as 2026-04-02"
    if field.type == "instant" and not (isinstance(value, str) and parse_instant(value)):
        return "is not an instant with its zone, such as 2026-04-02T15:00:00Z"
    if field.type in _TIME_TYPES:
        return _no_time(field.type, value)
    wanted = _JSON_TYPES.get("string" if field.type in _OWN_TYPES else field.type)
    if wanted is None or field.domain.kind is Kind.ENUM:
        return ""
    fits = isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool))
    return "" if fits else f"is not of type {field.type}"


_TIME_TYPES: dict[str, Callable[[str], object]] = {
    "duration": parse_duration,
    "schedule": parse_schedule,
}


def _no_time(type_name: str, value: object) -> str:
    """Return why a value is no duration or schedule; empty where it is one."""
    try:
        _TIME_TYPES[type_name](value if isinstance(value, str) else "")
    except TextError:
        example = "4 working hours" if type_name == "duration" else "Friday 16:00"
        return f"is not a {type_name} such as {example}"
    return ""


def _is_date(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
