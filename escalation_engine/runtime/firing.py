"""Fires what has fallen due, in batches: cases are claimed, decided on, and written together."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from escalation_engine.core import Case, Decision, Due
from escalation_engine.errors import CallerError, HostError
from escalation_engine.runtime.asking import Asking
from escalation_engine.runtime.attempt import PROBLEM_CHARACTERS, told
from escalation_engine.runtime.claiming import Claim
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.deciding import TRIES
from escalation_engine.runtime.falling_due import FallingDue
from escalation_engine.runtime.lost import DefinitionLost
from escalation_engine.runtime.retry import RetryPolicy
from escalation_engine.store.protocol import Stalled, Store

__all__ = ["Fired", "Firing"]

_BATCH = 100

_LOG = logging.getLogger("escalation_engine.runtime")


class Fired(NamedTuple):
    """How many firings went well, and how failures behind them were left."""

    fired: int = 0
    failed: int = 0
    parked: int = 0

    def plus(self, other: Fired) -> Fired:
        """Return the sum of both."""
        return Fired(*(sum(pair) for pair in zip(self, other, strict=True)))


class Firing:
    """Does what is due in cases. Any number of threads and processes may do so at once.

    A claim keeps others from deciding on the same; each firing is a compare-and-set all the same,
    so that a person who acts meanwhile wins, and the case is read again.
    """

    def __init__(self, store: Store, asking: Asking, *, retries: RetryPolicy, clock: Clock) -> None:
        self._store = store
        self._falling_due = FallingDue(store, asking)
        self._retries = retries
        self._clock = clock

    def fire(self, limit: int) -> Fired:
        """Fire what is due now and what comes to be due by that, up to `limit` firings."""
        total = Fired()
        while total.fired < limit:
            done = self._fire_some(limit - total.fired)
            total = total.plus(done)
            if not any(done):  # nothing was due, or somebody else does it
                break
        return total

    def retry(self, case_id: str) -> bool:
        """Let what stalled in a case be tried again now; False where nothing has."""
        for stalled in self._store.stalled(case_id):
            self._store.postpone(replace(stalled, attempts=0, next_at=self._clock.now()))
            return True
        return False

    def _fire_some(self, limit: int) -> Fired:
        with Claim(self._store, self._clock, lease=self._retries.lease) as claim:
            now = self._clock.now()
            cases = claim.cases(now, min(limit, _BATCH))
            return self._fire_all(cases, claim, now, limit)

    def _fire_all(self, cases: Sequence[Case], claim: Claim, now: datetime, limit: int) -> Fired:
        """Fire one threshold of each case at a time, until nothing is due in any of them."""
        total, conflicts = Fired(), Counter[str]()
        while cases and total.fired < limit:
            claim.keep()
            decisions: list[Decision] = []
            for case in cases[: limit - total.fired]:
                decided = self._decide(case, now)
                if isinstance(decided, Decision):
                    decisions.append(decided)
                elif decided is not None:
                    gone = decided.next_at is None
                    total = total.plus(Fired(0, int(not gone), int(gone)))
            are_written = self._store.commit_all(decisions)
            total = total.plus(Fired(sum(are_written)))
            cases = list(self._next(decisions, are_written, conflicts))
        return total

    def _next(
        self, decisions: Sequence[Decision], are_written: Sequence[bool], conflicts: Counter[str]
    ) -> Iterator[Case]:
        """Yield the cases as they stand now; one that others keep changing is left to them."""
        for decision, is_written in zip(decisions, are_written, strict=True):
            case: Case | None = decision.case
            if not is_written:
                conflicts[decision.case.id] += 1
                if conflicts[decision.case.id] == TRIES:  # it is due still: the next tick comes
                    continue
                case = self._store.load(decision.case.id)
            if case is not None:
                yield case

    def _decide(self, case: Case, now: datetime) -> Decision | Stalled | None:
        """Return the next firing's decision, how it stalled, or None where nothing is due."""
        due = None
        try:
            due = self._falling_due.next(case)
            if due is None or due.due_at > now:
                return None
            return self._falling_due.decide(case, due, now=now)
        except (CallerError, HostError, DefinitionLost) as error:
            return self._stall(case, due, error)

    def _stall(self, case: Case, due: Due | None, error: Exception) -> Stalled:
        """Put a firing off, longer each time, and at last until a person looks at it."""
        earlier = [it for it in self._store.stalled(case.id) if it.revision == case.revision]
        attempts = 1 + sum(it.attempts for it in earlier)
        wait = self._retries.wait_after(attempts)
        what = f"{due.kind} {due.key} ({due.label}): " if due else ""
        problem = f"{what}{told(error)}"[:PROBLEM_CHARACTERS]
        next_at = None if wait is None else self._clock.now() + wait
        stalled = Stalled(case.id, case.revision, attempts, next_at, problem)
        self._store.postpone(stalled)
        if next_at is None:
            _LOG.warning(
                "firing_parked case=%s kind=%s key=%s attempts=%d",
                case.id,
                due.kind if due else "definition",
                due.key if due else case.identity.definition,
                attempts,
            )
        return stalled
