"""Delivers what was committed: in order, at least once, again later, and at last parked."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from escalation_engine.core import Act, Digest, Effect, Notify
from escalation_engine.errors import BadInput, CallerError, HostError
from escalation_engine.runtime.attempt import PROBLEM_CHARACTERS, Delivered, Failed, told
from escalation_engine.runtime.claiming import Claim
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.delivery import Delivery
from escalation_engine.runtime.lost import DefinitionLost
from escalation_engine.runtime.retry import RetryPolicy
from escalation_engine.store.protocol import Queued, Store

__all__ = ["Outbox", "Ticked"]

_BATCH = 20
_WHILE_GIVING_UP = timedelta(minutes=1)

_LOG = logging.getLogger("escalation_engine.runtime")


class Ticked(NamedTuple):
    """What a tick did: how many effects it `delivered`, how many timers and the like it `fired`.

    What `failed` of either is tried again later, what is `parked` waits for a person.
    """

    delivered: int = 0
    failed: int = 0
    parked: int = 0
    fired: int = 0


class Outbox:
    """Effects on their way out of the engine."""

    def __init__(
        self, store: Store, delivery: Delivery, *, retries: RetryPolicy, clock: Clock
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._retries = retries
        self._clock = clock

    def tick(self, limit: int) -> Ticked:
        """Deliver what is due, and what comes to be due by that, up to `limit` attempts.

        The effects of one case are claimed together, so that nobody else overtakes in their order.
        """
        ended: list[str] = []
        left = limit
        while left > 0:
            with Claim(self._store, self._clock, lease=self._retries.lease) as claim:
                batch = claim.effects(self._clock.now(), min(left, _BATCH))
                if not batch:
                    break
                for queued in batch:
                    claim.keep()
                    after = self._attempt(queued)
                    is_settled = self._settle(after, since=queued)
                    if after.attempts != queued.attempts:  # else it waits for its turn
                        ended += [after.status] if is_settled else []
                        left -= 1
        return Ticked(ended.count("delivered"), ended.count("waiting"), ended.count("parked"))

    def retry(self, effect_id: str) -> None:
        """Let a parked effect be tried again, with as many attempts as a new one."""
        for queued in self._store.parked():
            if queued.effect.id == effect_id:
                again = replace(queued, status="waiting", attempts=0, next_at=self._clock.now())
                self._store.settle(again, since=queued)
                return
        raise BadInput(
            "effect_id",
            f"{effect_id!r} is not parked",
            accepted="an id out of parked() or stalled()",
        )

    def _attempt(self, queued: Queued) -> Queued:
        """Return the effect as it stands after an attempt, or after waiting for its turn."""
        if (held_until := self._held_until(queued)) is not None:
            return replace(queued, next_at=held_until)
        outcome = self._delivery.deliver(queued)
        tried = replace(queued, attempts=queued.attempts + 1, next_at=None, problem=outcome.problem)
        match outcome:
            case Delivered():
                return replace(tried, status="delivered")
            case Failed(is_hopeless=True):
                return replace(tried, status="parked")
        wait = self._retries.wait_after(tried.attempts)
        if wait is None:
            return replace(tried, status="parked")
        return replace(tried, next_at=self._clock.now() + wait)

    def _held_until(self, queued: Queued) -> datetime | None:
        """Return when an earlier effect of the same case and handler is tried again.

        Digests wait for none: each is whole by itself.
        """
        if isinstance(queued.effect, Digest):
            return None
        for earlier in self._store.outbox(queued.case_id):
            if earlier.effect.id == queued.effect.id:
                return None
            is_waiting = earlier.status == "waiting" and earlier.attempts > 0
            if is_waiting and _handler_of(earlier.effect) == _handler_of(queued.effect):
                return earlier.next_at
        return None

    def _settle(self, after: Queued, *, since: Queued) -> bool:
        """Keep how an attempt went, unless another tick was first; return whether it was kept."""
        if after.status != "parked":
            return self._store.settle(after, since=since)
        # Claimed first, so that of two ticks one sends the failed event, and only for what nobody
        # delivered; still waiting, so that after a crash in between it is sent by a later tick.
        claimed = replace(after, status="waiting", next_at=self._clock.now() + _WHILE_GIVING_UP)
        if not self._store.settle(claimed, since=since):
            return False
        return self._store.settle(self._given_up(after), since=claimed)

    def _given_up(self, queued: Queued) -> Queued:
        problem = queued.problem
        try:
            self._delivery.give_up(queued, problem)
        except (CallerError, HostError, DefinitionLost) as error:
            problem = f"{problem}; its failed event was not sent: {told(error)}"
        _LOG.warning(
            "effect_parked case=%s effect=%s kind=%s attempts=%d",
            queued.case_id,
            queued.effect.id,
            type(queued.effect).__name__,
            queued.attempts,
        )
        return replace(queued, problem=problem[:PROBLEM_CHARACTERS])


def _handler_of(effect: Effect) -> tuple[str, str]:
    """Return what keeps its order; for messages a recipient, as one of them may be unreachable."""
    match effect:
        case Act(name=name):
            return "act", name
        case Notify(recipient=recipient):
            return "notify", recipient
    return type(effect).__name__, ""
