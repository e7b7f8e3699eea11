"""The rules of soundness as tests: which findings of the proof break which rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from escalation_engine.chart.model import Chart
from escalation_engine.errors import Finding, Severity
from escalation_engine.verify import verify

__all__ = ["RULES", "Rule", "breaking", "configurations"]


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


def configurations(chart: Chart) -> tuple[int, bool]:
    """Return how many configurations a process can reach, and whether those are all."""
    report = verify(chart)
    return report.configurations, report.fair is not None
