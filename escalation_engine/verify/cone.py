"""The cone of influence: which parts of a case can matter to where it goes, and to promises.

What no condition, gate, amount of time or promise reads is left out of a configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from escalation_engine.chart.model import (
    Amount,
    Body,
    Chart,
    Clock,
    Duty,
    GivenKind,
    HolderKind,
    Moment,
    MomentKind,
    Transition,
    Warning,
)
from escalation_engine.condition import Condition
from escalation_engine.verify.reads import (
    all_bodies,
    all_transitions,
    amounts_read,
    conditions_of,
    gates_of,
    passings_of,
)

__all__ = ["Cone", "cone_of", "is_moving"]


@dataclass(slots=True)
class Cone:
    """The names of everything that matters; `constants` is what fields and counts are held against.

    `related` are fields and counts compared with each other, `persons` fields that name somebody.
    `has_persons`: it matters who somebody is, not only in which role.
    """

    fields: set[str] = field(default_factory=set)
    valued: set[str] = field(default_factory=set)
    constants: dict[str, set[object]] = field(default_factory=dict)
    related: set[frozenset[str]] = field(default_factory=set)
    counts: set[str] = field(default_factory=set)
    slots: set[str] = field(default_factory=set)
    returning: set[str] = field(default_factory=set)
    checklists: set[str] = field(default_factory=set)
    timers: set[str] = field(default_factory=set)
    clocks: set[str] = field(default_factory=set)
    duties: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    has_persons: bool = False

    def size(self) -> int:
        """How much has been found; growing ends when this does."""
        found = (self.fields, self.counts, self.slots, self.checklists)
        return sum(map(len, (*found, self.timers, self.clocks, self.duties)))


def cone_of(
    chart: Chart, conditions: Iterable[Condition] = (), moments: Iterable[Moment] = ()
) -> Cone:
    """Return what matters in a chart, and to the conditions and moments of promises."""
    cone = Cone()
    transitions = all_transitions(chart)
    for condition in chain(conditions_of(transitions), conditions):
        _read(cone, chart, condition)
    _gates(cone, chart, transitions)
    bodies = list(all_bodies(chart, transitions))
    for body in bodies:
        _refusing(cone, chart, body)
    _await(cone, moments)
    before = -1
    while cone.size() != before:
        before = cone.size()
        _grow(cone, chart, bodies)
    return cone


def is_moving(cone: Cone, chart: Chart, body: Body) -> bool:
    """Return whether a body can change anything that matters."""
    return bool(
        body.send
        or body.extend
        or any(name in cone.fields for name, _ in body.set)
        or not cone.fields.isdisjoint(body.clear)
        or any(one.slot in cone.slots for one in body.assign)
        or any(chart.actions[name].reports or chart.actions[name].failed for name, _ in body.do)
        or any(chart.messages[message].failed for _, message in body.notify)
        or any(link.send for link in body.open_case)
    )


def _read(cone: Cone, chart: Chart, condition: Condition) -> None:
    cone.fields |= condition.fields
    cone.counts |= condition.counts
    cone.related |= condition.related
    cone.slots |= {name for name in condition.people if name in chart.slots}
    for name, values in condition.constants.items():
        cone.constants.setdefault(name, set()).update(values)
        cone.valued.add(name)
    for names in condition.related:
        cone.valued |= names


def _gates(cone: Cone, chart: Chart, transitions: list[Transition]) -> None:
    for requires in gates_of(transitions):
        cone.fields.update(requires.data)
        cone.checklists.update(requires.checklists)
        cone.duties.update(requires.duties)
        cone.clocks.update([requires.past] if requires.past else [])
        for pair in requires.different_from:
            cone.has_persons = True
            for name in pair:
                if name.startswith("data."):
                    cone.fields.add(name.removeprefix("data."))
                    cone.valued.add(name.removeprefix("data."))
                    cone.persons.add(name.removeprefix("data."))
                elif name != "sender":
                    cone.slots.add(name)
    for passing in passings_of(chart, transitions):
        cone.slots |= passing.slots
    for count in chart.counts.values():
        if count.at_most is not None:
            cone.counts.add(count.name)
    cone.duties.update(name for name, duty in chart.duties.items() if duty.must_be_done)


def _refusing(cone: Cone, chart: Chart, body: Body) -> None:
    """What a body does may be refused; whatever decides that matters."""
    for name in [name for name, _ in body.set] + list(body.clear):
        if chart.fields[name].changes == "never":
            cone.fields.add(name)
    for one in body.assign:
        if one.kind is HolderKind.BACK:
            cone.slots.add(one.slot)
            cone.returning.add(one.slot)
        elif one.kind is HolderKind.PERSON:
            cone.fields.add(one.name)
    for extend in body.extend:
        cone.clocks.add(extend.clock)
        cone.fields.update(amounts_read(extend.by))


def _await(cone: Cone, moments: Iterable[Moment]) -> None:
    groups: Mapping[MomentKind, set[str]] = {
        MomentKind.SLOT: cone.slots,
        MomentKind.CHECKLIST: cone.checklists,
        MomentKind.CLOCK_BREACHED: cone.clocks,
        MomentKind.CLOCK_MET: cone.clocks,
        MomentKind.DUTY_MISSED: cone.duties,
    }
    for moment in moments:
        if moment.kind in groups:
            groups[moment.kind].add(moment.name)


def _grow(cone: Cone, chart: Chart, bodies: Sequence[Body]) -> None:
    """Add what is read by what matters already."""
    for name in cone.counts:
        count = chart.counts[name]
        cone.has_persons |= count.once_per_person
        _await(cone, (*count.up_on, *count.reset_on))
    for name in list(cone.checklists):
        _await(cone, chart.checklists[name].reset_on)
    for body in bodies:
        _copied(cone, body)
    for key, timer in chart.timers.items():
        if timer.send or _warns(cone, chart, timer.warnings):
            cone.timers.add(key)
            _amounts(cone, timer.after, timer.every)
    for name, clock in chart.clocks.items():
        if is_moving(cone, chart, clock.breach) or _warns(cone, chart, clock.warnings):
            cone.clocks.add(name)
    for name, duty in chart.duties.items():
        if is_moving(cone, chart, duty.missed):
            cone.duties.add(name)
    for name in list(cone.clocks):
        _clock(cone, chart.clocks[name])
    for name in list(cone.duties):
        _duty(cone, chart, chart.duties[name])


def _warns(cone: Cone, chart: Chart, warnings: Iterable[Warning]) -> bool:
    return any(one.body is not None and is_moving(cone, chart, one.body) for one in warnings)


def _copied(cone: Cone, body: Body) -> None:
    for name, given in body.set:
        if name in cone.fields and given.kind is GivenKind.FIELD:
            cone.fields.add(str(given.content))
        if name in cone.fields and given.kind is GivenKind.SLOT:
            cone.slots.add(str(given.content))
    for one in body.assign:
        if one.slot in cone.slots and one.kind is HolderKind.PERSON and cone.has_persons:
            cone.valued.add(one.name)
            cone.persons.add(one.name)


def _clock(cone: Cone, clock: Clock) -> None:
    _await(cone, (*clock.starts, *clock.stops))
    _amounts(cone, clock.target)
    if clock.counts_from:
        cone.fields.add(clock.counts_from)


def _duty(cone: Cone, chart: Chart, duty: Duty) -> None:
    _await(cone, (*duty.opens, *duty.done_by))
    _amounts(cone, duty.every, duty.due)
    cone.fields.update(duty.needs)
    if duty.owed_by in chart.slots:
        cone.slots.add(duty.owed_by)


def _amounts(cone: Cone, *amounts: Amount | None) -> None:
    for amount in amounts:
        cone.fields.update(amounts_read(amount))
        if amount is not None and amount.depends_on:
            cone.valued.add(amount.depends_on)
            cone.constants.setdefault(amount.depends_on, set()).update(amount.table or {})
