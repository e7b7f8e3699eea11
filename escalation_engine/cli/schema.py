"""`escalate schema`: the JSON Schema of the files that process owners write."""

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


@at_the_edge
def schema(
    kind: Annotated[Kind, typer.Argument(help="Of which kind of file.")] = Kind.PROCESS,
) -> None:
    """Print the JSON Schema of process files or of tailorings, for editors."""
    import json

    from escalation_engine.loader import process_schema, tailoring_schema

    made = process_schema() if kind is Kind.PROCESS else tailoring_schema()
    show(json.dumps(made, indent=2, ensure_ascii=False))
