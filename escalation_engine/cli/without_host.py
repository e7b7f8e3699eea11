"""A store seen by a worker without hooks: time acts, and what needs the host is left as it is.

Left alone, nothing uses up its attempts: a worker with `--hooks` finds all of it untouched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from escalation_engine.core import Case
from escalation_engine.store.protocol import Queued, Stalled, Store

__all__ = ["WithoutHost"]

_COUNTED = 1_000


class WithoutHost:
    """Delivers nothing, and passes over cases in which a firing asks the host."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._left: dict[str, int] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def claim_effects(self, _now: datetime, _limit: int, **_claim: object) -> Sequence[Queued]:
        """Return nothing: without hooks nothing goes out."""
        return []

    def claim_cases(
        self, now: datetime, limit: int, *, worker: str, lease: timedelta
    ) -> Sequence[Case]:
        """Claim cases in which something is due, and return those in which it can be done here."""
        limit += len(self._left)
        found = self._store.claim_cases(now, limit, worker=worker, lease=lease)
        able = [case for case in found if not self._is_left(case.id)]
        if found and not able:
            self._store.give_back(worker)
        return able

    def postpone(self, stalled: Stalled) -> None:
        """Pass over a case until it has moved on; its attempts are for those who have hooks."""
        self._left[stalled.case_id] = stalled.revision

    def next_due(self) -> datetime | None:
        """Return nothing: what waits first may be what is left. The worker looks now and then."""
        return None

    def left(self, now: datetime) -> tuple[int, int]:
        """Return how many effects and cases wait for hooks now, a thousand effects at most."""
        cases = sum(map(self._is_left, list(self._left)))
        return len(self._store.waiting(now, _COUNTED)), cases

    def _is_left(self, case_id: str) -> bool:
        if case_id not in self._left:
            return False
        case = self._store.load(case_id)
        if case is not None and case.revision == self._left[case_id]:
            return True
        del self._left[case_id]
        return False
