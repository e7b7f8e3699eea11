"""The rules of soundness as tests: which findings of the proof break which rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from escalation_engine.chart.model import Chart
from escalation_engine.core import Due, Fulfilled, Input, Opened, Reported, Sent
from escalation_engine.errors import Finding, Severity
from escalation_engine.verify import Answer, answers, verify

__all__ = ["RULES", "Rule", "breaking", "configurations", "path_lines", "promises_of"]


class Rule(NamedTuple):
    """One rule, as a claim about a process, with the beginnings of the codes that break it."""

    claim: str
    codes: tuple[str, ...]


RULES = (
    Rule("every case can end", ("E201", "E202", "X901")),
    Rule("some case closes", ("E204",)),
    Rule("no event is lost", ("E301",)),
    Rule("every end is clean", ("E205", "E206")),
    Rule("every part is used", ("E203",)),
    Rule("somebody answers at every decision point", ("E207", "E208")),
    Rule("every promise is kept", ("E5",)),
    Rule("nothing else is found", ("E",)),
)
"""In the order in which they are tested; a finding counts for the first that has its code."""


def breaking(rule: Rule, findings: Iterable[Finding]) -> list[Finding]:
    """Return the errors that break a rule and none before it; what is undecided breaks it too."""
    return [
        finding
        for finding in findings
        if (finding.severity is Severity.ERROR or finding.code == "X901")
        and next((one for one in RULES if finding.code.startswith(one.codes)), None) == rule
    ]


def promises_of(chart: Chart) -> dict[str, Answer]:
    """Return what is found of each promise, by its name, after one exploration."""
    return {answer.promise.name: answer for answer in answers(chart)}


def path_lines(answer: Answer) -> Iterator[str]:
    """Yield how to get to where a promise breaks, a line for each step."""
    if answer.path:
        count = "1 step" if len(answer.path) == 1 else f"{len(answer.path)} steps"
        yield f"  how to get there ({count}, no shorter way):"
    for number, edge in enumerate(answer.path, start=1):
        targets = [move.target for step in edge.steps for move in step.moves]
        leads = f" → {targets[-1]}" if targets else ""
        yield f"  {number:>3}  {_told(edge.input)}{leads}"


def _told(said: Input | None) -> str:
    match said:
        case Opened(event=event, by=by) | Sent(event=event, by=by):
            return f"{event} by {by.id}"
        case Due(key=key):
            return f"{key} is due"
        case Fulfilled(duty=duty, by=by):
            return f"{duty} is fulfilled by {by.id}"
        case Reported(event=str(event)):
            return f"{event} is reported"
        case None:
            return "time passes"
    return type(said).__name__.lower()


def configurations(chart: Chart) -> tuple[int, bool]:
    """Return how many configurations a process can reach, and whether those are all."""
    report = verify(chart)
    return report.configurations, report.fair is not None
