"""A case lived through by local times in London, with everything due fired in between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from escalation_engine.core import (
    Case,
    Decision,
    Due,
    Entry,
    Fulfilled,
    Identity,
    Input,
    Opened,
    Recorded,
    Refusal,
    Sent,
    TimeChange,
    next_firing,
)
from escalation_engine.core.value import EMPTY
from tests.calendar.desk import at
from tests.core.driving import Drive, accepted, ann, drive, replay

LON = """
calendars:
  lon: {timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: GB-ENG}
"""


@dataclass
class Life:
    """A case with its journal. What falls due before an input is fired first, when it is due."""

    desk: Drive
    case: Case
    journal: list[Entry] = field(default_factory=list)
    effects: list[Any] = field(default_factory=list)

    def opens(self, when: str, *, event: str = "open", **data: Any) -> Life:
        """Open the case."""
        identity = replace(self.case.identity, opened_at=at(when))
        self.case = self.case._replace(identity=identity, at=at(when))
        self.take(Opened(event, ann, data), when)
        return self

    def does(self, event: str, when: str, **data: Any) -> Decision:
        """Send an event, which must be accepted."""
        self.until(when, is_inclusive=False)
        return self.take(Sent(event, ann, data), when)

    def records(self, when: str, **data: Any) -> Decision:
        """Record facts."""
        self.until(when, is_inclusive=False)
        return self.take(Recorded(ann, data), when)

    def fulfils(self, duty: str, when: str, **data: Any) -> Decision:
        """Do what a duty owes."""
        self.until(when, is_inclusive=False)
        return self.take(Fulfilled(duty, ann, data), when)

    def refused(self, input: Input, when: str) -> Refusal:
        """Try an input that must be refused."""
        found = self.desk.decide(self.case, input, now=at(when))
        assert isinstance(found, Refusal), found
        return found

    def take(self, input: Input, when: str | datetime) -> Decision:
        """Take an input that must be accepted."""
        now = at(when) if isinstance(when, str) else when
        decision = accepted(self.desk.decide(self.case, input, now=now))
        self.case = decision.case
        self.journal.append(decision.entry)
        self.effects += decision.effects
        return decision

    def until(self, when: str, *, is_inclusive: bool = True) -> Life:
        """Fire everything that is due, each when it is."""
        end = at(when)
        while (due := self.next()) is not None:
            if due.due_at > end or (due.due_at == end and not is_inclusive):
                break
            self.take(due, max(due.due_at, self.case.at))
        return self

    def wakes(self, when: str) -> list[Due]:
        """Fire everything that is due, all of it late, at one instant."""
        fired = []
        while (due := self.next()) is not None and due.due_at <= at(when):
            fired.append(due)
            self.take(due, when)
        return fired

    def next(self) -> Due | None:
        """What falls due next."""
        return next_firing(self.desk.chart, self.case)

    def due(self, key: str) -> datetime | None:
        """When a timer or clock is due."""
        found = self.case.timers.get(key) or self.case.clocks[key]
        return found.due_at

    def changes(self, what: str) -> list[TimeChange]:
        """The journaled changes of one sort."""
        return [one for entry in self.journal for one in entry.timing if one.what == what]

    def replayed(self) -> Case:
        """The case again from its journal."""
        return replay(self.desk.chart, self.journal)


def life(text: str, *, calendars: str = LON, **host: Any) -> Life:
    """Load a process with the calendar `lon`, or others, about to be opened."""
    desk = drive(calendars + text, **host)
    chart = desk.chart
    long_ago = at("2026-01-01 00:00")
    identity = Identity("case-1", chart.process, chart.version, chart.hash, long_ago)
    return Life(desk, Case(identity, 0, long_ago, EMPTY))
