"""A case again from its journal: the same inputs, decided with the answers that were given then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import takewhile

from escalation_engine.chart.model import Chart
from escalation_engine.core import EMPTY, Case, Decision, Due, Entry, Identity, decide
from escalation_engine.errors import StoreError

__all__ = ["case_at", "decisions", "replayed"]


def replayed(chart: Chart, identity: Identity, journal: Sequence[Entry]) -> Case:
    """Return the case that the journal leads to. No host and no clock is asked.

    Where something was forgotten, it begins with what was left.

    Raises StoreError at the first entry that is not accepted as it was.
    """
    case = next((left for entry in reversed(journal) if (left := entry.left)), _blank(identity))
    for _, decided in decisions(chart, identity, journal):
        case = decided.case
    return case


def decisions(
    chart: Chart, identity: Identity, journal: Sequence[Entry]
) -> Iterator[tuple[Case, Decision]]:
    """Yield each entry as it is decided again, with the case before it.

    Entries up to one that left a forgotten case are passed over: their words are gone.

    Raises StoreError at the first entry that is not accepted as it was.
    """
    case = next((left for entry in reversed(journal) if (left := entry.left)), _blank(identity))
    for entry in journal[case.revision :]:
        if entry.revision != case.revision + 1:
            raise _broken(case, entry, f"does not follow on {case.revision}")
        decided = decide(chart, case, entry.input, now=entry.at, answers=entry.answers)
        if not isinstance(decided, Decision):
            raise _broken(case, entry, f"does not replay: {type(decided).__name__}")
        yield case, decided
        case = decided.case


def _blank(identity: Identity) -> Case:
    return Case(identity, revision=0, at=identity.opened_at, states=EMPTY)


def case_at(
    chart: Chart, identity: Identity, journal: Sequence[Entry], instant: datetime
) -> Case | None:
    """Return the case as it stood at an instant; None: it was not open yet.

    Of a case that was forgotten since, that is what was left of it. What was due by then counts,
    also where it fired later: how late a tick came does not matter.
    Raises StoreError as `replayed` does.
    """
    entries = list(takewhile(lambda entry: _is_by(entry, instant), journal))
    later = next(
        (left for entry in reversed(journal[len(entries) :]) if (left := entry.left)), None
    )
    if entries and later is not None:
        return later
    return replayed(chart, identity, entries) if entries else None


def _is_by(entry: Entry, instant: datetime) -> bool:
    input = entry.input
    return entry.at <= instant or (isinstance(input, Due) and input.due_at <= instant)


def _broken(case: Case, entry: Entry, problem: str) -> StoreError:
    return StoreError(f"case {case.id}", f"entry {entry.revision} of its journal {problem}")
