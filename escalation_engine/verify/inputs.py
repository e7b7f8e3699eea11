"""Every input that can be tried in a configuration: who says what, by which channel, with what.

An input that is refused costs a try and nothing else, so that what cannot be told beforehand is
tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from escalation_engine.chart.model import ENGINE, Branch, Event, MomentKind, Opening
from escalation_engine.condition import Condition
from escalation_engine.core import (
    EMPTY,
    Actor,
    Case,
    FrozenMap,
    Fulfilled,
    Input,
    Opened,
    Recorded,
    Reported,
    Sent,
)
from escalation_engine.verify.actors import Gate, known_persons, voices
from escalation_engine.verify.configuration import Outstanding
from escalation_engine.verify.model import Model
from escalation_engine.verify.reads import all_bodies, all_transitions, gates_of

__all__ = ["Attempt", "Inputs"]

NOTE = "a note"
EVIDENCE = "evidence"
SOMEBODY = "whose word it is"
_OTHER_CHANNEL = "some other channel"

Data = Mapping[str, object]
Said = tuple[str, Actor, Data, str, str | None, str, str | None]
"""The arguments of an input, in its order."""


class Attempt(NamedTuple):
    """An input to try, and what may still be reported once it is accepted."""

    input: Input
    outstanding: Outstanding


class _Known(NamedTuple):
    """What is known of an event in one set of active leaves."""

    gates: tuple[Gate, ...]
    conditions: tuple[Condition, ...]
    needs: frozenset[str]
    required: frozenset[str]
    reads: frozenset[str]
    brings: tuple[str, ...]
    channels: tuple[str | None, ...]


class Inputs:
    """The inputs of a model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: dict[tuple[str, ...], tuple[tuple[str, _Known], ...]] = {}
        self._wanted: dict[tuple[str, ...], frozenset[str]] = {}
        self._wanted_early = _wanted_early(model)
        self._kept = frozenset(model.kept)
        chart = model.original
        self._anytime = [
            name
            for name in model.kept
            if chart.fields[name].changes == "anytime" and model.values[name]
        ]

    def openings(self, case: Case) -> Iterator[Opened]:
        """Yield every way to open a case."""
        for event, opening in self._model.chart.openings.items():
            known = self._learn(opening, opening.branches)
            for said in self._said(case, event, known):
                yield Opened(*said)

    def __call__(self, case: Case, outstanding: Outstanding) -> Iterator[Attempt]:
        """Yield what people, host and handlers can do in a configuration."""
        if case.is_closed:
            return
        leaves = tuple(case.states.values())
        known = self._known.get(leaves)
        if known is None:
            known = self._known[leaves] = tuple(self._events(leaves))
        for event, about in known:
            for said in self._said(case, event, about):
                yield Attempt(Sent(*said), outstanding)
        for input in self._recorded(case):
            yield Attempt(input, outstanding)
        for name in case.duties:
            yield from self._fulfilled(case, name, outstanding)
        yield from self._reported(outstanding)

    def _events(self, leaves: tuple[str, ...]) -> Iterator[tuple[str, _Known]]:
        """Yield the events that people may send while these leaves are active."""
        chart = self._model.chart
        found: dict[str, list[Branch]] = {}
        for track, leaf in zip(chart.tracks, leaves, strict=True):
            for event, branches in track.branches.get(leaf, {}).items():
                found.setdefault(event, []).extend(branches)
        for event, listed in found.items():
            if not all(_is_engines(branch) for branch in listed):
                yield event, self._learn(chart.events[event], listed)

    def _learn(self, about: Event | Opening, branches: Sequence[Branch]) -> _Known:
        fields = self._model.original.fields
        transitions = [branch.transition for branch in branches]
        conditions = tuple(one.when for one in transitions if one.when is not None)
        gates: list[Gate] = [(one.by, one.recorded_by) for one in transitions if one.by is not None]
        brings = sorted(about.brings & self._model.values.keys())
        gates += [(by, None) for name in brings if (by := fields[name].by) is not None]
        required = [
            frozenset(one.requires.data if one.requires is not None else ()) for one in transitions
        ]
        channels = {one for each in conditions for one in each.constants.get("channel", ())}
        return _Known(
            gates=tuple(dict.fromkeys(gates)),
            conditions=conditions,
            needs=frozenset(about.needs),
            required=_gated_only(required, conditions),
            reads=frozenset().union(*required, *(one.fields for one in conditions)),
            brings=tuple(brings),
            channels=(*sorted(map(str, channels)), _OTHER_CHANNEL) if channels else (None,),
        )

    def _said(self, case: Case, event: str, known: _Known) -> Iterator[Said]:
        """Yield the arguments of each way to send an event."""
        datas = list(self._datas(case, known))
        for actor, records in voices(self._model, case, known.gates, known.conditions):
            for channel in known.channels:
                for data in datas:
                    whose = SOMEBODY if records else None
                    yield event, actor, data, NOTE, channel, EVIDENCE, whose

    def _datas(self, case: Case, known: _Known) -> Iterator[Data]:
        if not known.brings:
            yield EMPTY
            return
        columns = [[*self._tries(case, known, name)] for name in known.brings]
        for values in product(*columns):
            yield FrozenMap(
                {
                    name: value
                    for name, value in zip(known.brings, values, strict=True)
                    if value is not None
                }
            )

    def _tries(self, case: Case, known: _Known, name: str) -> Iterator[object]:
        """Yield what an event may bring for one field; None: it does not bring it."""
        model = self._model
        if name in model.cone.persons:
            values: tuple[object, ...] = known_persons(case)
        else:
            values = model.values[name]
        if name in known.needs:
            yield from values
            return
        is_set = case.data.get(name) is not None
        matters = name in self._kept or name in known.reads
        if not matters or (name in model.opaque and is_set):
            yield None  # Bringing it would change nothing.
        elif name in known.required and not is_set:
            yield from values
        else:
            yield from values
            yield None

    def _recorded(self, case: Case) -> Iterator[Recorded]:
        for name in self._anytime:
            by = self._model.original.fields[name].by
            gates: tuple[Gate, ...] = ((by, None),) if by is not None else ()
            for actor, _ in voices(self._model, case, gates):
                for value in self._model.values[name]:
                    if case.data.get(name) != value:
                        yield Recorded(actor, FrozenMap({name: value}), note=NOTE)
        wanted = self._checklists_in(tuple(case.states.values()))
        for name in self._model.cone.checklists:
            if name not in case.checklists and name in wanted:
                yield from self._answered(case, name)

    def _checklists_in(self, leaves: tuple[str, ...]) -> frozenset[str]:
        """Return the checklists worth answering here.

        One that only gates of people and timers ask for is answered where they do: earlier answers
        lead nowhere else. What `always`, a sent event or a moment waits for may be early.
        """
        found = self._wanted.get(leaves)
        if found is None:
            listed = [
                branch.transition
                for track, leaf in zip(self._model.chart.tracks, leaves, strict=True)
                for branches in track.branches.get(leaf, {}).values()
                for branch in branches
            ]
            asked = {name for one in gates_of(listed) for name in one.checklists}
            found = self._wanted[leaves] = frozenset(asked) | self._wanted_early
        return found

    def _answered(self, case: Case, name: str) -> Iterator[Recorded]:
        """A checklist is answered as a whole, by somebody who may answer all of it."""
        items = self._model.original.checklists[name].items.values()
        gates = tuple((one.by, one.recorded_by) for one in items if one.by is not None)
        answers = FrozenMap({one.name: (min(one.passes), NOTE) for one in items})
        for actor, _ in voices(self._model, case, gates):
            yield Recorded(
                actor,
                checklists=FrozenMap({name: answers}),
                note=NOTE,
                evidence=EVIDENCE,
                on_behalf_of=SOMEBODY,
            )

    def _fulfilled(self, case: Case, name: str, outstanding: Outstanding) -> Iterator[Attempt]:
        duty = self._model.chart.duties[name]
        data = FrozenMap(
            {
                field: values[0]
                for field in duty.needs
                if (values := self._model.values.get(field)) and case.data.get(field) is None
            }
        )
        if duty.every is not None:  # What recurs is told afresh each time.
            data = FrozenMap({one: self._model.values[one][0] for one in duty.needs})
        gates: tuple[Gate, ...] = ()
        if duty.owed_by:
            gates = ((self._model.plan.people(duty.owed_by), None),)
        for actor, _ in voices(self._model, case, gates):
            yield Attempt(Fulfilled(name, actor, data, NOTE, evidence=EVIDENCE), outstanding)

    def _reported(self, outstanding: Outstanding) -> Iterator[Attempt]:
        """Each report that may come in, with what may come in after it."""
        chart = self._model.original
        for key, number in outstanding:
            sort, _, name = key.partition(" ")
            rests = (
                [_less(outstanding, key)] if number == 1 else [outstanding, _less(outstanding, key)]
            )
            if sort == "action":
                action = chart.actions[name]
                events = [*action.reports, *([action.failed] if action.failed else [])]
                inputs: list[Input] = [Reported("an effect", event) for event in events]
            elif sort == "message":
                inputs = [Reported("an effect", chart.messages[name].failed)]
            else:
                engine = Actor(ENGINE, {ENGINE})
                inputs = [Sent(event, engine, note=NOTE) for event in name.split() if event]
            for input in dict.fromkeys(inputs):
                for rest in rests:
                    yield Attempt(input, rest)


