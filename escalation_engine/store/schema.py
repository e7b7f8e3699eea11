"""The tables of a store at open: made where they are missing, refused where they are newer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, inspect, update

from escalation_engine.errors import StoreError
from escalation_engine.store.database import database_of
from escalation_engine.store.statements import versions_of_schema
from escalation_engine.store.tables import METADATA, SCHEMA_VERSION, schema_version

__all__ = ["check_present", "check_version", "create_missing"]


def create_missing(connection: Connection) -> None:
    """Create the tables in the connection's transaction, or check those that are there.

    Lock: write, so that of two openers one creates. Index: none.
    """
    if not connection.in_transaction():
        connection.begin()
    database_of(connection.engine.url).lock_schema(connection)
    if inspect(connection).has_table(schema_version.name):
        url = connection.engine.url.render_as_string(hide_password=True)
        check_version(connection.execute(versions_of_schema()).all(), url=url)
        # A write that changes nothing: a read-only file shows now, not at the first send.
        connection.execute(update(schema_version).values(version=SCHEMA_VERSION))
    else:
        METADATA.create_all(connection)
        connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))


def check_present(connection: Connection) -> None:
    """Raise StoreError unless our tables are there. Lock: none. Index: none."""
    url = connection.engine.url.render_as_string(hide_password=True)
    if not inspect(connection).has_table(schema_version.name):
        raise StoreError(url, "this is no escalation database")
    check_version(connection.execute(versions_of_schema()).all(), url=url)


def check_version(found: Sequence[Sequence[Any]], *, url: str) -> None:
    """Raise StoreError unless the rows of the version table are this package's one version."""
    versions = [version for (version,) in found]
    if versions == [SCHEMA_VERSION]:
        return
    listed = ", ".join(map(str, versions)) or "missing"
    raise StoreError(
        url,
        f"its tables have schema version {listed}, this escalation_engine knows {SCHEMA_VERSION}: "
        "run the version of the package that made them",
    )
