"""A driver's connection while the store works on it, its own or the host's."""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import PoolProxiedConnection

from escalation_engine.errors import BadInput
from escalation_engine.store.database import Database
from escalation_engine.store.statements import Compiled, Query

__all__ = ["Lent", "LentByHost"]

SAVEPOINT = "escalation_engine"

Row = tuple[Any, ...]


class Lent:
    """One driver connection while the store works on it, in transactions of the store."""

    __slots__ = (
        "__weakref__", "_before", "_compiled", "_cursor", "_database", "_pooled", "is_per_call",
        "process_id",
    )  # fmt: skip

    def __init__(
        self,
        pooled: PoolProxiedConnection,
        compiled: Compiled,
        database: Database,
        *,
        is_per_call: bool,
    ) -> None:
        self.is_per_call = is_per_call
        self._pooled = pooled
        self._compiled = compiled
        self._database = database
        self._before = database.take(self._driver) if is_per_call else None
        self._cursor: DBAPICursor = pooled.cursor()
        self.process_id = os.getpid()

    def rows(self, query: Query, **values: object) -> list[Row]:
        """Return all rows: none is left unread, which would keep an old snapshot open."""
        self._execute(query, values)
        return self._cursor.fetchall()  # type: ignore[return-value]  # the driver's rows are tuples

    def change(self, query: Query, values: dict[str, object]) -> int:
        """Return how many rows the statement wrote."""
        self._execute(query, values)
        return self._cursor.rowcount

    def begin(self) -> None:
        """Begin a transaction with the right to write."""
        self._database.begin_writing(self._driver, self._cursor)

    def begin_at_once(self) -> None:
        """Begin for one statement, which is a transaction by itself where it is an autocommit."""

    def commit(self) -> None:
        """Make the changes lasting."""
        self._pooled.commit()

    def rollback(self) -> None:
        """Take back all since `begin`."""
        self._pooled.rollback()

    def is_lost(self) -> bool:
        """Return whether the connection was lost while nobody used it."""
        return self._database.is_lost(self._driver)

    def give_back(self) -> None:
        """Return the connection to its pool."""
        self.process_id = 0
        if self.is_per_call:
            self._database.let_go(self._driver, self._before)
        self._pooled.close()

    def discard(self) -> None:
        """Close a connection that failed, so that nobody meets it again."""
        if self.process_id:
            self.process_id = 0
            self._pooled.invalidate()

    @property
    def _driver(self) -> DBAPIConnection:
        assert self._pooled.dbapi_connection is not None
        return self._pooled.dbapi_connection

    def _execute(self, query: Query, values: dict[str, object]) -> None:
        statement = self._compiled[query]
        self._cursor.execute(statement.text, statement.parameters(values))


class LentByHost(Lent):
    """The host's connection: a write is a savepoint of the host's transaction, never its end."""

    __slots__ = ("_host",)

    def __init__(self, host: Connection, compiled: Compiled, database: Database) -> None:
        self._host = host
        self.check_open()
        super().__init__(host.connection, compiled, database, is_per_call=False)

    def check_open(self) -> None:
        """Raise BadInput where the host has closed or lost the connection: it is not ours then."""
        if self._host.closed or self._host.invalidated:
            raise BadInput("connection", "it is closed", accepted="one open until the block ends")

    def begin(self) -> None:
        """Set a savepoint, inside a transaction that has really begun.

        SQLite would take the release of an outermost savepoint for a commit. SQLAlchemy's own
        transaction ends with each commit of the host, and without it the next finds nothing.
        """
        if not self._host.in_transaction():
            self._host.begin()
        super().begin()
        self._cursor.execute(f"SAVEPOINT {SAVEPOINT}")

    def begin_at_once(self) -> None:
        """Set a savepoint for one statement too: what fails must not spoil the transaction."""
        self.begin()

    def commit(self) -> None:
        """Leave the changes to the host's transaction."""
        self._cursor.execute(f"RELEASE SAVEPOINT {SAVEPOINT}")

    def rollback(self) -> None:
        """Take back all since the savepoint; the host's own work stays."""
        self._cursor.execute(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
        self._cursor.execute(f"RELEASE SAVEPOINT {SAVEPOINT}")

    def give_back(self) -> None:
        """Let go of the cursor; the connection is the host's."""
        self.process_id = 0
        if not (self._host.closed or self._host.invalidated):
            self._cursor.close()

    def discard(self) -> None:
        """Leave the connection to the host."""