def _wanted_early(model: Model) -> frozenset[str]:
    """Return the checklists whose answers can matter in the same decision, or at once."""
    chart = model.original
    transitions = all_transitions(chart)
    sent = {event for body in all_bodies(chart, transitions) for event in body.send}
    inner = [one for one in transitions if one.event in sent or one.event == ""]
    found = {name for one in gates_of(inner) for name in one.checklists}
    moments = [one for count in chart.counts.values() for one in (*count.up_on, *count.reset_on)]
    moments += [one for clock in chart.clocks.values() for one in (*clock.starts, *clock.stops)]
    moments += [one for duty in chart.duties.values() for one in (*duty.opens, *duty.done_by)]
    moments += [one for watcher in model.watchers for one in watcher.moments]
    found |= {one.name for one in moments if one.kind is MomentKind.CHECKLIST}
    return frozenset(found)


def _gated_only(
    required: Sequence[frozenset[str]], conditions: Sequence[Condition]
) -> frozenset[str]:
    """Return the fields without which every branch is refused, once it is chosen.

    A condition that reads one may choose no branch at all without it, and that is another matter.
    """
    in_all = frozenset.intersection(*required) if required else frozenset[str]()
    return in_all.difference(*(one.fields for one in conditions))


def _less(outstanding: Outstanding, key: str) -> Outstanding:
    counted = [(one, number - (one == key)) for one, number in outstanding]
    return tuple((one, number) for one, number in counted if number)


def _is_engines(branch: Branch) -> bool:
    """Nobody but the engine may send it."""
    by = branch.transition.by
    is_alone = by is not None and by.engine and not by.roles and not by.slots
    return is_alone and branch.transition.recorded_by is None
