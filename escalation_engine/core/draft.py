"""The working copy of one decision: a case that is being changed, and the record of how.

It lives inside `decide` and is never seen outside; what it copies, it copies on the first write.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from escalation_engine.calendar import Calendar, Edition, is_open
from escalation_engine.chart.body_model import Extend
from escalation_engine.chart.model import ENGINE, Chart, MomentKind
from escalation_engine.core.case import Answered, Case, Holder, Task
from escalation_engine.core.decision import (
    Answer,
    Answers,
    Decision,
    Entry,
    GuardQuestion,
    InstantQuestion,
    Question,
    Step,
    TaskChange,
    Verdict,
)
from escalation_engine.core.effect import Effect
from escalation_engine.core.input import Actor, Input, Opened, Recorded, Sent
from escalation_engine.core.plan import Plan
from escalation_engine.core.value import EMPTY, FrozenMap
from escalation_engine.core.watch import Cycle, Owed, TimeChange, Watch
from escalation_engine.errors import Reason

__all__ = ["ENGINE_ACTOR", "SILENCE", "Draft", "Refused", "Said", "Unanswered"]

Said = Opened | Sent | Recorded
"""Who speaks in a microstep, by which channel, with what note and evidence."""

ENGINE_ACTOR = Actor(ENGINE, {ENGINE})
SILENCE = Sent("", ENGINE_ACTOR)
"""What is said when the engine acts of its own accord."""


class Unanswered(Exception):
    """The host has to answer a question first. Never leaves `decide`."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question


