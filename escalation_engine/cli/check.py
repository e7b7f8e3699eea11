"""`escalate check`: every fault of process files, with its place and what would be accepted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from escalation_engine.cli.argument import Output
from escalation_engine.cli.edge import FAULTS, USAGE, at_the_edge
from escalation_engine.cli.screen import show

if TYPE_CHECKING:
    from escalation_engine.errors import Finding

__all__ = ["check"]

_UNREADABLE = "E100"


@at_the_edge
def check(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Processes in YAML."),
    ],
    output: Annotated[
        Output, typer.Option("--format", help="Lines for people, or JSON for programs.")
    ] = Output.TEXT,
) -> None:
    """Report every fault of a process, with its place and what would be accepted.

    Exits with 0 when there is none, 1 with faults, 2 when a file could not be read.
    """
    from escalation_engine.cli.finding_text import finding_lines, findings_json, summary
    from escalation_engine.errors import Severity

    found = {file: _found(file) for file in files}
    findings = [finding for listed in found.values() for finding in listed]
    if output is Output.JSON:
        show(findings_json(findings))
    else:
        for finding in findings:
            show("\n".join([*finding_lines(finding), ""]))
        show(summary(found))
    if any(finding.code == _UNREADABLE for finding in findings):
        raise typer.Exit(USAGE)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(FAULTS)


def _found(file: Path) -> Sequence[Finding]:
    """Return the findings of a file. A pipe is not opened: nobody might ever write to it."""
    from escalation_engine.errors import Finding, Mark
    from escalation_engine.loader import check as check_file

    if file.exists() and not file.is_file():
        message = "the file cannot be read: it is not a regular file"
        return (Finding(_UNREADABLE, message, Mark(str(file), 1, 1)),)
    return check_file(file)[1]
