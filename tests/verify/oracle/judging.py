"""The verdicts of the oracle, straight from the table of rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.verify.oracle.exploring import Explored, Step
from tests.verify.oracle.facts import Configuration
from tests.verify.oracle.tree import Node
from tests.verify.oracle.written import Mapping, Written, branches

__all__ = ["Verdict", "judge"]


@dataclass(frozen=True, order=True)
class Verdict:
    """A code, the line of the element it is about, and how far it is from the opening."""

    code: str
    line: int
    distance: int = 0


def judge(explored: Explored, written: Written) -> list[Verdict]:
    """Return what is wrong, each place with its shortest distance."""
    return sorted(set(_Judge(explored, written).verdicts()))


class _Judge:
    def __init__(self, explored: Explored, written: Written) -> None:
        self.explored, self.process, self.written = explored, explored.process, written
        self.steps = explored.steps

    def verdicts(self) -> Iterator[Verdict]:
        yield from self._ends()
        yield from self._lost()
        yield from self._unused()
        yield from self._decisions()
        yield from self._silence()
        yield from self._overlaps()

    # ---- S1, S1c

    def _ends(self) -> Iterator[Verdict]:
        goals = [one for one in self.steps if self.is_closed(one) or self.is_final(one)]
        good = reaching(self.steps, goals)
        bad = {one for one in self.steps if one not in good}
        for group in components(bad, lambda one: (step.after for step in self.steps[one])):
            onwards = {s.after for one in group for s in self.steps[one]} - set(group)
            if not onwards:
                code = "E201" if self._is_stuck(group) else "E202"
                yield from self._at_leaves(code, group)
        if not any(self.is_closed(one) for one in self.steps):
            yield Verdict("E204", 0)

    def _is_stuck(self, group: list[Configuration]) -> bool:
        return len({(one.leaves, one.data, one.counts) for one in group}) == 1

    def _at_leaves(self, code: str, group: Iterable[Configuration]) -> Iterator[Verdict]:
        nearest: dict[int, int] = {}
        for one in group:
            line = self._line(self.process.by_path[one.leaves[0]])
            nearest[line] = min(nearest.get(line, 10**6), self.explored.distance[one])
        yield from (Verdict(code, line, distance) for line, distance in nearest.items())

    def _line(self, node: Node) -> int:
        for body in reversed(node.written_in):
            if id(body) in self.written.line_of:
                return self.written.line_of[id(body)]
        return 0

    def is_closed(self, one: Configuration) -> bool:
        """Tell whether the case has ended."""
        return self._main(one).kind == "end"

    def is_final(self, one: Configuration) -> bool:
        """Tell whether it rests in a decision point that has no way on."""
        leaf = self._main(one)
        return leaf.kind == "decision" and not self._leads_on(leaf)

    def is_resumable(self, one: Configuration) -> bool:
        """Tell whether it rests in a decision point with options."""
        leaf = self._main(one)
        return leaf.kind == "decision" and self._leads_on(leaf)

    def _main(self, one: Configuration) -> Node:
        return self.process.by_path[one.leaves[0]]

    def _leads_on(self, leaf: Node) -> bool:
        return any(
            "to" in branch
            for node in leaf.outwards()
            for listed in [*node.body.get("on", {}).values(), node.body.get("always")]
            for branch in branches(listed)
        )

    # ---- S2, S4, S5, S6

    def _lost(self) -> Iterator[Verdict]:
        nearest: dict[int, int] = {}
        for one, event in self.explored.lost:
            for path in one.leaves:
                for node in self.process.by_path[path].outwards():
                    if event in node.body.get("on", {}):
                        line = self.written.line(node.body["on"][event])
                        known = nearest.get(line, 10**6)
                        nearest[line] = min(known, self._distance(one))
                        break
        yield from (Verdict("E301", line, distance) for line, distance in nearest.items())

    def _distance(self, one: Configuration) -> int:
        """Return the distance of a configuration some time after one that was reached."""
        if one in self.explored.distance:
            return self.explored.distance[one]
        same = (
            distance
            for other, distance in self.explored.distance.items()
            if any(other.later(waited) == one for waited in range(40))
        )
        return min(same)

    def _unused(self) -> Iterator[Verdict]:
        used = self.explored.used
        for root in self.process.tracks:
            yield from self._unused_in(root, used)

    def _unused_in(self, node: Node, used: set[int]) -> Iterator[Verdict]:
        if node.parent and not any(id(body) in used for body in node.written_in):
            yield Verdict("E203", self._line(node))
            return
        for listed in [*node.body.get("on", {}).values(), node.body.get("always")]:
            for branch in branches(listed):
                if id(branch) not in used:
                    yield Verdict("E203", self.written.line(branch))
        for body in node.body.get("timers", {}).values():
            if id(body) not in used:
                yield Verdict("E203", self.written.line(body))
        for child in node.children.values():
            yield from self._unused_in(child, used)

    def _decisions(self) -> Iterator[Verdict]:
        reached = {self._main(one) for one in self.steps}
        for leaf in reached:
            if leaf.kind == "decision" and not {"owner", "assignee"} & set(leaf.body):
                yield Verdict("E207", self._line(leaf))
        helpless = [one for one in self.steps if self.is_resumable(one) and not self.steps[one]]
        yield from self._at_leaves("E208", helpless)

    def _overlaps(self) -> Iterator[Verdict]:
        return iter(())

    # ---- S7

    def _silence(self) -> Iterator[Verdict]:
        rests = [
            one
            for one in self.steps
            if self.is_closed(one) or self.is_final(one) or self.is_resumable(one)
        ]
        silent = {one: [s for s in steps if s.label == "T"] for one, steps in self.steps.items()}
        quiet = [one for one in silent if not silent[one] and one not in set(rests)]
        yield from self._at_leaves("W401", quiet)


def reaching(
    steps: dict[Configuration, list[Step]], goals: Iterable[Configuration]
) -> set[Configuration]:
    """Return every configuration from which one of the goals can be reached."""
    before: dict[Configuration, list[Configuration]] = defaultdict(list)
    for one, onwards in steps.items():
        for step in onwards:
            before[step.after].append(one)
    good, waiting = set(goals), list(goals)
    while waiting:
        for one in before[waiting.pop()]:
            if one not in good:
                good.add(one)
                waiting.append(one)
    return good


def components(
    nodes: set[Configuration], onwards: Callable[[Configuration], Iterable[Configuration]]
) -> list[list[Configuration]]:
    """Return the groups in which each can reach each other, by plain search both ways."""
    ahead = {one: _closure(one, onwards, nodes) for one in nodes}
    groups, seen = [], set()
    for one in nodes:
        if one not in seen:
            group = [other for other in ahead[one] if one in ahead[other]]
            seen.update(group)
            groups.append(group)
    return groups


def _closure(
    one: Configuration,
    onwards: Callable[[Configuration], Iterable[Configuration]],
    nodes: set[Configuration],
) -> set[Configuration]:
    found, waiting = {one}, [one]
    while waiting:
        for other in onwards(waiting.pop()):
            if other in nodes and other not in found:
                found.add(other)
                waiting.append(other)
    return found
