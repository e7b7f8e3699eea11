"""The part of a SQL store by which workers share what there is to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from escalation_engine.core.case import Case
from escalation_engine.core.instant import instant_text
from escalation_engine.store import claim_statements, due_statements, rows, statements
from escalation_engine.store.protocol import Queued
from escalation_engine.store.sql_reading import SqlReading

__all__ = ["SqlClaims"]


class SqlClaims(SqlReading):
    """Claims in batches, each for as long as its lease lasts. A dead worker's run out."""

    def claim_cases(
        self, now: datetime, limit: int, *, worker: str, lease: timedelta
    ) -> Sequence[Case]:
        """Claim cases in which something is due at `now`, earliest first, and return them."""
        with self._connections.reading() as lent:
            if not lent.rows(due_statements.cases_due, now=instant_text(now), limit=1):
                return []  # most often, and then nothing is written
        with self._connections.writing() as lent:
            values = {"now": instant_text(now), "limit": limit, "worker": worker}
            lent.change(claim_statements.claim_cases, values | _times(now, lease))
            found = lent.rows(claim_statements.claimed_cases, **values)
        return [self._case(case_id, text, head) for case_id, text, head in found]

    def claim_effects(
        self, now: datetime, limit: int, *, worker: str, lease: timedelta
    ) -> Sequence[Queued]:
        """Claim the delivery for cases, and return their effects to be delivered now, in order."""
        with self._connections.reading() as lent:
            if not lent.rows(statements.effects_waiting, now=instant_text(now), limit=1):
                return []
        with self._connections.writing() as lent:
            values = {"now": instant_text(now), "limit": limit, "worker": worker}
            lent.change(claim_statements.claim_effects, values | _times(now, lease))
            found = lent.rows(claim_statements.claimed_effects, **values)
        return [self._read(rows.queued_from, row) for row in found]

    def renew_claims(self, worker: str, *, now: datetime, lease: timedelta) -> None:
        """Let a worker's claims last for another lease."""
        with self._connections.writing() as lent:
            lent.change(claim_statements.renew_claims, {"of": worker} | _times(now, lease))

    def give_back(self, worker: str) -> None:
        """End a worker's claims, so that others may have them at once."""
        with self._connections.writing() as lent:
            lent.change(claim_statements.delete_claims, {"of": worker})


def _times(now: datetime, lease: timedelta) -> dict[str, object]:
    """Return the lease as instants of the engine's clock, and as seconds of the database's."""
    return {
        "clock": instant_text(now),
        "until": instant_text(now + lease),
        "seconds": lease.total_seconds(),
    }
