"""What a decision wants done outside: delivered after commit, at least once, by the effect's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from escalation_engine.core.value import EMPTY

__all__ = ["Act", "Alarm", "Effect", "Notify", "OpenLinked", "TellOpener"]


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


Effect = Act | Notify | Alarm | OpenLinked | TellOpener
