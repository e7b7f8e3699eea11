"""The tables of a store at open: made where they are missing, and brought up to date.

Tables of a newer version are refused. One lock makes several that start at once do it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, inspect, select, update

from escalation_engine.errors import StoreError
from escalation_engine.store.database import database_named
from escalation_engine.store.tables import METADATA, SCHEMA_VERSION, schema_version

__all__ = ["bring_up_to_date", "check_present", "check_version"]


def bring_up_to_date(connection: Connection) -> int:
    """Create or change the tables in the connection's transaction; return what version they had.

    0: there were none. Lock: the schema's, until the end of the transaction. Index: none.
    """
    if not connection.in_transaction():
        connection.begin()
    database_named(connection.dialect.name).lock_schema(connection)
    if not inspect(connection).has_table(schema_version.name):
        METADATA.create_all(connection)
        connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
        return 0
    found = _only(connection.execute(select(schema_version.c.version)).all(), _url(connection))
    if found < SCHEMA_VERSION:
        # Only now: nearly every opening finds the tables as they should be.
        from escalation_engine.store.migrations import upgrade  # noqa: PLC0415 - as said above

        upgrade(connection, since=found, to=SCHEMA_VERSION)
    # Where nothing changes it is a write as well: a read-only file shows now, not at a send.
    connection.execute(update(schema_version).values(version=SCHEMA_VERSION))
    return found


def check_present(connection: Connection) -> None:
    """Raise StoreError unless our tables are there, up to date. Lock: none. Index: none."""
    if not inspect(connection).has_table(schema_version.name):
        raise StoreError(_url(connection), "this is no escalation database")
    found = connection.execute(select(schema_version.c.version)).all()
    check_version(found, url=_url(connection))


def check_version(found: Sequence[Sequence[Any]], *, url: str) -> None:
    """Raise StoreError unless the rows of the version table are this package's one version."""
    version = _only(found, url)
    if version < SCHEMA_VERSION:
        raise StoreError(
            url,
            f"its tables have schema version {version}, this escalation_engine needs "
            f"{SCHEMA_VERSION}: run `escalate upgrade --db URL`, or create_tables(connection)",
        )


def _only(found: Sequence[Sequence[Any]], url: str) -> int:
    """Return the version of the tables, which is not beyond what this package knows."""
    versions = [version for (version,) in found]
    if len(versions) == 1 and 1 <= versions[0] <= SCHEMA_VERSION:
        return int(versions[0])
    listed = ", ".join(map(str, versions)) or "missing"
    raise StoreError(
        url,
        f"its tables have schema version {listed}, this escalation_engine knows 1 to "
        f"{SCHEMA_VERSION}: install the version of the package that made them, or a newer one",
    )


def _url(connection: Connection) -> str:
    return connection.engine.url.render_as_string(hide_password=True)
