"""All that is particular to PostgreSQL: how it is opened, how a write begins, its errors.

A store's own connections stand in autocommit, so that a read is one round trip, and so is a write
of one statement.
"""

from __future__ import annotations

import select
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DisconnectionError
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

WRITES_AT_ONCE = True

_DRIVER = "postgresql+psycopg"
_DRIVER_OF_ASYNCIO = "postgresql+psycopg_async"
_CONNECT = {"fallback_application_name": "escalation_engine"}
_SCHEMA_LOCK = 0x65_73_63_61_6C_61_74_65  # "escalate", a number that nobody else takes
_IDLE = 0  # libpq's PQTRANS_IDLE: in no transaction

_MEANINGS = {
    "42P01": "create_tables(connection) makes the tables in a database of the host",
    "40001": "another transaction was first: roll back, and do all of it again",
    "40P01": "another transaction was first: roll back, and do all of it again",
    "25006": "this role, or this server, may only read",
    "42501": "this role needs the right to use the schema, and to read and write its tables",
}


def check_url(url: URL) -> None:
    """Raise BadInput where the driver is another than psycopg, or is not installed."""
    if url.drivername not in ("postgresql", _DRIVER):
        raise BadInput(
            "url", f"{url.drivername} is not known", accepted="postgresql:// or " + _DRIVER + "://"
        )
    if find_spec("psycopg") is None:
        raise BadInput(
            "url",
            "the driver psycopg is not installed",
            accepted="PostgreSQL after pip install 'escalation-engine[postgres]'",
        )


def open_engine(url: URL) -> Engine:
    """Return an engine in autocommit, whose pool gives each thread its own connection."""
    return create_engine(
        url.set(drivername=_DRIVER),
        poolclass=QueuePool,
        pool_size=0,  # no limit: a thread holds its connection
        isolation_level="AUTOCOMMIT",
        connect_args=_CONNECT,
    )


def open_async_engine(url: URL) -> AsyncEngine:
    """Return an engine in autocommit over psycopg's own connections for asyncio."""
    asyncio = import_module("sqlalchemy.ext.asyncio")  # a host without a loop does without
    engine: AsyncEngine = asyncio.create_async_engine(
        url.set(drivername=_DRIVER_OF_ASYNCIO),
        pool_reset_on_return=None,  # each piece of work ends its transaction itself
        isolation_level="AUTOCOMMIT",
        connect_args=_CONNECT,
    )
    event.listen(engine.sync_engine, "checkout", _renew)
    return engine


def open_to_read(url: URL) -> Engine:
    """Return an engine whose every transaction is read-only."""
    engine = open_engine(url)
    event.listen(engine, "connect", lambda connection, _: _only_read(connection))
    return engine


def take(connection: DBAPIConnection) -> bool:
    """Set autocommit, which is the driver's alone, and return what it was."""
    before = bool(connection.autocommit)
    if not before:
        _set_autocommit(connection, is_on=True)
    return before


def let_go(connection: DBAPIConnection, before: object) -> None:
    """Set autocommit as it was before."""
    if not before:
        _set_autocommit(connection, is_on=False)


def is_lost(connection: DBAPIConnection) -> bool:
    """Return whether the server has gone. An idle connection with something to read says so.

    It may be a notice only, so the server is asked then; in between this costs no round trip.
    """
    if connection.closed:
        return True
    if not _has_something_to_read(connection):
        return False
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT 1")
        cursor.fetchall()
    except Exception:  # noqa: BLE001 - whatever it is, nobody can work with this connection
        return True
    finally:
        cursor.close()
    return False


def begin_writing(connection: DBAPIConnection, cursor: DBAPICursor) -> None:
    """Begin, unless a transaction is under way, or the driver begins by itself.

    Rows are locked as they are written; who comes second waits, and finds the case moved on.
    """
    if connection.autocommit and connection.info.transaction_status == _IDLE:
        cursor.execute("BEGIN")


def lock_schema(connection: Connection) -> None:
    """Take an advisory lock until the end of the transaction."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    begin_writing(driver, driver.cursor())
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})


def explain(error: BaseException) -> str:
    """Return the server's message without the values in its details, and what it means."""
    cause: Any = getattr(error, "orig", None) or error.__cause__ or error
    said = getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause).strip()
    meaning = _MEANINGS.get(getattr(cause, "sqlstate", None) or "")
    return f"{said} ({meaning})" if meaning else said


def refused_text(error: BaseException) -> str | None:
    """Return that NUL cannot be stored, where the driver says so."""
    return str(error) if "NUL (0x00)" in str(error) else None


def _renew(connection: DBAPIConnection, *_of_pool: object) -> None:
    """Let the pool take another connection in place of one that was lost in it."""
    if is_lost(connection):
        raise DisconnectionError


def _only_read(connection: DBAPIConnection) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute("SET default_transaction_read_only = on")
    finally:
        cursor.close()


def _set_autocommit(connection: Any, *, is_on: bool) -> None:
    connection.autocommit = is_on


def _has_something_to_read(connection: Any) -> bool:
    connection = getattr(connection, "driver_connection", connection)  # asyncio's stands behind
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([connection], [], [], 0)[0])
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
