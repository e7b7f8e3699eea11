"""A SQL store for an event loop: the statements of the synchronous one, over asyncio's drivers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine as AsyncDatabase

from escalation_engine.errors import BadInput
from escalation_engine.store.async_connections import AsyncConnections
from escalation_engine.store.awaiting import run, to_its_end, wait_for
from escalation_engine.store.database import database_of
from escalation_engine.store.memory import MemoryStore
from escalation_engine.store.protocol import Store
from escalation_engine.store.sql import SqlStore, parsed

__all__ = ["AsyncDatabase", "AsyncSqlStore", "awaited_store"]

_SYNCHRONOUS = {"sqlite+aiosqlite": "sqlite", "postgresql+psycopg_async": "postgresql+psycopg"}
"""A driver of asyncio, and what the same database is called without."""


class AsyncSqlStore(SqlStore):
    """Keeps everything in one database. It is called within work that is `run`, and only there."""

    def __init__(self, url_or_engine: str | AsyncDatabase) -> None:
        super().__init__(url_or_engine)  # type: ignore[arg-type]  # `_connected` takes it

    def _connected(self, url_or_engine: Any, *, is_to_read: bool) -> AsyncConnections:
        assert not is_to_read
        if isinstance(url_or_engine, AsyncDatabase):
            database = database_of(_plain(url_or_engine.url))
            return AsyncConnections(url_or_engine, database, is_own=False)
        url = _plain(parsed(url_or_engine))
        database = database_of(url)
        return AsyncConnections(database.open_async_engine(url), database, is_own=True)


class _Awaited:
    """Ends each call of a store once it is begun, also where the task is cancelled meanwhile.

    So nothing is left half done, and no connection in the middle of a statement.
    """

    def __init__(self, store: AsyncSqlStore) -> None:
        self._store = store
        self.using = store.using  # it sets what this context works on, so it runs in this context

    def __getattr__(self, name: str) -> object:
        found = getattr(self._store, name)
        return partial(_call, found) if callable(found) else found


def awaited_store(store: object) -> tuple[Store, bool]:
    """Return the store to `run` an engine on, and whether it was opened here.

    `store` is a URL, a SQLAlchemy AsyncEngine, or a store that waits for nothing, such as one in
    memory. Raises BadInput for a SqlStore, which would hold up the loop, and StoreError.
    """
    if store == "memory://":
        return MemoryStore(), True
    if isinstance(store, str | AsyncDatabase):
        return cast(Store, _Awaited(AsyncSqlStore(store))), True
    if isinstance(store, SqlStore):
        raise BadInput(
            "store",
            "a SqlStore holds up the event loop at each call",
            accepted="its URL, or an engine of sqlalchemy.ext.asyncio",
        )
    return store, False  # type: ignore[return-value]  # the engine checks it


def _call(method: Callable[..., object], *args: object, **kwargs: object) -> object:
    return wait_for(to_its_end(run(method, *args, **kwargs)))


def _plain(url: URL) -> URL:
    return url.set(drivername=_SYNCHRONOUS.get(url.drivername, url.drivername))
