"""`escalate diff`: what is different between two processes, in words."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from escalation_engine.cli.argument import Search
from escalation_engine.cli.edge import at_the_edge
from escalation_engine.cli.screen import show

if TYPE_CHECKING:
    from escalation_engine.chart.difference import Difference

__all__ = ["diff"]


class Form(StrEnum):
    """How the differences are told."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"
    DOT = "dot"


_FILE = typer.Argument(exists=True, dir_okay=False, readable=True, help="A process or tailoring.")


@at_the_edge
def diff(
    old: Annotated[Path, _FILE],
    new: Annotated[Path, _FILE],
    form: Annotated[
        Form,
        typer.Option("--format", help="Lines, JSON, or a diagram with the changes coloured."),
    ] = Form.TEXT,
    search: Search = None,
) -> None:
    """Say what is different in NEW: levels, time limits, gates, people, not lines.

    Exits with 0 whether there are differences or not.
    """
    from escalation_engine.chart.diagram import diagram
    from escalation_engine.chart.difference import differences
    from escalation_engine.chart.difference_text import sentence
    from escalation_engine.loader import load

    before, after = (load(file, search=search or ()) for file in (old, new))
    if form in (Form.MERMAID, Form.DOT):
        text = diagram(after, format="dot" if form is Form.DOT else "mermaid", changes_from=before)
        show(text.rstrip("\n"))
        return
    found = differences(before, after)
    if form is Form.JSON:
        show(_json(found))
    else:
        show("\n".join(map(sentence, found)) or "no differences")


def _json(found: tuple[Difference, ...]) -> str:
    """A list with an object for each difference."""
    import json
    from dataclasses import asdict

    from escalation_engine.chart.difference_text import sentence

    listed = [{**asdict(one), "kind": one.kind.value, "words": sentence(one)} for one in found]
    return json.dumps(listed, indent=2, ensure_ascii=False)
