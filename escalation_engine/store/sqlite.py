"""All that is particular to SQLite: how it is opened, how a write begins, what its errors mean."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import QueuePool

from escalation_engine.errors import BadInput

__all__ = ["begin_writing", "explain", "open_engine", "open_to_read", "refuse_memory"]

BUSY_TIMEOUT_SECONDS = 10

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
    refuse_memory(url)
    engine = _create(url)
    event.listen(engine, "connect", lambda connection, _: _prepare(connection, _PRAGMAS))
    return engine


def open_to_read(url: URL) -> Engine:
    """Return an engine that neither makes a file nor writes to the one that is there."""
    refuse_memory(url)
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
        # No implicit BEGIN: the store begins its own transactions. Threads come and go.
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": BUSY_TIMEOUT_SECONDS,
        },
    )


def refuse_memory(url: URL) -> None:
    """Raise BadInput for a database in memory, which is one connection's alone."""
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
    if not connection.in_transaction:
        cursor.execute("BEGIN IMMEDIATE")


def explain(error: BaseException) -> str:
    """Return what the driver said and what it means for whoever runs the database."""
    said = str(error.__cause__ or error)
    for words, meaning in _MEANINGS.items():
        if words in said:
            return f"{said} ({meaning})"
    return said


def _prepare(connection: DBAPIConnection, pragmas: Sequence[str]) -> None:
    cursor = connection.cursor()
    try:
        for pragma in pragmas:
            cursor.execute(pragma)
    finally:
        cursor.close()
