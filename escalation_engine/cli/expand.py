"""`escalate expand`: the flat form that the engine runs."""

from __future__ import annotations

from escalation_engine.cli.argument import ProcessFile
from escalation_engine.cli.edge import at_the_edge
from escalation_engine.cli.screen import show

__all__ = ["expand"]


@at_the_edge
def expand(file: ProcessFile) -> None:
    """Print the flat form that the engine runs: states by full path, each way out of each state."""
    from escalation_engine.loader import load
    from escalation_engine.loader.write import write_chart

    show(write_chart(load(file)).rstrip("\n"))
