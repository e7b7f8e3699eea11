"""Decisions as the store contract commits them: small, whole, and made without a process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from escalation_engine.core.case import Case, Holder, Identity
from escalation_engine.core.decision import Decision, Entry
from escalation_engine.core.effect import Act, Alarm
from escalation_engine.core.input import Actor, Opened, Sent
from escalation_engine.core.value import EMPTY, FrozenMap, freeze
from escalation_engine.core.watch import DUE, Threshold, Watch
from escalation_engine.store.protocol import KeptReceipt

__all__ = ["HOUR", "NOW", "due_at", "held_by", "opened", "receipt_of", "sent"]

NOW = datetime(2026, 6, 11, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANN = Actor("ann", {"service_desk"})


def opened(
    case_id: str = "c-1", *, reference: str | None = None, process: str = "help_desk"
) -> Decision:
    """Return the decision that opens a case, with two effects."""
    identity = Identity(case_id, process, 1, "hash", NOW, reference)
    case = Case(
        identity,
        1,
        NOW,
        FrozenMap({"main": "support.tier1", "care": "idle"}),
        data=freeze({"client": "C-7", "lines": [1, 2.5, None, True], "site": {"town": "Köln"}}),
        slots=FrozenMap(assignee=(Holder("service_desk", "ann"), Holder("tier2", None))),
        counts=FrozenMap(bounces=2),
    )
    effects = (Act(f"{case_id}/1/1", "log"), Alarm(f"{case_id}/1/2", "nobody", "tier2", "Look!"))
    entry = Entry(case_id, 1, NOW, Opened("call", ANN, case.data), EMPTY, effects=(effects[0].id,))
    return Decision(case, entry, effects)


def sent(case: Case, **changes: Any) -> Decision:
    """Return the decision that follows `case`, with one effect."""
    following = case._replace(revision=case.revision + 1, at=case.at + HOUR, **changes)
    effect = Act(f"{case.id}/{following.revision}/1", "log", freeze({"n": following.revision}))
    entry = Entry(case.id, following.revision, following.at, Sent("escalate", ANN), EMPTY)
    return Decision(following, entry, (effect,))


def due_at(at: datetime) -> FrozenMap:
    """Return timers with one that is due at this instant, after a warning in its last hour."""
    pending = (Threshold(at, "75%"), Threshold(at + HOUR, DUE))
    return FrozenMap({"main.support:time_box": Watch("1", NOW, "4 hours", pending)})


def receipt_of(decision: Decision, *, scope: str | None = None) -> KeptReceipt:
    """Return the receipt of the key "mail-1" on the decision's case."""
    case = decision.case
    return KeptReceipt(scope or case.id, "mail-1", case.id, case.revision, {"event": "digest"})


def held_by(name: str) -> FrozenMap:
    """Return slots with one assignee."""
    return FrozenMap(assignee=(Holder(None, name),))
