"""What can be read of cases: the half of the engine that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from escalation_engine.core import (
    EMPTY,
    Case,
    Entry,
    FrozenMap,
    Noted,
    Opened,
    Recorded,
    Sent,
    Step,
)
from escalation_engine.errors import CaseNotFound
from escalation_engine.runtime.definitions import Definitions
from escalation_engine.runtime.edge import checked_choice, checked_count, checked_name
from escalation_engine.runtime.receipts import scope_of_opening
from escalation_engine.runtime.replay import replayed
from escalation_engine.store.protocol import CaseFilter, KeptRefusal, Queued, Store

__all__ = ["Note", "Reader"]


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
        case = self._store.load(checked_name("case_id", case_id))
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
        count = checked_count("limit", limit, kind="limit")
        wanted = CaseFilter(process, state, is_closed, outcome, reference, held_by, count, after)
        return self._store.find(wanted)

    def journal(self, case_id: str, *, visibility: str | None = None) -> Sequence[Entry]:
        """Return the journal, oldest first; with visibility="client" what the client may see.

        The client sees the main track's moves in entries that say so, without data, answers,
        holders and effects. Raises CaseNotFound.
        """
        case = self.case(case_id)
        entries = self._store.journal(case_id)
        shown_to = visibility or "internal"
        if checked_choice("visibility", shown_to, ("internal", "client")) == "internal":
            return entries
        main = self._definitions.chart_of(case).main.name
        return [_as_client(entry, main) for entry in entries if entry.visibility == "client"]

    def notes(self, case_id: str) -> Sequence[Note]:
        """Return what was written with `note`, oldest first. Raises CaseNotFound."""
        main = self._definitions.chart_of(self.case(case_id)).main.name
        return list(_notes(self._store.journal(case_id), main))

    def refusals(self, case_id: str) -> Sequence[KeptRefusal]:
        """Return the refused inputs of a case; for `open:PROCESS` its refused openings.

        Raises CaseNotFound.
        """
        if not case_id.startswith(scope_of_opening("")):
            self.case(case_id)
        return self._store.refusals(case_id)

    def outbox(self, case_id: str) -> Sequence[Queued]:
        """Return all effects of a case, delivered ones too. Raises CaseNotFound."""
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
        return replayed(chart, case.identity, self._store.journal(case_id))


def _notes(journal: Sequence[Entry], main: str) -> Iterator[Note]:
    state = ""
    for entry in journal:
        state = entry.states.get(main, state)
        if isinstance(written := entry.input, Noted):
            yield Note(written.kind, written.text, written.by.id, entry.at, state)


def _as_client(entry: Entry, main: str) -> Entry:
    input = entry.input
    if isinstance(input, Opened | Sent | Recorded):
        input = replace(input, data=EMPTY, evidence=None)
    if isinstance(input, Recorded):
        input = replace(input, checklists=EMPTY)
    return entry._replace(
        input=input,
        answers={},
        steps=tuple(_steps_of(main, entry.steps)),
        data=EMPTY,
        slots=EMPTY,
        counts=EMPTY,
        answered=(),
        asked=(),
        effects=(),
        states=FrozenMap({name: leaf for name, leaf in entry.states.items() if name == main}),
        problem="",
    )


def _steps_of(track: str, steps: Sequence[Step]) -> Iterator[Step]:
    """Keep what one track did: a side track may be an escalation that the client does not see."""
    for step in steps:
        if moves := tuple(move for move in step.moves if move.track == track):
            yield Step(step.event, moves)
