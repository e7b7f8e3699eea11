"""Whether a path can come about in real time: on the real chart, calendars and all.

Across kinds of time the exploration takes any order to be possible. A path counts only when some
start within a year makes it come about; each step of it is then decided by the core once more.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from escalation_engine.calendar import WorkingTime, due
from escalation_engine.chart.model import Chart
from escalation_engine.core import (
    EMPTY,
    Answer,
    Answers,
    Ask,
    Case,
    Decision,
    Due,
    HolderQuestion,
    Identity,
    Input,
    InstantQuestion,
    Question,
    Unavailable,
    decide,
    next_firing,
)
from escalation_engine.core.decision import Found, GuardQuestion, Verdict
from escalation_engine.core.plan import plan_of
from escalation_engine.verify.graph import Edge, Graph, Kind
from escalation_engine.verify.model import tasks_done

__all__ = ["Happening", "is_across_kinds", "realised"]

_FIRST = datetime(2026, 6, 8, 9, tzinfo=UTC)  # a Monday
_TRIES = 1200
_APART = timedelta(hours=7, minutes=18)  # _TRIES of these are a year
_MOST_BETWEEN = 200


class Happening(NamedTuple):
    """One input of a realised path, the instant of it, and what the host answers."""

    at: datetime
    input: Input
    answers: Answers


class _Standing(NamedTuple):
    case: Case
    now: datetime
    happened: tuple[Happening, ...]


def is_across_kinds(graph: Graph, path: tuple[Edge, ...]) -> bool:
    """Return whether a path leans on an order between kinds of time, or on opening hours."""
    running: set[str] = set()
    moved = False
    for edge in path:
        running |= _running(graph, edge.source)
        moved |= edge.kind is not Kind.PEOPLE
        if any(isinstance(asked, InstantQuestion) for asked, _ in edge.answered):
            return True
    return moved and len(running) > 1


def realised(graph: Graph, path: tuple[Edge, ...]) -> tuple[Happening, ...] | None:
    """Return the inputs of a path with their instants; None where no start was found."""
    tries = _TRIES if is_across_kinds(graph, path) else 40
    for number in range(tries):
        found = _follow(graph, path, _FIRST + number * _APART)
        if found is not None:
            return found
    return None


def _running(graph: Graph, node: int) -> set[str]:
    case, of = graph.nodes[node].case, graph.model.kinds.of
    found = {of["timer", key] for key, one in case.timers.items() if one.pending}
    found |= {of["clock", key] for key, one in case.clocks.items() if one.pending}
    return found | {of["duty", key] for key, one in case.duties.items() if one.due_at}


def _follow(graph: Graph, path: tuple[Edge, ...], start: datetime) -> tuple[Happening, ...] | None:
    chart = graph.model.original
    blank = Case(
        Identity("the case", chart.process, chart.version, chart.hash, start),
        0,
        start,
        EMPTY,
        tasks=tasks_done(chart),
    )
    standing: _Standing | None = _Standing(blank, start, ())
    for edge in path:
        assert standing is not None
        standing = _moved(graph, edge, standing)
        if standing is None:
            return None
        if standing.case.states != graph.nodes[edge.target].case.states:
            return None
    assert standing is not None
    return standing.happened


def _moved(graph: Graph, edge: Edge, standing: _Standing) -> _Standing | None:
    chart = graph.model.original
    if edge.kind is Kind.STEP:
        return _passed(chart, standing, _later(graph, edge, standing.now))
    if edge.input is None:
        return standing
    if not isinstance(edge.input, Due):
        return _decided(chart, standing, edge.input, edge)
    firing = _pending(standing.case, edge.input)
    if firing is None:
        return None
    for _ in range(_MOST_BETWEEN):
        earliest = next_firing(chart, standing.case)
        if earliest is None:
            return None
        now = max(standing.now, earliest.due_at)
        standing = standing._replace(now=now)
        if (earliest.kind, earliest.key, earliest.label) == (firing.kind, firing.key, firing.label):
            return _decided(chart, standing, earliest, edge)
        after = _unnoticed(chart, standing, earliest)
        if after is None:
            return None
        standing = after
    return None


def _later(graph: Graph, edge: Edge, now: datetime) -> datetime:
    sort, _, calendar = edge.kind_of_time.partition(" ")
    if sort != "working":
        return now + edge.passed
    known = plan_of(graph.model.original).timetable.calendar(calendar, None)
    return due(known, now, WorkingTime(edge.passed))


def _passed(chart: Chart, standing: _Standing, until: datetime) -> _Standing | None:
    """Let time pass: what falls due on the way must not be noticed in where the case is."""
    for _ in range(_MOST_BETWEEN):
        earliest = next_firing(chart, standing.case)
        if earliest is None or earliest.due_at >= until:
            return standing._replace(now=until)
        after = _unnoticed(chart, standing._replace(now=earliest.due_at), earliest)
        if after is None:
            return None
        standing = after
    return None


def _unnoticed(chart: Chart, standing: _Standing, firing: Due) -> _Standing | None:
    """Return how things stand after a firing that the exploration leaves out."""
    after = _decided(chart, standing, firing, None)
    return after if after is not None and after.case.states == standing.case.states else None


def _pending(case: Case, wanted: Due) -> Due | None:
    if wanted.kind == "duty":
        owed = case.duties.get(wanted.key)
        has_it = owed is not None and owed.due_at is not None
    else:
        watch = (case.timers if wanted.kind == "timer" else case.clocks).get(wanted.key)
        has_it = watch is not None and any(one.label == wanted.label for one in watch.pending)
    return wanted if has_it else None


def _decided(
    chart: Chart, standing: _Standing, input: Input, edge: Edge | None
) -> _Standing | None:
    """Decide for real. Guards and people answer as on the path, calendars as they are."""
    said = dict(edge.answered) if edge is not None else {}
    answers: dict[Question, Answer] = {
        asked: one for asked, one in said.items() if not isinstance(asked, InstantQuestion)
    }
    case, now, happened = standing
    while isinstance(found := decide(chart, case, input, now=now, answers=answers), Ask):
        asked = found.question
        if isinstance(asked, HolderQuestion):
            answers[asked] = Found(None)
        elif isinstance(asked, GuardQuestion):
            answers[asked] = Verdict(True)
        else:
            answers[asked] = Unavailable()
    happening = Happening(now, input, answers)
    if not isinstance(found, Decision):
        is_meant = edge is not None and edge.kind is Kind.PEOPLE and edge.problem
        return _Standing(case, now, (*happened, happening)) if is_meant else None
    return _Standing(found.case, now, (*happened, happening))
