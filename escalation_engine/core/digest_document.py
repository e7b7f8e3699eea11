"""What stands in a digest as arrays and back: its holder, and its rows with what is due in each."""

from __future__ import annotations

from typing import Any

from escalation_engine.core.case import Holder
from escalation_engine.core.effect import DigestRow
from escalation_engine.core.instant import instant_from, instant_text
from escalation_engine.core.snapshot import data_from
from escalation_engine.core.value import FrozenMap

__all__ = ["holder_from", "rows_document", "rows_from"]


def holder_from(part: list[Any] | None) -> Holder | None:
    """Return the holder of a digest, None for nobody."""
    return None if part is None else Holder(*part)


def rows_document(rows: tuple[DigestRow, ...]) -> list[list[Any]]:
    """Return each row as case, reference, states, data, and names with their due instants."""
    return [[row.case_id, row.reference, row.states, row.data, _dues_document(row)] for row in rows]


def rows_from(part: list[list[Any]]) -> tuple[DigestRow, ...]:
    """Return the rows that the arrays were made from."""
    return tuple(
        [
            DigestRow(case_id, reference, FrozenMap(states), data_from(data), _dues_from(due))
            for case_id, reference, states, data, due in part
        ]
    )


def _dues_document(row: DigestRow) -> list[list[str]]:
    return [[name, instant_text(at)] for name, at in row.due]


def _dues_from(part: list[list[str]]) -> tuple[tuple[str, Any], ...]:
    return tuple([(name, instant_from(at)) for name, at in part])
