"""A message that reaches nobody sends its `failed` event, once, with an alarm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from escalation_engine import Actor, Case, Engine, load_text
from escalation_engine.core import Alarm, Effect, Notify, Reported
from escalation_engine.runtime import RetryPolicy
from escalation_engine.testing.clock import ManualClock

LADDER = """\
process: ladder
version: 1
title: Two contacts
parameters:
  first_phone: {type: contact}
  second_phone: {type: contact, default: "555-0102"}
roles:
  first: {title: First, contacts: [{channel: phone, address: $first_phone}]}
  second: {title: Second, contacts: [{channel: phone, address: $second_phone}]}
messages:
  please_help: {text: Please help, failed: not_reached}
start: contacts
states:
  contacts:
    levels:
      first: {assignee: first}
      second: {assignee: second}
    each_level:
      entry: {notify: {assignee: please_help}}
      on:
        not_reached: {to: next_level, by: [engine]}
    after_last_level: nobody
  nobody:
    kind: decision
    assignee: second
    on:
      give_up: {to: over}
  over: {kind: end, outcome: given_up}
"""
ann = Actor("ann")


class Host:
    """A telephone that only some answer."""

    def __init__(self, *reached: str) -> None:
        self.reached = reached
        self.alarms: list[Effect] = []

    def notify(self, case: Case, effect: Effect) -> None:
        assert isinstance(effect, Notify)
        if effect.contacts[0][1] not in self.reached:
            raise TimeoutError("no answer")

    def alarm(self, case: Case, effect: Effect) -> None:
        self.alarms.append(effect)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 6, 8, 9, tzinfo=UTC))


def engine_for(host: Host, clock: ManualClock, **parameters: str) -> Engine:
    retries = RetryPolicy(attempts=2)
    chart = load_text(LADDER, parameters=parameters)
    return Engine("memory://", [chart], hooks=host, clock=clock, retries=retries)


def test_an_address_that_nobody_bound_leads_on_at_once_with_an_alarm(clock: ManualClock):
    host = Host("555-0102")
    with engine_for(host, clock) as engine:
        case = engine.open_case("ladder", by=ann)
        engine.tick()

        assert engine.case(case.id).state == "contacts.second"
    assert [(one.kind, one.subject) for one in host.alarms if isinstance(one, Alarm)] == [
        ("nobody_reached", "assignee")
    ]


def test_an_address_that_fails_leads_on_once_the_last_retry_is_over(clock: ManualClock):
    host = Host("555-0102")
    with engine_for(host, clock, first_phone="555-0101") as engine:
        case = engine.open_case("ladder", by=ann)
        engine.tick()
        assert engine.case(case.id).state == "contacts.first"

        clock.move_by(timedelta(minutes=1))
        engine.tick()

        assert engine.case(case.id).state == "contacts.second"


def test_whoever_is_reached_keeps_the_case(clock: ManualClock):
    host = Host("555-0101")
    with engine_for(host, clock, first_phone="555-0101") as engine:
        case = engine.open_case("ladder", by=ann)
        engine.tick()

        assert engine.case(case.id).state == "contacts.first"
        sent = [
            one.input.event for one in engine.journal(case.id) if isinstance(one.input, Reported)
        ]
    assert sent == [None]


def test_the_event_is_sent_once_for_each_message(clock: ManualClock):
    host = Host()
    with engine_for(host, clock, second_phone="***") as engine:
        case = engine.open_case("ladder", by=ann)
        for _ in range(3):
            engine.tick()

        sent = [
            one.input.event for one in engine.journal(case.id) if isinstance(one.input, Reported)
        ]
        assert engine.case(case.id).state == "nobody"
    assert sent == [None, "not_reached", None, "not_reached"]


def test_the_flat_form_names_the_event():
    chart = load_text(LADDER)

    assert chart.messages["please_help"].failed == "not_reached"
