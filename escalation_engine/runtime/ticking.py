"""A tick: what has fallen due is fired, case by case, and then what waits outside is delivered."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from escalation_engine.core import Case, Due
from escalation_engine.errors import BadInput, CallerError, Conflict, HostError
from escalation_engine.runtime.attempt import PROBLEM_CHARACTERS, told
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.deciding import TRIES
from escalation_engine.runtime.digests import Digests
from escalation_engine.runtime.edge import checked_string
from escalation_engine.runtime.falling_due import FallingDue
from escalation_engine.runtime.lost import DefinitionLost
from escalation_engine.runtime.observing import has_ticked
from escalation_engine.runtime.outbox import Outbox, Ticked
from escalation_engine.runtime.retry import RetryPolicy
from escalation_engine.store.protocol import Stalled, Store

__all__ = ["Ticking"]

_LOG = logging.getLogger("escalation_engine.runtime")


class _Fired(NamedTuple):
    """How many firings of a case went well, and how a failure behind them was left."""

    fired: int = 0
    failed: int = 0
    parked: int = 0


class Ticking:
    """Does what is due. Any number of threads and processes may do so at once.

    Each firing is a compare-and-set on the case, so that of several the first wins; the others
    read the case again and find it done.
    """

    def __init__(
        self,
        store: Store,
        falling_due: FallingDue,
        outbox: Outbox,
        digests: Digests,
        *,
        retries: RetryPolicy,
        clock: Clock,
    ) -> None:
        self._store = store
        self._falling_due = falling_due
        self._outbox = outbox
        self._digests = digests
        self._retries = retries
        self._clock = clock
        self._is_ticking = ContextVar("is_ticking", default=False)

    def tick(self, limit: int) -> Ticked:
        """Fire what is due in cases, then digests, up to `limit` firings; deliver up to `limit`."""
        if self._is_ticking.get():
            raise BadInput("tick", "what a tick calls in the host cannot tick itself")
        token = self._is_ticking.set(True)
        try:
            now = self._clock.now()
            fired = self._fire(limit)
            sent = self._digests.tick(limit - fired.fired, now=now)
            delivered, failed, parked, _ = self._outbox.tick(limit)
            has_ticked(now)
        finally:
            self._is_ticking.reset(token)
        return Ticked(
            delivered,
            failed + fired.failed + sent.failed,
            parked + fired.parked,
            fired.fired + sent.fired,
        )

    def retry(self, name: str) -> None:
        """Let be tried again what failed: a parked effect, what stalled in a case, or a digest."""
        name = checked_string("name", name)
        for stalled in self._store.stalled(name):
            self._store.postpone(replace(stalled, attempts=0, next_at=self._clock.now()))
            return
        if not self._digests.retry(name):
            self._outbox.retry(name)

    def _fire(self, limit: int) -> _Fired:
        total, left = _Fired(), limit
        while left > 0:
            now = self._clock.now()
            before = total
            for case_id in self._store.due_cases(now, left):
                fired = self._fire_case(case_id, now, left)
                total = _Fired(*(sum(pair) for pair in zip(total, fired, strict=True)))
                left -= fired.fired
                if left <= 0:
                    break
            if total == before:  # nothing was due, or somebody else has fired it
                break
        return total

    def _fire_case(self, case_id: str, now: datetime, limit: int) -> _Fired:
        count = conflicts = 0
        case = self._store.load(case_id)
        while case is not None and count < limit:
            due = None
            try:
                due = self._falling_due.next(case)
                if due is None or due.due_at > now:
                    break
                case = self._falling_due.fire(case, due, now=now)
                count += 1
            except Conflict:
                conflicts += 1
                if conflicts == TRIES:  # it is due still: the next tick comes back to it
                    break
                case = self._store.load(case_id)
            except (CallerError, HostError, DefinitionLost) as error:
                stalled = self._stall(case, due, error)
                return _Fired(count, int(stalled.next_at is not None), int(stalled.next_at is None))
        return _Fired(count)

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
