"""The verdicts of the oracle beside those of the package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from escalation_engine.loader import read_text
from escalation_engine.verify import Graph, Report, proven
from tests.verify.oracle.exploring import explore, goes_round
from tests.verify.oracle.judging import Verdict, judge
from tests.verify.oracle.tree import read
from tests.verify.oracle.written import Mapping, Written, write

__all__ = ["Compared", "compare", "found_by_package"]

JUDGED = frozenset(
    ["E201", "E202", "E203", "E204", "E207", "E208", "E209", "E210", "E301", "W401", "W404"]
)
"""The codes that the oracle decides; of others it has no opinion."""

MEASURED = frozenset(["E208", "E301", "W401"])
"""The codes whose shortest path it measures, too."""


@dataclass(frozen=True)
class Compared:
    """What only one of the two has found."""

    text: str
    only_oracle: frozenset[Verdict]
    only_package: frozenset[Verdict]
    report: Report
    graph: Graph
    configurations: int

    @property
    def agree(self) -> bool:
        """Tell whether nothing is left over."""
        return not self.only_oracle and not self.only_package

    def __str__(self) -> str:
        """Return what an engineer wants to see of a disagreement."""
        lines = [f"{n:3} {line}" for n, line in enumerate(self.text.splitlines(), 1)]
        lines += [f"only the oracle:  {one}" for one in sorted(self.only_oracle)]
        lines += [f"only the package: {one}" for one in sorted(self.only_package)]
        return "\n".join([*lines, *map(str, self.report.findings)])


def compare(process: Mapping) -> Compared:
    """Hold the two against each other."""
    written = write(process)
    explored = explore(read(process))
    report, graph = proven(read_text(written.text, name="generated.yaml"))
    ours = _compared(judge(explored, written))
    theirs = found_by_package(report, written)
    if goes_round(explored):
        ours, theirs = ({_unmeasured(one) for one in found} for found in (ours, theirs))
    if Verdict("W401", 0) in theirs:
        ours = {one if one.code != "W401" else Verdict("W401", 0) for one in ours}
    return Compared(
        written.text, frozenset(ours - theirs), frozenset(theirs - ours),
        report, graph, len(explored.distance),
    )  # fmt: skip


def _unmeasured(one: Verdict) -> Verdict:
    """Where timers lead round, it is a matter of steps where the round begins."""
    return Verdict(one.code, one.line) if one.code == "W401" else one


def _compared(found: Iterable[Verdict]) -> set[Verdict]:
    """Leave out what is not compared.

    Of what a case cannot get out of, only the nearest counts: where a circle of configurations is
    entered depends on what is told apart. Whether a branch is never taken since nobody sends the
    event, or since a gate refuses whoever does, is a matter of words.
    """
    kept, hopeless = set(), []
    for one in found:
        if one.code in ("E201", "E202"):
            hopeless.append(one.distance)
        elif one.code == "E210":
            kept.add(Verdict("E203", one.line))
        else:
            kept.add(one if one.code in MEASURED else Verdict(one.code, one.line))
    return kept | ({Verdict("E201", 0, min(hopeless))} if hopeless else set())


def found_by_package(report: Report, written: Written) -> set[Verdict]:
    """Return the findings of the package as verdicts; there the opening is a step, too."""
    found = set()
    for finding in report.findings:
        if finding.code not in JUDGED:
            continue
        line = written.element_at(finding.mark.line) if finding.mark.line > 1 else 0
        beyond = 2 if finding.code == "E301" else 1  # the opening, and what is lost
        found.add(Verdict(finding.code, line, len(finding.path) - beyond))
    return _compared(found)
