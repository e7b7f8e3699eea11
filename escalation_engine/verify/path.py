"""The way to a flaw, told step by step: who does what, and what changes by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from escalation_engine.core import (
    DUE,
    Answer,
    Due,
    Found,
    Fulfilled,
    GuardQuestion,
    HolderQuestion,
    Input,
    InstantQuestion,
    Opened,
    Question,
    Recorded,
    Reported,
    Sent,
)
from escalation_engine.errors import Mark, PathStep
from escalation_engine.verify.configuration import Configuration
from escalation_engine.verify.flaw import Element
from escalation_engine.verify.graph import Edge, Graph, Kind
from escalation_engine.verify.place import Places
from escalation_engine.verify.span_text import Span, write_span

__all__ = ["told"]


def told(graph: Graph, path: tuple[Edge, ...], places: Places) -> tuple[PathStep, ...]:
    """Return a path as steps; time that only passes is said with the step that follows."""
    found = []
    waited: Span = {}
    for edge in path:
        if edge.passed:
            kind = edge.kind_of_time
            waited = {**waited, kind: waited.get(kind, timedelta()) + edge.passed}
        if edge.kind is Kind.STEP or edge.input is None:
            continue
        after = write_span(graph.model, waited) if waited else ""
        found.append(_step(graph, edge)._replace(after=after, mark=_mark(edge, places)))
        waited = {}
    return tuple(found)


def _step(graph: Graph, edge: Edge) -> PathStep:
    before, after = graph.nodes[edge.source], graph.nodes[edge.target]
    assert edge.input is not None, "a step of time is not told by itself"
    what, by = _said(edge.input)
    return PathStep(
        what,
        by,
        tuple(after.case.states.items()),
        tuple(_changes(before, after, edge.input)),
        tuple(_answers(edge)),
    )


def _mark(edge: Edge, places: Places) -> Mark | None:
    """Return where the process says what follows: the first branch that is taken, or the timer."""
    if places.origins is None:
        return None
    for step in edge.steps:
        for move in step.moves:
            element = Element(move.track, move.declared_in, step.event)
            return places.of(element).mark
    if isinstance(edge.input, Due):
        return places.of(Element(section=f"{edge.input.kind}s", name=edge.input.key)).mark
    return None


def _said(input: Input) -> tuple[str, str]:
    match input:
        case Opened(event=event, by=by) | Sent(event=event, by=by):
            return event, by.id
        case Recorded(by=by, checklists=checklists):
            if checklists:
                return f"the checklist {', '.join(checklists)} is answered", by.id
            return "facts are recorded", by.id
        case Fulfilled(duty=duty, by=by):
            return f"the duty {duty} is fulfilled", by.id
        case Reported(event=event):
            return f"{event} is reported", "host"
        case Due(kind=kind, key=key, label=label):
            what = "falls due" if label == DUE else f"reaches {label}"
            return f"the {kind} {key} {what}", "engine"
        case _:
            return type(input).__name__, ""


def _changes(
    before: Configuration, after: Configuration, input: Input
) -> Iterator[tuple[str, str]]:
    """Yield what is brought, and what else has changed."""
    brought = dict(getattr(input, "data", {}))
    for name, value in brought.items():
        yield name, str(value)
    channel = getattr(input, "channel", None)
    if channel is not None:
        yield "channel", str(channel)
    if after.case.is_closed:
        return  # What it was is past.
    for name in dict.fromkeys((*before.case.data, *after.case.data)):
        new = after.case.data.get(name)
        if name not in brought and before.case.data.get(name) != new:
            yield name, "not set" if new is None else str(new)
    for name, number in after.case.counts.items():
        if before.case.counts.get(name, 0) != number:
            yield name, str(number)


def _answers(edge: Edge) -> Iterator[tuple[str, str]]:
    for question, answer in edge.answered:
        yield from _answer(question, answer)


def _answer(question: Question, answer: Answer) -> Iterator[tuple[str, str]]:
    match question:
        case GuardQuestion(guard=guard):
            yield guard, "yes" if answer[0] else "no"
        case InstantQuestion(key=calendar):
            yield calendar, "open" if answer[0] else "closed"
        case HolderQuestion(role=role):
            if not isinstance(answer, Found):
                yield role, "nobody is there"
            elif answer.person is not None:
                yield role, answer.person
