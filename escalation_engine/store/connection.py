"""Driver connections from SQLAlchemy's pool, and the transactions on them.

A store's own engine gives each thread one connection to keep: taking one from the pool and giving
it back costs more than a statement. From a host's engine one is taken per call. Inside `using`
everything runs on the host's connection, in the host's transaction.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from weakref import WeakSet

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from escalation_engine.errors import BadInput, StoreError
from escalation_engine.store.database import Database
from escalation_engine.store.lent import Lent, LentByHost
from escalation_engine.store.statements import Compiled

__all__ = ["Connections"]


class Connections:
    """Lends a connection for each piece of work, and turns the driver's errors into StoreError."""

    def __init__(self, engine: Engine, database: Database, *, is_own: bool) -> None:
        self.engine = engine
        self.database = database
        self.url = engine.url.render_as_string(hide_password=True)
        self.is_own = is_own
        self._is_per_call = not is_own
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
        return Work(self, None)

    def writing(self) -> Work:
        """Lend a connection in a write transaction: committed at the end, or rolled back."""
        return Work(self, lambda lent: lent.begin())

    def writing_at_once(self) -> Work:
        """The same for one statement, where the database writes all at once."""
        return Work(self, lambda lent: lent.begin_at_once())

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
            if (refused := self.database.refused_text(error)) is not None:
                return BadInput("text", refused, accepted="text without NUL")
            if lent is not None:
                lent.discard()
            return StoreError(self.url, self.database.explain(error))
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

    def abandon(self) -> None:
        """Close what nobody has closed and nobody has any more."""
        self.close()

    def _lent_by(self, connection: object) -> LentByHost:
        if not isinstance(connection, Connection):
            raise BadInput(
                "connection",
                f"{type(connection).__name__} is not a SQLAlchemy Connection",
                accepted="engine.connect(), or session.connection()",
            )
        return LentByHost(self._checked(connection), self._compiled, self.database)

    def _checked(self, connection: Connection) -> Connection:
        if connection.dialect.name != self.engine.dialect.name:
            raise BadInput(
                "connection",
                f"it speaks {connection.dialect.name}",
                accepted=f"a connection to {self.engine.dialect.name}, as the store's",
            )
        return connection

    def _of_this_thread(self) -> Lent:
        lent: Lent | None = getattr(self._of_thread, "lent", None)
        if lent is not None and lent.process_id == os.getpid():
            if not lent.is_lost():
                return lent
            lent.discard()
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
            return Lent(pooled, self._compiled, self.database, is_per_call=self._is_per_call)
        except self.errors as error:
            raise StoreError(self.url, self.database.explain(error)) from error


class Work:
    """A connection for one `with` block. By hand: two generators would cost as much as a read."""

    __slots__ = ("_begin", "_connections", "_lent")

    def __init__(self, connections: Connections, begin: Callable[[Lent], None] | None) -> None:
        self._connections = connections
        self._begin = begin
        self._lent: Lent | None = None

    def __enter__(self) -> Lent:
        lent = self._lent = self._connections.lend()
        if self._begin is not None:
            try:
                self._begin(lent)
            except BaseException as error:
                self._end(lent, error)
                raise
        return lent

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        lent = self._lent
        assert lent is not None
        if error is None and self._begin:
            try:
                lent.commit()
            except BaseException as failed:
                self._roll_back(lent)
                self._end(lent, failed)
                raise
        elif error is not None and self._begin:
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
