"""The model: the case as the process has it, moved by the core's own `decide` and by nothing else.

It has no store, no outbox and no directory: a role holds its cases itself, and a report of an
action is none of its inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Self

from escalation_engine.chart.model import Chart
from escalation_engine.core import (
    EMPTY,
    Answer,
    Ask,
    Case,
    Decision,
    Found,
    GuardQuestion,
    Identity,
    Input,
    Question,
    Refusal,
    Verdict,
    decide,
    next_firing,
)
from escalation_engine.testing.journey.journey import Doing, JourneyStep, Waiting

__all__ = ["GuardAnswer", "Model"]

GuardAnswer = Callable[[str], bool]
"""What a guard answers, by its name."""

MOST_FIRINGS = 1000


class Model:
    """One case of a chart, and where it must be; None before it is open."""

    def __init__(self, chart: Chart, *, starts: datetime) -> None:
        self.chart = chart
        self.now = starts
        self.case: Case | None = None

    @property
    def states(self) -> Mapping[str, str]:
        """Each track with its leaf; empty before the case is open."""
        return EMPTY if self.case is None else self.case.states

    @property
    def is_closed(self) -> bool:
        """The case has ended."""
        return self.case is not None and self.case.is_closed

    def copy(self) -> Self:
        """Return a model that goes its own way from here."""
        other = type(self)(self.chart, starts=self.now)
        other.case = self.case
        return other

    def take(
        self, step: JourneyStep, *, answer: GuardAnswer | None = None
    ) -> tuple[Decision | Refusal, ...]:
        """Take a step and return what was decided: one for what is done, all firings of a wait.

        Guards answer as the step says, else what `answer` says, else yes. A refusal changes
        nothing.
        """
        asking = _Guards(step.guards, answer)
        if isinstance(step, Waiting):
            return tuple(self._wait(step.until, asking))
        fired = self._fire_before(self.now, asking)
        return (*fired, self._decide(step.input, asking))

    def foresee(self, step: Doing, *, answer: GuardAnswer | None = None) -> Decision | Refusal:
        """Return what would be decided; nothing changes."""
        return self.copy().take(step, answer=answer)[-1]

    def asked(self, step: JourneyStep) -> JourneyStep:
        """Take a step; return it with the answers of those guards that were asked, and no others.

        A guard that the step does not speak of says yes.
        """
        guards: dict[str, bool] = {}

        def answer(guard: str) -> bool:
            return guards.setdefault(guard, step.guards.get(guard, True))

        bare = replace(step, guards=EMPTY)
        self.take(bare, answer=answer)
        return replace(step, guards=guards)

    def next_due(self) -> datetime | None:
        """Return the instant at which something falls due next; None: nothing is armed."""
        due = None if self.case is None else next_firing(self.chart, self.case)
        return None if due is None else due.due_at

    def _wait(self, until: datetime, guards: _Guards) -> list[Decision | Refusal]:
        found: list[Decision | Refusal] = []
        while (due_at := self.next_due()) is not None and due_at <= until:
            self.now = max(due_at, self.now)
            found.append(self._fire(guards))
            if len(found) >= MOST_FIRINGS:
                break
        self.now = max(until, self.now)
        return found

    def _fire_before(self, instant: datetime, guards: _Guards) -> list[Decision | Refusal]:
        """What was due before an input falls due first, as in the engine."""
        found: list[Decision | Refusal] = []
        while (due_at := self.next_due()) is not None and due_at < instant:
            found.append(self._fire(guards))
        return found

    def _fire(self, guards: _Guards) -> Decision | Refusal:
        assert self.case is not None, "nothing is due before a case is open"
        due = next_firing(self.chart, self.case)
        assert due is not None, "the caller has seen that something is due"
        return self._decide(due, guards)

    def _decide(self, input: Input, guards: _Guards) -> Decision | Refusal:
        case = self.case_or_blank()
        answers: dict[Question, Answer] = {}
        while isinstance(
            found := decide(self.chart, case, input, now=self.now, answers=answers), Ask
        ):
            answers[found.question] = guards.answer(found.question)
        if isinstance(found, Decision):
            self.case = found.case
        return found

    def case_or_blank(self) -> Case:
        """Return the case, or the one that is about to be opened."""
        if self.case is not None:
            return self.case
        chart = self.chart
        identity = Identity("journey", chart.process, chart.version, chart.hash, self.now)
        return Case(identity, revision=0, at=self.now, states=EMPTY)


class _Guards:
    def __init__(self, told: Mapping[str, bool], answer: GuardAnswer | None) -> None:
        self._told = told
        self._answer = answer

    def answer(self, question: Question) -> Answer:
        if not isinstance(question, GuardQuestion):
            return Found(None)
        if question.guard in self._told:
            return Verdict(self._told[question.guard])
        return Verdict(True if self._answer is None else self._answer(question.guard))
