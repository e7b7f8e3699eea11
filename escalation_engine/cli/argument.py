"""Arguments that several commands take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = ["Output", "Presentation", "ProcessFile", "Search"]

ProcessFile: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", exists=True, dir_okay=False, readable=True, help="A process in YAML."
    ),
]

Search: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--search",
        metavar="FOLDER",
        help="Where else to look for what a file extends or takes in; may be given again.",
    ),
]


class Output(StrEnum):
    """For people, or for programs."""

    TEXT = "text"
    JSON = "json"


class Presentation(StrEnum):
    """How findings are presented: to people, programs, code hosts."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
