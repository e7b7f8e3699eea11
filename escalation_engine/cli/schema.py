"""`escalate schema`: the JSON Schema of the files that people write, and of a printed chart."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from escalation_engine.cli.edge import at_the_edge
from escalation_engine.cli.screen import show

__all__ = ["schema"]


class Kind(StrEnum):
    """The kinds of file that have a schema."""

    PROCESS = "process"
    TAILORING = "tailoring"
    CHART = "chart"


@at_the_edge
def schema(
    kind: Annotated[Kind, typer.Argument(help="Of which kind of file.")] = Kind.PROCESS,
) -> None:
    """Print the JSON Schema of process files or of tailorings, for editors.

    Or of the chart that `escalate expand` prints, for programs that read it.
    """
    import json

    from escalation_engine.loader import chart_schema, process_schema, tailoring_schema

    match kind:
        case Kind.PROCESS:
            made = process_schema()
        case Kind.TAILORING:
            made = tailoring_schema()
        case Kind.CHART:
            made = chart_schema()
    show(json.dumps(made, indent=2, ensure_ascii=False))
