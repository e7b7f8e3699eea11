"""`escalate expand`: the flat form that the engine runs."""

from __future__ import annotations

from typing import Annotated

import typer

from escalation_engine.cli.argument import ProcessFile, Search
from escalation_engine.cli.edge import at_the_edge
from escalation_engine.cli.screen import show

__all__ = ["expand"]


@at_the_edge
def expand(
    file: ProcessFile,
    with_origins: Annotated[
        bool,
        typer.Option("--origins", help="Print each value of the merged process with its origin."),
    ] = False,
    search: Search = None,
) -> None:
    """Print the flat form that the engine runs: states by full path, each way out of each state."""
    from escalation_engine.loader import read
    from escalation_engine.loader.leaves import write_leaves
    from escalation_engine.loader.write import write_chart

    loaded = read(file, search=search or ())
    text = write_leaves(loaded) if with_origins else write_chart(loaded.chart)
    show(text.rstrip("\n"))
