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


class _UnderWay:
    """A tick. A task that a handler begins keeps the handler's context, and may outlive it."""

    is_on = True


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
        self._under_way: ContextVar[_UnderWay | None] = ContextVar("tick_under_way", default=None)

    def tick(self, limit: int) -> Ticked:
        """Fire what is due in cases, then digests, up to `limit` firings; deliver up to `limit`."""
        if (outer := self._under_way.get()) is not None and outer.is_on:
            raise BadInput("tick", "what a tick calls in the host cannot tick itself")
        this = _UnderWay()
        token = self._under_way.set(this)
        try:
            now = self._clock.now()
            fired = self._firing.fire(limit)
            sent = self._digests.tick(limit - fired.fired, now=now)
            delivered, failed, parked, _ = self._outbox.tick(limit)
            has_ticked(now)
        finally:
            this.is_on = False
            self._under_way.reset(token)
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
