"""Connections of asyncio's drivers, behind SQLAlchemy's synchronous face, for work that is `run`.

One is taken from the pool for each piece of work: the tasks of a loop share one thread, so that a
thread has none to keep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from escalation_engine.errors import BadInput
from escalation_engine.store.awaiting import wait_for
from escalation_engine.store.connection import Connections
from escalation_engine.store.database import Database
from escalation_engine.store.lent import Lent, LentByHost
from escalation_engine.store.statements import Compiled

__all__ = ["AsyncConnections"]


class AsyncConnections(Connections):
    """Lends a connection for each piece of work, the host's own inside `using`."""

    def __init__(self, engine: AsyncEngine, database: Database, *, is_own: bool) -> None:
        super().__init__(engine.sync_engine, database, is_own=is_own)
        self._is_per_call = True
        self._shared: ContextVar[_Shared | None] = ContextVar("shared_by_host", default=None)

    def lend(self) -> Lent:
        """Return the host's connection inside `using`, when it is free, or one from the pool."""
        shared = self._shared.get()
        return shared.lend() if shared is not None and shared.is_open else self._taken()

    @contextmanager
    def using(self, connection: object) -> Iterator[None]:
        """Lend the host's connection to all work of this context, until the block ends.

        A task that was begun in the block and outlives it works outside from then on.
        """
        shared = _Shared(self._checked(_synchronous(connection)), self._compiled, self.database)
        token = self._shared.set(shared)
        try:
            yield
        finally:
            shared.is_open = False
            self._shared.reset(token)

    def abandon(self) -> None:
        """Leave all to SQLAlchemy, which warns: no loop may be running to close it in."""


class _Shared:
    """The host's connection, on which one works at a time, however many tasks ask."""

    def __init__(self, host: Connection, compiled: Compiled, database: Database) -> None:
        self.is_open = True
        self._given = (host, compiled, database)
        self._lock = asyncio.Lock()

    def lend(self) -> Lent:
        wait_for(self._lock.acquire())
        try:
            return _Turn(self._lock, *self._given)
        except BaseException:
            self._lock.release()
            raise


class _Turn(LentByHost):
    """One piece of work on the host's connection."""

    __slots__ = ("_lock",)

    def __init__(
        self, lock: asyncio.Lock, host: Connection, compiled: Compiled, database: Database
    ) -> None:
        super().__init__(host, compiled, database)
        self.is_per_call = True
        self._lock = lock

    def give_back(self) -> None:
        """Let the next have its turn."""
        try:
            super().give_back()
        finally:
            self._lock.release()


def _synchronous(connection: object) -> Connection:
    if isinstance(connection, AsyncConnection) and connection.sync_connection is not None:
        return connection.sync_connection
    what = "is not open" if isinstance(connection, AsyncConnection) else "is not an AsyncConnection"
    raise BadInput(
        "connection",
        f"{type(connection).__name__} {what}",
        accepted="one of `async with database.connect()`, or await session.connection()",
    )
