"""What all parts of a SQL store read with: a stored document as a value, or a StoreError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from escalation_engine.core.case import Case
from escalation_engine.errors import StoreError
from escalation_engine.store import rows
from escalation_engine.store.connection import Connections
from escalation_engine.store.protocol import Queued
from escalation_engine.store.recent import RecentCases
from escalation_engine.store.statements import Query

__all__ = ["SqlReading"]

T = TypeVar("T")


class SqlReading:
    """The connections of a store, and the values behind what it reads."""

    _connections: Connections
    _recent: RecentCases
    _salts: Callable[[int], bytes]
    url: str

    def _case(self, case_id: str, text: str, head: str) -> Case:
        return self._read(lambda stored: self._recent.case(case_id, stored, head), text)

    def _effects(self, query: Query, **values: object) -> list[Queued]:
        with self._connections.reading() as lent:
            found = lent.rows(query, **values)
        return [self._read(rows.queued_from, row) for row in found]

    def _read(self, read: Callable[[Any], T], stored: object) -> T:
        try:
            return read(stored)
        except (KeyError, TypeError, ValueError) as error:
            problem = f"a stored document cannot be read ({type(error).__name__}: {error})"
            raise StoreError(self.url, problem) from error
