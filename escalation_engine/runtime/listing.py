"""Which cases a digest lists, for whom, and what it shows of each: told from the case alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from escalation_engine.calendar import Edition, is_open
from escalation_engine.chart.model import Chart, Digest, StateKind
from escalation_engine.condition.tree import All, Any, InState, Tree
from escalation_engine.core import EMPTY, Case, DigestRow, FrozenMap
from escalation_engine.core.plan import plan_of
from escalation_engine.runtime.standing import standings

__all__ = ["can_list_closed", "lists", "row_of"]


def lists(
    chart: Chart, digest: Digest, case: Case, at: datetime, *, edition: Edition | None
) -> bool:
    """Return whether the digest's condition holds for a case at an instant.

    A closed case is listed only where the condition names an end.
    """
    if case.is_closed and not can_list_closed(chart, digest):
        return False
    return digest.cases.holds(_Facts(chart, case, at, edition)) is True


def can_list_closed(chart: Chart, digest: Digest) -> bool:
    """Return whether the condition names an end of the main track: only closed cases are there."""
    main = chart.main
    ends = {
        f"{main.name}.{path}" for path, state in main.states.items() if state.kind is StateKind.END
    }
    return _names_one(digest.cases.tree, ends)


def _names_one(tree: Tree, states: Collection[str]) -> bool:
    """Return whether a condition asks to be in one of the states; `not in` asks for others."""
    match tree:
        case All(parts) | Any(parts):
            return any(_names_one(part, states) for part in parts)
        case InState(state):
            return state in states
        case _:
            return False


def row_of(chart: Chart, digest: Digest, case: Case) -> DigestRow:
    """Return the row of a case with the columns that the digest shows.

    `data` leaves out what is sensitive; a field that is named is shown in any case.
    """
    shows = digest.shows
    return DigestRow(
        case.id,
        case.reference if "reference" in shows else None,
        case.states if "state" in shows else EMPTY,
        FrozenMap(_data(chart, shows, case)),
        _due(case) if "due" in shows else (),
    )


def _data(chart: Chart, shows: tuple[str, ...], case: Case) -> Mapping[str, object]:
    named = {name.removeprefix("data.") for name in shows if name.startswith("data.")}
    if "data" in shows:
        named |= {field.name for field in chart.fields.values() if not field.sensitive}
    return {name: value for name, value in case.data.items() if name in named}


def _due(case: Case) -> tuple[tuple[str, datetime], ...]:
    dues = [(one.due_at, one.name) for one in standings(case) if one.due_at is not None]
    return tuple([(name, due_at) for due_at, name in sorted(dues)])


@dataclass(frozen=True, slots=True)
class _Facts:
    """A case at an instant, as a condition asks about it: there is no event and no sender."""

    chart: Chart
    case: Case
    at: datetime
    edition: Edition | None

    @property
    def data(self) -> Mapping[str, object]:
        return self.case.data

    @property
    def counts(self) -> Mapping[str, int]:
        return self.case.counts

    @property
    def channel(self) -> str | None:
        return None

    def sender_is(self, name: str) -> bool:  # noqa: ARG002  the protocol's
        return False

    def is_in(self, state: str) -> bool:
        track, _, path = state.partition(".")
        leaf = self.case.states.get(track, "")
        return leaf == path or leaf.startswith(f"{path}.")

    def is_during(self, calendar: str) -> bool | None:
        if calendar not in self.chart.calendars:
            return None
        return is_open(plan_of(self.chart).timetable.calendar(calendar, self.edition), self.at)

    def is_event(self, name: str) -> bool:  # noqa: ARG002  the protocol's
        return False

    def happens(self, _moment: str, /) -> bool:
        return False
