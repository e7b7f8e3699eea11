"""All that is particular to SQLite: how it is opened, how a write begins, what its errors mean."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import QueuePool

from escalation_engine.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

__all__ = [
    "WRITES_AT_ONCE",
    "begin_writing",
    "check_url",
    "explain",
    "is_lost",
    "let_go",
    "lock_schema",
    "open_async_engine",
    "open_engine",
    "open_to_read",
    "refused_text",
    "take",
]

WRITES_AT_ONCE = False

BUSY_TIMEOUT_SECONDS = 10

# No implicit BEGIN: the store begins its own transactions. Threads come and go.
_CONNECT = {"isolation_level": None, "check_same_thread": False, "timeout": BUSY_TIMEOUT_SECONDS}

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers do not wait for the writer
    "PRAGMA synchronous = FULL",  # a commit is on the disk before it is reported
    "PRAGMA foreign_keys = ON",
)

_TO_READ = ("PRAGMA query_only = ON",)

_MEANINGS = {
    "unable to open database file": "the folder has to exist, and this process has to reach it",
    "file is not a database": "the file holds something else",
    "attempt to write a readonly database": "this process has to write the file and its folder",
    "database is locked": "another transaction holds it; inside a transaction of the host, "
    "work with using(connection)",
    "no such table": "create_tables(connection) makes the tables in a database of the host",
}


def open_engine(url: URL) -> Engine:
    """Return an engine with durable settings, whose pool gives each thread its own connection."""
    engine = _create(url)
    event.listen(engine, "connect", lambda connection, _: _prepare(connection, _PRAGMAS))
    return engine


def open_async_engine(url: URL) -> AsyncEngine:
    """Return an engine with the same settings over aiosqlite."""
    if find_spec("aiosqlite") is None:
        raise BadInput(
            "url",
            "the driver aiosqlite is not installed",
            accepted="SQLite after pip install 'escalation-engine[async]'",
        )
    if not (logger := logging.getLogger("aiosqlite")).level:
        logger.setLevel(logging.INFO)  # below that it tells every value of every statement
    asyncio = import_module("sqlalchemy.ext.asyncio")  # a host without a loop does without
    engine: AsyncEngine = asyncio.create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        pool_reset_on_return=None,  # each piece of work ends its transaction itself
        connect_args={**_CONNECT, "async_creator_fn": _connected},
    )
    event.listen(engine.sync_engine, "connect", lambda found, _: _prepare(found, _PRAGMAS))
    return engine


def open_to_read(url: URL) -> Engine:
    """Return an engine that neither makes a file nor writes to the one that is there."""
    file = url.database or ""
    if not file.startswith("file:"):
        # Not mode=ro: of a write-ahead log it would leave two files behind when it closes.
        url = url.set(database=f"file:{quote(file)}").update_query_dict({"mode": "rw", "uri": "1"})
    engine = _create(url)
    event.listen(engine, "connect", lambda connection, _: _prepare(connection, _TO_READ))
    return engine


def _create(url: URL) -> Engine:
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=0,  # no limit: a thread holds its connection
        connect_args=_CONNECT,
    )


def check_url(url: URL) -> None:
    """Raise BadInput for a driver of asyncio, or a database in memory, one connection's alone."""
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise BadInput("url", f"{url.drivername} is not known", accepted="sqlite:///path")
    database = url.database or ":memory:"
    if ":memory:" in database or url.query.get("mode") == "memory":
        raise BadInput(
            "url",
            "a SQLite database in memory is one connection's alone",
            accepted="memory:// or sqlite:///path",
        )


def begin_writing(connection: DBAPIConnection, cursor: DBAPICursor) -> None:
    """Take the write lock, unless a transaction of the host is under way.

    Written by hand because Python's driver begins before the first change only, and then without
    the lock: two that had read would both go on, and one fail with its work done.
    """
    try:
        is_under_way = connection.in_transaction
    except AttributeError:  # aiosqlite's connection stands behind SQLAlchemy's
        is_under_way = connection.driver_connection.in_transaction
    if not is_under_way:
        cursor.execute("BEGIN IMMEDIATE")


def take(_connection: DBAPIConnection) -> None:
    """Do nothing: the driver begins no transaction before a change."""


def let_go(_connection: DBAPIConnection, _before: object) -> None:
    """Do nothing, as `take` did nothing."""


def is_lost(_connection: DBAPIConnection) -> bool:
    """Return False: a file stays."""
    return False


def lock_schema(connection: Connection) -> None:
    """Take the write lock: of two openers one makes the tables."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    begin_writing(driver, driver.cursor())


def refused_text(_error: BaseException) -> None:
    """Return None: SQLite stores any text."""


def explain(error: BaseException) -> str:
    """Return what the driver said and what it means for whoever runs the database."""
    said = str(error.__cause__ or error)
    for words, meaning in _MEANINGS.items():
        if words in said:
            return f"{said} ({meaning})"
    return said


async def _connected(*given: Any, **options: Any) -> object:
    """Return a connection of aiosqlite, and where there is none leave no thread behind.

    A thread that ended later would tell a loop that may be closed by then.
    """
    connection = import_module("aiosqlite").connect(*given, **options)
    thread = getattr(connection, "_thread", connection)  # before 0.22 it was a thread itself
    thread.daemon = True
    try:
        return await connection
    except BaseException:
        thread.join()
        raise


def _prepare(connection: DBAPIConnection, pragmas: Sequence[str]) -> None:
    cursor = connection.cursor()
    try:
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()
    except BaseException:
        connection.close()  # the pool has not got it yet
        raise
