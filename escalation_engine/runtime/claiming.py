"""A claim of this process on some cases, for as long as it works on them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from escalation_engine.core import Case
from escalation_engine.errors import StoreError
from escalation_engine.runtime.clock import Clock
from escalation_engine.store.protocol import Queued, Store

__all__ = ["Claim"]


class Claim:
    """What is claimed by this name is given back at the end, or runs out where the process dies."""

    def __init__(self, store: Store, clock: Clock, *, lease: timedelta) -> None:
        self.worker = uuid4().hex
        self.lease = lease
        self.is_used = False
        self._store = store
        self._clock = clock
        self._since = clock.now()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.is_used:
            with suppress(StoreError):  # it is lost, then: the lease ends by itself
                self._store.give_back(self.worker)

    def cases(self, now: datetime, limit: int) -> Sequence[Case]:
        """Claim cases in which something is due, and return them as they stand."""
        found = self._store.claim_cases(now, limit, worker=self.worker, lease=self.lease)
        self.is_used = bool(found)
        return found

    def effects(self, now: datetime, limit: int) -> Sequence[Queued]:
        """Claim the delivery for cases, and return their effects to be delivered now."""
        found = self._store.claim_effects(now, limit, worker=self.worker, lease=self.lease)
        self.is_used = bool(found)
        return found

    def keep(self) -> None:
        """Renew the lease when half of it is over, before something that may take long."""
        now = self._clock.now()
        if abs(now - self._since) * 2 > self.lease:
            self._store.renew_claims(self.worker, now=now, lease=self.lease)
            self._since = now
