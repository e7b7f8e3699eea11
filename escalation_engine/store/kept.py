"""What a store keeps beside a case: effects, refusals, rows as they stand, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from escalation_engine.core.decision import Entry
from escalation_engine.core.effect import Effect
from escalation_engine.errors import Reason

__all__ = ["Columns", "Erasure", "KeptCase", "KeptRefusal", "Queued"]

Columns = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class KeptCase:
    """The columns of a case, of its entries in order, and of what stalled in it.

    `case` is None where entries stand without a case. Nothing is read into values: what was
    changed by hand is seen as it stands.
    """

    case_id: str
    case: Columns | None
    entries: tuple[Columns, ...]
    stalled: Columns | None = None


@dataclass(frozen=True, slots=True)
class KeptRefusal:
    """An input that was refused: kept beside the journal, touching neither case nor revision."""

    case_id: str
    at: datetime
    what: str
    by: str
    where: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Queued:
    """An effect in the outbox. `status` is waiting, delivered or parked.

    `case_id` is `digest:PROCESS/NAME` for a digest, which belongs to no case.
    """

    effect: Effect
    case_id: str
    queued_at: datetime
    status: str = "waiting"
    attempts: int = 0
    next_at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is left of a case, row by row.

    `entries` has each entry of the journal with its proof, `effects` each effect that holds less
    than before, also of digests, `refusals` all refusals of the case.
    """

    entries: tuple[tuple[Entry, Mapping[str, Any]], ...]
    effects: tuple[Queued, ...]
    refusals: tuple[KeptRefusal, ...]
