"""Hypothesis strategies for a process: journeys, events, data, delays, and a state machine.

A journey is drawn along the model, so that most of its steps are accepted. It runs in swarms: some
events are switched off in it, which is what leads deep into loops that plain chance hardly enters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from escalation_engine.chart.model import Chart
from escalation_engine.core import Case, Decision
from escalation_engine.testing.journey import Doing, Journey, JourneyStep, Model, Moves, Waiting
from escalation_engine.testing.journey.due import delays_of
from escalation_engine.testing.journey.moves import Sender
from escalation_engine.testing.scenario import START

__all__ = ["case_data", "deep_journeys", "delays", "events", "journeys", "next_steps"]

Draw = Callable[[st.SearchStrategy[Any]], Any]
Values = Mapping[str, Sequence[object]]
T = TypeVar("T")

_MOST_STEPS = 40
_STOP_ONCE_IN = 50

# The swarm's names for what is no event of the process; an event's name has no blank.
_BESIDE = ("records and duties", "time that passes", "refused events", "the end of the case")
_OTHERS, _WAITS, _REFUSED, _ENDS = _BESIDE
_KINDS = (*["events"] * 13, *[_OTHERS] * 3, *[_WAITS] * 2, _REFUSED)


def journeys(
    chart: Chart,
    *,
    starts: datetime = START,
    values: Values | None = None,
    most_steps: int = _MOST_STEPS,
    kinds: Collection[str] = ("record", "fulfil"),
) -> st.SearchStrategy[Journey]:
    """Journeys through the chart, of at most so many steps; they shrink to the shortest.

    `values` are values for fields whose schema is beyond guessing. `kinds` says what is done beside
    sending events and waiting.
    """
    moves = Moves(chart, starts=starts, values=values)
    return _journeys(moves, starts, most_steps, frozenset(kinds), stops_at=0)


def deep_journeys(
    moves: Moves, *, starts: datetime, kinds: Collection[str]
) -> st.SearchStrategy[Journey]:
    """Journeys that are longer on the whole, for whoever shrinks them himself.

    Hypothesis begins with the simplest draws and comes back to them; these do not end at once.
    """
    return _journeys(moves, starts, _MOST_STEPS, frozenset(kinds), stops_at=_STOP_ONCE_IN - 1)


def events(chart: Chart) -> st.SearchStrategy[str]:
    """Names of the events that people may send, whether they are taken anywhere or not."""
    return st.sampled_from(sorted({*chart.events, *chart.openings}))


def case_data(chart: Chart, *, values: Values | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields with values that fit; conditions tell the values of a field apart."""
    moves = Moves(chart, values=values)
    fitting = {
        name: st.sampled_from(found) for name in chart.fields if (found := moves.values.of(name))
    }
    return st.fixed_dictionaries({}, optional=fitting)


def delays(
    chart: Chart, *, case: Case | None = None, since: datetime = START
) -> st.SearchStrategy[timedelta]:
    """Times to wait: until just before, at and just after each due time, and a minute or a day.

    The due times are those of the `case`, from where it stands. Without one they are all that the
    chart names, counted from `since`.
    """
    return st.sampled_from(delays_of(chart, case=case, since=since))


@dataclass(frozen=True, slots=True)
class _Swarm:
    """What one journey leaves out, what is done beside events, and the draw that ends it."""

    off: frozenset[str]
    kinds: frozenset[str]
    stops_at: int = 0


@st.composite
def next_steps(
    draw: Draw, model: Model, moves: Moves, *, kinds: Collection[str] = ("record", "fulfil")
) -> JourneyStep:
    """What may be done next where a model stands; the model stays where it is."""
    return _draw_step(draw, model.copy(), moves, _Swarm(frozenset(), frozenset(kinds)))


@st.composite
def _journeys(
    draw: Draw,
    moves: Moves,
    starts: datetime,
    most_steps: int,
    kinds: frozenset[str],
    *,
    stops_at: int,
) -> Journey:
    model = Model(moves.chart, starts=starts)
    off = draw(_switched_off(tuple(moves.chart.events)))
    swarm = _Swarm(off, kinds, stops_at)
    steps: list[JourneyStep] = []
    while len(steps) < most_steps:
        was_closed = model.is_closed
        step = draw(_step(model, moves, swarm))
        if step is None:
            break
        steps.append(step)
        if was_closed:  # An end is absolute: one try is enough.
            break
    return Journey(moves.chart.process, starts, tuple(steps))


