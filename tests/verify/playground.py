"""A process in which everything can happen, and journeys through it written in one line each.

A journey is what happens when: `Mon 09:00 open; Mon 10:00 go_b; Tue 11:30 priority=high`. The week
is that of Monday, 8 June 2026, in UTC. A step without a name only lets time pass.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from escalation_engine.chart.model import Chart
from escalation_engine.core import (
    EMPTY,
    Actor,
    Ask,
    Case,
    Decision,
    Due,
    Found,
    HolderQuestion,
    Identity,
    decide,
    next_firing,
)
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.store import open_store
from escalation_engine.store.protocol import Store
from escalation_engine.testing.clock import ManualClock
from escalation_engine.verify import Edge, PromiseStanding, watched
from escalation_engine.verify.graph import Kind

__all__ = ["ANN", "PLAYGROUND", "gone", "instant", "play", "text_of"]

ANN = Actor("ann", {"desk"})
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

PLAYGROUND = """
process: playground
version: 1
title: A playground
roles: {desk: {title: Desk}, boss: {title: Boss}}
parameters: {limit: {type: duration, default: none}}
calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
data:
  priority: {enum: [low, high], changes: anytime}
  answer: {type: string, changes: anytime}
checklists: {sure: {items: {one: {text: Sure?}}}}
clocks: {reply: {starts: event ask, stops: event ping, target: 2 hours}}
opens: {open: {to: a}}
on:
  go_a: {to: a}
  go_b: {to: b}
  go_c: {to: c}
  ping: {}
  ask: {}
  relay: {send: ping}
  pass_through: {to: c, send: go_b}
  take: {assign: {poc: sender}}
  wait: {to: waiting}
  close: {to: closed}
  drop: {to: dropped}
states:
  a: {on: {again: {to: a}}}
  b: {}
  c: {}
  waiting:
    timers: {patience: {title: It took long, after: 3 hours, send: go_b}}
  closed: {kind: end, outcome: solved}
  dropped: {kind: end, outcome: dropped}
"""


def text_of(*promises: str) -> str:
    """Return the playground with promises p0, p1, ..."""
    written = "".join(f"  p{number}: {promise}\n" for number, promise in enumerate(promises))
    return f"{PLAYGROUND}promises:\n{written}"


def instant(text: str) -> datetime:
    """Return the instant of `Mon 09:00`, `Mon 09:00:30`, or a week later of `Mon2 09:00`."""
    day, clock = text.split()
    weeks = day.endswith("2")
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    start = datetime(2026, 6, 8, tzinfo=UTC) + timedelta(days=DAYS.index(day[:3]), weeks=weeks)
    return start + timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))


def play(text: str, journey: str, *, store: Store | None = None) -> tuple[Engine, Case]:
    """Return an engine at the end of a journey, and the case; due firings come on time."""
    clock = ManualClock(datetime(2026, 6, 8, tzinfo=UTC))
    engine = Engine(store or open_store("memory://"), [load_text(text)], clock=clock)
    case: Case | None = None
    for step in journey.split(";"):
        day, at, *what = step.split()
        _let_pass(engine, clock, instant(f"{day} {at}"))
        if what and case is None:
            case = engine.open_case("playground", event=what[0], by=ANN)
        elif what and case is not None:
            _do(engine, case, what[0])
    assert case is not None
    return engine, engine.case(case.id)


def _let_pass(engine: Engine, clock: ManualClock, until: datetime) -> None:
    while (due := engine.next_due()) is not None and due < until:
        clock.move_to(max(due, clock.now()))
        engine.tick()
    clock.move_to(until)


def _do(engine: Engine, case: Case, what: str) -> None:
    field, is_fact, value = what.partition("=")
    if what == "sure":
        engine.record(case.id, by=ANN, checklists={"sure": {"one": "yes"}})
    elif is_fact:
        engine.record(case.id, by=ANN, data={field: value})
    else:
        engine.send(case.id, what, by=ANN)


def gone(chart: Chart, path: tuple[Edge, ...], *, after: timedelta) -> tuple[PromiseStanding, ...]:
    """Go a path on the real chart, and say how its promises stand some time after it."""
    now = datetime(2026, 6, 8, 9, tzinfo=UTC)
    case = Case(Identity("the case", chart.process, 1, chart.hash, now), 0, now, EMPTY)
    decisions = []
    for edge in path:
        if edge.kind is Kind.STEP:
            continue
        input = edge.input
        if isinstance(input, Due) and (due := next_firing(chart, case)) is not None:
            input, now = due, due.due_at
        assert input is not None
        answered = dict(edge.answered)
        while isinstance(found := decide(chart, case, input, now=now, answers=answered), Ask):
            assert isinstance(found.question, HolderQuestion)
            answered[found.question] = Found(None)
        assert isinstance(found, Decision), found
        decisions.append((case, found))
        case, now = found.case, now + timedelta(seconds=1)
    return watched(chart, decisions, now=now + after)
