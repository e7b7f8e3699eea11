"""A case again from its journal: the same inputs, decided with the answers that were given then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from escalation_engine.chart.model import Chart
from escalation_engine.core import EMPTY, Case, Decision, Due, Entry, Identity, Migrated, decide
from escalation_engine.errors import StoreError

__all__ = ["Published", "case_at", "charts_along", "decisions", "replayed"]

Published = Callable[[str], Chart]
"""Finds a definition by its content hash."""


def charts_along(
    chart: Chart, journal: Sequence[Entry], published: Published | None
) -> list[Chart]:
    """Return for each entry the chart that it was decided by; `chart` is that of the last one.

    Raises StoreError for a migrated case where nobody says what the older definitions are.
    """
    found: list[Chart] = []
    for entry in reversed(journal):
        found.append(chart)
        if isinstance(entry.input, Migrated):
            if published is None:
                raise StoreError(f"case {entry.case_id}", "its older definition is not given")
            chart = published(entry.input.was)
    return found[::-1]


def replayed(
    chart: Chart,
    identity: Identity,
    journal: Sequence[Entry],
    *,
    published: Published | None = None,
) -> Case:
    """Return the case that the journal leads to. No host and no clock is asked.

    `chart` is what the case stands on; `published` finds those that it stood on before it was
    migrated. Where something was forgotten, it begins with what was left.

    Raises StoreError at the first entry that is not accepted as it was.
    """
    case = next(
        (left for entry in reversed(journal) if (left := entry.left)), _blank(identity, journal)
    )
    for _, decided in decisions(chart, identity, journal, published=published):
        case = decided.case
    return case


def decisions(
    chart: Chart,
    identity: Identity,
    journal: Sequence[Entry],
    *,
    published: Published | None = None,
) -> Iterator[tuple[Case, Decision]]:
    """Yield each entry as it is decided again, with the case before it.

    Entries up to one that left a forgotten case are passed over: their words are gone.

    Raises StoreError at the first entry that is not accepted as it was.
    """
    case = next(
        (left for entry in reversed(journal) if (left := entry.left)), _blank(identity, journal)
    )
    charts = charts_along(chart, journal, published)
    for entry, by in list(zip(journal, charts, strict=True))[case.revision :]:
        if entry.revision != case.revision + 1:
            raise _broken(case, entry, f"does not follow on {case.revision}")
        decided = decide(by, case, entry.input, now=entry.at, answers=entry.answers)
        if not isinstance(decided, Decision):
            raise _broken(case, entry, f"does not replay: {type(decided).__name__}")
        yield case, decided
        case = decided.case


def _blank(identity: Identity, journal: Sequence[Entry]) -> Case:
    """The case before it was opened, on the definition that it was opened with."""
    for entry in journal:
        if isinstance(moved := entry.input, Migrated):
            identity = replace(identity, definition=moved.was, version=moved.was_version)
            break
    return Case(identity, revision=0, at=identity.opened_at, states=EMPTY)


def case_at(
    chart: Chart,
    identity: Identity,
    journal: Sequence[Entry],
    instant: datetime,
    *,
    published: Published | None = None,
) -> Case | None:
    """Return the case as it stood at an instant; None: it was not open yet.

    Of a case that was forgotten since, that is what was left of it. What was due by then counts,
    also where it fired later: how late a tick came does not matter.
    Raises StoreError as `replayed` does.
    """
    entries = list(takewhile(lambda entry: _is_by(entry, instant), journal))
    if not entries:
        return None
    later = next(
        (left for entry in reversed(journal[len(entries) :]) if (left := entry.left)), None
    )
    if later is not None:
        return later
    by = charts_along(chart, journal, published)[len(entries) - 1]
    at_first = _blank(identity, journal).identity
    return replayed(by, at_first, entries, published=published)


def _is_by(entry: Entry, instant: datetime) -> bool:
    input = entry.input
    return entry.at <= instant or (isinstance(input, Due) and input.due_at <= instant)


def _broken(case: Case, entry: Entry, problem: str) -> StoreError:
    return StoreError(f"case {case.id}", f"entry {entry.revision} of its journal {problem}")
