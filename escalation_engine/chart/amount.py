"""Durations and schedules as an author wrote them: parsed, parameters filled in, made canonical."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from escalation_engine.calendar import (
    TextError,
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

__all__ = ["AmountReader"]

_FIXED_KEYS = ("depends_on", "otherwise", "agreed_in")


@dataclass(slots=True)
class AmountReader:
    """Reads amounts in one part of a definition."""

    names: Names
    fields: Mapping[str, Field]
    parameters: Mapping[str, object]

    def duration(self, written: str | Mapping[str, str], at: Path) -> Amount | None:
        """Return a duration; what cannot be read is noted."""
        return self._amount(written, at, self._duration_text, "duration")

    def schedule(self, written: str | Mapping[str, str], at: Path) -> Amount | None:
        """Return a wall schedule; what cannot be read is noted."""
        return self._amount(written, at, self._schedule_text, "schedule")

    def mark(self, text: str, at: Path) -> str | None:
        """Return the canonical text of a mark, such as 75% or 1 hour before."""
        return self._canonical(text, at, parse_mark, write_mark, at_key=True)

    def _duration_text(self, text: str, at: Path) -> str | None:
        return self._canonical(text, at, parse_duration, write_duration)

    def _schedule_text(self, text: str, at: Path) -> str | None:
        return self._canonical(text, at, parse_schedule, write_schedule)

    def _canonical(
        self,
        text: str,
        at: Path,
        read: Callable[[str], Any],
        write: Callable[[Any], str],
        *,
        at_key: bool = False,
    ) -> str | None:
        if text.startswith("$"):
            name = self.names.find("parameter", text[1:], at)
            if name is None:
                return None
            value = self.parameters.get(name)
            text = "none" if value is None else str(value)
        try:
            return write(read(text))
        except TextError as error:
            self.names.faults.add(
                "E129", error.message, at, hint=error.hint, at_key=at_key, offset=error.offset
            )
            return None

    def _amount(
        self,
        written: str | Mapping[str, str],
        at: Path,
        text: Callable[[str, Path], str | None],
        kind: str,
    ) -> Amount | None:
        if isinstance(written, str):
            found = text(written, at)
            return None if found is None else Amount(found)
        if "agreed_in" in written:
            return self._agreed(written["agreed_in"], (*at, "agreed_in"), kind)
        if "depends_on" not in written:
            self.names.faults.add(
                "E112",
                "it names no field",
                at,
                hint="write {depends_on: FIELD, VALUE: …} or {agreed_in: FIELD}",
            )
            return None
        field = self.names.find("field", written["depends_on"], (*at, "depends_on"))
        table = {}
        for value, item in written.items():
            if value in _FIXED_KEYS:
                continue
            found = text(item, (*at, value))
            if field is not None and self._is_value(field, value, (*at, value)) and found:
                table[value] = found
        otherwise = text(written["otherwise"], (*at, "otherwise")) if "otherwise" in written else ""
        return None if field is None else Amount(otherwise or "", field, table)

    def _is_value(self, field: str, value: str, at: Path) -> bool:
        values = [str(known) for known in self.fields[field].domain.values]
        if not values or value in values:
            return True
        message = f"`{value}` is not a value of `{field}`"
        self.names.faults.add("E122", message, at, hint=did_you_mean(value, values), at_key=True)
        return False

    def _agreed(self, name: str, at: Path, kind: str) -> Amount | None:
        field = self.names.find("field", name, at)
        if field is None:
            return None
        if self.fields[field].type != kind:
            message = f"`{name}` is not a field of type {kind}"
            self.names.faults.add("E122", message, at, hint=f"declare it as {{type: {kind}}}")
            return None
        return Amount(agreed_in=field)
