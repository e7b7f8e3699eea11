"""Configurations: cases made alike where nothing can ever tell them apart.

A case is brought to its normal form: what only tells of the past is blanked, values are replaced by
those that stand for them, persons are named in order, and time stands at one fixed instant, to
which the watches keep their distance.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from escalation_engine.condition.vocabulary import Kind
from escalation_engine.core import EMPTY, Case, FrozenMap, Holder, Owed, Watch
from escalation_engine.core.case import Answered
from escalation_engine.verify.epoch import EPOCH
from escalation_engine.verify.model import Model, tasks_done
from escalation_engine.verify.reads import all_bodies, all_transitions

__all__ = ["Configuration", "Normal", "person"]

_SOON = EPOCH + timedelta(hours=1)

Outstanding = tuple[tuple[str, int], ...]
"""What may still be reported on: an action or a linked case, and how often (2: twice or more)."""


class Configuration(NamedTuple):
    """A case in its normal form, what may still be reported, and what the watchers remember."""

    case: Case
    outstanding: Outstanding = ()
    memories: tuple[Hashable, ...] = ()


def person(number: int) -> str:
    """Return the name of the person who is met as number so and so."""
    return f"person{number}"


class Normal:
    """Brings cases to their normal form, and gives each form a short key."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._chart = model.chart
        self._kept = model.kept
        self._slots = [name for name in model.chart.slots if name in model.cone.slots]
        self._checklists = [
            name for name in model.chart.checklists if name in model.cone.checklists
        ]
        self._counts = list(model.count_limits.items())
        self._remembering = {
            (track.name, path)
            for track in model.chart.tracks
            for path, state in track.states.items()
            if state.remembers
        }
        self._alike: dict[tuple[str, type, object], object] = {}
        self._most_counted = _most_counted(model)
        self._returning = sorted(model.cone.returning)
        self._has_time = model.plan.has_time
        self._tasks = tasks_done(model.chart)

    def __call__(self, case: Case) -> tuple[Hashable, Case]:
        """Return the key of a case and the case in its normal form."""
        if case.is_closed:  # An end is absolute: how it came about is past.
            closed = Case(case.identity, 1, EPOCH, case.states, outcome=case.outcome)
            return (tuple(case.states.values()), case.outcome), closed
        names: dict[str, str] = {}
        has_persons = self._model.cone.has_persons
        data = {
            name: self._value(name, case.data[name]) for name in self._kept if name in case.data
        }
        slots = {name: self._holders(case.slots.get(name, ()), names) for name in self._slots}
        previous = {
            name: self._holders(case.previous[name], names)
            for name in self._returning
            if name in case.previous
        }
        if has_persons:
            data = self._persons(data, names)
        counts = {name: min(case.counts.get(name, 0), limit) for name, limit in self._counts}
        counted = self._counted(case, names) if has_persons else {}
        complete = tuple([name for name in self._checklists if self._is_complete(case, name)])
        remembered = self._remembered(case) if case.remembered else {}
        timers, clocks, duties = self._running(case) if self._has_time else _NOTHING_RUNS
        parts = (data, slots, previous, counts, counted, remembered, timers, clocks, duties)
        key = (tuple(case.states.values()), complete, *[tuple(part.items()) for part in parts])
        checklists = {name: self._all_passed(name) for name in complete}
        normal = Case(
            case.identity, 1, EPOCH, case.states, FrozenMap(data), FrozenMap(slots),
            FrozenMap(previous), FrozenMap(counts), FrozenMap(counted), FrozenMap(checklists),
            FrozenMap(remembered), (), FrozenMap(timers), FrozenMap(clocks), EMPTY,
            FrozenMap(duties), self._tasks,
        )  # fmt: skip
        return key, normal

    def _running(self, case: Case) -> _Running:
        """Return what runs, by name: the order in which it was armed is past."""
        limits = self._most_counted
        timers = {key: _watch(one, limits.get(key, 0)) for key, one in sorted(case.timers.items())}
        clocks = {key: _watch(one, limits.get(key, 0)) for key, one in sorted(case.clocks.items())}
        duties = {key: self._owed(key, owed) for key, owed in sorted(case.duties.items())}
        return timers, clocks, duties

    def _value(self, name: str, value: object) -> object:
        """Return the value that stands for this one."""
        values = self._model.values[name]
        if name in self._model.cone.persons:
            return value
        if value in values and name not in self._model.opaque:
            return value
        if name in self._model.opaque:
            return values[0] if values else value
        known = (name, type(value), value)
        found = self._alike.get(known)
        if found is None:
            found = self._alike[known] = self._stand_in(name, value)
        return found

    def _stand_in(self, name: str, value: Any) -> object:
        field = self._chart.fields[name]
        held = self._model.cone.constants.get(name, set())
        if field.domain.kind.is_number:
            cuts = [one for one in held if isinstance(one, (int, float))]
            alike = [
                one
                for one in self._model.values[name]
                if all(_order(one, cut) == _order(value, cut) for cut in cuts)
            ]
            return alike[0] if alike else value
        if field.domain.kind is Kind.PERSON or not held:
            return value
        others = [one for one in self._model.values[name] if str(one) not in {*map(str, held)}]
        return others[0] if others else value

    def _holders(self, holders: tuple[Holder, ...], names: dict[str, str]) -> tuple[Holder, ...]:
        if self._model.cone.has_persons:
            return tuple(
                [
                    Holder(role, who if who is None else names.setdefault(who, person(len(names))))
                    for role, who, _ in holders
                ]
            )
        return tuple([Holder(role, who if role is None else None) for role, who, _ in holders])

    def _persons(self, data: dict[str, object], names: dict[str, str]) -> dict[str, object]:
        """Name the persons in fields that hold one, in the order in which they are met."""
        return {
            name: names.setdefault(str(value), person(len(names)))
            if name in self._model.cone.persons
            else value
            for name, value in data.items()
        }

    def _counted(self, case: Case, names: dict[str, str]) -> dict[str, tuple[str, ...]]:
        return {
            count: tuple(sorted(names.setdefault(who, person(len(names))) for who in people))
            for count, people in case.counted.items()
            if count in self._model.count_limits
        }

    def _is_complete(self, case: Case, name: str) -> bool:
        answers = case.checklists.get(name)
        if not answers:
            return False
        items = self._chart.checklists[name].items.values()
        return all(one.name in answers and answers[one.name].answer in one.passes for one in items)

    def _all_passed(self, name: str) -> FrozenMap:
        items = self._chart.checklists[name].items.values()
        return FrozenMap({one.name: Answered(min(one.passes), "", "") for one in items})

    def _remembered(self, case: Case) -> Mapping[str, str]:
        """What ways back can still lead to: those of active scopes, and on from there."""
        found: dict[str, str] = {}
        for track in self._chart.tracks:
            waiting = [case.states[track.name]]
            seen = set()
            while waiting:
                leaf = waiting.pop()
                if leaf in seen:
                    continue
                seen.add(leaf)
                for path in track.scopes(leaf):
                    name = f"{track.name}.{path}"
                    if (track.name, path) in self._remembering and name in case.remembered:
                        found[name] = case.remembered[name]
                        waiting.append(found[name])
        return FrozenMap(dict(sorted(found.items())))

    def _owed(self, name: str, owed: Owed) -> Owed:
        due_at, since = owed.due_at, EPOCH
        if self._chart.duties[name].every is not None:
            due_at = None if due_at is None else _SOON
            since = _SOON if owed.since > EPOCH else EPOCH
        return Owed("", owed.status, due_at, since, None, min(owed.done, 1), 0)


_Running = tuple[dict[str, Watch], dict[str, Watch], dict[str, Owed]]
_NOTHING_RUNS: _Running = ({}, {}, {})


def _order(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


def _most_counted(model: Model) -> Mapping[str, int]:
    """Return up to what number the firings of a timer, or the extensions of a clock, matter."""
    found = {key: timer.times or 0 for key, timer in model.chart.timers.items()}
    for body in all_bodies(model.chart, all_transitions(model.chart)):
        for extend in body.extend:
            found[extend.clock] = max(found.get(extend.clock, 0), extend.at_most or 0)
    return found


def _watch(watch: Watch, most_counted: int) -> Watch:
    """Return a watch as it stands at the fixed instant: what it has counted, what is to come."""
    return watch._replace(
        token="",
        breaks=tuple([one for one in watch.breaks if one.end is None]),
        fired=tuple(sorted(watch.fired)),
        count=min(watch.count, most_counted),
        ended_at=None if watch.ended_at is None else EPOCH,
        due_at=EPOCH if watch.fired and not watch.pending else None,
        cycle=1,
    )
