"""The part of the memory store by which threads share what there is to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from threading import Lock

from escalation_engine.core.case import Case
from escalation_engine.store.due import DueQueue
from escalation_engine.store.protocol import Queued

__all__ = ["MemoryClaims"]

Claims = dict[str, tuple[str, datetime]]


class MemoryClaims:
    """Claims by what is claimed: worker, and until when. One lock makes each method whole."""

    _lock: Lock
    _cases: dict[str, Case]
    _due: DueQueue

    def __init__(self) -> None:
        super().__init__()
        self._firing: Claims = {}
        self._delivery: Claims = {}

    def claim_cases(
        self, now: datetime, limit: int, *, worker: str, lease: timedelta
    ) -> Sequence[Case]:
        """Claim cases in which something is due at `now`, earliest first, and return them."""
        with self._lock:
            names = self._due.until(now, limit + len(self._firing))
            free = [name for name in names if _is_free(self._firing, name, now)][:limit]
            _claim(self._firing, free, worker, now + lease)
            return [self._cases[name] for name in free]

    def claim_effects(
        self, now: datetime, limit: int, *, worker: str, lease: timedelta
    ) -> Sequence[Queued]:
        """Claim the delivery for cases, and return their effects to be delivered now, in order."""
        with self._lock:
            due = [it for it in self._due_effects(now) if _is_free(self._delivery, it.case_id, now)]
            _claim(self._delivery, (it.case_id for it in due[:limit]), worker, now + lease)
            return due[:limit]

    def renew_claims(self, worker: str, *, now: datetime, lease: timedelta) -> None:
        """Let a worker's claims last for another lease."""
        with self._lock:
            for claims in (self._firing, self._delivery):
                mine = [name for name, (by, _) in claims.items() if by == worker]
                _claim(claims, mine, worker, now + lease)

    def give_back(self, worker: str) -> None:
        """End a worker's claims, so that others may have them at once."""
        with self._lock:
            for claims in (self._firing, self._delivery):
                for name in [name for name, (by, _) in claims.items() if by == worker]:
                    del claims[name]

    def _due_effects(self, now: datetime) -> list[Queued]:
        raise NotImplementedError


def _is_free(claims: Claims, name: str, now: datetime) -> bool:
    return name not in claims or claims[name][1] <= now


def _claim(claims: Claims, names: Iterable[str], worker: str, until: datetime) -> None:
    claims.update((name, (worker, until)) for name in list(names))
