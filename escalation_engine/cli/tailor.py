"""`escalate tailor`: begin a tailoring."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from escalation_engine.cli.argument import ProcessFile, Search
from escalation_engine.cli.edge import at_the_edge
from escalation_engine.cli.screen import show

__all__ = ["tailor"]


@at_the_edge
def tailor(
    base: ProcessFile,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there; it must be new."),
    ] = None,
    search: Search = None,
) -> None:
    """Begin a tailoring of a process: its knobs, roles and levels as comments.

    The tailoring has the name of its file, so that others can extend it in turn.
    """
    import re

    from escalation_engine.loader import read
    from escalation_engine.loader.scaffold import write_scaffold

    loaded = read(base, search=search or ())
    stem = output.stem if output is not None else f"my_{loaded.chart.process}"
    name = re.sub(r"[^A-Za-z0-9_]", "_", stem)
    text = write_scaffold(loaded, name=name if name[:1].isalpha() else f"my_{name}")
    if output is None:
        show(text.rstrip("\n"))
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise typer.BadParameter(f"{output} is there already", param_hint="--output") from None
    show(f"{output} written; look at it with: escalate diff {base} {output}")
