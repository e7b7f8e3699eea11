"""`escalate diagram`: draw a process."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from escalation_engine.cli.argument import ProcessFile, Search
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
    old: Annotated[
        Path | None,
        typer.Option(
            "--changes-from",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Colour what is different from this process.",
        ),
    ] = None,
    search: Search = None,
) -> None:
    """Draw the process as a state diagram, to be shown by Mermaid or Graphviz."""
    from escalation_engine.chart.diagram import diagram as draw
    from escalation_engine.loader import load

    chart = load(file, search=search or ())
    before = None if old is None else load(old, search=search or ())
    form: Literal["dot", "mermaid"] = "dot" if drawing is Drawing.DOT else "mermaid"
    text = draw(chart, format=form, changes_from=before)
    show(text.rstrip("\n"))
