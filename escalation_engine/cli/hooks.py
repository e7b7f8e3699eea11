"""`escalate hooks`: what the host application has to implement."""

from __future__ import annotations

from escalation_engine.cli.argument import ProcessFile
from escalation_engine.cli.edge import at_the_edge
from escalation_engine.cli.screen import show

__all__ = ["hooks"]


@at_the_edge
def hooks(file: ProcessFile) -> None:
    """Print the typed interface that the host application implements."""
    from escalation_engine.loader import load
    from escalation_engine.runtime import write_protocol

    show(write_protocol(load(file)).rstrip("\n"))
