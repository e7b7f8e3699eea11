"""`escalate check`: every fault of process files, with its place and what would be accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from escalation_engine.cli.argument import Presentation, Search
from escalation_engine.cli.edge import FAULTS, USAGE, at_the_edge, refuse_usage
from escalation_engine.cli.screen import mark, show, width

if TYPE_CHECKING:
    from escalation_engine.errors import Finding
    from escalation_engine.verify import Report

__all__ = ["check"]

_UNREADABLE = "E100"
_UNDECIDED = "X"


@at_the_edge
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", help="Processes in YAML."),
    ] = None,
    output: Annotated[
        Presentation,
        typer.Option("--format", help="Lines for people, or what programs and code hosts read."),
    ] = Presentation.TEXT,
    search: Search = None,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            "-v",
            help="Say for each state how long silence lasts, and what is assumed.",
        ),
    ] = False,
    explain: Annotated[
        str, typer.Option("--explain", metavar="CODE", help="Say what a code means, and leave.")
    ] = "",
) -> None:
    """Report every fault of a process, and whether every path of it ends.

    A fault comes with its place and what would be accepted, a path that does not end with the
    shortest way to it. Exits with 0 when nothing is wrong but warnings, 1 with faults or when
    something could not be decided, 2 when a file could not be read.
    """
    if explain:
        _explain(explain)
        return
    if not files:
        refuse_usage("give at least one process file, or --explain CODE")
    checked = [_checked(file, search or ()) for file in files]
    _present(checked, output, is_verbose=verbose)
    findings = [finding for one in checked for finding in one.findings]
    if any(finding.code == _UNREADABLE for finding in findings):
        raise typer.Exit(USAGE)
    if any(_is_in_the_way(finding) for finding in findings):
        raise typer.Exit(FAULTS)


@dataclass(frozen=True, slots=True)
class _Checked:
    file: Path
    findings: Sequence[Finding]
    report: Report | None = None
    seconds: float = 0
    track: str = ""


def _is_in_the_way(finding: Finding) -> bool:
    """What could not be decided is not said to be right."""
    from escalation_engine.errors import Severity

    return finding.severity is Severity.ERROR or finding.code.startswith(_UNDECIDED)


def _checked(file: Path, search: Sequence[Path]) -> _Checked:
    """Return what is found, and what is shown of a process. A pipe is not opened: it might wait."""
    from escalation_engine.errors import DefinitionError, Finding, Mark
    from escalation_engine.loader import read
    from escalation_engine.runtime.clock import SystemClock
    from escalation_engine.verify import verify

    if file.exists() and not file.is_file():
        message = "the file cannot be read: it is not a regular file"
        return _Checked(file, (Finding(_UNREADABLE, message, Mark(str(file), 1, 1)),))
    clock = SystemClock()
    began = clock.now()
    try:
        loaded = read(file, search=search)
    except DefinitionError as error:
        return _Checked(file, error.findings)
    if loaded.chart.kind == "track":
        return _Checked(file, (), track=loaded.chart.process)
    report = verify(loaded)
    seconds = (clock.now() - began).total_seconds()
    return _Checked(file, report.findings, report, seconds)


def _present(checked: Sequence[_Checked], output: Presentation, *, is_verbose: bool) -> None:
    findings = [finding for one in checked for finding in one.findings]
    match output:
        case Presentation.JSON:
            from escalation_engine.cli.finding_json import findings_json

            show(findings_json(findings))
        case Presentation.SARIF:
            from escalation_engine.cli.sarif import sarif

            show(sarif(findings, [pair for one in checked for pair in _meant(one)]))
        case Presentation.GITHUB:
            from escalation_engine.cli.github import annotation

            for finding in findings:
                show(annotation(finding))
        case Presentation.TEXT:
            _tell(checked, is_verbose=is_verbose)


def _tell(checked: Sequence[_Checked], *, is_verbose: bool) -> None:
    from escalation_engine.cli.report_text import report_lines, summary

    for one in checked:
        for finding in one.findings:
            show("\n".join([*finding.lines(mark, width=width()), ""]))
    for one in checked:
        if one.report is not None:
            lines = report_lines(one.report, seconds=one.seconds, is_verbose=is_verbose)
            show("\n".join(lines))
        if one.track:
            show(f"{mark(one.track, 'title')}: a track; it is proven in what takes it in")
    show(summary({one.file: one.findings for one in checked}))


def _meant(one: _Checked) -> Iterable[tuple[Finding, str]]:
    """Yield each finding that is ignored, with the reason."""
    from escalation_engine.errors import Finding
    from escalation_engine.verify import severity_of

    for meant in one.report.ignored if one.report else ():
        place = meant.place
        finding = Finding(
            meant.code, meant.message, place.mark, severity_of(meant.code), excerpt=place.excerpt
        )
        yield finding, meant.reason


def _explain(code: str) -> None:
    from escalation_engine.cli.explained_text import explained_lines
    from escalation_engine.verify import explained

    found = explained(code.upper())
    if found is None:
        refuse_usage(f"--explain {code}: there is no such code; the reference lists them")
    for line in explained_lines(found):
        show(line)
