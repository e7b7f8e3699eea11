"""A journal entry as the client may see it: what is not named here stays inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import assert_never

from escalation_engine.chart.model import Branch, Chart
from escalation_engine.core import (
    Actor,
    Corrected,
    Due,
    Entry,
    Forgotten,
    FrozenMap,
    Fulfilled,
    Input,
    Migrated,
    Move,
    Noted,
    Opened,
    Recalculated,
    Recorded,
    Reported,
    Sent,
    Step,
    TaskChanged,
)

__all__ = ["as_client"]


def as_client(entry: Entry, chart: Chart) -> Entry:
    """Return when it was, what happened, and what became of the main track."""
    main = chart.main.name
    return Entry(
        entry.case_id,
        entry.revision,
        entry.at,
        _said(entry.input, main),
        {},
        steps=tuple(_steps(entry, chart)),
        states=FrozenMap({name: leaf for name, leaf in entry.states.items() if name == main}),
        visibility=entry.visibility,
        outcome=entry.outcome,
    )


def _said(input: Input, main: str) -> Input:
    """Return an input of the same kind, made anew of what is not internal."""
    match input:
        case Opened():
            return Opened(input.event, _who(input.by), occurred_at=input.occurred_at)
        case Sent():
            return Sent(input.event, _who(input.by), occurred_at=input.occurred_at)
        case Recorded():
            return Recorded(_who(input.by), occurred_at=input.occurred_at)
        case Noted():
            is_shown = input.visibility == "client"
            return Noted(
                _who(input.by),
                input.text if is_shown else "",
                kind=input.kind,
                visibility=input.visibility,
                occurred_at=input.occurred_at,
            )
        case Reported():
            return Reported("", input.event)
        case Corrected():
            to = input.to if input.track == main else ""
            return Corrected(_who(input.by), to, main, "")
        case Due():
            return Due(input.kind, input.key, "", input.label, input.due_at)
        case Fulfilled():
            return Fulfilled(input.duty, _who(input.by), occurred_at=input.occurred_at)
        case TaskChanged():
            who = _who(input.by)
            return TaskChanged("", input.what, who, occurred_at=input.occurred_at)
        case Recalculated():
            return Recalculated(_who(input.by), "")
        case Forgotten():
            return Forgotten(_who(input.by), "")
        case Migrated():
            names = (input.definition, input.version, input.was, input.was_version)
            return Migrated(_who(input.by), "", *names)
        case _:
            assert_never(input)


def _who(by: Actor) -> Actor:
    return Actor(by.id)


def _steps(entry: Entry, chart: Chart) -> Iterator[Step]:
    """Keep what the main track did: a side track may be an escalation the client does not see."""
    for number, step in enumerate(entry.steps):
        is_by_hand = number == 0 and isinstance(entry.input, Corrected)
        moves = [move for move in step.moves if move.track == chart.main.name]
        shown = [not is_by_hand and _is_shown(chart, step.event, move) for move in moves]
        if moves:
            event = step.event if number == 0 or any(shown) else ""
            kept = zip(moves, shown, strict=True)
            yield Step(
                event, tuple(m if is_shown else m._replace(reason="") for m, is_shown in kept)
            )


def _is_shown(chart: Chart, event: str, move: Move) -> bool:
    """Return whether a branch that made this move is declared to be seen by the client."""
    declared = [
        branch.transition.visibility
        for branch in _branches(chart, event, move)
        if (branch.number, branch.transition.declared_in) == (move.branch, move.declared_in)
        and branch.transition.body.reason == move.reason
    ]
    return bool(declared) and set(declared) == {"client"}


def _branches(chart: Chart, event: str, move: Move) -> Iterable[Branch]:
    track = chart.main
    if not move.source:
        return chart.openings[event].branches if event in chart.openings else ()
    return chain(
        track.branches.get(move.source, {}).get(event, ()),
        (track.always.get(move.source, ()) if not event else ()),
    )
