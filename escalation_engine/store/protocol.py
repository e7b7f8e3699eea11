"""What a store promises: cases, journal, outbox and receipts change together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from escalation_engine.core.case import Case
from escalation_engine.core.decision import Decision, Entry
from escalation_engine.core.effect import Digest
from escalation_engine.store.kept import Erasure, KeptCase, KeptRefusal, Queued
from escalation_engine.store.waking import Listening

__all__ = [
    "CaseFilter",
    "KeptDigest",
    "KeptEdition",
    "KeptReceipt",
    "KeptRefusal",
    "Publication",
    "Queued",
    "Stalled",
    "Store",
]


@dataclass(frozen=True, slots=True)
class Publication:
    """A definition by its content hash, kept for ever. `source` is the merged text as JSON."""

    hash: str
    process: str
    version: int
    source: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class KeptEdition:
    """The dates of a definition's calendars under their name, kept for ever. `source` is JSON."""

    definition: str
    name: str
    source: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """What an idempotency key was used for. `scope` is the case's id, `open:PROCESS`,
    or `effect:CASE` for the effects of a case, whose keys are their ids.

    `payload` maps event, data, actor, channel and note to a digest of each.
    """

    scope: str
    key: str
    case_id: str
    revision: int
    payload: dict[str, str]


@dataclass(frozen=True, slots=True)
class Stalled:
    """A case in which something was due and could not be done, at this revision of the case.

    It is tried again at `next_at`; None: it was given up and waits for a person.
    """

    case_id: str
    revision: int
    attempts: int
    next_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True)
