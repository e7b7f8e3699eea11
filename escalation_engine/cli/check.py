"""`escalate check`: every fault of process files, with its place and what would be accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from escalation_engine.cli.argument import Output
from escalation_engine.cli.edge import FAULTS, at_the_edge
from escalation_engine.cli.screen import show

__all__ = ["check"]


@at_the_edge
def check(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", exists=True, dir_okay=False, readable=True, help="Processes in YAML."
        ),
    ],
    output: Annotated[
        Output, typer.Option("--format", help="Lines for people, or JSON for programs.")
    ] = Output.TEXT,
) -> None:
    """Report every fault of a process, with its place and what would be accepted.

    Exits with 0 when there is none, 1 with faults, 2 when it could not be run.
    """
    from escalation_engine.cli.finding_text import finding_lines, findings_json, summary
    from escalation_engine.errors import Severity
    from escalation_engine.loader import check as check_file

    found = {file: check_file(file)[1] for file in files}
    findings = [finding for listed in found.values() for finding in listed]
    if output is Output.JSON:
        show(findings_json(findings))
    else:
        for finding in findings:
            show("\n".join([*finding_lines(finding), ""]))
        show(summary(found))
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(FAULTS)
