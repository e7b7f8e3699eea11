"""`escalate check`: every fault of process files, with its place and what would be accepted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from escalation_engine.cli.argument import Output, Search
from escalation_engine.cli.edge import FAULTS, USAGE, at_the_edge
from escalation_engine.cli.screen import show

if TYPE_CHECKING:
    from escalation_engine.errors import Finding
    from escalation_engine.verify import Report

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
    search: Search = None,
) -> None:
    """Report every fault of a process, and whether every path of it ends.

    A fault comes with its place and what would be accepted, a path that does not end with the
    shortest way to it. Exits with 0 when there is none, 1 with faults, 2 when a file could not be
    read.
    """
    from escalation_engine.cli.finding_text import finding_lines, findings_json, summary
    from escalation_engine.cli.proof_text import proof_lines
    from escalation_engine.errors import Severity

    reports, found = {}, {}
    for file in files:
        reports[file], found[file] = _found(file, search or ())
    findings = [finding for listed in found.values() for finding in listed]
    if output is Output.JSON:
        show(findings_json(findings))
    else:
        for finding in findings:
            show("\n".join([*finding_lines(finding), ""]))
        for report in reports.values():
            if report is not None:
                show("\n".join(proof_lines(report)))
        show(summary(found))
    if any(finding.code == _UNREADABLE for finding in findings):
        raise typer.Exit(USAGE)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(FAULTS)


def _found(file: Path, search: Sequence[Path]) -> tuple[Report | None, Sequence[Finding]]:
    """Return what is shown of a process, and the findings. A pipe is not opened: it might wait."""
    from escalation_engine.errors import DefinitionError, Finding, Mark
    from escalation_engine.loader import read
    from escalation_engine.verify import verify

    if file.exists() and not file.is_file():
        message = "the file cannot be read: it is not a regular file"
        return None, (Finding(_UNREADABLE, message, Mark(str(file), 1, 1)),)
    try:
        loaded = read(file, search=search)
    except DefinitionError as error:
        return None, error.findings
    if loaded.chart.kind == "track":
        return None, ()  # A track is proven in the process that takes it in.
    report = verify(loaded)
    return report, report.findings
