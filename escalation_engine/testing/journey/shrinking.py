"""Make a failing journey as short and plain as it can be while it still fails.

Hypothesis shrinks what was drawn; this shrinks the journey itself, which knows what a step means:
when an earlier step is left out, a later one is sent by whoever may send it then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from escalation_engine.core import Opened, Sent
from escalation_engine.testing.journey.journey import Doing, Journey, JourneyStep
from escalation_engine.testing.journey.model import Model
from escalation_engine.testing.journey.moves import Moves

__all__ = ["Fails", "shortest"]

Fails = Callable[[Journey], "Journey | None"]
"""Returns the part of a journey up to its failure, or None where it does not fail."""

_MOST_PAIRS = 300


def shortest(failing: Journey, moves: Moves, fails: Fails) -> Journey:
    """Return a failing journey from which no step and no two steps can be left out."""
    best = failing
    while (shorter := _shorter(best, moves, fails)) is not None:
        best = shorter
    return _plainer(best, moves, fails)


def _shorter(journey: Journey, moves: Moves, fails: Fails) -> Journey | None:
    for candidate in _cut(journey):
        found = fails(_fitted(candidate, moves))
        if found is not None and len(found.steps) < len(journey.steps):
            return found
    return None


def _cut(journey: Journey) -> Iterator[Journey]:
    """Yield the journey without a stretch of it, the longest first, and without any two steps."""
    steps, size = journey.steps, len(journey.steps) // 2
    while size >= 1:
        for start in range(len(steps) - size, -1, -1):
            yield replace(journey, steps=steps[:start] + steps[start + size :])
        size = size // 2 if size > 4 else size - 1
    pairs = list(combinations(range(len(steps)), 2))[:_MOST_PAIRS]
    for pair in pairs:
        left = tuple(step for index, step in enumerate(steps) if index not in pair)
        yield replace(journey, steps=left)


def _fitted(journey: Journey, moves: Moves) -> Journey:
    """Return the journey with each event sent by somebody who may, and the guards asked now."""
    model = Model(moves.chart, starts=journey.starts)
    steps: list[JourneyStep] = []
    for step in journey.steps:
        is_opening = isinstance(step, Doing) and isinstance(step.input, Opened)
        if isinstance(step, Doing) and is_opening is (model.case is not None):
            continue  # Nothing is sent before a case is open, and it opens once.
        fitting = _by_whom(step, model, moves) if isinstance(step, Doing) else step
        steps.append(model.asked(fitting))
    return replace(journey, steps=tuple(steps))


def _by_whom(step: Doing, model: Model, moves: Moves) -> Doing:
    if not isinstance(step.input, Sent) or step.event not in moves.events(model.case):
        return step
    senders = moves.senders(model.case, step.event)
    if any(sender.actor == step.by for sender in senders):
        return step
    behalf = senders[0].on_behalf_of
    return replace(step, input=replace(step.input, by=senders[0].actor, on_behalf_of=behalf))


def _plainer(journey: Journey, moves: Moves, fails: Fails) -> Journey:
    """Return the journey with plain steps wherever it fails with them as well."""
    best = journey
    for index in range(len(journey.steps)):
        step = best.steps[index] if index < len(best.steps) else None
        if not isinstance(step, Doing) or not isinstance(step.input, Opened | Sent):
            continue
        model = Model(moves.chart, starts=best.starts)
        for before in best.steps[:index]:
            model.take(before)
        plain = replace(moves.plain(model.case, step.event), guards=step.guards)
        if plain != step:
            changed = (*best.steps[:index], plain, *best.steps[index + 1 :])
            best = fails(_fitted(replace(best, steps=changed), moves)) or best
    return best
