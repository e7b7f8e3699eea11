"""What a chart is turned into once, so that each decision only looks things up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from escalation_engine.calendar import TextError, parse_duration, parse_schedule
from escalation_engine.chart.fields import misfit
from escalation_engine.chart.model import (
    ENGINE,
    Chart,
    Checklist,
    Count,
    Field,
    Moment,
    MomentKind,
    Passing,
    TaskList,
    Track,
)
from escalation_engine.core.decision import GuardQuestion
from escalation_engine.core.machine import ALWAYS, Event, Machine, build_machine
from escalation_engine.core.prepared import Prepared, prepare
from escalation_engine.core.timetable import Timetable

__all__ = ["Plan", "plan_of"]

# A frozen list is a tuple; for a schema it is an array all the same.
_Validator: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]  # its stub lacks a type
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "array", lambda _, value: isinstance(value, (list, tuple))
    ),
)


class Plan:
    """A chart with its machines, and its counts and checklists by the moments they wait for."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.machines: tuple[tuple[Track, Machine], ...] = tuple(
            (track, build_machine(track)) for track in chart.tracks
        )
        self.events: tuple[tuple[str, Mapping[str, Event]], ...] = tuple(
            (track.name, machine.events) for track, machine in self.machines
        )
        self.always: tuple[tuple[str, Mapping[str, tuple[Prepared, ...]]], ...] = tuple(
            (name, getattr(events.get(ALWAYS), "plan", {})) for name, events in self.events
        )
        self.openings = {
            event: tuple(prepare(chart.main, branch) for branch in opening.branches)
            for event, opening in chart.openings.items()
        }
        self.has_one_track = len(chart.tracks) == 1
        self.counts_up = _by_moment(chart.counts.values(), "up_on")
        self.counts_reset = _by_moment(chart.counts.values(), "reset_on")
        self.checklists_reset = _by_moment(chart.checklists.values(), "reset_on")
        self.tasks_reset = _by_moment(chart.tasks.values(), "reset_on")
        self.has_moments = bool(
            self.counts_up or self.counts_reset or self.checklists_reset or self.tasks_reset
        )
        self.has_time = bool(chart.timers or chart.clocks or chart.duties)
        self.timetable = Timetable(chart)
        self.has_always = any(track.always for track in chart.tracks)
        self.guard_questions = {name: GuardQuestion(0, name) for name in chart.guards}
        self._people: dict[str, Passing] = {}
        self._validators: dict[str, Draft202012Validator] = {}

    def people(self, name: str) -> Passing:
        """Return who a name in `sender is` means: a role, a slot, the engine, or a side."""
        found = self._people.get(name)
        if found is None:
            found = self._people[name] = self._find_people(name)
        return found

    def _find_people(self, name: str) -> Passing:
        chart = self.chart
        if name in chart.roles:
            return Passing((name,), frozenset({name}), frozenset())
        if name in chart.slots:
            return Passing((name,), frozenset(), frozenset({name}))
        roles = frozenset(role.name for role in chart.roles.values() if role.side == name)
        return Passing((name,), roles, frozenset(), name == ENGINE)

    def misfit(self, field: Field, value: object) -> str:
        """Return why a value does not fit a field, or an empty text. Schemas compile once."""
        problem = misfit(field, value) or _unreadable(field, value)
        if problem:
            return problem
        validator = self._validators.get(field.name)
        if validator is None:
            validator = self._validators[field.name] = _Validator(field.schema)
        try:
            error = next(iter(validator.iter_errors(value)), None)
        except OverflowError:  # An integer beyond every float against `multipleOf: 0.1`.
            return "does not fit: the number is too large"
        return "" if error is None else f"does not fit: {error.message[:200]}"


def _unreadable(field: Field, value: object) -> str:
    """Return why a text is not of its own type, where that is an amount of time."""
    read = {"duration": parse_duration, "schedule": parse_schedule}.get(field.type)
    if read is None:
        return ""
    try:
        read(str(value))
    except TextError as error:
        return f"is not a {field.type}: {error}"
    return ""


def _by_moment(
    waiting: Iterable[Count] | Iterable[Checklist] | Iterable[TaskList], attribute: str
) -> Mapping[tuple[MomentKind, str], tuple[str, ...]]:
    found: dict[tuple[MomentKind, str], tuple[str, ...]] = {}
    for one in waiting:
        moments: tuple[Moment, ...] = getattr(one, attribute)
        for moment in moments:
            key = (moment.kind, moment.name)
            found[key] = (*found.get(key, ()), one.name)
    return found


@lru_cache(maxsize=256)
def plan_of(chart: Chart) -> Plan:
    """Return the plan of a chart; the same chart has one plan."""
    return Plan(chart)
