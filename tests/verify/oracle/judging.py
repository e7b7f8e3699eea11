"""The verdicts of the oracle, straight from the table of rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tests.verify.oracle.exploring import Explored, Step
from tests.verify.oracle.facts import Configuration
from tests.verify.oracle.tree import Node
from tests.verify.oracle.written import Mapping, Written, branches

__all__ = ["Verdict", "judge"]

T = TypeVar("T", bound=Hashable)


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
        self.armed = {id(self._timer(key)) for one in self.steps for key, _ in one.timers}

    def verdicts(self) -> Iterator[Verdict]:
        yield from self._ends()
        yield from self._lost()
        yield from self._unused()
        yield from self._decisions()
        yield from self._silence()

    # ---- S1, S1c

    def _ends(self) -> Iterator[Verdict]:
        goals = [one for one in self.steps if self.is_closed(one) or self.is_final(one)]
        good = reaching(self.steps, goals)
        bad = {one for one in self.steps if one not in good}
        for group in components(bad, lambda one: (step.after for step in self.steps[one])):
            onwards = {step.after for one in group for step in self.steps[one]}
            if onwards <= set(group) and not all(map(self._is_helpless, group)):
                yield self._hopeless(bad, {one.leaves[0] for one in group})
        if not any(self.is_closed(one) for one in self.steps):
            yield Verdict("E204", 0)

    def _is_helpless(self, one: Configuration) -> bool:
        """Tell whether nothing changes anything at a decision point that has a way on."""
        return self.is_resumable(one) and all(
            step.after == one or (step.label == "R" and self._is_helpless(step.after))
            for step in self.steps[one]
        )

    def _hopeless(self, bad: set[Configuration], leaves: set[str]) -> Verdict:
        """Measure how soon a case is where it never leaves these states any more."""
        inside = {one for one in bad if one.leaves[0] in leaves}
        while True:
            leaving = {one for one in inside if any(s.after not in inside for s in self.steps[one])}
            if not leaving:
                return Verdict("E201", 0, min(map(self.explored.distance.__getitem__, inside)))
            inside -= leaving

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
            "to" in branch and self._leads_elsewhere(leaf, node, branch["to"])
            for node in leaf.outwards()
            for listed in [*node.body.get("on", {}).values(), node.body.get("always")]
            for branch in branches(listed)
        )

    def _leads_elsewhere(self, leaf: Node, declared: Node, name: str) -> bool:
        return self.process.target(declared, name).first_leaf() is not leaf

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
                if id(branch) not in used and "refuse" not in branch:
                    code = "E210" if id(branch) in self.explored.gated else "E203"
                    yield Verdict(code, self.written.line(branch))
        for body in node.body.get("timers", {}).values():
            if id(body) not in used:
                code = "W404" if id(body) in self.armed else "E203"
                yield Verdict(code, self.written.line(body))
        for child in node.children.values():
            yield from self._unused_in(child, used)

    def _decisions(self) -> Iterator[Verdict]:
        reached = {self._main(one) for one in self.steps}
        for leaf in reached:
            if leaf.kind == "decision" and not {"owner", "assignee"} & set(leaf.body):
                yield Verdict("E207", self._line(leaf))
        for _, name in self.explored.refused_firings:
            yield Verdict("E209", self.written.line(self._timer(name)))
        helpless = [one for one in self.steps if self._is_helpless(one)]
        yield from self._at_leaves("E208", helpless)

    def _timer(self, key: str) -> Mapping:
        path, _, name = key.partition("/")
        body: Mapping = self.process.by_path[path].body["timers"][name]
        return body

    # ---- S7

    def _silence(self) -> Iterator[Verdict]:
        rests = {
            one
            for one in self.steps
            if self.is_closed(one) or self.is_final(one) or self.is_resumable(one)
        }
        silent = {one: [s for s in steps if s.label == "T"] for one, steps in self.steps.items()}
        moving = {one: [] if one in rests else [s.after for s in silent[one]] for one in silent}
        quiet = {one for one in silent if not moving[one] and one not in rests}
        for group in components(set(silent), lambda one: moving[one]):
            if len(group) > 1 or group[0] in moving[group[0]]:
                quiet.update(group)
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


def components(nodes: set[T], onwards: Callable[[T], Iterable[T]]) -> list[list[T]]:
    """Return the groups in which each can reach each other, by plain search both ways."""
    ahead = {one: _closure(one, onwards, nodes) for one in nodes}
    groups, seen = [], set()
    for one in nodes:
        if one not in seen:
            group = [other for other in ahead[one] if one in ahead[other]]
            seen.update(group)
            groups.append(group)
    return groups


def _closure(one: T, onwards: Callable[[T], Iterable[T]], nodes: set[T]) -> set[T]:
    found, waiting = {one}, [one]
    while waiting:
        for other in onwards(waiting.pop()):
            if other in nodes and other not in found:
                found.add(other)
                waiting.append(other)
    return found
