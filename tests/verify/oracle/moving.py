"""A case on its way through one input: what is left, changed, counted and entered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.verify.oracle.facts import Configuration
from tests.verify.oracle.tree import Node, Process
from tests.verify.oracle.written import Mapping

__all__ = ["MINUTES", "Draft", "Move", "minutes"]

MINUTES = 30
"""Of one step of the grid: half of the unit that the generator's durations are made of."""


def minutes(duration: str) -> int:
    """Return how long an elapsed duration is."""
    number, unit = duration.split()
    return int(number) * (60 if unit.startswith("hour") else 1)


@dataclass(frozen=True)
class Move:
    """A branch that was chosen: in which track, where it is written, and where it leads."""

    track: Node
    declared: Node
    branch: Mapping
    target: Node | None

    def domain(self) -> Node:
        """Return the innermost state that stays active around what is left and entered."""
        assert self.target
        if self.declared is self.track or self.declared.contains(self.target):
            return self.declared
        return next(
            node
            for node in self.declared.outwards()
            if node.contains(self.target) and node.contains(self.declared)
        )


@dataclass
class Draft:
    """A configuration that can be written on."""

    process: Process
    leaves: list[str]
    data: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    memory: dict[str, str] = field(default_factory=dict)
    timers: dict[str, int] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, process: Process, before: Configuration) -> Draft:
        """Begin with a configuration."""
        return cls(
            process, list(before.leaves), dict(before.data), dict(before.counts),
            dict(before.memory), dict(before.timers), set(before.complete),
        )  # fmt: skip

    @classmethod
    def new(cls, process: Process) -> Draft:
        """Begin a case, before it is in any state."""
        data = process.written.get("data", {})
        return cls(
            process,
            [root.path for root in process.tracks],
            {name: body["default"] for name, body in data.items() if "default" in body},
            dict.fromkeys(process.written.get("counts", {}), 0),
        )

    def copy(self) -> Draft:
        """Return another one to write on."""
        copied = Draft.of(self.process, self.configuration())
        copied.leaves = list(self.leaves)
        return copied

    def active(self) -> list[Node]:
        """Return the leaf of each track that has not ended."""
        nodes = [self.process.by_path[path] for path in self.leaves]
        return [node for node in nodes if node.kind != "end"]

    def apply(self, moves: list[Move], event: str | None) -> list[Node] | None:
        """Leave, change, count, enter; return what was entered, nothing where a count is full."""
        left: list[Node] = []
        going = [move for move in moves if move.target]
        for move in going:
            left += self._left(move)
        for move in moves:
            self.data.update(move.branch.get("set", {}))
            for name in move.branch.get("clear", []):
                self.data.pop(name, None)
        entered = [(move, self._entered(move)) for move in going]
        is_back = [move.branch.get("to") == "back" for move in going]
        silent = [nodes for (_, nodes), back in zip(entered, is_back, strict=True) if back]
        loud = [n for (_, ns), back in zip(entered, is_back, strict=True) if not back for n in ns]
        if not self._count(event, left, loud):
            return None
        for node in left:
            for timer in node.body.get("timers", {}):
                self.timers.pop(f"{node.path}/{timer}", None)
        for move, nodes in entered:
            self._enter(move, nodes)
        for move in moves:
            self.sent += move.branch.get("send", [])
        return [*loud, *(node for nodes in silent for node in nodes)]

    def _index(self, move: Move) -> int:
        return self.process.tracks.index(move.track)

    def _left(self, move: Move) -> list[Node]:
        leaf = self.process.by_path[self.leaves[self._index(move)]]
        return [node for node in leaf.outwards() if move.domain().contains(node)]

    def _entered(self, move: Move) -> list[Node]:
        assert move.target
        domain, leaf = move.domain(), move.target.first_leaf()
        nodes = [node for node in leaf.outwards() if domain.contains(node)]
        at_first = self.leaves[self._index(move)] == move.track.path
        return [*([move.track] if at_first else []), *reversed(nodes)]

    def _enter(self, move: Move, nodes: list[Node]) -> None:
        index = self._index(move)
        came_from = self.leaves[index]
        for node in nodes:
            if _remembers(node) and move.branch.get("to") != "back":
                self.memory[node.path] = came_from
            for timer, body in node.body.get("timers", {}).items():
                self.timers[f"{node.path}/{timer}"] = minutes(body["after"]) // MINUTES
        self.leaves[index] = nodes[-1].path
        if nodes[-1].kind == "end":
            self._stop(move.track)

    def _stop(self, track: Node) -> None:
        for name in list(self.timers):
            if name.split("/")[0].split(".")[0] == track.path:
                del self.timers[name]

    def _count(self, event: str | None, left: list[Node], entered: list[Node]) -> bool:
        moments = {f"event {event}"}
        moments |= {f"leaving {node.path}" for node in left}
        moments |= {f"entering {node.path}" for node in entered}
        for name, body in self.process.written.get("counts", {}).items():
            if self._is_moment(body["up_on"], moments):
                self.counts[name] += 1
                if self.counts[name] > body.get("at_most", self.counts[name]):
                    return False
        for name, body in self.process.written.get("counts", {}).items():
            if self._is_moment(body.get("reset_on", "never"), moments):
                self.counts[name] = 0
        return True

    def _is_moment(self, written: str, moments: set[str]) -> bool:
        word, _, name = written.partition(" ")
        in_first = f"{word} {self.process.tracks[0].path}.{name}"
        return written in moments or in_first in moments

    def finished(self) -> Configuration | None:
        """Return the configuration, or nothing where a track keeps the case from ending."""
        first, *others = [self.process.by_path[path] for path in self.leaves]
        if first.kind != "end":
            return self.configuration()
        for leaf, root in zip(others, self.process.tracks[1:], strict=True):
            if root.body.get("at_end") == "must_be_idle" and leaf.kind not in ("idle", "end"):
                return None
        return Configuration((first.path,))

    def configuration(self) -> Configuration:
        """Return what was written, to be compared."""
        return Configuration(
            tuple(self.leaves),
            tuple(sorted(self.data.items())),
            tuple(sorted((name, self._cut(name)) for name in self.counts)),
            tuple(sorted(self._remembered().items())),
            tuple(sorted(self.timers.items())),
            frozenset(self.complete),
        )

    def _remembered(self) -> dict[str, str]:
        """Return what is remembered by where the case is, or by where it can go back to."""
        kept: dict[str, str] = {}
        waiting = list(self.leaves)
        while waiting:
            for node in self.process.by_path[waiting.pop()].outwards():
                if node.path in self.memory and node.path not in kept:
                    kept[node.path] = self.memory[node.path]
                    waiting.append(kept[node.path])
        return kept

    def _cut(self, name: str) -> int:
        body = self.process.written["counts"][name]
        most: int = body.get("at_most", 0)
        return min(self.counts[name], max(COUNTED, most))


COUNTED = 4
"""No condition of the generator compares a count with more, so above it all are one."""


def _remembers(node: Node) -> bool:
    written = node.body.get("on", {}).values()
    return any(
        branch.get("to") == "back"
        for one in written
        for branch in (one if isinstance(one, list) else [one])
    )
