"""A help desk's words and facts, for the tests of conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from escalation_engine.condition import (
    Condition,
    ConditionFault,
    Domain,
    Kind,
    Vocabulary,
    read_condition,
)

LEVELS = ("tier1", "tier2", "tier3")

DESK = Vocabulary(
    fields={
        "decision": Domain(Kind.ENUM, "decision", ("reassign", "close")),
        "priority": Domain(Kind.ENUM, "priority", ("low", "high", "set", "two words")),
        "severity": Domain(Kind.ENUM, "severity", ("low", "high", "priority")),
        "grade": Domain(Kind.ENUM, "grade", (1, 2)),
        "urgent": Domain(Kind.BOOLEAN, "urgent"),
        "paused": Domain(Kind.BOOLEAN, "paused"),
        "cost": Domain(Kind.NUMBER, "cost"),
        "tries": Domain(Kind.INTEGER, "tries"),
        "plan": Domain(Kind.TEXT, "escalation.plan"),
        "issue": Domain(Kind.OPAQUE, "issue"),
        "caller": Domain(Kind.PERSON, "caller"),
        "goal": Domain(Kind.LEVEL, "goal"),
        "top": Domain(Kind.LEVEL, "top", ("tier3",)),
        "team": Domain(Kind.ROLE, "team"),
    },
    counts={"rejections": "rejections", "reworks": "support.reworks"},
    parameters={
        "limit": 3,
        "strict": True,
        "mode": "calm",
        "fee": 2.5,
        "who": "desk",
        "unbound": None,
    },
    people={"client": "client", "desk": "service_desk", "assignee": "assignee"},
    state={"active": "escalation.active", "closed": "closed", "refused": "refused"}.get,
    state_names=("active", "closed", "refused"),
    this_level="tier1",
    levels=LEVELS,
    calendars={"office": "office"},
)

PROMISE = replace(
    DESK,
    events={"confirm": "confirm", "reject": "support.reject"},
    outcomes={"resolved": ("closed",), "over": ("closed", "refused")},
    moments={"slot": {"poc": "poc"}, "clock": {"contact": "desk.contact"}, "duty": {}},
    bare_states=True,
)

CANONICAL = Vocabulary(
    fields={domain.name: domain for domain in DESK.fields.values()},
    counts={name: name for name in DESK.counts.values()},
    people={name: name for name in DESK.people.values()},
    state_names=("escalation.active", "closed", "refused"),
    levels=LEVELS,
    calendars=DESK.calendars,
    events={name: name for name in PROMISE.events.values()},
    moments={"slot": {"poc": "poc"}, "clock": {"desk.contact": "desk.contact"}},
)


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """One moment of one case; `calendars` holds what is known of them."""

    data: Mapping[str, object] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    channel: str | None = None
    senders: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    calendars: Mapping[str, bool] = field(default_factory=dict)
    event: str = ""
    moments: frozenset[str] = frozenset()

    def sender_is(self, name: str) -> bool:
        return name in self.senders

    def is_in(self, state: str) -> bool:
        return state in self.states

    def is_during(self, calendar: str) -> bool | None:
        return self.calendars.get(calendar)

    def is_event(self, name: str) -> bool:
        return name == self.event

    def happens(self, moment: str, /) -> bool:
        return moment in self.moments


def condition(text: str, vocabulary: Vocabulary = DESK) -> Condition:
    """Return the condition of a text without faults."""
    read = read_condition(text, vocabulary)
    assert isinstance(read, Condition), read
    return read


def faults(text: str, vocabulary: Vocabulary = DESK) -> tuple[ConditionFault, ...]:
    """Return the faults of a text that has some."""
    read = read_condition(text, vocabulary)
    assert not isinstance(read, Condition), read
    return read


def holds(text: str, facts: CaseFacts, vocabulary: Vocabulary = DESK) -> bool | None:
    """Return the answer to a text."""
    return condition(text, vocabulary).holds(facts)
