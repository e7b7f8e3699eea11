"""A store seen by somebody who plays: time passes, and effects go out, for the cases played only.

In a database there are other cases. They must not live through a time that is made up, and what
they wait for must not be delivered to a host that only pretends. Digests are due in memory alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from escalation_engine.core import Case, Decision, Digest, Opened
from escalation_engine.store import MemoryStore
from escalation_engine.store.due import next_due_of
from escalation_engine.store.protocol import KeptDigest, KeptReceipt, Queued, Store

__all__ = ["own_cases"]


def own_cases(store: Store) -> Store:
    """Return the store as an engine sees it that acts on the cases that it opens, and no others."""
    return _OwnCases(store)  # type: ignore[return-value]  # it has every method of one


class _OwnCases:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._own: list[str] = []
        self._apart = MemoryStore()

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def commit(self, decision: Decision, *, receipt: KeptReceipt | None = None) -> None:
        """Write a decision; an opening adds a case."""
        self._store.commit(decision, receipt=receipt)
        if isinstance(decision.entry.input, Opened):
            self._own.append(decision.case.id)

    def claim_cases(self, now: datetime, limit: int, **_claim: object) -> Sequence[Case]:
        """Return its own cases in which something is due, earliest first. Nobody else plays."""
        due = [case_id for at, case_id in sorted(self._due()) if at <= now]
        found = (self._store.load(case_id) for case_id in due[:limit])
        return [case for case in found if case is not None]

    def give_back(self, _worker: str) -> None:
        """Do nothing, as nothing was claimed."""

    def renew_claims(self, _worker: str, **_lease: object) -> None:
        """Do nothing, as nothing was claimed."""

    def claim_effects(self, now: datetime, limit: int, **_claim: object) -> Sequence[Queued]:
        """Return effects of its own cases to be delivered now, in order of queueing."""
        due = [it for it in self._waiting() if (it.next_at or now) <= now]
        due += self._apart.waiting(now, limit)
        return sorted(due, key=lambda queued: queued.queued_at)[:limit]

    def outbox(self, case_id: str) -> Sequence[Queued]:
        """Return every effect of a case, or of a digest."""
        return self._of(case_id).outbox(case_id)

    def settle(self, queued: Queued, *, since: Queued | None = None) -> bool:
        """Keep how an attempt went."""
        return self._of(queued.case_id).settle(queued, since=since)

    def digests(self) -> Sequence[KeptDigest]:
        """Return when the digests are due for those who play."""
        return self._apart.digests()

    def keep_digest(
        self,
        kept: KeptDigest,
        *,
        at: datetime,
        since: KeptDigest | None = None,
        effects: Sequence[Digest] = (),
    ) -> bool:
        """Keep when a digest is due next, apart from those of the database."""
        return self._apart.keep_digest(kept, at=at, since=since, effects=effects)

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which something waits to be done in its own cases."""
        instants = [queued.next_at or queued.queued_at for queued in self._waiting()]
        apart = self._apart.next_due()
        instants += [] if apart is None else [apart]
        return min([*instants, *(at for at, _ in self._due())], default=None)

    def _of(self, case_id: str) -> Store:
        return self._apart if case_id.startswith("digest:") else self._store

    def _waiting(self) -> Iterator[Queued]:
        for case_id in self._own:
            yield from (it for it in self._store.outbox(case_id) if it.status == "waiting")

    def _due(self) -> Iterator[tuple[datetime, str]]:
        for case_id in self._own:
            case = self._store.load(case_id)
            at = next_due_of(case) if case is not None else None
            for stalled in self._store.stalled(case_id):
                at = stalled.next_at
            if at is not None:
                yield at, case_id
