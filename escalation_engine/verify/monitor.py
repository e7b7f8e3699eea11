"""A promise as a small automaton: what it remembers of a case, and what one more input changes.

It knows no time: what is owed stays owed until it is kept, or the case ends. Deadlines come on top
where there is a calendar (`watch.py`); an exploration takes it as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from escalation_engine.chart.model import Chart, Moment, MomentKind, Promise, PromiseForm
from escalation_engine.condition import Condition
from escalation_engine.core import Case, Decision
from escalation_engine.verify.observation import Observation

__all__ = ["Memory", "Monitor", "Verdict", "monitors_of"]


class Verdict(Enum):
    """How a promise stands in a case; `open` is neither kept nor broken so far."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"


class Memory(NamedTuple):
    """All that a promise remembers. With KEPT or BROKEN nothing can change it any more.

    `is_counting`: it counts now. `is_owed`: something has still to happen. `times` is how often
    what is limited has happened, `passed` the moments of an `every_case` that have passed.
    """

    verdict: Verdict = Verdict.OPEN
    is_counting: bool = False
    is_owed: bool = False
    times: int = 0
    passed: frozenset[str] = frozenset()


_KEPT = Memory(Verdict.KEPT)
_BROKEN = Memory(Verdict.BROKEN)
_WAITING = Memory()


@dataclass(frozen=True, slots=True)
class Monitor:
    """One promise of a chart, ready to follow any number of cases; it keeps nothing of them."""

    chart: Chart
    promise: Promise

    @property
    def conditions(self) -> Sequence[Condition]:
        """Every condition that it asks of a case."""
        return self.promise.conditions

    @property
    def moments(self) -> Sequence[Moment]:
        """Every moment that it waits for."""
        found = [
            Moment(MomentKind.EVENT, name) for one in self.conditions for name in sorted(one.events)
        ]
        return (*found, *(_moment(text) for one in self.conditions for text in sorted(one.moments)))

    def begin(self, decision: Decision) -> Memory:
        """Return what it remembers of the decision that opens a case."""
        blank = decision.case._replace(states={}, data={}, counts={}, checklists={})
        return self.step(self.start, Observation(self.chart, blank, decision))

    def follow(self, memory: Memory, before: Case, decision: Decision) -> Memory:
        """Return what it remembers after one more decision."""
        if memory.verdict is not Verdict.OPEN:
            return memory
        return self.step(memory, Observation(self.chart, before, decision))

    @property
    def start(self) -> Memory:
        """What it remembers before a case is opened."""
        return Memory(is_counting=self.promise.after is None)

    def step(self, memory: Memory, seen: Observation) -> Memory:
        """Return what it remembers after one more input, which `seen` tells of."""
        if memory.verdict is not Verdict.OPEN:
            return memory
        after, until = self.promise.after, self.promise.until
        begins = after is not None and seen.makes_true(after)
        ends = until is not None and seen.makes_true(until)
        if memory.is_counting and ends:
            memory = self._ended(memory, seen)
            if not self.promise.repeats or memory.verdict is not Verdict.OPEN:
                return self._over if memory.verdict is Verdict.OPEN else memory
        elif begins and ends and not memory.is_counting:
            return _WAITING if self.promise.repeats and not seen.is_last else self._over
        if begins and not memory.is_counting:
            memory = Memory(is_counting=True)
        if memory.is_counting:
            memory = self._counted(memory, seen)
        if memory.verdict is Verdict.OPEN and seen.is_last:
            return self._closed(memory, seen)
        return memory

    @property
    def _over(self) -> Memory:
        """What it remembers once it counts no more: what was not reached never will be."""
        return _BROKEN if self.promise.form is PromiseForm.POSSIBLE else _KEPT

    def _counted(self, memory: Memory, seen: Observation) -> Memory:
        """Look at one input while the promise counts."""
        promise = self.promise
        match promise.form:
            case PromiseForm.NEVER:
                return _BROKEN if promise.subject.holds(seen) is True else memory
            case PromiseForm.AT_MOST:
                if not seen.makes_true(promise.subject):
                    return memory
                is_too_often = memory.times >= promise.limit
                return _BROKEN if is_too_often else memory._replace(times=memory.times + 1)
            case PromiseForm.EVERY_CASE:
                return memory._replace(passed=memory.passed | self._passing(seen))
            case PromiseForm.POSSIBLE:
                return _KEPT if promise.subject.holds(seen) is True else memory
            case PromiseForm.WHENEVER:
                is_owed = memory.is_owed or seen.makes_true(promise.subject)
                return memory._replace(is_owed=is_owed and not self._is_met(seen))
            case PromiseForm.IF_NOBODY_ACTS:
                is_owed = memory.is_owed or not seen.is_silent
                return memory._replace(is_owed=is_owed and not self._is_met(seen))

    def _is_met(self, seen: Observation) -> bool:
        """Return whether what is owed has happened, or nothing is owed any more."""
        promise = self.promise
        if promise.form is PromiseForm.IF_NOBODY_ACTS:
            return promise.subject.holds(seen) is True
        answers = [one for one in (promise.then, promise.unless) if one is not None]
        return any(one.holds(seen) is True for one in answers)

    def _ended(self, memory: Memory, seen: Observation) -> Memory:
        """Judge at the input that ends the count: it can still keep, and break nothing anew."""
        promise = self.promise
        if promise.form is PromiseForm.WHENEVER:
            return _BROKEN if memory.is_owed and not self._is_met(seen) else _WAITING
        if promise.form is PromiseForm.EVERY_CASE:
            memory = memory._replace(passed=memory.passed | self._passing(seen))
            return _WAITING if self._is_true_of_the_past(memory, seen) else _BROKEN
        if promise.form is PromiseForm.POSSIBLE and promise.subject.holds(seen) is True:
            return _KEPT
        return _WAITING

    def _closed(self, memory: Memory, seen: Observation) -> Memory:
        """Judge when the case has ended."""
        if memory.is_owed:
            return _BROKEN
        if self.promise.form is PromiseForm.EVERY_CASE and memory.is_counting:
            return _KEPT if self._is_true_of_the_past(memory, seen) else _BROKEN
        return memory if self.promise.form is PromiseForm.POSSIBLE else _KEPT

    def _passing(self, seen: Observation) -> frozenset[str]:
        subject = self.promise.subject
        events = subject.events & seen.events
        return events | (subject.moments & seen.moments if subject.moments else frozenset())

    def _is_true_of_the_past(self, memory: Memory, seen: Observation) -> bool:
        return self.promise.subject.holds(seen.with_passed(memory.passed)) is True


def monitors_of(chart: Chart) -> tuple[Monitor, ...]:
    """Return a monitor for each promise of a chart, in the order in which they are written."""
    return tuple([Monitor(chart, promise) for promise in chart.promises.values()])


def _moment(text: str) -> Moment:
    kind, name, *verdict = text.split()
    word = verdict[0] if verdict and kind in ("clock", "duty") else ""
    return Moment(MomentKind(f"{kind}_{word}" if word else kind), name)
