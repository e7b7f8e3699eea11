"""Where a model stands, as far as it decides what can happen next: the key of a search."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from escalation_engine.chart.model import Chart
from escalation_engine.condition import Condition
from escalation_engine.core import Case
from escalation_engine.testing.journey.branches import branches_of
from escalation_engine.testing.journey.model import Model

__all__ = ["Places", "conditions_of"]


class Places:
    """Tells the places of one chart apart. Time is left out but for what is armed."""

    def __init__(self, chart: Chart) -> None:
        self._read = frozenset(
            name for condition in conditions_of(chart) for name in condition.fields
        ) | frozenset(_read_by_amounts(chart))
        self._highest = _highest(chart)
        self._has_people = any(
            branch.transition.requires is not None and branch.transition.requires.different_from
            for branch in branches_of(chart).values()
        )

    def of(self, model: Model) -> Hashable:
        """Return the place; equal ones offer the same steps."""
        case = model.case
        if case is None:
            return None
        return (
            tuple(case.states.items()),
            case.outcome,
            tuple(sorted((name, self._value(name, case)) for name in case.data)),
            tuple((name, min(case.counts.get(name, 0), most)) for name, most in self._highest),
            _answers(case),
            tuple(sorted(case.remembered.items())),
            tuple(sorted(case.timers)),
            tuple((name, watch.status, watch.fired) for name, watch in case.clocks.items()),
            tuple((name, owed.status) for name, owed in case.duties.items()),
            tuple(sorted(case.slots.items())) if self._has_people else (),
        )

    def _value(self, name: str, case: Case) -> str:
        value = case.data[name]
        return repr(value) if name in self._read or value is None else "set"


def conditions_of(chart: Chart) -> Iterator[Condition]:
    """Yield the conditions of all branches, in document order."""
    for branch in branches_of(chart).values():
        if branch.transition.when is not None:
            yield branch.transition.when


def _answers(case: Case) -> Hashable:
    return tuple(
        (checklist, tuple(sorted((item, one.answer) for item, one in items.items())))
        for checklist, items in sorted(case.checklists.items())
    )


def _read_by_amounts(chart: Chart) -> Iterator[str]:
    amounts = [timer.after for timer in chart.timers.values()]
    amounts += [clock.target for clock in chart.clocks.values()]
    for amount in amounts:
        yield from filter(None, (amount.depends_on, amount.agreed_in))


def _highest(chart: Chart) -> tuple[tuple[str, int], ...]:
    """The counts that decide something, with the value beyond which nothing changes."""
    found: dict[str, int] = {}
    for condition in conditions_of(chart):
        for name in condition.counts:
            constants = [
                int(one) for one in condition.constants.get(name, ()) if isinstance(one, int)
            ]
            found[name] = max(found.get(name, 1), *(one + 1 for one in constants), 1)
    for count in chart.counts.values():
        if count.at_most is not None:
            found[count.name] = max(found.get(count.name, 0), count.at_most)
    return tuple(sorted(found.items()))
