"""A case as a value: what is known of it at one revision. It is never changed, only replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from escalation_engine.core.value import EMPTY
from escalation_engine.core.watch import Cycle, Owed, Watch

__all__ = ["Answered", "Case", "Holder", "Identity", "Receipt", "Task"]


class Holder(NamedTuple):
    """Who holds a slot. `acting` is the alternate role that stands in for `role`, or None."""

    role: str | None
    person: str | None
    acting: str | None = None

    def __str__(self) -> str:
        who = self.person or self.role or "nobody"
        if self.person is None or self.role is None:
            return who
        return (
            f"{who} ({self.role})"
            if self.acting is None
            else f"{who} ({self.acting} for {self.role})"
        )


class Answered(NamedTuple):
    """One answered item of a checklist, with who said so. `at` is an ISO 8601 instant in UTC."""

    answer: str
    by: str
    at: str
    reason: str | None = None
    on_behalf_of: str | None = None
    evidence: str | None = None


class Task(NamedTuple):
    """One task of a list, open until `done_by` says who finished it. Instants are ISO 8601, UTC."""

    number: int
    text: str
    owner: str | None
    by: str
    at: str
    done_by: str | None = None
    done_at: str | None = None

    @property
    def is_done(self) -> bool:
        """Somebody has finished it."""
        return self.done_by is not None


class Receipt(NamedTuple):
    """What a call led to: the journal entry's number, and whether the key had been used before."""

    revision: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """What never changes in a case, shared by all its revisions."""

    id: str
    process: str
    version: int
    definition: str
    opened_at: datetime
    reference: str | None = None
    opener: str | None = None
    reopens: str | None = None
    at_end: Mapping[str, str] = EMPTY


class Case(NamedTuple):
    """A snapshot of a case. (A named tuple, because every decision makes one.)

    `states` maps each track to its leaf, `slots` a slot to its holders (empty: nobody), `previous`
    the holders before, `remembered` a state (`TRACK.PATH`) to the leaf that `back` returns to,
    `tasks` a list to its tasks, `told` who has been told anything so far. `edition` names the dates
    that its calendars count on, empty where it has none. `at` is the latest instant it has lived
    through.
    """

    identity: Identity
    revision: int
    at: datetime
    states: Mapping[str, str]
    data: Mapping[str, object] = EMPTY
    slots: Mapping[str, tuple[Holder, ...]] = EMPTY
    previous: Mapping[str, tuple[Holder, ...]] = EMPTY
    counts: Mapping[str, int] = EMPTY
    counted: Mapping[str, tuple[str, ...]] = EMPTY
    checklists: Mapping[str, Mapping[str, Answered]] = EMPTY
    remembered: Mapping[str, str] = EMPTY
    told: tuple[Holder, ...] = ()
    timers: Mapping[str, Watch] = EMPTY
    clocks: Mapping[str, Watch] = EMPTY
    cycles: Mapping[str, tuple[Cycle, ...]] = EMPTY
    duties: Mapping[str, Owed] = EMPTY
    tasks: Mapping[str, tuple[Task, ...]] = EMPTY
    outcome: str | None = None
    edition: str = ""
    receipt: Receipt | None = None

    def with_receipt(self, receipt: Receipt | None) -> Case:
        """Return the same case with another receipt."""
        return self._replace(receipt=receipt)

    @property
    def id(self) -> str:
        """The name of the case in its store."""
        return self.identity.id

    @property
    def process(self) -> str:
        """The name of its process."""
        return self.identity.process

    @property
    def version(self) -> int:
        """The version of its process, which it keeps for life unless it is migrated."""
        return self.identity.version

    @property
    def reference(self) -> str | None:
        """The host's own name for the case, such as a ticket number."""
        return self.identity.reference

    @property
    def opened_at(self) -> datetime:
        """The instant at which it was opened."""
        return self.identity.opened_at

    @property
    def is_closed(self) -> bool:
        """The main track has ended, with an outcome: nothing leads on from here."""
        return self.outcome is not None

    @property
    def state(self) -> str:
        """The leaf of the main track, as a full path."""
        return next(iter(self.states.values()))
