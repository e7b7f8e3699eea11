"""`escalate diagram`: draw a process."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from escalation_engine.cli.argument import ProcessFile
from escalation_engine.cli.edge import at_the_edge
from escalation_engine.cli.screen import show

__all__ = ["diagram"]


class Drawing(StrEnum):
    """The languages in which a diagram can be written."""

    MERMAID = "mermaid"
    DOT = "dot"


@at_the_edge
def diagram(
    file: ProcessFile,
    drawing: Annotated[
        Drawing,
        typer.Option("--format", help="Mermaid, for Markdown, or dot, for Graphviz."),
    ] = Drawing.MERMAID,
) -> None:
    """Draw the process as a state diagram, to be shown by Mermaid or Graphviz."""
    from escalation_engine.chart.diagram import diagram as draw
    from escalation_engine.loader import load

    text = draw(load(file), format="dot" if drawing is Drawing.DOT else "mermaid")
    show(text.rstrip("\n"))