class KeptDigest:
    """When a digest of a process is due, and by which published definition it is sent.

    `due_at` None: it is switched off, or gone from the process. It is tried at `next_at`, which is
    later than `due_at` after a failure, with its `problem`.
    """

    process: str
    name: str
    revision: int
    version: int
    definition: str
    due_at: datetime | None
    next_at: datetime | None
    attempts: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases: every attribute that is given must fit.

    `state` is a leaf or a scope of the main track, `held_by` a person or role in the assignee slot.
    `closed_after` fits closed cases that have lived beyond an instant.
    """

    process: str | None = None
    state: str | None = None
    is_closed: bool | None = None
    outcome: str | None = None
    reference: str | None = None
    held_by: str | None = None
    limit: int = 1000
    after: str | None = None
    closed_after: datetime | None = None


class Store(Protocol):
    """The memory store and the SQL store pass one contract suite.

    Each method is one transaction of its own, or part of the host's inside `using`.
    """

    def publish(self, publication: Publication) -> None:
        """Keep a definition; the same hash again changes nothing."""

    def publication(self, hash: str) -> Publication | None:
        """Return the definition with this content hash."""

    def publications(self, process: str, version: int | None = None) -> Sequence[Publication]:
        """Return the definitions kept as this version of a process, in order of publication.

        Without `version` those of every version.
        """

    def keep_edition(self, edition: KeptEdition) -> None:
        """Keep the dates beside a definition; the same name again changes nothing."""

    def edition(self, definition: str, name: str) -> KeptEdition | None:
        """Return the dates of this name that are kept beside a definition."""

    def load(self, case_id: str) -> Case | None:
        """Return the case as it stands; None where there is none."""

    def load_for(
        self, case_id: str, key: str | None, *, scope: str | None = None
    ) -> tuple[Case | None, KeptReceipt | None]:
        """Return the case and what a key was used for, in one read. `scope` if not its id."""

    def find(self, wanted: CaseFilter) -> Sequence[Case]:
        """Return the cases that fit, in order of id: at most `limit`, after the id `after`."""

    def receipt(self, scope: str, key: str) -> KeptReceipt | None:
        """Return what a key was used for."""

    def commit(self, decision: Decision, *, receipt: KeptReceipt | None = None) -> None:
        """Write case, entry, effects and receipt at once.

        Compare-and-set: the stored case must stand one revision before the decision's.
        Raises Conflict when it does not, or when an opening's id or reference, or the key, is
        taken (the Conflict names the case that was first); then nothing is written.
        """

    def commit_all(self, decisions: Sequence[Decision]) -> Sequence[bool]:
        """Write decisions on different cases, none an opening; tell of each whether it was written.

        One whose case has moved on is left out.
        """

    def refuse(self, refusal: KeptRefusal) -> None:
        """Keep a refusal."""

    def refusals(self, case_id: str) -> Sequence[KeptRefusal]:
        """Return the refusals of a case, oldest first."""

    def journal(self, case_id: str) -> Sequence[Entry]:
        """Return the journal of a case, oldest first."""

    def waiting(self, now: datetime, limit: int) -> Sequence[Queued]:
        """Return effects to be delivered now, in order of queueing."""

    def outbox(self, case_id: str) -> Sequence[Queued]:
        """Return every effect of a case, delivered ones too, in order of queueing."""

    def parked(self) -> Sequence[Queued]:
        """Return the effects that were given up and wait for a person."""

    def settle(self, queued: Queued, *, since: Queued | None = None) -> bool:
        """Keep the new status, attempts, next attempt and problem of an effect.

        Compare-and-set: returns False, and changes nothing, where status or attempts are not those
        of `since` any more. Raises BadInput for an effect that was never queued.
        """

    def due_cases(self, now: datetime, limit: int) -> Sequence[str]:
        """Return the ids of open cases in which something is due at `now`, earliest first.

        What is not due is not looked at, however many cases there are.
        """

    def claim_cases(
        self, now: datetime, limit: int, *, worker: str, lease: timedelta
    ) -> Sequence[Case]:
        """Claim cases in which something is due at `now`, earliest first, and return them.

        Nobody else is given them before `give_back`, or before the lease is over.
        """

    def claim_effects(
        self, now: datetime, limit: int, *, worker: str, lease: timedelta
    ) -> Sequence[Queued]:
        """Claim the delivery for cases, and return their effects to be delivered now, in order."""

    def renew_claims(self, worker: str, *, now: datetime, lease: timedelta) -> None:
        """Let a worker's claims last for another lease."""

    def give_back(self, worker: str) -> None:
        """End a worker's claims, so that others may have them at once."""

    def postpone(self, stalled: Stalled) -> None:
        """Let a case be due at `next_at` instead, or not at all, and keep why.

        Changes nothing where the case has moved on. Its next commit makes it due when it says.
        """

    def stalled(self, case_id: str | None = None) -> Sequence[Stalled]:
        """Return what was postponed and has not been done since, of one case or of all by id."""

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which something waits to be done; None: nothing does.

        What is due in a case, what waits in the outbox, and digests.
        """

    def digests(self) -> Sequence[KeptDigest]:
        """Return every digest that was kept, by process and name: a few, however many cases."""

    def keep_digest(
        self,
        kept: KeptDigest,
        *,
        at: datetime,
        since: KeptDigest | None = None,
        effects: Sequence[Digest] = (),
    ) -> bool:
        """Keep when a digest is due next, and queue effects of its last due time, all at once.

        Compare-and-set: returns False, and writes nothing, where the revision is not that of
        `since`; with None where there is one already. `at` is when the effects are queued.
        """

    def forget(self, decision: Decision, erasure: Erasure) -> None:
        """Commit a forgetting as `commit` does, and put what is left in place of what was there."""

    def kept(self, case_id: str) -> KeptCase | None:
        """Return a case and its journal column by column; None where there is neither."""

    def kept_ids(self, *, after: str = "", limit: int = 1000) -> Sequence[str]:
        """Return the ids of which there is a case or an entry, in order, those behind `after`."""

    def using(self, connection: object) -> AbstractContextManager[None]:
        """Work inside the host's own transaction on `connection`: flush, never commit."""

    def listen(self) -> Listening:
        """Return how a sleeping worker is woken by what others commit."""

    def close(self) -> None:
        """Give back what the store holds."""
