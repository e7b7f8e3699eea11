"""Drives `decide` with a host that is plain data: guards by name, people by role.

Nothing is stored and nothing is faked: what a test sees is what the pure core answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from textwrap import dedent
from typing import Any

from escalation_engine import load_text
from escalation_engine.chart import Chart
from escalation_engine.core import (
    EMPTY,
    Act,
    Actor,
    Answer,
    Ask,
    Case,
    Decision,
    Entry,
    Found,
    GuardQuestion,
    HolderQuestion,
    Identity,
    Input,
    Noted,
    Opened,
    Option,
    Question,
    Recorded,
    Refusal,
    Reported,
    Sent,
    Unavailable,
    Verdict,
    decide,
    options,
)

NOW = datetime(2026, 6, 8, 9, tzinfo=UTC)

HEADER = "process: desk\nversion: 1\ntitle: A desk\n"

Said = bool | Verdict
Guards = Mapping[str, Said | Callable[[Case], Said]]
People = Mapping[str, str | Unavailable | None | Callable[[Case], str | Unavailable | None]]

ann = Actor("ann", {"desk"})
bob = Actor("bob", {"desk"})
eve = Actor("eve", {"chief"})
cleo = Actor("cleo", {"client"})


@dataclass
class Drive:
    """A chart with a host. A role that the directory does not name is held by the role itself."""

    chart: Chart
    guards: Guards = field(default_factory=dict)
    directory: People = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)

    def decide(self, case: Case, input: Input, *, now: datetime = NOW) -> Decision | Refusal:
        """Return what becomes of the input once every question is answered; `asked` keeps those."""
        self.asked = []
        answers: dict[Question, Answer] = {}
        while isinstance(
            found := decide(self.chart, case, input, now=now, answers=dict(answers)), Ask
        ):
            assert found.question not in answers, f"asked twice: {found.question}"
            self.asked.append(found.question)
            answers[found.question] = self.answer(found)
        return found

    def answer(self, ask: Ask) -> Answer:
        """Return the host's answer to one question."""
        question = ask.question
        if isinstance(question, GuardQuestion):
            said = self.guards[question.guard]
            verdict = said(ask.case) if callable(said) else said
            return verdict if isinstance(verdict, Verdict) else Verdict(verdict)
        assert isinstance(question, HolderQuestion), "the core counts instants itself"
        holder = self.directory.get(question.role)
        person = holder(ask.case) if callable(holder) else holder
        return person if isinstance(person, Unavailable) else Found(person)

    def opened(self, event: str = "open", *, by: Actor = ann, **said: Any) -> Decision:
        """Open a case; the opening must be accepted."""
        return accepted(self.decide(blank(self.chart), Opened(event, by, **said)))

    def open(self, *events: str, event: str = "open", by: Actor = ann, **said: Any) -> Case:
        """Open a case, send it the events, and return it."""
        return self.walk(self.opened(event, by=by, **said).case, *events, by=by)

    def walk(self, case: Case, *events: str, by: Actor = ann) -> Case:
        """Send the events one after the other, each of which must be accepted."""
        for event in events:
            case = self.sent(case, event, by=by).case
        return case

    def sent(self, case: Case, event: str, *, by: Actor = ann, **said: Any) -> Decision:
        """Send an event, which must be accepted."""
        return accepted(self.decide(case, Sent(event, by, **said)))

    def refused(self, case: Case, event: str, *, by: Actor = ann, **said: Any) -> Refusal:
        """Send an event, which must be refused."""
        return refusal(self.decide(case, Sent(event, by, **said)))

    def recorded(self, case: Case, *, by: Actor = ann, **said: Any) -> Decision:
        """Record facts or answers, which must be accepted."""
        return accepted(self.decide(case, Recorded(by, **said)))

    def noted(self, case: Case, *, by: Actor = ann, text: str = "a note") -> Decision:
        """Write a note, which must be accepted."""
        return accepted(self.decide(case, Noted(by, text)))

    def reported(self, case: Case, event: str | None, *, detail: str | None = None) -> Decision:
        """Report on an effect; a report is always journaled."""
        return accepted(self.decide(case, Reported("effect-1", event, detail=detail)))

    def options(self, case: Case, *, by: Actor = ann) -> dict[str, Option]:
        """Return the options of an actor by event."""
        answers: dict[Question, Answer] = {}
        while isinstance(
            found := options(self.chart, case, by, now=NOW, answers=dict(answers)), Ask
        ):
            assert found.question not in answers, f"asked twice: {found.question}"
            answers[found.question] = self.answer(found)
        return {option.event: option for option in found}


def drive(text: str, *, guards: Guards = EMPTY, directory: People = EMPTY, **bound: Any) -> Drive:
    """Load a process, of which the head may be left out, and put a host beside it.

    `bound` are its parameters.
    """
    written = dedent(text)
    whole = written if written.lstrip().startswith("process:") else HEADER + written
    return Drive(load_text(whole, parameters=bound), guards, directory)


def blank(chart: Chart, *, id: str = "case-1", opened_at: datetime = NOW) -> Case:
    """Return a case that is about to be opened."""
    identity = Identity(id, chart.process, chart.version, chart.hash, opened_at)
    return Case(identity, revision=0, at=opened_at, states=EMPTY)


def replay(chart: Chart, entries: list[Entry]) -> Case:
    """Return the case that the inputs lead to, with the answers that were given then."""
    case = blank(chart, id=entries[0].case_id, opened_at=entries[0].at)
    for entry in entries:
        found = decide(chart, case, entry.input, now=entry.at, answers=entry.answers)
        case = accepted(found).case
    return case


def accepted(found: Decision | Refusal | Ask) -> Decision:
    """Return the decision, or fail with what was answered instead."""
    assert isinstance(found, Decision), found
    return found


def refusal(found: Decision | Refusal | Ask) -> Refusal:
    """Return the refusal, or fail with what was answered instead."""
    assert isinstance(found, Refusal), found
    return found


def done(decision: Decision) -> list[str]:
    """Return the names of the host's actions in the order of the decision."""
    return [effect.name for effect in decision.effects if isinstance(effect, Act)]


def kinds(refusal: Refusal) -> set[str]:
    """Return the kinds of a refusal's reasons."""
    return {reason.kind for reason in refusal.reasons}


def subjects(refusal: Refusal) -> set[str]:
    """Return what a refusal's reasons are about."""
    return {reason.subject for reason in refusal.reasons}
