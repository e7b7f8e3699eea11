"""The chart as it is explored: the same process, without what cannot matter, on open calendars.

Everything that can steer a case is as in the chart itself; the core decides both alike. Timers,
clocks, duties and counts that move nothing are left out; calendars are open around the clock, since
an exploration lets time pass by its kinds and not by dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from escalation_engine.calendar import CalendarSpec
from escalation_engine.chart.model import Chart, GivenKind, Warning
from escalation_engine.core import FrozenMap, Task
from escalation_engine.core.plan import Plan, plan_of
from escalation_engine.verify.cone import Cone, cone_of, is_moving
from escalation_engine.verify.reads import all_transitions
from escalation_engine.verify.sample import example_of, examples
from escalation_engine.verify.span import Kinds, kinds_of
from escalation_engine.verify.watcher import Watcher

__all__ = ["Model", "model_of", "tasks_done"]

_OPEN = CalendarSpec(
    timezone="UTC", hours={"mon-sun": "00:00-24:00"}, counting={"end_of_day": "same_time"}
)


@dataclass(frozen=True, slots=True)
class Model:
    """What an exploration works on. `values` are tried for each field that matters.

    `kept` are the fields of a configuration: those that can be read before an event brings them
    anew. `opaque` fields are only set or unset. `count_limits` is where each count saturates.
    `unsampled` are fields for which no fitting value is known.
    """

    original: Chart
    chart: Chart
    plan: Plan
    cone: Cone
    kinds: Kinds
    values: Mapping[str, tuple[object, ...]]
    kept: tuple[str, ...]
    opaque: frozenset[str]
    count_limits: Mapping[str, int]
    refusing_roles: frozenset[str]
    unsampled: tuple[str, ...]
    watchers: tuple[Watcher, ...]


def model_of(chart: Chart, watchers: Sequence[Watcher] = ()) -> Model:
    """Return the model of a chart; what watchers read is kept in it."""
    cone = cone_of(
        chart,
        [one for watcher in watchers for one in watcher.conditions],
        [one for watcher in watchers for one in watcher.moments],
    )
    reduced = _reduced(chart, _kept(cone))
    plan = plan_of(chart)
    related = frozenset(name for names in cone.related for name in names)
    values = {
        name: examples(
            plan, chart.fields[name], cone.constants.get(name, ()), is_related=name in related
        )
        for name in chart.fields
        if name in cone.fields
    }
    needed = {name for event in chart.events.values() for name in event.needs}
    needed |= {name for opening in chart.openings.values() for name in opening.needs}
    for name in sorted(needed - values.keys()):
        found = example_of(plan, chart.fields[name])
        values[name] = () if found is None else (found,)
    return Model(
        original=chart,
        chart=reduced,
        plan=plan_of(reduced),
        cone=cone,
        kinds=kinds_of(reduced),
        values=values,
        kept=tuple(name for name in values if name in cone.fields - _passing(chart, watchers)),
        opaque=frozenset(cone.fields - cone.valued),
        count_limits={name: _limit(chart, cone, name) for name in sorted(cone.counts)},
        refusing_roles=_refusing_roles(chart),
        unsampled=tuple(name for name, tried in values.items() if not tried),
        watchers=tuple(watchers),
    )


class _Kept(NamedTuple):
    """The names that a chart is reduced to, in order."""

    fields: tuple[str, ...]
    slots: tuple[str, ...]
    counts: tuple[str, ...]
    timers: tuple[str, ...]
    clocks: tuple[str, ...]
    duties: tuple[str, ...]


def _kept(cone: Cone) -> _Kept:
    found = (cone.fields, cone.slots, cone.counts, cone.timers, cone.clocks, cone.duties)
    return _Kept(*(tuple(sorted(names)) for names in found))


@lru_cache(maxsize=64)
def _reduced(chart: Chart, kept: _Kept) -> Chart:
    """Return what is left of a chart; the same for the same, so that its plan is made once."""
    cone = Cone(fields=set(kept.fields), slots=set(kept.slots))

    def warnings(listed: tuple[Warning, ...]) -> tuple[Warning, ...]:
        return tuple(
            one for one in listed if one.body is not None and is_moving(cone, chart, one.body)
        )

    timer_keys = frozenset(kept.timers)
    timers = {
        key: replace(timer, warnings=warnings(timer.warnings))
        for key, timer in chart.timers.items()
        if key in timer_keys
    }
    clocks = {
        name: replace(clock, warnings=warnings(clock.warnings))
        for name, clock in chart.clocks.items()
        if name in kept.clocks
    }
    return replace(
        chart,
        # Charts with one hash are compared in full wherever they are looked up.
        hash=sha256(repr((chart.hash, kept)).encode()).hexdigest(),
        calendars={name: replace(one, spec=_OPEN) for name, one in chart.calendars.items()},
        timers=timers,
        clocks=clocks,
        duties={name: one for name, one in chart.duties.items() if name in kept.duties},
        counts={name: one for name, one in chart.counts.items() if name in kept.counts},
        tasks={name: replace(one, reset_on=()) for name, one in chart.tasks.items()},
    )


def tasks_done(chart: Chart) -> Mapping[str, tuple[Task, ...]]:
    """Return one finished task on each list: somebody may always add what is missing, and do it."""
    task = Task(1, "what is to be done", None, "somebody", "", "somebody", "")
    return FrozenMap(dict.fromkeys(chart.tasks, (task,)))


def _limit(chart: Chart, cone: Cone, name: str) -> int:
    """Return the value from which on a count is always the same to all that read it."""
    held = [int(one) for one in cone.constants.get(name, ()) if isinstance(one, (int, float))]
    count = chart.counts[name]
    bounds = [max(held) + 1] if held else []
    bounds += [count.at_most] if count.at_most is not None else []
    if any(name in names for names in cone.related):
        bounds.append(max(bounds, default=0) + 8)
    return max(bounds, default=1)


def _refusing_roles(chart: Chart) -> frozenset[str]:
    """Return the roles that are asked for where nobody being there refuses."""
    found: set[str] = set()
    waiting = [role.name for role in chart.roles.values() if role.refuses_when_nobody]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += chart.roles[name].alternates
    return frozenset(found)


def _passing(chart: Chart, watchers: Sequence[Watcher]) -> set[str]:
    """Return the fields that every event which reads them brings anew: their past is never read."""
    read_otherwise = _read_otherwise(chart, watchers)
    passing: dict[str, bool] = {}
    for one in all_transitions(chart):
        needs = chart.events[one.event].needs if one.event in chart.events else ()
        for name in one.when.fields if one.when is not None else ():
            passing[name] = passing.get(name, True) and name in needs
        for name in one.requires.data if one.requires is not None else ():
            passing[name] = passing.get(name, True) and name in needs
    found = {name for name, is_passing in passing.items() if is_passing}
    return {name for name in found - read_otherwise if chart.fields[name].changes == "on_events"}


def _read_otherwise(chart: Chart, watchers: Sequence[Watcher]) -> set[str]:
    """Return what is read outside of the choice of branches and their gates."""
    bare = replace(
        chart,
        openings={},
        tracks=tuple(replace(track, branches={}, always={}) for track in chart.tracks),
    )
    conditions = [one for watcher in watchers for one in watcher.conditions]
    found = {*cone_of(bare, conditions).fields}
    for one in all_transitions(chart):
        found |= {str(given.content) for _, given in one.body.set if given.kind is GivenKind.FIELD}
        found |= {assignment.name for assignment in one.body.assign}
        for extend in one.body.extend:
            found |= {extend.by.depends_on, extend.by.agreed_in}
        if one.requires is not None:
            found |= {name for pair in one.requires.different_from for name in pair}
    return found | {name.removeprefix("data.") for name in found}
