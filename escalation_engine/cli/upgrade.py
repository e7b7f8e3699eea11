"""`escalate upgrade`: the tables of a database, brought to the version of this package."""

from __future__ import annotations

from typing import Annotated

import typer

from escalation_engine.cli.edge import at_the_edge

__all__ = ["upgrade"]


@at_the_edge
def upgrade(
    url: Annotated[
        str, typer.Option("--db", metavar="URL", help="The database, such as sqlite:///desk.db")
    ],
) -> None:
    """Make the tables of a database, or bring them to the version of this package.

    An engine does it as well when it opens a database; here it is done before one starts. There is
    no way back. A database of a newer version is refused, with exit code 2.
    """
    from escalation_engine.cli.screen import show
    from escalation_engine.store import upgrade_tables

    before, after = upgrade_tables(url)
    if before == after:
        show(f"schema version {after}: nothing to do")
    else:
        show(f"schema version {after}, before: {before or 'no tables'}")
