"""A tour: a few short journeys that together take every transition of a process.

It is found on the model, breadth first, so that each journey reaches what is new on a shortest way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from escalation_engine.chart.model import Chart
from escalation_engine.core import Decision
from escalation_engine.testing.journey.branches import Aim, aims_of, taken_by
from escalation_engine.testing.journey.journey import Doing, Journey, JourneyStep, Waiting
from escalation_engine.testing.journey.model import Model
from escalation_engine.testing.journey.moves import Moves
from escalation_engine.testing.journey.place import Places
from escalation_engine.testing.scenario import START

__all__ = ["Tour", "tour_of"]

MOST_STEPS = 20_000
_MOST_VARIANTS = 24


@dataclass(frozen=True, slots=True)
class Tour:
    """Journeys that take every branch and fire every timer but `missed`: those were not reached.

    With `is_complete` the search came to its end: what is missed cannot be reached by what it
    tries.
    """

    journeys: tuple[Journey, ...]
    missed: tuple[Aim, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Stop:
    model: Model
    before: _Stop | None = None
    step: JourneyStep | None = None
    taken: frozenset[Aim] = frozenset()


def tour_of(
    chart: Chart,
    *,
    starts: datetime = START,
    values: Mapping[str, Sequence[object]] | None = None,
    kinds: Collection[str] = ("record", "fulfil"),
    most_steps: int = MOST_STEPS,
) -> Tour:
    """Return a tour; it tries at most so many steps."""
    moves = Moves(chart, starts=starts, values=values)
    ways, is_complete = _ways(chart, moves, starts, frozenset(kinds), most_steps)
    journeys: list[Journey] = []
    left = dict(ways)
    while left:
        way = max(left.values(), key=len)
        journeys.append(Journey(chart.process, starts, tuple(one.step for one in way if one.step)))
        covered = {name for one in way for name in one.taken}
        left = {name: found for name, found in left.items() if name not in covered}
    missed = tuple(name for name in aims_of(chart) if name not in ways)
    return Tour(tuple(journeys), missed, is_complete)


def _ways(
    chart: Chart, moves: Moves, starts: datetime, kinds: frozenset[str], most_steps: int
) -> tuple[dict[Aim, list[_Stop]], bool]:
    """Return a shortest way to each branch that was found, and whether all was searched."""
    wanted = set(aims_of(chart))
    places = Places(chart)
    ways: dict[Aim, list[_Stop]] = {}
    first = _Stop(Model(chart, starts=starts))
    seen = {places.of(first.model)}
    waiting = deque([first])
    tried = 0
    while waiting and wanted:
        stop = waiting.popleft()
        for following in _following(stop, moves, kinds):
            tried += 1
            for name in following.taken & wanted:
                wanted.discard(name)
                ways[name] = _way(following)
            place = places.of(following.model)
            if place not in seen:
                seen.add(place)
                waiting.append(following)
        if tried >= most_steps:
            return ways, not waiting
    return ways, True


def _way(stop: _Stop) -> list[_Stop]:
    found: list[_Stop] = []
    at: _Stop | None = stop
    while at is not None:
        found.append(at)
        at = at.before
    return found[::-1]


def _following(stop: _Stop, moves: Moves, kinds: frozenset[str]) -> Iterator[_Stop]:
    """Yield where accepted steps lead, with every answer of the guards that are asked."""
    for step in _steps(stop.model, moves, kinds):
        guards = _Guards()
        for told in guards:
            model = stop.model.copy()
            found = model.take(step, answer=guards.answer)
            if isinstance(step, Waiting) or isinstance(found[-1], Decision):
                yield _Stop(model, stop, _with(step, told), frozenset(taken_by(found)))


class _Guards:
    """Every way in which guards can answer; which are asked shows as they are."""

    def __init__(self) -> None:
        self._told: dict[str, bool] = {}
        self._left: list[dict[str, bool]] = [{}]

    def __iter__(self) -> Iterator[dict[str, bool]]:
        while self._left:
            self._told = self._left.pop(0)
            yield self._told

    def answer(self, guard: str) -> bool:
        """Say yes, and no another time."""
        if guard not in self._told:
            self._left.append({**self._told, guard: False})
            self._told[guard] = True
        return self._told[guard]


def _with(step: JourneyStep, guards: Mapping[str, bool]) -> JourneyStep:
    if isinstance(step, Waiting):
        return Waiting(step.until, guards, step.why)
    return Doing(step.input, guards)


def _steps(model: Model, moves: Moves, kinds: frozenset[str]) -> Iterator[JourneyStep]:
    if model.is_closed:
        return
    for event in moves.events(model.case):
        for sender, data, channel in product(
            moves.telling_senders(model.case, event),
            _data(model, moves, event),
            moves.channels(model.case, event),
        ):
            yield moves.sending(model.case, event, sender, data=data, channel=channel)
    yield from moves.records(model.case) if "record" in kinds else ()
    yield from moves.fulfilments(model.case) if "fulfil" in kinds else ()
    yield from moves.waits(model)


def _data(model: Model, moves: Moves, event: str) -> list[dict[str, object]]:
    """Return the data worth trying: every value that a condition tells apart, else the first."""
    choices: list[list[tuple[str, object] | None]] = []
    for name in moves.needed(model.case, event):
        values = moves.values.of(name)
        tried = values if name in moves.values.compared else values[:1]
        choices.append([(name, value) for value in tried])
    choices += [
        [None, *((name, value) for value in moves.values.of(name))]
        for name in moves.optional(model.case, event)
        if name in moves.values.compared
    ]
    variants = product(*(choice for choice in choices if choice))
    found = [dict(pair for pair in variant if pair is not None) for variant in variants]
    return found[:_MOST_VARIANTS]