class Refused(Exception):
    """The input cannot be accepted. Never leaves `decide`."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(reasons)
        self.reasons = reasons


class Draft:
    """A case under decision. It answers conditions as `Facts`."""

    # What most decisions leave as it is stands here once, not in each draft.
    answered: tuple[tuple[str, str, str], ...] = ()
    armed_in = "instants"
    asked: tuple[Reason, ...] = ()
    count_changes: Mapping[str, tuple[int, int]] = EMPTY
    data_changes: Mapping[str, tuple[object, object]] = EMPTY
    clocks: Mapping[str, Watch] = EMPTY
    cycles: Mapping[str, tuple[Cycle, ...]] = EMPTY
    duties: Mapping[str, Owed] = EMPTY
    effects: tuple[Effect, ...] = ()
    extensions: tuple[Extend, ...] = ()
    happened: tuple[tuple[MomentKind, str], ...] = ()
    microstep = 0
    queue: tuple[str, ...] = ()
    slot_changes: Mapping[str, tuple[tuple[Holder, ...], tuple[Holder, ...]]] = EMPTY
    serial = 0
    steps: tuple[Step, ...] = ()
    task_changes: tuple[TaskChange, ...] = ()
    timed_data: Mapping[str, Any] = EMPTY
    timers: Mapping[str, Watch] = EMPTY
    timing: tuple[TimeChange, ...] = ()
    visibility = "internal"

    def __init__(
        self,
        plan: Plan,
        case: Case,
        input: Input,
        *,
        said: Said,
        now: datetime,
        given: Answers,
        edition: Edition | None,
    ) -> None:
        self.plan = plan
        self.chart: Chart = plan.chart
        self.before = case
        self.input = input
        self.said = said
        self.now = now
        self.given = given
        self.dates = edition
        self.edition: str = case.edition
        self.answers: dict[Question, Answer] = {}
        self.states: Mapping[str, str] = case.states
        self.data: Mapping[str, Any] = case.data
        self.slots: Mapping[str, tuple[Holder, ...]] = case.slots
        self.counts: Mapping[str, int] = case.counts
        self.checklists: Mapping[str, Mapping[str, Answered]] = case.checklists
        self.previous: Mapping[str, tuple[Holder, ...]] = case.previous
        self.counted: Mapping[str, tuple[str, ...]] = case.counted
        self.remembered: Mapping[str, str] = case.remembered
        self.tasks: Mapping[str, tuple[Task, ...]] = case.tasks
        self.told: tuple[Holder, ...] = case.told
        self.outcome: str | None = case.outcome
        if plan.has_time:
            self.timers = case.timers
            self.clocks = case.clocks
            self.cycles = case.cycles
            self.duties = case.duties
            self.timed_data = case.data

    # What conditions ask.

    @property
    def channel(self) -> str | None:
        """The channel by which this microstep's event came; None where the engine acts."""
        return self.said.channel

    def guard(self, name: str) -> bool:
        """Return the host's answer in this microstep; raises Unanswered where there is none."""
        question = self.plan.guard_questions[name]
        if self.microstep:
            question = GuardQuestion(self.microstep, name)
        answer = self.given.get(question)
        if answer is None:
            raise Unanswered(question)
        self.answers[question] = answer
        return answer[0]  # type: ignore[return-value]  # a guard is answered with a verdict

    def verdict(self, name: str) -> Verdict:
        """Return the host's answer with its reason, and keep it for the journal."""
        self.guard(name)
        question = GuardQuestion(self.microstep, name)
        return self.answers[question]  # type: ignore[return-value]  # answered just now

    def sender_is(self, name: str) -> bool:
        """Return whether the sender has a role, holds a slot, or stands on a side."""
        passing = self.plan.people(name)
        return self.passes(passing.roles, passing.slots, engine=passing.engine)

    def is_in(self, state: str) -> bool:
        """Return whether `TRACK.PATH` is active."""
        track, _, path = state.partition(".")
        leaf = self.states.get(track, "")
        return leaf == path or leaf.startswith(f"{path}.")

    def is_during(self, calendar: str) -> bool | None:
        """Return whether a calendar counts this moment, as the journal has it; None: unknown."""
        if calendar not in self.chart.calendars:
            return None
        question = InstantQuestion(self.microstep, calendar, 0, "during")
        answer = self.given.get(question)
        if answer is None:
            answer = Verdict(is_open(self.calendar(calendar), self.now))
        self.answers[question] = answer
        return bool(answer[0])

    def calendar(self, name: str) -> Calendar:
        """Return a calendar on the dates that this decision counts on."""
        return self.plan.timetable.calendar(name, self.dates)

    def is_event(self, name: str) -> bool:
        """Return whether the input is this event."""
        return getattr(self.input, "event", None) == name

    def happens(self, _moment: str, /) -> bool:
        """Return False: moments are for promises, which look at a decision from outside."""
        return False

    def passes(self, roles: frozenset[str], slots: frozenset[str], *, engine: bool) -> bool:
        """Return whether the sender has one of the roles, or holds one of the slots.

        Whoever holds a slot for a role, as its alternate too, passes for that role on this case.
        """
        sender = self.said.by
        if sender.id == ENGINE:
            return engine
        if not roles.isdisjoint(sender.roles):
            return True
        for slot, holders in self.slots.items():
            for role, person, _ in holders:
                if person == sender.id:
                    if slot in slots or role in roles:
                        return True
                elif person is None and slot in slots and role in sender.roles:
                    return True
        return False

    # What changes.

    def set_data(self, name: str, value: object) -> None:
        """Set a field, or unset it with None."""
        old = self.data.get(name)
        if old == value and type(old) is type(value):
            return
        data = {**self.data, name: value}
        if value is None:
            del data[name]
        self.data = FrozenMap(data)
        first = self.data_changes.get(name, (old,))[0]
        self.data_changes = FrozenMap({**self.data_changes, name: (first, value)})

    def set_holders(self, slot: str, holders: tuple[Holder, ...]) -> bool:
        """Give a slot to other holders; return whether that changed anything."""
        old = self.slots.get(slot, ())
        if old == holders:
            return False
        if slot in self.slots:
            self.previous = FrozenMap({**self.previous, slot: old})
        self.slots = FrozenMap({**self.slots, slot: holders})
        first = self.slot_changes.get(slot, (old,))[0]
        self.slot_changes = FrozenMap({**self.slot_changes, slot: (first, holders)})
        return True

    def set_count(self, name: str, value: int) -> None:
        """Set a count."""
        old = self.counts.get(name, 0)
        if old != value:
            self.counts = FrozenMap({**self.counts, name: value})
            first = self.count_changes.get(name, (old,))[0]
            self.count_changes = FrozenMap({**self.count_changes, name: (first, value)})

    def next_effect_id(self) -> str:
        """The id of the next effect: the same whenever the same decision is taken again."""
        return f"{self.before.id}:{self.before.revision + 1}:{len(self.effects) + 1}"

    def case(self) -> Case:
        """The case as it stands in this draft."""
        before = self.before
        return Case(
            before.identity,
            before.revision + 1,
            self.now,
            self.states,
            self.data,
            self.slots,
            self.previous,
            self.counts,
            self.counted,
            self.checklists,
            self.remembered,
            self.told,
            self.timers,
            self.clocks,
            self.cycles,
            self.duties,
            self.tasks,
            self.outcome,
            self.edition,
        )

    def decision(self, problem: str = "") -> Decision:
        """The decision that this draft has come to."""
        case = self.case()
        effects = self.effects
        entry = Entry(
            case.identity.id,
            case.revision,
            self.now,
            self.input,
            FrozenMap(self.answers) if self.answers else EMPTY,
            self.steps,
            self.data_changes,
            self.slot_changes,
            self.count_changes,
            self.answered,
            self.asked,
            tuple([effect.id for effect in effects]) if effects else (),
            case.states,
            self.visibility,
            case.outcome,
            problem,
            self.timing,
            self.task_changes,
        )
        return Decision(case, entry, effects)
