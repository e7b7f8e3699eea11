"""A store in memory: first-class for tests, examples and short lives; gone with the process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from heapq import nsmallest

from escalation_engine.core.case import Case
from escalation_engine.core.decision import Decision, Entry
from escalation_engine.core.effect import Digest, Effect, scope_of_digest
from escalation_engine.core.input import Opened
from escalation_engine.core.value import FrozenMap
from escalation_engine.errors import BadInput, Conflict, StoreError
from escalation_engine.store.due import DueQueue, next_due_of
from escalation_engine.store.kept import Erasure
from escalation_engine.store.memory_chains import MemoryChains
from escalation_engine.store.memory_claims import MemoryClaims
from escalation_engine.store.memory_published import MemoryPublished
from escalation_engine.store.memory_search import fits
from escalation_engine.store.protocol import (
    CaseFilter,
    KeptDigest,
    KeptReceipt,
    KeptRefusal,
    Queued,
    Stalled,
)
from escalation_engine.store.waking import NEVER, Listening

__all__ = ["MemoryStore"]

URL = "memory://"


class MemoryStore(MemoryChains, MemoryClaims, MemoryPublished):
    """Keeps frozen values as they are. One lock makes each method a transaction."""

    def __init__(self) -> None:
        super().__init__()
        self._by_reference: dict[str, str] = {}
        self._due = DueQueue()
        self._digests: dict[tuple[str, str], KeptDigest] = {}
        self._receipts: dict[tuple[str, str], KeptReceipt] = {}
        self._refusals: dict[str, list[KeptRefusal]] = {}
        self._outbox: dict[str, Queued] = {}  # by effect id, in order of queueing
        self._positions: dict[str, int] = {}
        self._waiting: set[str] = set()
        self._parked: set[str] = set()
        self._effects_of: dict[str, list[str]] = {}

    def load(self, case_id: str) -> Case | None:
        """Return the case as it stands; None where there is none."""
        return self._cases.get(case_id)

    def load_for(
        self, case_id: str, key: str | None, *, scope: str | None = None
    ) -> tuple[Case | None, KeptReceipt | None]:
        """Return the case and what a key was used for, in one read. `scope` if not its id."""
        with self._lock:
            case = self._cases.get(case_id)
            known = case is not None and key is not None
            return case, self._receipts.get((scope or case_id, key or "")) if known else None

    def find(self, wanted: CaseFilter) -> Sequence[Case]:
        """Return the cases that fit, in order of id: at most `limit`, after the id `after`."""
        with self._lock:
            fitting = [case for case in self._candidates(wanted) if fits(case, wanted)]
        return nsmallest(wanted.limit, fitting, key=lambda case: case.id)

    def receipt(self, scope: str, key: str) -> KeptReceipt | None:
        """Return what a key was used for."""
        return self._receipts.get((scope, key))

    def commit(self, decision: Decision, *, receipt: KeptReceipt | None = None) -> None:
        """Write case, entry, effects and receipt at once.

        Compare-and-set: the stored case must stand one revision before the decision's. Raises
        Conflict when it does not, or when an id, reference or key is taken; then nothing is
        written.
        """
        with self._lock:
            self._check(decision, receipt)
            self._keep(decision, receipt)

    def commit_all(self, decisions: Sequence[Decision]) -> Sequence[bool]:
        """Write decisions on different cases; tell of each whether its case stood as expected."""
        return [self._is_committed(decision) for decision in decisions]

    def forget(self, decision: Decision, erasure: Erasure) -> None:
        """Commit a forgetting, and put what is left in place of what was there; see `commit`."""
        case_id = decision.case.id
        with self._lock:
            self._check(decision, None)
            self._erase_entries(case_id, erasure)
            for queued in erasure.effects:
                self._put(queued)
            self._refusals[case_id] = list(erasure.refusals)
            for name, receipt in self._receipts.items():
                if receipt.case_id == case_id:
                    self._receipts[name] = replace(receipt, payload=FrozenMap())
            self._keep(decision, None)

    def refuse(self, refusal: KeptRefusal) -> None:
        """Keep a refusal."""
        with self._lock:
            self._refusals.setdefault(refusal.case_id, []).append(refusal)

    def refusals(self, case_id: str) -> Sequence[KeptRefusal]:
        """Return the refusals of a case, oldest first."""
        with self._lock:
            return list(self._refusals.get(case_id, ()))

    def journal(self, case_id: str) -> Sequence[Entry]:
        """Return the journal of a case, oldest first."""
        with self._lock:
            return list(self._journals.get(case_id, ()))

    def waiting(self, now: datetime, limit: int) -> Sequence[Queued]:
        """Return effects to be delivered now, in order of queueing."""
        with self._lock:
            return self._due_effects(now)[:limit]

    def outbox(self, case_id: str) -> Sequence[Queued]:
        """Return every effect of a case, delivered ones too, in order of queueing."""
        with self._lock:
            return [self._outbox[effect_id] for effect_id in self._effects_of.get(case_id, ())]

    def parked(self) -> Sequence[Queued]:
        """Return the effects that were given up and wait for a person."""
        with self._lock:
            return self._in_order(self._parked)

    def settle(self, queued: Queued, *, since: Queued | None = None) -> bool:
        """Keep the new status, attempts, next attempt and problem of an effect.

        Compare-and-set: returns False, and changes nothing, where status or attempts are not those
        of `since` any more. Raises BadInput for an effect that was never queued.
        """
        effect_id = queued.effect.id
        with self._lock:
            if effect_id not in self._outbox:
                raise BadInput("effect", f"{effect_id!r} was never queued")
            kept = self._outbox[effect_id]
            if since and (kept.status, kept.attempts) != (since.status, since.attempts):
                return False
            self._put(
                replace(
                    kept,
                    status=queued.status,
                    attempts=queued.attempts,
                    next_at=queued.next_at,
                    problem=queued.problem,
                )
            )
        return True

    def due_cases(self, now: datetime, limit: int) -> Sequence[str]:
        """Return the ids of open cases in which something is due at `now`, earliest first."""
        with self._lock:
            return self._due.until(now, limit)

    def postpone(self, stalled: Stalled) -> None:
        """Let a case be due at `next_at` instead, or not at all, and keep why."""
        with self._lock:
            case = self._cases.get(stalled.case_id)
            if case is not None and case.revision == stalled.revision:
                self._stalled[case.id] = stalled
                self._due.put(case.id, stalled.next_at)

    def stalled(self, case_id: str | None = None) -> Sequence[Stalled]:
        """Return what was postponed and has not been done since, of one case or of all by id."""
        with self._lock:
            found = (self._stalled[it] for it in sorted(self._stalled) if case_id in (None, it))
            return list(found)

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which something waits to be done; None: nothing does."""
        with self._lock:
            waits = [self._outbox[effect_id] for effect_id in self._waiting]
            due = [self._due.first(), *(it.next_at for it in self._digests.values())]
        instants = [it.next_at or it.queued_at for it in waits]
        return min([*instants, *(at for at in due if at is not None)], default=None)

    def digests(self) -> Sequence[KeptDigest]:
        """Return every digest that was kept, by process and name: a few, however many cases."""
        with self._lock:
            return [self._digests[name] for name in sorted(self._digests)]

    def keep_digest(
        self,
        kept: KeptDigest,
        *,
        at: datetime,
        since: KeptDigest | None = None,
        effects: Sequence[Digest] = (),
    ) -> bool:
        """Keep when a digest is due next, and queue effects of its last due time, all at once."""
        name = (kept.process, kept.name)
        with self._lock:
            found = self._digests.get(name)
            if (found and found.revision) != (since and since.revision):
                return False
            self._check_new(effects)
            self._digests[name] = kept
            for effect in effects:
                self._queue(effect, scope_of_digest(*name), at)
        return True

    def using(self, connection: object) -> AbstractContextManager[None]:
        """Raise BadInput: memory takes no part in a host's transaction."""
        raise BadInput(
            "connection",
            f"a store in memory cannot join the transaction of {type(connection).__name__}",
            accepted="a SQL store, such as sqlite:///path",
        )

    def listen(self) -> Listening:
        """Return what never wakes: nobody else sees this memory."""
        return NEVER

    def close(self) -> None:
        """Do nothing: there is nothing to give back."""

    def _is_committed(self, decision: Decision) -> bool:
        try:
            self.commit(decision)
        except Conflict:
            return False
        return True

    def _due_effects(self, now: datetime) -> list[Queued]:
        return [it for it in self._in_order(self._waiting) if (it.next_at or now) <= now]

    def _check(self, decision: Decision, receipt: KeptReceipt | None) -> None:
        case, expected = decision.case, decision.case.revision - 1
        if isinstance(decision.entry.input, Opened):
            first = self._cases.get(case.id) or self._referred(case.reference)
            if first is not None:
                raise Conflict(first.id, expected=expected, found=first.revision)
        else:
            stored = self._cases.get(case.id)
            found = stored.revision if stored else 0
            if stored is None or found != expected:
                raise Conflict(case.id, expected=expected, found=found)
        if receipt is not None:
            used = self._receipts.get((receipt.scope, receipt.key))
            if used is not None:
                raise Conflict(used.case_id, expected=expected, found=used.revision)
        self._check_new(decision.effects)

    def _check_new(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if effect.id in self._outbox:
                raise StoreError(URL, f"effect {effect.id!r} was queued before")

    def _keep(self, decision: Decision, receipt: KeptReceipt | None) -> None:
        case, entry = decision.case, decision.entry
        if case.receipt is not None:
            case = case._replace(receipt=None)
        self._cases[case.id] = case
        self._due.put(case.id, next_due_of(case))
        self._stalled.pop(case.id, None)
        if case.reference is not None:
            self._by_reference[case.reference] = case.id
        self._journals.setdefault(case.id, []).append(entry)
        self._chain(case, entry)
        for effect in decision.effects:
            self._queue(effect, case.id, entry.at)
        if receipt is not None:
            kept = replace(receipt, payload=FrozenMap(receipt.payload))
            self._receipts[receipt.scope, receipt.key] = kept

    def _queue(self, effect: Effect, case_id: str, at: datetime) -> None:
        self._positions[effect.id] = len(self._positions)
        self._effects_of.setdefault(case_id, []).append(effect.id)
        self._put(Queued(effect, case_id, at))

    def _put(self, queued: Queued) -> None:
        effect_id = queued.effect.id
        self._outbox[effect_id] = queued
        for status, ids in (("waiting", self._waiting), ("parked", self._parked)):
            (ids.add if queued.status == status else ids.discard)(effect_id)

    def _in_order(self, effect_ids: set[str]) -> list[Queued]:
        return [self._outbox[it] for it in sorted(effect_ids, key=self._positions.__getitem__)]

    def _candidates(self, wanted: CaseFilter) -> Iterable[Case]:
        if wanted.reference is None:
            return self._cases.values()
        case = self._referred(wanted.reference)
        return () if case is None else (case,)

    def _referred(self, reference: str | None) -> Case | None:
        case_id = None if reference is None else self._by_reference.get(reference)
        return None if case_id is None else self._cases[case_id]
