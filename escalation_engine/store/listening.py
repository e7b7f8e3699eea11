"""How a sleeping worker is woken by what others commit: by PostgreSQL, which can call."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Delete, Insert, bindparam, delete, insert

from escalation_engine.core.instant import instant_text
from escalation_engine.errors import StoreError
from escalation_engine.store.connection import Connections
from escalation_engine.store.tables import sleepers
from escalation_engine.store.waking import Listening

__all__ = ["CHANNEL", "SqlListening"]

CHANNEL = "escalation_due"


class SqlListening(Listening):
    """One connection of its own listens; who sleeps stands in a table, so that few calls are made.

    A call is lost with its connection: a worker that sleeps must look now and then all the same.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._name = uuid4().hex
        self._pooled: Any = None

    def fileno(self) -> int | None:
        """Return the connection's file number."""
        return None if self._pooled is None else int(self._pooled.dbapi_connection.fileno())

    def sleep_until(self, until: datetime) -> None:
        """Listen, and then say so: whoever commits later calls."""
        if self._pooled is None:
            self._listen()
        with self._connections.writing() as lent:
            lent.change(delete_sleeper, {"of": self._name})
            lent.change(insert_sleeper, {"worker": self._name, "until": instant_text(until)})

    def wake(self) -> None:
        """Take in the calls that came, and leave the table."""
        try:
            self._pooled.dbapi_connection.execute("SELECT 1")  # reads what has come
        except self._connections.errors:
            self.close()  # it was lost; the next sleep begins with another
        with self._connections.writing() as lent:
            lent.change(delete_sleeper, {"of": self._name})

    def close(self) -> None:
        """Close the connection: nobody else shall find it listening."""
        pooled, self._pooled = self._pooled, None
        if pooled is not None:
            with suppress(*self._connections.errors):
                pooled.invalidate()

    def _listen(self) -> None:
        try:
            self._pooled = self._connections.engine.raw_connection()
            self._pooled.dbapi_connection.execute(f"LISTEN {CHANNEL}")
        except self._connections.errors as error:
            self.close()
            said = self._connections.database.explain(error)
            raise StoreError(self._connections.url, said) from error


def insert_sleeper() -> Insert:
    """Say that a worker sleeps. Lock: write. Index: primary key."""
    return insert(sleepers).inline()


def delete_sleeper() -> Delete:
    """Say that it is awake. Lock: write. Index: primary key."""
    return delete(sleepers).where(sleepers.c.worker == bindparam("of"))
