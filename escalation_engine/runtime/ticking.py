"""A tick: what has fallen due is fired, case by case, and then what waits outside is delivered."""

from __future__ import annotations

import logging
from contextvars import ContextVar

from escalation_engine.errors import BadInput
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.digests import Digests
from escalation_engine.runtime.edge import checked_string
from escalation_engine.runtime.firing import Firing
from escalation_engine.runtime.observing import has_ticked
from escalation_engine.runtime.outbox import Outbox, Ticked

__all__ = ["Ticking"]

_LOG = logging.getLogger("escalation_engine.runtime")


class Ticking:
    """Does what is due. Any number of threads and processes may do so at once."""

    def __init__(
        self,
        firing: Firing,
        outbox: Outbox,
        digests: Digests,
        *,
        clock: Clock,
    ) -> None:
        self._firing = firing
        self._outbox = outbox
        self._digests = digests
        self._clock = clock
        self._is_ticking = ContextVar("is_ticking", default=False)

    def tick(self, limit: int) -> Ticked:
        """Fire what is due in cases, then digests, up to `limit` firings; deliver up to `limit`."""
        if self._is_ticking.get():
            raise BadInput("tick", "what a tick calls in the host cannot tick itself")
        token = self._is_ticking.set(True)
        try:
            now = self._clock.now()
            fired = self._firing.fire(limit)
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
        if self._firing.retry(name):
            return
        if not self._digests.retry(name):
            self._outbox.retry(name)
