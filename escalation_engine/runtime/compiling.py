"""Compiles a digest: reads the cases as they stood at its due time, and makes one list per holder.

Every open case of the process is read once, whatever its version, in pages; of those that have
moved on since the due time the journal as well, and those that have been closed since. Nothing but
the rows that are listed stays in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from escalation_engine.chart.model import Chart, Digest
from escalation_engine.core import Case, DigestRow, Holder
from escalation_engine.core import Digest as Effect
from escalation_engine.core.instant import instant_text
from escalation_engine.errors import StoreError
from escalation_engine.runtime.definitions import Definitions
from escalation_engine.runtime.directory import Directory, holder_now
from escalation_engine.runtime.listing import can_list_closed, lists, row_of
from escalation_engine.runtime.replay import case_at
from escalation_engine.store.protocol import CaseFilter, Store

__all__ = ["Compiling"]

_PAGE = 500


@dataclass(slots=True)
class _List:
    """What one holder gets: rows by case, each with the instant at which the case was opened."""

    holder: Holder | None
    rows: dict[str, tuple[datetime, DigestRow]] = field(default_factory=dict)


class Compiling:
    """Makes the effects of one due time."""

    def __init__(
        self, store: Store, definitions: Definitions, *, directory: Directory | None
    ) -> None:
        self._store = store
        self._definitions = definitions
        self._directory = directory

    def digests(
        self, chart: Chart, digest: Digest, due_at: datetime, *, missed: int
    ) -> Sequence[Effect]:
        """Return a digest for each holder of a case that is listed; none where no case is.

        Cases that nobody holds come in one without holder. Raises HookError for the directory.
        """
        found: dict[str, _List] = {}
        edition = self._definitions.current_edition(chart)
        for case in self._cases(chart, digest, due_at):
            if lists(chart, digest, case, due_at, edition=edition):
                row = (case.opened_at, row_of(chart, digest, case))
                for holder in self._holders(chart, digest, case):
                    found.setdefault(_key(holder), _List(holder)).rows[case.id] = row
        name = f"digest/{chart.process}/{digest.name}/{instant_text(due_at)}"
        return [
            Effect(
                f"{name}/{key}",
                process=chart.process,
                name=digest.name,
                title=digest.title,
                send_by=digest.send_by,
                due_at=due_at,
                holder=one.holder,
                rows=tuple([row for _, row in sorted(one.rows.values(), key=_in_order)]),
                shows=digest.shows,
                missed=missed,
            )
            for key, one in sorted(found.items())
        ]

    def _cases(self, chart: Chart, digest: Digest, at: datetime) -> Iterator[Case]:
        """Yield the cases as they stood at an instant; one that closes meanwhile comes twice."""
        closed_after = None if can_list_closed(chart, digest) else at
        is_open = CaseFilter(process=chart.process, is_closed=False, limit=_PAGE)
        for wanted in (is_open, replace(is_open, is_closed=True, closed_after=closed_after)):
            after: str | None = None
            while page := self._store.find(replace(wanted, after=after)):
                after = page[-1].id
                yield from (then for case in page if (then := self._as_of(case, at)) is not None)

    def _as_of(self, case: Case, at: datetime) -> Case | None:
        if case.at <= at:
            return case
        if case.opened_at > at:
            return None
        journal = self._store.journal(case.id)
        try:
            chart, published = self._definitions.chart_of(case), self._definitions.published
            return case_at(chart, case.identity, journal, at, published=published)
        except StoreError:  # its definition is lost, which must not hold up all the others
            return case

    def _holders(self, chart: Chart, digest: Digest, case: Case) -> Sequence[Holder | None]:
        if digest.per.role:
            return [holder_now(self._directory, chart.roles, digest.per.role, case)]
        return case.slots.get(digest.per.slot or "", ()) or [None]


def _key(holder: Holder | None) -> str:
    """Return who gets one list: a person, whatever the role, or a role that nobody fills."""
    if holder is None or (holder.person is None and holder.role is None):
        return "nobody"
    return f"role/{holder.role}" if holder.person is None else f"person/{holder.person}"


def _in_order(row: tuple[datetime, DigestRow]) -> tuple[datetime, str]:
    return row[0], row[1].case_id
