"""`escalate migrate`: what would become of running cases on another version, and doing it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from escalation_engine.cli.edge import at_the_edge

__all__ = ["migrate"]

_VERSION = "A process file, or a version that was published there: 2, or help_desk@2."
_MAP = typer.Option(
    "--map",
    metavar="FILE",
    exists=True,
    dir_okay=False,
    readable=True,
    help="Where everything of A goes in B, as you have edited it.",
)
_WRITE_MAP = typer.Option(
    "--write-map",
    metavar="FILE",
    dir_okay=False,
    help="Write the mapping to be edited, and do no more than a dry run.",
)
_DRY_RUN = typer.Option("--dry-run", help="Tell what would be done, and write nothing.")
_PARTLY = typer.Option("--partly", help="Migrate the others where some cases are refused.")
_HOOKS = typer.Option(
    metavar="MODULE:OBJECT",
    help="The host's hooks; wanted only where a guard is asked on the way.",
)


@at_the_edge
def migrate(
    *,
    old: Annotated[str, typer.Option("--from", metavar="A", help=_VERSION)],
    new: Annotated[str, typer.Option("--to", metavar="B", help="The same, for the new version.")],
    url: Annotated[str, typer.Option("--db", metavar="URL", help="Where the cases are kept.")],
    is_dry_run: Annotated[bool, _DRY_RUN] = False,
    mapping: Annotated[Path | None, _MAP] = None,
    write_map: Annotated[Path | None, _WRITE_MAP] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who migrates: for the journal.")] = "",
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why: for the journal.")] = "",
    is_partly: Annotated[bool, _PARTLY] = False,
    hooks: Annotated[str, _HOOKS] = "",
) -> None:
    """Move the open cases of version A to version B, each proven to reach an end from there.

    Exits with 1 where a case is refused: then nothing is done, unless --partly.
    """
    from escalation_engine.cli.migration import Wanted, carry_out, show_plan

    wanted = Wanted(old, new, url, mapping, write_map, hooks)
    if is_dry_run or write_map is not None:
        show_plan(wanted)
    else:
        carry_out(wanted, by=by, reason=reason, is_partly=is_partly)
