"""Everything that can happen to a case: a closed union of inputs, and the actor behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from escalation_engine.core.value import EMPTY
from escalation_engine.errors import BadInput

__all__ = [
    "Actor",
    "Corrected",
    "Due",
    "Forgotten",
    "Fulfilled",
    "Input",
    "Migrated",
    "Noted",
    "Opened",
    "Recalculated",
    "Recorded",
    "Reported",
    "Sent",
    "TaskChanged",
]


@dataclass(frozen=True, slots=True, init=False)
class Actor:
    """Who acts: an id and the roles that the host vouches for."""

    id: str
    roles: frozenset[str]

    def __init__(self, id: str, roles: Iterable[str] = ()) -> None:
        """Raise BadInput for roles that are no names."""
        given: object = (roles,) if isinstance(roles, str) else roles
        if not isinstance(given, Iterable) or not all(isinstance(it, str) for it in (*given,)):
            problem = f"a {type(roles).__name__} does not name roles"
            raise BadInput("roles", problem, accepted="names of roles, such as {'service_desk'}")
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "roles", frozenset(given))


@dataclass(frozen=True, slots=True)
class Opened:
    """A case comes to exist by an opening event. `edition` names the dates that it counts on."""

    event: str
    by: Actor
    data: Mapping[str, object] = EMPTY
    note: str | None = None
    channel: str | None = None
    evidence: str | None = None
    on_behalf_of: str | None = None
    occurred_at: datetime | None = None
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """An event is sent to a case. `occurred_at` says when a fact happened that is entered late."""

    event: str
    by: Actor
    data: Mapping[str, object] = EMPTY
    note: str | None = None
    channel: str | None = None
    evidence: str | None = None
    on_behalf_of: str | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Facts or checklist answers are recorded without an event.

    `checklists` maps checklist to item to (answer, reason or None).
    """

    by: Actor
    data: Mapping[str, object] = EMPTY
    checklists: Mapping[str, Mapping[str, tuple[str, str | None]]] = EMPTY
    note: str | None = None
    channel: str | None = None
    evidence: str | None = None
    on_behalf_of: str | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """Somebody writes a note, a condition or a decision into the journal."""

    by: Actor
    text: str
    kind: str = "note"
    visibility: str = "internal"
    channel: str | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of an effect: an event that its handler reports, or an attempt at a contact."""

    effect_id: str
    event: str | None = None
    outcome: str = "done"
    recipient: str | None = None
    channel: str | None = None
    address: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """Somebody moves a stuck case by hand; no gate is asked, the reason is kept."""

    by: Actor
    to: str
    track: str
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something has fallen due: a threshold of a timer, clock or duty.

    `kind` is timer, clock or duty, `key` its key in the case, `label` a mark or `due`. What was
    armed anew since then has another `token`, and the firing is stale.
    """

    kind: str
    key: str
    token: str
    label: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """Somebody has done what a duty owes."""

    duty: str
    by: Actor
    data: Mapping[str, object] = EMPTY
    note: str | None = None
    channel: str | None = None
    evidence: str | None = None
    on_behalf_of: str | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A task of the list `tasks` is added, finished, reopened or given to another owner (`what`).

    `number` says which; a new one brings its `text`.
    """

    tasks: str
    what: str
    by: Actor
    number: int = 0
    text: str | None = None
    owner: str | None = None
    note: str | None = None
    channel: str | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recalculated:
    """Everything that is armed is computed anew; old and new are kept.

    `edition` names the dates that the case counts on from here; empty: those that it had.
    """

    by: Actor
    reason: str
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Somebody has words and data of a case deleted, for good: those of `fields`, or everything.

    `left` maps the revision of each entry of which something was forgotten to a digest of what is
    left to see of that.
    """

    by: Actor
    reason: str
    everything: bool = False
    while_open: bool = False
    fields: tuple[str, ...] = ()
    left: Mapping[str, str] = EMPTY


@dataclass(frozen=True, slots=True)
class Migrated:
    """A case comes to stand on another definition of its process.

    `states` has its leaf in each track of the new one, `remembered` what ways back lead to there.
    `names` has a mapping from old to new for data, roles, slots, counts, checklists and tasks;
    what is left out is dropped. `timing` maps `timer KEY`, `clock NAME`, `duty NAME` to the new
    key, how its time is carried over, and the amount that is left, where that counts. `arms` are
    timers that begin now; `edition` names the dates that the case counts on from here.
    """

    by: Actor
    reason: str
    definition: str
    version: int
    was: str
    was_version: int
    states: Mapping[str, str] = EMPTY
    remembered: Mapping[str, str] = EMPTY
    names: Mapping[str, Mapping[str, str]] = EMPTY
    timing: Mapping[str, tuple[str, str, str]] = EMPTY
    arms: tuple[str, ...] = ()
    edition: str = ""


Input = (
    Opened
    | Sent
    | Recorded
    | Noted
    | Reported
    | Corrected
    | Due
    | Fulfilled
    | TaskChanged
    | Recalculated
    | Forgotten
    | Migrated
)
