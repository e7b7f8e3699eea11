"""One input to a configuration, as the rulings on execution read: slow, plain, and nobody else's.

A missing answer of a guard stops the run; it is run again with each answer. So every outcome of an
input comes out, each with the answers it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.verify.oracle.facts import Configuration, holds
from tests.verify.oracle.moving import Draft, Move
from tests.verify.oracle.tree import Node, Process
from tests.verify.oracle.written import Mapping, branches

__all__ = ["Input", "Outcome", "decide", "open_case"]

Answers = dict[tuple[int, str], bool]


@dataclass(frozen=True)
class Input:
    """An event from a person or, without data, from the engine."""

    event: str
    data: tuple[tuple[str, Any], ...] = ()
    is_engine: bool = False
    is_timer: bool = False


@dataclass
class Outcome:
    """What an input came to, and what it used on the way."""

    after: Configuration | None = None
    """The configuration it led to; nothing where the input was refused."""
    is_lost: bool = False
    """Refused because no branch was chosen where some state lists the event."""
    used: set[int] = field(default_factory=set)
    gated: set[int] = field(default_factory=set)
    """What was chosen, and then refused by a gate."""


class _Ask(Exception):
    pass


class _Refused(Exception):
    pass


def decide(process: Process, before: Configuration, given: Input) -> Iterator[Outcome]:
    """Yield every outcome of an input."""
    yield from _with_answers(process, Draft.of(process, before), given, {})


def open_case(process: Process) -> Iterator[Outcome]:
    """Yield every way in which a case can begin."""
    for opening in process.opens.values():
        for brought in process_data(process, opening):
            draft = Draft.new(process)
            draft.data.update(brought)
            yield from _with_answers(process, draft, opening, {})


def process_data(process: Process, event: Mapping) -> list[dict[str, Any]]:
    """Return everything that an event may bring: each field with each value, or without."""
    ways: list[dict[str, Any]] = [{}]
    needed, optional = event.get("needs", []), event.get("may_bring", [])
    for name in [*needed, *(one for one in optional if one not in needed)]:
        values = domain(process.written["data"][name])
        ways = [
            {**way, name: value} if value is not None else way
            for way in ways
            for value in ([] if name in needed else [None]) + values
        ]
    return ways


def domain(field_body: Mapping) -> list[Any]:
    """Return the values of a field; of an opaque one, any."""
    if "enum" in field_body:
        return list(field_body["enum"])
    if field_body["type"] == "boolean":
        return [True, False]
    if field_body["type"] == "integer":
        return list(range(field_body["minimum"], field_body["maximum"] + 1))
    return ["text"]


def _with_answers(
    process: Process, draft: Draft, given: Input | Mapping, answers: Answers
) -> Iterator[Outcome]:
    run = _Run(process, draft.copy(), answers)
    try:
        yield run.opened(given) if isinstance(given, dict) else run.decided(given)
    except _Ask as asked:
        for answer in (True, False):
            yield from _with_answers(process, draft, given, {**answers, asked.args[0]: answer})


class _Run:
    def __init__(self, process: Process, draft: Draft, answers: Answers) -> None:
        self.process, self.draft, self.answers = process, draft, answers
        self.microstep = 0
        self.used: set[int] = set()

    def opened(self, opening: Mapping) -> Outcome:
        self.used.add(id(opening))
        first, *others = self.process.tracks
        moves = [Move(first, first, opening, self.process.target(first, opening["to"]))]
        moves += [Move(root, root, {}, root.first_leaf()) for root in others]
        event = next(k for k, v in self.process.opens.items() if v is opening)
        return self._outcome(moves, event)

    def decided(self, given: Input) -> Outcome:
        self.draft.data.update(given.data)
        moves, listed = self._chosen(given.event)
        if not moves:
            return Outcome(is_lost=listed, used=self.used)
        try:
            self._gates(moves, given)
        except _Refused:
            by_engine = given.is_engine or all(m.branch.get("by") != ["engine"] for m in moves)
            return Outcome(gated={id(m.branch) for m in moves} if by_engine else set())
        return self._outcome(moves, given.event)

    def _outcome(self, moves: list[Move], event: str) -> Outcome:
        try:
            self._apply(moves, event)
            self._to_completion()
        except _Refused:
            return Outcome()
        after = self.draft.finished()
        return Outcome(after=after, used=self.used) if after else Outcome()

    def _to_completion(self) -> None:
        while True:
            self._until_stable()
            if not self.draft.sent:
                return
            event = self.draft.sent.pop(0)
            self.microstep += 1
            moves, _ = self._chosen(event)
            if moves:
                self._gates(moves, Input(event, is_engine=True))
                self._apply(moves, event)

    def _until_stable(self) -> None:
        while True:
            moves = [move for leaf in self.draft.active() if (move := self._always(leaf))]
            if not moves:
                return
            self.microstep += 1
            self._apply(moves, None)

    def _apply(self, moves: list[Move], event: str | None) -> None:
        self.used |= {id(move.branch) for move in moves}
        entered = self.draft.apply(moves, event)
        if entered is None:
            raise _Refused
        self.used |= {id(body) for node in entered for body in node.written_in}

    def _always(self, leaf: Node) -> Move | None:
        for node in leaf.outwards():
            for branch in branches(node.body.get("always")):
                if self._is_chosen(branch):
                    return self._move(leaf, node, branch)
        return None

    def _chosen(self, event: str) -> tuple[list[Move], bool]:
        moves, listed = [], False
        for leaf in self.draft.active():
            own = self._chosen_in(leaf, event)
            listed = listed or any(event in node.body.get("on", {}) for node in leaf.outwards())
            moves += [own] if own else []
        return moves, listed

    def _chosen_in(self, leaf: Node, event: str) -> Move | None:
        for node in leaf.outwards():
            for branch in branches(node.body.get("on", {}).get(event)):
                if self._is_chosen(branch):
                    return self._move(leaf, node, branch)
        return None

    def _move(self, leaf: Node, declared: Node, branch: Mapping) -> Move:
        target = self._target(declared, branch["to"]) if "to" in branch else None
        root = self.process.by_path[leaf.path.split(".")[0]]
        return Move(root, declared, branch, target)

    def _target(self, declared: Node, name: str) -> Node:
        if name == "back":
            return self.process.by_path[self.draft.memory[declared.path]]
        return self.process.target(declared, name)

    def _is_chosen(self, branch: Mapping) -> bool:
        if "when" in branch and not self._is_true(branch["when"].tree):
            return False
        if "if" in branch and not self._answer(branch["if"]):
            return False
        return not ("unless" in branch and self._answer(branch["unless"]))

    def _is_true(self, tree: tuple[Any, ...]) -> bool:
        facts = {**self.draft.data, **self.draft.counts}
        return holds(tree, self.process, self.draft.leaves, facts) is True

    def _answer(self, guard: str) -> bool:
        key = (self.microstep, guard)
        if key not in self.answers:
            raise _Ask(key)
        return self.answers[key]

    def _gates(self, moves: list[Move], given: Input) -> None:
        for move in moves:
            is_spared = (
                given.is_timer and move.target and move.target.first_leaf().kind == "decision"
            )
            if "refuse" in move.branch or not _may_send(move.branch.get("by"), given):
                raise _Refused
            if not is_spared and not self._is_met(move.branch.get("requires", {})):
                raise _Refused

    def _is_met(self, requires: Mapping) -> bool:
        checklist = requires.get("checklist")
        has_data = all(self.draft.data.get(name) is not None for name in requires.get("data", []))
        return has_data and (checklist is None or checklist in self.draft.complete)


def _may_send(by: list[str] | None, given: Input) -> bool:
    if by is None:
        return True
    return "engine" in by if given.is_engine else any(who != "engine" for who in by)
