"""What `decide` answers: a decision with its entry, a refusal, or a question for the host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from escalation_engine.core.case import Case, Holder
from escalation_engine.core.effect import Effect
from escalation_engine.core.input import Input
from escalation_engine.core.value import EMPTY
from escalation_engine.core.watch import Threshold, TimeChange
from escalation_engine.errors import Reason

__all__ = [
    "Answer",
    "Answers",
    "Ask",
    "Decision",
    "Entry",
    "Found",
    "GuardQuestion",
    "HolderQuestion",
    "InstantQuestion",
    "Instants",
    "Move",
    "Question",
    "Refusal",
    "Step",
    "TaskChange",
    "Unavailable",
    "Verdict",
]


class Verdict(NamedTuple):
    """A guard's answer with its reason, which a refusal passes on and the journal keeps."""

    yes: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.yes


class Found(NamedTuple):
    """The directory names the person who holds a role now; None: the host has no directory."""

    person: str | None


class Unavailable(NamedTuple):
    """The directory has nobody for a role now."""

    reason: str = ""


class GuardQuestion(NamedTuple):
    """Does this guard say yes, in this microstep (0 is the input itself)?"""

    microstep: int
    guard: str


class HolderQuestion(NamedTuple):
    """Who holds this role now? The case given along has the facts that the role is chosen by."""

    microstep: int
    role: str
    about: str = "holder"  # A guard and a role may share a name; their questions must not be equal.


class InstantQuestion(NamedTuple):
    """When are the thresholds of `key`? The core answers this itself where the journal has not.

    Kept with the entry, so that a replay applies the instants that were armed, whatever calendars
    say by then. `serial` counts within one decision; `about` is misfired where a firing was refused
    and is used up all the same, which is decided in a second attempt.
    """

    microstep: int
    key: str
    serial: int
    about: str = "instants"


class Instants(NamedTuple):
    """The thresholds that were armed, in order."""

    thresholds: tuple[Threshold, ...]


Question = GuardQuestion | HolderQuestion | InstantQuestion
Answer = Verdict | Found | Unavailable | Instants
Answers = Mapping[Question, Answer]


@dataclass(frozen=True, slots=True)
class Ask:
    """The host has to answer first; `case` is as it would be then, with the event's data."""

    question: Question
    case: Case


class Move(NamedTuple):
    """One track's part in a step. `target` equals `source` where the case stays or re-enters."""

    track: str
    source: str
    target: str
    branch: int
    declared_in: str
    reason: str = ""


class Step(NamedTuple):
    """One microstep: `event` is empty for `always`; without moves the event was dropped."""

    event: str
    moves: tuple[Move, ...]


class TaskChange(NamedTuple):
    """One journaled change of a task; `what` is added, finished, reopened, given or taken_away."""

    tasks: str
    number: int
    what: str
    text: str
    owner: str | None


class Entry(NamedTuple):
    """One journal entry: the input, everything the host answered, and everything it changed.

    `data` maps a field to (old, new), `slots` a slot to (old holders, new holders), `counts` a
    count to (old, new), `answered` is (checklist, item, answer), `asked` lists unmet soft gates.
    `left` is the case as a forgetting left it: a replay begins there.
    """

    case_id: str
    revision: int
    at: datetime
    input: Input
    answers: Answers
    steps: tuple[Step, ...] = ()
    data: Mapping[str, tuple[object, object]] = EMPTY
    slots: Mapping[str, tuple[tuple[Holder, ...], tuple[Holder, ...]]] = EMPTY
    counts: Mapping[str, tuple[int, int]] = EMPTY
    answered: tuple[tuple[str, str, str], ...] = ()
    asked: tuple[Reason, ...] = ()
    effects: tuple[str, ...] = ()
    states: Mapping[str, str] = EMPTY
    visibility: str = "internal"
    outcome: str | None = None
    problem: str = ""
    timing: tuple[TimeChange, ...] = ()
    tasks: tuple[TaskChange, ...] = ()
    left: Case | None = None


class Decision(NamedTuple):
    """The next case, the entry that led to it, and what is to be done after commit."""

    case: Case
    entry: Entry
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The input is not accepted; nothing has changed. `accepted` lists what would be."""

    what: str
    where: str
    reasons: tuple[Reason, ...]
    accepted: tuple[str, ...] = ()
