"""Who may act: one actor for each combination of roles that gates and conditions tell apart.

Roles only ever open gates, so that for gates alone one actor suffices who may do all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from escalation_engine.chart.model import Passing
from escalation_engine.condition import Condition
from escalation_engine.core import Actor, Case
from escalation_engine.verify.configuration import person
from escalation_engine.verify.model import Model

__all__ = ["Gate", "Voice", "known_persons", "voices"]

_MOST_TOLD_APART = 4

Voice = tuple[Actor, bool]
"""An actor, and whether it records the word of another."""


def voices(
    model: Model, case: Case, gates: Sequence[Gate], conditions: Iterable[Condition] = ()
) -> tuple[Voice, ...]:
    """Return the actors to try: those who pass all the gates that anybody passes.

    Where conditions ask who speaks, each combination of those roles comes besides.
    """
    roles, persons, records = _passing(model, case, gates)
    told_apart = _told_apart(model, case, conditions)
    found: dict[tuple[frozenset[str], bool], None] = {}
    for more in _combinations(told_apart):
        found[(roles | more, records)] = None
        if more or told_apart:
            found[(more, records)] = None
    people = _people(model, case, persons)
    return tuple(
        (Actor(who or _called(said), said), recorded) for said, recorded in found for who in people
    )


Gate = tuple[Passing, Passing | None]
"""Who may, and who may record their word."""


def _passing(
    model: Model, case: Case, gates: Sequence[Gate]
) -> tuple[frozenset[str], tuple[str, ...], bool]:
    """Return the roles that pass every gate which can be passed, with the persons it takes."""
    common = frozenset.intersection(*[by.roles for by, _ in gates]) if gates else frozenset()
    roles: set[str] = (
        {next(name for name in model.original.roles if name in common)} if common else set()
    )
    persons: dict[str, None] = {}
    records = False
    for by, recorded_by in () if common else gates:
        passed = _pass(model, case, by)
        if passed is None and recorded_by is not None:
            passed = _pass(model, case, recorded_by)
            records |= passed is not None
        if passed is not None:
            roles |= passed[0]
            persons.update(dict.fromkeys(passed[1]))
    return frozenset(roles), tuple(persons), records


def _pass(
    model: Model, case: Case, passing: Passing
) -> tuple[frozenset[str], tuple[str, ...]] | None:
    """Return the role, or the persons, by which somebody passes; None where nobody does."""
    role = next(iter(_as_written(passing, passing.roles)), None)
    if role is not None:
        return frozenset({role}), ()
    for slot in _as_written(passing, passing.slots):
        for holder in case.slots.get(slot, ()):
            if holder.person is None and holder.role is not None:
                return frozenset({holder.role}), ()
            if holder.person is not None:
                return frozenset(_roles_in(model, holder.person)), (holder.person,)
    return None


def _as_written(passing: Passing, names: frozenset[str]) -> list[str]:
    """Return roles or slots in the order of the text; a taken track calls its own shortly."""
    if len(names) < 2:
        return list(names)
    written = {name: position for position, name in enumerate(passing.names)}

    def place(name: str) -> tuple[int, str]:
        return written.get(name, written.get(name.rpartition(".")[2], len(written))), name

    return sorted(names, key=place)


def _roles_in(model: Model, who: str) -> list[str]:
    """Return the roles of somebody who is called by them."""
    return [name for name in who.split("+") if name in model.original.roles]


def _called(roles: frozenset[str]) -> str:
    return "+".join(sorted(roles)) or "somebody"


def _people(model: Model, case: Case, persons: tuple[str, ...]) -> tuple[str, ...]:
    """Return who acts: where persons matter, everyone who is known, and one more."""
    if not model.cone.has_persons:
        return (persons[0],) if len(persons) == 1 else ("",)
    return known_persons(case)


def known_persons(case: Case) -> tuple[str, ...]:
    """Return the persons of a case in its normal form, and one who is new to it."""
    number = 0
    held = {one.person for holders in case.slots.values() for one in holders}
    held |= {one.person for holders in case.previous.values() for one in holders}
    held |= {who for people in case.counted.values() for who in people}
    held |= {value for value in case.data.values() if isinstance(value, str)}
    while person(number) in held:
        number += 1
    return tuple(person(one) for one in range(number + 1))


def _told_apart(model: Model, case: Case, conditions: Iterable[Condition]) -> list[str]:
    """Return a role for each name by which conditions ask for the sender."""
    found: dict[str, None] = {}
    for condition in conditions:
        for name in sorted(condition.people):
            found.update(dict.fromkeys(_role_of(model, case, name)))
    return list(found)


def _role_of(model: Model, case: Case, name: str) -> Iterator[str]:
    chart = model.original
    if name in chart.roles:
        yield name
    elif name in chart.slots:
        yield from [one.role for one in case.slots.get(name, ()) if one.role is not None]
    else:
        yield from [role.name for role in chart.roles.values() if role.side == name][:1]


def _combinations(names: list[str]) -> Iterator[frozenset[str]]:
    sizes = range(len(names) + 1) if len(names) <= _MOST_TOLD_APART else (0, 1, len(names))
    for size in sizes:
        yield from map(frozenset, combinations(names, size))
