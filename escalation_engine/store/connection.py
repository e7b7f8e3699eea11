"""Driver connections from SQLAlchemy's pool, and the transactions on them.

A store's own engine gives each thread one connection to keep: taking one from the pool and giving
it back costs more than a statement. From a host's engine one is taken per call. Inside `using`
everything runs on the host's connection, in the host's transaction.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection

from escalation_engine.errors import BadInput, StoreError
from escalation_engine.store.sqlite import begin_writing, explain
from escalation_engine.store.statements import Compiled, Query

__all__ = ["Connections", "Lent"]

SAVEPOINT = "escalation_engine"

Row = tuple[Any, ...]


class Lent:
    """One driver connection while the store works on it, in transactions of the store."""

    __slots__ = ("__weakref__", "_compiled", "_cursor", "_pooled", "is_per_call", "process_id")

    def __init__(
        self, pooled: PoolProxiedConnection, compiled: Compiled, *, is_per_call: bool
    ) -> None:
        self.is_per_call = is_per_call
        self._pooled = pooled
        self._compiled = compiled
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
        assert self._pooled.dbapi_connection is not None
        begin_writing(self._pooled.dbapi_connection, self._cursor)

    def commit(self) -> None:
        """Make the changes lasting."""
        self._pooled.commit()

    def rollback(self) -> None:
        """Take back all since `begin`."""
        self._pooled.rollback()

    def give_back(self) -> None:
        """Return the connection to its pool."""
        self.process_id = 0
        self._pooled.close()

    def discard(self) -> None:
        """Close a connection that failed, so that nobody meets it again."""
        if self.process_id:
            self.process_id = 0
            self._pooled.invalidate()

    def _execute(self, query: Query, values: dict[str, object]) -> None:
        statement = self._compiled[query]
        self._cursor.execute(statement.text, statement.parameters(values))


class LentByHost(Lent):
    """The host's connection: a write is a savepoint of the host's transaction, never its end."""

    __slots__ = ("_host",)

    def __init__(self, host: Connection, compiled: Compiled) -> None:
        self._host = host
        self.check_open()
        super().__init__(host.connection, compiled, is_per_call=False)

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


class Connections:
    """Lends a connection for each piece of work, and turns the driver's errors into StoreError."""

    def __init__(self, engine: Engine, *, is_own: bool) -> None:
        self.engine = engine
        self.url = engine.url.render_as_string(hide_password=True)
        self.is_own = is_own
        self._compiled = Compiled(engine.dialect)
        self._of_thread = threading.local()
        self._held: WeakSet[Lent] = WeakSet()  # a thread's connection goes back when it ends
        self._inherited: list[Lent] = []
        self._guard = threading.Lock()
        self._by_host: ContextVar[LentByHost | None] = ContextVar("lent_by_host", default=None)
        driver = engine.dialect.loaded_dbapi
        self.integrity_error: type[Exception] = driver.IntegrityError
        self.errors = (driver.Error, SQLAlchemyError)

    def reading(self) -> Work:
        """Lend a connection outside any transaction of the store."""
        return Work(self, is_write=False)

    def writing(self) -> Work:
        """Lend a connection in a write transaction: committed at the end, or rolled back."""
        return Work(self, is_write=True)

    def lend(self) -> Lent:
        """Return the host's connection inside `using`, this thread's own, or one from the pool."""
        by_host = self._by_host.get()
        if by_host is not None and by_host.process_id:
            by_host.check_open()
            return by_host
        return self._of_this_thread() if self.is_own else self._taken()

    @contextmanager
    def using(self, connection: object) -> Iterator[None]:
        """Lend the host's connection to all work of this context, until the block ends."""
        lent = self._lent_by(connection)
        token = self._by_host.set(lent)
        try:
            yield
        finally:
            self._by_host.reset(token)
            lent.give_back()

    def translated(self, error: BaseException, lent: Lent | None = None) -> Exception | None:
        """Return what to raise for an error of driver or pool; `lent` is not used again then.

        None where the error is to pass as it is.
        """
        if isinstance(error, self.integrity_error):
            return None  # the store knows what is taken
        if isinstance(error, self.errors):
            if lent is not None:
                lent.discard()
            return StoreError(self.url, explain(error))
        if isinstance(error, UnicodeEncodeError):
            return BadInput("text", str(error), accepted="text that UTF-8 can carry")
        return None

    def close(self) -> None:
        """Give back every thread's connection, and dispose of an own engine."""
        with self._guard:
            held = list(self._held)
            self._held.clear()
        for lent in held:
            if lent.process_id == os.getpid():
                lent.give_back()
        if self.is_own:
            self.engine.dispose()

    def _lent_by(self, connection: object) -> LentByHost:
        if not isinstance(connection, Connection):
            raise BadInput(
                "connection",
                f"{type(connection).__name__} is not a SQLAlchemy Connection",
                accepted="engine.connect(), or session.connection()",
            )
        if connection.dialect.name != self.engine.dialect.name:
            raise BadInput(
                "connection",
                f"it speaks {connection.dialect.name}",
                accepted=f"a connection to {self.engine.dialect.name}, as the store's",
            )
        return LentByHost(connection, self._compiled)

    def _of_this_thread(self) -> Lent:
        lent: Lent | None = getattr(self._of_thread, "lent", None)
        if lent is not None and lent.process_id == os.getpid():
            return lent
        if lent is not None and lent.process_id:
            # After a fork: SQLite forbids to use, or close, what the parent opened.
            self._inherited.append(lent)
            self.engine.dispose(close=False)
        lent = self._of_thread.lent = self._taken()
        with self._guard:
            self._held.add(lent)
        return lent

    def _taken(self) -> Lent:
        try:
            pooled = self.engine.raw_connection()
            return Lent(pooled, self._compiled, is_per_call=not self.is_own)
        except self.errors as error:
            raise StoreError(self.url, explain(error)) from error


class Work:
    """A connection for one `with` block. By hand: two generators would cost as much as a read."""

    __slots__ = ("_connections", "_is_write", "_lent")

    def __init__(self, connections: Connections, *, is_write: bool) -> None:
        self._connections = connections
        self._is_write = is_write
        self._lent: Lent | None = None

    def __enter__(self) -> Lent:
        lent = self._lent = self._connections.lend()
        if self._is_write:
            try:
                lent.begin()
            except BaseException as error:
                self._end(lent, error)
                raise
        return lent

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        lent = self._lent
        assert lent is not None
        if error is None and self._is_write:
            try:
                lent.commit()
            except BaseException as failed:
                self._roll_back(lent)
                self._end(lent, failed)
                raise
        elif error is not None and self._is_write:
            self._roll_back(lent)
        self._end(lent, error)

    def _roll_back(self, lent: Lent) -> None:
        try:
            lent.rollback()
        except self._connections.errors:  # the first error counts, and closing rolls back too
            lent.discard()

    def _end(self, lent: Lent, error: BaseException | None) -> None:
        """Give the connection back; raise what the driver's error means."""
        raised = None if error is None else self._connections.translated(error, lent)
        if lent.is_per_call and lent.process_id:
            lent.give_back()
        if raised is not None:
            raise raised from error