@st.composite
def _switched_off(draw: Draw, names: tuple[str, ...]) -> frozenset[str]:
    """The events, and the kinds of steps beside them, that are off; it shrinks to none."""
    share = (0, 6, 8, 9)[draw(_below(4))]
    switches = (*names, *_BESIDE) if share else ()
    return frozenset(name for name in switches if draw(_below(12)) >= 12 - share)


@st.composite
def _step(
    draw: Draw,
    model: Model,
    moves: Moves,
    swarm: _Swarm,
) -> JourneyStep | None:
    """One more step, or None at the end; the model takes it."""
    if draw(_below(_STOP_ONCE_IN)) == swarm.stops_at:
        return None
    return _draw_step(draw, model, moves, swarm)


def _draw_step(draw: Draw, model: Model, moves: Moves, swarm: _Swarm) -> JourneyStep:
    """Return one more step that the model has taken: mostly what the process accepts."""
    guards: dict[str, bool] = {}

    def answer(guard: str) -> bool:
        if guard not in guards:
            guards[guard] = draw(_below(2)) == 0
        return guards[guard]

    drawn = _drawn(draw, model, moves, swarm)
    model.take(drawn, answer=answer)
    if isinstance(drawn, Waiting):
        return Waiting(drawn.until, guards, drawn.why)
    return Doing(drawn.input, guards)


def _drawn(draw: Draw, model: Model, moves: Moves, swarm: _Swarm) -> JourneyStep:
    kind = "" if model.is_closed else draw(st.sampled_from(_KINDS))
    if model.is_closed or (kind == _REFUSED and kind not in swarm.off):
        return _wild(draw, model, moves)
    if kind == _WAITS and kind not in swarm.off:
        return _picked(draw, (*moves.waits(model), *_plain_waits(model.now)))
    wanted = _wanted(moves.promising(model), swarm.off)
    if not wanted or (kind == _OTHERS and kind not in swarm.off):
        others = [*moves.records(model.case)] if "record" in swarm.kinds else []
        others += [*moves.fulfilments(model.case)] if "fulfil" in swarm.kinds else []
        if others:
            return _picked(draw, others)
    if not wanted:
        return _wild(draw, model, moves)
    return _event(draw, model, moves, _picked(draw, wanted).event)


def _wanted(promising: Sequence[tuple[Doing, Decision]], off: frozenset[str]) -> list[Doing]:
    """The steps that are not off; where nothing else is left, those that are."""
    staying = [doing for doing, found in promising if _ENDS not in off or not found.case.is_closed]
    all_of_them = [doing for doing, _ in promising]
    return [doing for doing in staying if doing.event not in off] or staying or all_of_them


def _event(draw: Draw, model: Model, moves: Moves, event: str) -> Doing:
    """An event that some active state takes, mostly with all that it needs."""
    case = model.case
    is_complete = draw(_below(12)) < 11
    data: dict[str, Any] = {}
    for name in moves.needed(case, event):
        fitting = moves.values.of(name)
        if fitting and (is_complete or draw(_below(2)) == 0):
            data[name] = _picked(draw, fitting)
    for name in moves.optional(case, event):
        fitting = moves.values.of(name)
        if fitting and draw(_below(4)) == 3:
            data[name] = _picked(draw, fitting)
    sender = _picked(draw, moves.senders(case, event))
    channel = _picked(draw, moves.channels(case, event))
    return moves.sending(case, event, sender, data=data, channel=channel, has_note=is_complete)


def _wild(draw: Draw, model: Model, moves: Moves) -> Doing:
    """Any event by anybody: what the process most likely refuses."""
    names = tuple(moves.chart.openings) if model.case is None else tuple(moves.chart.events)
    event = _picked(draw, names)
    return moves.plain(model.case, event, Sender(_picked(draw, moves.people)))


def _plain_waits(now: datetime) -> tuple[Waiting, ...]:
    spans = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
    return tuple(Waiting(now + span) for span in spans)


def _picked(draw: Draw, among: Sequence[T]) -> T:
    """One of them; it shrinks to the first, and nothing is drawn where there is no choice."""
    return among[0] if len(among) == 1 else among[draw(_below(len(among)))]


@lru_cache(maxsize=256)
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)
