"""What differs between the databases, behind one interface; all else is the same for both."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

from escalation_engine.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

__all__ = ["ACCEPTED_URLS", "Database", "database_named", "database_of"]

ACCEPTED_URLS = (
    "memory://, sqlite:///relative/path, sqlite:////absolute/path or "
    "postgresql://user:password@host/database"
)

_MODULES = {
    "sqlite": "escalation_engine.store.sqlite",
    "postgresql": "escalation_engine.store.postgresql",
}


class Database(Protocol):
    """One module for each database has these."""

    WRITES_AT_ONCE: bool
    """One statement writes to several tables, so that a commit takes one round trip."""

    def check_url(self, url: URL) -> None:
        """Raise BadInput for a database or driver that cannot be taken."""

    def open_engine(self, url: URL) -> Engine:
        """Return an engine with durable settings, whose pool gives each thread a connection."""

    def open_to_read(self, url: URL) -> Engine:
        """Return an engine that makes and writes nothing."""

    def open_async_engine(self, url: URL) -> AsyncEngine:
        """Return the same for an event loop; its pool lends a connection for each call.

        Raises BadInput where the driver is not installed.
        """

    def take(self, connection: DBAPIConnection) -> object:
        """Ready a connection of a host's pool for work outside transactions; see `let_go`."""

    def let_go(self, connection: DBAPIConnection, before: object) -> None:
        """Leave the connection as `take` found it."""

    def is_lost(self, connection: DBAPIConnection) -> bool:
        """Return whether a connection that was held for a while is of no use any more."""

    def begin_writing(self, connection: DBAPIConnection, cursor: DBAPICursor) -> None:
        """Begin a transaction with the right to write, unless one of the host is under way."""

    def lock_schema(self, connection: Connection) -> None:
        """Let nobody else make tables until the end of the transaction, which is begun."""

    def explain(self, error: BaseException) -> str:
        """Return what the driver said and what it means for whoever runs the database."""

    def refused_text(self, error: BaseException) -> str | None:
        """Return why a text cannot be stored, if that is what the error says."""


def database_of(url: URL) -> Database:
    """Return what is particular to the database of a URL. Raises BadInput for an unknown one."""
    if url.get_backend_name() not in _MODULES:
        raise BadInput("url", f"{url.drivername} is not known", accepted=ACCEPTED_URLS)
    found = database_named(url.get_backend_name())
    found.check_url(url)
    return found


def database_named(name: str) -> Database:
    """Return the same for a dialect of SQLAlchemy that was checked before, whatever its driver."""
    found: Database = import_module(_MODULES[name])
    return found
