"""What can be read of cases: the half of the engine that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from escalation_engine.core import Case, Entry, Noted, scope_of_digest
from escalation_engine.errors import CaseNotFound
from escalation_engine.runtime.client import as_client
from escalation_engine.runtime.definitions import Definitions
from escalation_engine.runtime.edge import (
    checked_choice,
    checked_count,
    checked_flag,
    checked_name,
    checked_string,
    optional_string,
)
from escalation_engine.runtime.receipts import scope_of_opening
from escalation_engine.runtime.replay import charts_along, replayed
from escalation_engine.store.protocol import CaseFilter, KeptRefusal, Queued, Store

__all__ = ["Note", "Reader"]

_DIGESTS = scope_of_digest("", "").partition(":")[0] + ":"


class Note(NamedTuple):
    """What somebody wrote, a condition set or a decision taken, and where the case stood then."""

    kind: str
    text: str
    by: str
    at: datetime
    state: str


class Reader:
    """Reads cases and what is kept beside them."""

    def __init__(self, store: Store, definitions: Definitions) -> None:
        self._store = store
        self._definitions = definitions

    def case(self, case_id: str) -> Case:
        """Return the case as it stands. Raises CaseNotFound."""
        case_id = checked_name("case_id", case_id)
        case = self._store.load(case_id)
        if case is None:
            raise CaseNotFound(case_id)
        return case

    def cases(
        self,
        *,
        process: str | None = None,
        state: str | None = None,
        is_closed: bool | None = None,
        outcome: str | None = None,
        reference: str | None = None,
        held_by: str | None = None,
        limit: int = 1000,
        after: str | None = None,
    ) -> Sequence[Case]:
        """Return the cases that fit all that is given, in order of id, at most `limit`.

        `state` is a leaf or a scope of the main track, `held_by` a person or role in the assignee
        slot; `after` is the last id of the page before.
        """
        wanted = CaseFilter(
            optional_string("process", process),
            optional_string("state", state),
            checked_flag("is_closed", is_closed),
            optional_string("outcome", outcome),
            optional_string("reference", reference),
            optional_string("held_by", held_by),
            checked_count("limit", limit, kind="limit"),
            optional_string("after", after),
        )
        return self._store.find(wanted)

    def journal(self, case_id: str, *, visibility: str | None = None) -> Sequence[Entry]:
        """Return the journal, oldest first; with visibility="client" what the client may see.

        The client sees when what happened in entries that say so, the main track's moves, and the
        notes written for the client: no data, answers, holders and effects, nothing else that
        somebody wrote, and reasons of client-visible transitions only. Raises CaseNotFound.
        """
        case = self.case(case_id)
        entries = self._store.journal(case.id)
        shown_to = "internal" if visibility is None else visibility
        if checked_choice("visibility", shown_to, ("internal", "client")) == "internal":
            return entries
        chart, published = self._definitions.chart_of(case), self._definitions.published
        both = zip(entries, charts_along(chart, entries, published), strict=True)
        return [as_client(entry, by) for entry, by in both if entry.visibility == "client"]

    def notes(self, case_id: str) -> Sequence[Note]:
        """Return what was written with `note`, oldest first. Raises CaseNotFound."""
        case = self.case(case_id)
        main = self._definitions.chart_of(case).main.name
        return list(_notes(self._store.journal(case.id), main))

    def refusals(self, case_id: str) -> Sequence[KeptRefusal]:
        """Return the refused inputs of a case; for `open:PROCESS` its refused openings.

        Raises CaseNotFound.
        """
        case_id = checked_string("case_id", case_id)
        if not case_id.startswith(scope_of_opening("")):
            self.case(case_id)
        return self._store.refusals(case_id)

    def outbox(self, case_id: str) -> Sequence[Queued]:
        """Return all effects of a case, delivered ones too; those of `digest:PROCESS/NAME` as well.

        Raises CaseNotFound.
        """
        case_id = checked_string("case_id", case_id)
        if not case_id.startswith(_DIGESTS):
            self.case(case_id)
        return self._store.outbox(case_id)

    def parked(self) -> Sequence[Queued]:
        """Return the effects of all cases that were given up and wait for a person."""
        return self._store.parked()

    def next_due(self) -> datetime | None:
        """Return when `tick` has something to do next; None: not before something happens."""
        return self._store.next_due()

    def replay(self, case_id: str) -> Case:
        """Return the case as its journal leads to it; it must equal `case(case_id)`.

        Raises CaseNotFound, and StoreError where the journal does not lead to any case.
        """
        case = self.case(case_id)
        chart = self._definitions.chart_of(case)
        journal = self._store.journal(case.id)
        published = self._definitions.published
        return replayed(chart, case.identity, journal, published=published)


def _notes(journal: Sequence[Entry], main: str) -> Iterator[Note]:
    state = ""
    for entry in journal:
        state = entry.states.get(main, state)
        if isinstance(written := entry.input, Noted):
            yield Note(written.kind, written.text, written.by.id, entry.at, state)
