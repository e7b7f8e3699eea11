"""Values for the fields of a process: those that conditions tell apart, simplest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from escalation_engine.chart.model import Chart, Field
from escalation_engine.core.plan import plan_of
from escalation_engine.testing.journey.place import conditions_of

__all__ = ["Values"]

_MOST = 8


class Values:
    """Fitting values by field, a few of each; `given` are the host's own, by field."""

    def __init__(
        self,
        chart: Chart,
        *,
        people: Sequence[str],
        around: datetime,
        given: Mapping[str, Sequence[object]] | None = None,
    ) -> None:
        self._chart = chart
        self._people = people
        self._around = around
        self._compared = _compared(chart)
        self._given = dict(given or {})
        self._found: dict[str, tuple[Any, ...]] = {}

    def of(self, name: str) -> tuple[Any, ...]:
        """Return the values of a field; empty where none was found that fits its schema."""
        if name not in self._found:
            self._found[name] = self._fitting(self._chart.fields[name])
        return self._found[name]

    @property
    def compared(self) -> Collection[str]:
        """The fields that conditions look at."""
        return self._compared.keys()

    def _fitting(self, field: Field) -> tuple[Any, ...]:
        if field.name in self._given:
            return tuple(self._given[field.name])
        plan = plan_of(self._chart)
        found: list[Any] = []
        for value in self._thinkable(field):
            if len(found) < _MOST and value not in found and not plan.misfit(field, value):
                found.append(value)
        return tuple(found)

    def _thinkable(self, field: Field) -> Iterator[Any]:
        schema = field.schema
        yield from field.domain.values
        compared = self._compared.get(field.name, [])
        yield from compared
        for key in ("const", "default"):
            if key in schema:
                yield schema[key]
        match field.type:
            case "boolean":
                yield from (True, False)
            case "integer" | "number":
                yield from _numbers(compared, schema)
            case "person":
                yield from self._people
            case "date":
                days = (self._around + timedelta(days=day) for day in (0, 1, -1, 30))
                yield from (day.date().isoformat() for day in days)
            case "instant":
                hours = (self._around + timedelta(hours=hour) for hour in (0, 1, -1, 24 * 7))
                yield from (instant.isoformat() for instant in hours)
            case "duration":
                yield from ("1 hour", "2 working hours", "1 working day", "1 day")
            case "schedule":
                yield from ("day at 09:00", "Friday 16:00")
            case "array":
                yield from _lists(schema)
            case "object":
                yield {}
            case _:
                yield from _texts(schema)


def _compared(chart: Chart) -> dict[str, list[Any]]:
    """What conditions compare each field with, in document order."""
    found: dict[str, list[Any]] = defaultdict(list)
    for condition in conditions_of(chart):
        for name in sorted(condition.fields):
            found[name] += ()
        for name, constants in condition.constants.items():
            found[name] += sorted(constants, key=str)
    return found


def _numbers(compared: Sequence[Any], schema: Mapping[str, Any]) -> Iterator[Any]:
    for edge in (schema.get("minimum"), schema.get("maximum")):
        if edge is not None:
            yield edge
    for constant in compared:
        if isinstance(constant, int | float):
            yield from (constant - 1, constant + 1)
    yield from (0, 1, 2, 10, 100)


def _texts(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from ("a", "b")
    yield "x" * int(schema.get("minLength", 1))
    yield from ("2026-01-05", "someone@example.org", "+44 20 7946 0000", "https://example.org", "1")


def _lists(schema: Mapping[str, Any]) -> Iterator[list[Any]]:
    least = int(schema.get("minItems", 0))
    items: Any = schema.get("items", {})
    values = items.get("enum", ()) if isinstance(items, Mapping) else ()
    for item in (*values, "a", 1, True, {}):
        yield [item] * max(least, 1)
    yield []
