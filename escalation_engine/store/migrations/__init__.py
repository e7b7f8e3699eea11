"""Brings the tables of an earlier version up to date, step by step and forward only.

Each module beside this one is a revision for Alembic; its number is the version that it leads to.
The version stands in a table of our own, so that nothing meets an Alembic of the host.
"""

from __future__ import annotations

from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

__all__ = ["upgrade"]

_FOLDER = str(Path(__file__).parent)


def upgrade(connection: Connection, *, since: int, to: int) -> None:
    """Run what lies between two versions, in the connection's transaction.

    `since` 0: there are no tables yet. Lock: the schema's, held by the caller.
    """
    scripts = ScriptDirectory(_FOLDER, version_locations=[_FOLDER])
    context = MigrationContext.configure(connection)
    below = "base" if since == 0 else _name(since)
    steps = [*scripts.iterate_revisions(_name(to), below)]
    with Operations.context(context):
        for step in reversed(steps):
            step.module.upgrade()


def _name(version: int) -> str:
    return f"{version:04}"
