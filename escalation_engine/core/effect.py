"""What a decision wants done outside: delivered after commit, at least once, by the effect's id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from escalation_engine.core.case import Holder
from escalation_engine.core.value import EMPTY

__all__ = [
    "Act",
    "Alarm",
    "Digest",
    "DigestRow",
    "Effect",
    "Notify",
    "OpenLinked",
    "TellOpener",
    "scope_of_digest",
]


class Act(NamedTuple):
    """The host's action `name` is to be performed with `arguments`."""

    id: str
    name: str
    arguments: Mapping[str, object] = EMPTY


class Notify(NamedTuple):
    """Somebody is to be told. `contacts` are (channel, address) in the order to try them.

    `role` and `person` say who; `text`, `subject` and `translations` (language to subject and text)
    are filled in already, with the values of the moment.
    """

    id: str
    recipient: str
    role: str | None
    person: str | None
    message: str
    subject: str
    text: str
    translations: Mapping[str, tuple[str, str]] = EMPTY
    contacts: tuple[tuple[str, str | None], ...] = ()
    visibility: str = "internal"


class Alarm(NamedTuple):
    """Something needs a person's eye, such as a role that nobody can fill."""

    id: str
    kind: str
    subject: str
    text: str


class OpenLinked(NamedTuple):
    """A linked case is to be opened; `at_end` maps its outcomes to the event sent back."""

    id: str
    process: str
    event: str
    data: Mapping[str, object] = EMPTY
    at_end: Mapping[str, str] = EMPTY


class TellOpener(NamedTuple):
    """A linked case has ended; its opener is to be sent `event`."""

    id: str
    case_id: str
    event: str
    outcome: str


class DigestRow(NamedTuple):
    """A case in a digest; what the digest does not show is empty.

    `states` maps each track to its leaf, the main track first. `due` has what is due in the case,
    as (name, instant), earliest first; an instant before the digest's is overdue.
    """

    case_id: str
    reference: str | None = None
    states: Mapping[str, str] = EMPTY
    data: Mapping[str, object] = EMPTY
    due: tuple[tuple[str, datetime], ...] = ()


class Digest(NamedTuple):
    """One holder's list of cases is to be sent by the host's action `send_by`.

    `rows` are the cases as they stood at `due_at`, in order of opening; `shows` says which columns
    are filled. `holder` is None for the cases that nobody holds. `missed` counts the due times
    before this one for which nothing could be sent.
    """

    id: str
    process: str
    name: str
    title: str
    send_by: str
    due_at: datetime
    holder: Holder | None
    rows: tuple[DigestRow, ...]
    shows: tuple[str, ...] = ()
    missed: int = 0


Effect = Act | Notify | Alarm | OpenLinked | TellOpener | Digest


def scope_of_digest(process: str, name: str) -> str:
    """Return what stands where a case's id would: a digest belongs to no case."""
    return f"digest:{process}/{name}"
