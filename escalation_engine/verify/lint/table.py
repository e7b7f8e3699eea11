"""I303 and I304: gaps and overlaps of the branches of an event, read as a table of conditions.

What a case can reach is for the proof (E301, W302) and is not told twice. Conditions that ask where
the case is, who speaks or when are left out: their answers hang together in ways no table knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from math import prod

from escalation_engine.chart.model import Branch, Chart, Track
from escalation_engine.condition import Condition
from escalation_engine.core.plan import plan_of
from escalation_engine.verify.flaw import Element, Flaw, branch_element
from escalation_engine.verify.graph import Graph
from escalation_engine.verify.overlap import excludes
from escalation_engine.verify.sample import examples

__all__ = ["tables"]

_MOST_ROWS = 4096


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table: facts of a case that is only thought of."""

    data: Mapping[str, object] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    guards: Mapping[str, bool] = field(default_factory=dict)
    channel: str | None = None

    def sender_is(self, name: str) -> bool:  # noqa: ARG002 - no condition that is looked at asks it
        return False

    def is_in(self, state: str) -> bool:  # noqa: ARG002 - no condition that is looked at asks it
        return False

    def is_during(self, calendar: str) -> bool | None:  # noqa: ARG002 - none asks it either
        return None

    def is_event(self, name: str) -> bool:  # noqa: ARG002 - no condition that is looked at asks it
        return False

    def happens(self, moment: str, /) -> bool:  # noqa: ARG002 - only promises ask
        return False

    def chooses(self, branch: Branch) -> bool:
        """Return whether all choosers of a branch hold."""
        one = branch.transition
        holds = one.when is None or one.when.holds(self) is True
        return holds and all(self.guards[name] is wanted for name, wanted in one.guards)

    def __str__(self) -> str:
        said = [f"{name} is {_written(value)}" for name, value in self.data.items()]
        said += [f"{name} is {number}" for name, number in self.counts.items()]
        said += [f"{name}: {'yes' if yes else 'no'}" for name, yes in self.guards.items()]
        return ", ".join(said)


def tables(graph: Graph, found: frozenset[tuple[str, object]]) -> Iterator[Flaw]:
    """Yield gaps and overlaps, those left out that the proof has found with a case in them."""
    chart = graph.model.original
    seen: set[Element] = set()
    for track in chart.tracks:
        for leaf, events in track.branches.items():
            for event, branches in events.items():
                element = branch_element(track, branches[0])._replace(number=0)
                if element in seen or any(map(_asks_more, branches)):
                    continue
                seen.add(element)
                rows = _rows(chart, branches)
                if rows and ("E301", element) not in found:
                    yield from _gap(rows, branches, element, f"`{event}` in `{leaf}`")
                yield from _overlaps(rows, track, branches, found)


def _gap(
    rows: list[_Row], branches: tuple[Branch, ...], element: Element, name: str
) -> Iterator[Flaw]:
    gap = next((row for row in rows if not any(map(row.chooses, branches))), None)
    if gap is not None:
        yield Flaw(
            "I303",
            f"no branch of {name} holds when {gap}; no case was found to get there",
            element,
            "let the last branch stand without a condition, as an else",
        )


def _overlaps(
    rows: list[_Row], track: Track, branches: tuple[Branch, ...], found: frozenset[object]
) -> Iterator[Flaw]:
    conditional = [one for one in branches if one.transition.when or one.transition.guards]
    for one, other in combinations(conditional, 2):
        element = branch_element(track, one)
        if excludes(one, other) or ("W302", element) in found:
            continue
        if element == branch_element(track, other):
            continue  # One branch to a level that the data name stands for many.
        both = next((row for row in rows if row.chooses(one) and row.chooses(other)), None)
        if both is not None:
            numbers = f"{one.transition.number} and {other.transition.number}"
            yield Flaw(
                "I304",
                f"branches {numbers} of `{one.event}` in `{one.leaf}` both hold when {both}; no "
                "case was found to get there",
                element,
                "make the conditions exclude each other",
            )


def _asks_more(branch: Branch) -> bool:
    """Return whether a condition asks for more than fields and counts."""
    when = branch.transition.when
    return when is not None and bool(
        when.states or when.people or when.calendars or when.events or when.reads_channel
    )


def _rows(chart: Chart, branches: tuple[Branch, ...]) -> list[_Row]:
    """Return a row for each combination of values that the conditions tell apart."""
    conditions = [one.transition.when for one in branches if one.transition.when is not None]
    guards = sorted({name for one in branches for name, _ in one.transition.guards})
    if not (conditions or guards):
        return []
    data = {name: _values(chart, name, conditions) for name in _all(conditions, "fields")}
    counts = {name: _numbers(name, conditions) for name in _all(conditions, "counts")}
    asked = [(True, False) for _ in guards]
    if prod(map(len, [*data.values(), *counts.values(), *asked])) > _MOST_ROWS:
        return []
    return [
        _Row(
            dict(zip(data, facts, strict=True)),
            dict(zip(counts, numbers, strict=True)),
            dict(zip(guards, answers, strict=True)),
        )
        for facts in product(*data.values())
        for numbers in product(*counts.values())
        for answers in product(*asked)
    ]


def _all(conditions: list[Condition], kind: str) -> list[str]:
    return sorted({name for one in conditions for name in getattr(one, kind)})


def _constants(name: str, conditions: list[Condition]) -> set[object]:
    return {value for one in conditions for value in one.constants.get(name, ())}


def _values(chart: Chart, name: str, conditions: list[Condition]) -> tuple[object, ...]:
    """Return the values of a field to try; unset only where a condition asks for that."""
    is_related = any(name in pair for one in conditions for pair in one.related)
    held = _constants(name, conditions)
    values = examples(plan_of(chart), chart.fields[name], held, is_related=is_related)
    asks_set = any(
        f"{name} is set" in one.text or f"{name} is unset" in one.text for one in conditions
    )
    return (*values, None) if asks_set else values


def _numbers(name: str, conditions: list[Condition]) -> tuple[int, ...]:
    """Return the constants that a count is held against, and what is beside."""
    held = [number for number in _constants(name, conditions) if isinstance(number, int)]
    near = {number + step for number in held for step in (-1, 0, 1)}
    return tuple(sorted(number for number in near | {0} if number >= 0))


def _written(value: object) -> str:
    if value is None:
        return "unset"
    return str(value).lower() if isinstance(value, bool) else str(value)
