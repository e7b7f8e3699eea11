"""How much of a process is covered, in lines for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from escalation_engine.errors import Mark
from escalation_engine.testing.coverage.goal import KINDS, Aim, Goal

__all__ = ["Coverage", "coverage_json", "coverage_lines"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The goals of one process, and which of them were covered."""

    process: str
    goals: tuple[Goal, ...]
    covered: frozenset[Aim]

    @property
    def missing(self) -> tuple[Goal, ...]:
        """The goals that were not covered, by kind and in document order."""
        return tuple(goal for goal in self.goals if goal.aim not in self.covered)

    @property
    def percent(self) -> float:
        """The share of goals that were covered, rounded down to a tenth; 100 for none at all."""
        if not self.goals:
            return 100.0
        return int(1000 * (len(self.goals) - len(self.missing)) / len(self.goals)) / 10

    def counts(self, kind: str) -> tuple[int, int]:
        """Return how many goals of a kind were covered, and how many there are."""
        aims = [goal.aim for goal in self.goals if goal.aim.kind == kind]
        return sum(aim in self.covered for aim in aims), len(aims)


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """Yield a line for each kind, one for each goal that is missing, and the sum."""
    for kind, plural in KINDS.items():
        covered, total = coverage.counts(kind)
        if total:
            yield f"{plural}: {covered} of {total}"
    for goal in coverage.missing:
        yield f"{_place(goal.mark)}: missing {goal.aim.kind} {goal.aim.name}"
    yield f"{coverage.process}: {coverage.percent:g} % covered"


def coverage_json(coverages: Sequence[Coverage]) -> str:
    """Return a JSON list with an object for each process."""
    return json.dumps([_document(one) for one in coverages], indent=2, ensure_ascii=False)


def _document(coverage: Coverage) -> dict[str, object]:
    kinds: Collection[str] = KINDS
    return {
        "process": coverage.process,
        "percent": coverage.percent,
        "kinds": {kind: dict(zip(("covered", "goals"), coverage.counts(kind), strict=True))
                  for kind in kinds},
        "missing": [
            {
                "kind": goal.aim.kind,
                "name": goal.aim.name,
                "file": goal.mark.file,
                "line": goal.mark.line,
            }
            for goal in coverage.missing
        ],
    }  # fmt: skip


def _place(mark: Mark) -> str:
    path, here = Path(mark.file), Path.cwd()
    is_below = path.is_absolute() and path.is_relative_to(here)
    return f"{(path.relative_to(here) if is_below else path).as_posix()}:{mark.line}"
