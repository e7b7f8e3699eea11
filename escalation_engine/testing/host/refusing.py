"""Journeys that try what the process refuses: in each new state, each event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from escalation_engine.core import Decision, Opened, Sent
from escalation_engine.testing.journey import Doing, Journey, JourneyStep, Model, Moves
from escalation_engine.testing.journey.moves import Sender
from escalation_engine.testing.journey.tour import Tour

__all__ = ["refusing"]


def refusing(tour: Tour, moves: Moves) -> Iterator[Journey]:
    """Yield the journeys of a tour, with refused steps put in wherever a state is new."""
    seen: set[tuple[str, ...]] = set()
    for journey in tour.journeys:
        model = Model(moves.chart, starts=journey.starts)
        steps: list[JourneyStep] = []
        has_new = False
        for step in (None, *journey.steps):
            if step is not None:
                model.take(step)
                steps.append(step)
            place = tuple(model.states.values())
            if place not in seen:
                seen.add(place)
                refused = list(_refused(model, moves))
                steps += refused
                has_new = has_new or bool(refused)
        if has_new:
            yield Journey(journey.process, journey.starts, tuple(steps))


def _refused(model: Model, moves: Moves) -> Iterator[Doing]:
    """Yield each event once for each kind of reason why it is refused."""
    names = moves.chart.openings if model.case is None else moves.chart.events
    for event in names:
        told: set[frozenset[str]] = set()
        for doing in _tries(event, model, moves):
            found = model.foresee(doing)
            if isinstance(found, Decision):
                continue
            kinds = frozenset(reason.kind for reason in found.reasons)
            if kinds not in told:
                told.add(kinds)
                yield doing


def _tries(event: str, model: Model, moves: Moves) -> Iterator[Doing]:
    case = model.case
    sender = moves.senders(case, event)[0]
    yield moves.plain(case, event)
    yield moves.sending(case, event, sender, data={})
    yield _without_note(moves.plain(case, event))
    for actor in moves.people:
        yield moves.plain(case, event, Sender(actor))


def _without_note(step: Doing) -> Doing:
    assert isinstance(step.input, Opened | Sent)
    return replace(step, input=replace(step.input, note=None, evidence=None))
