"""Linked cases: opened by another case, once, and their end is told to it."""

from __future__ import annotations

import pytest

from escalation_engine.core import Case, OpenLinked
from escalation_engine.errors import BadInput
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine, Ticked
from escalation_engine.store.protocol import Store
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import ann

TICKET = """
process: ticket
version: 1
title: A ticket that may become a complaint
data:
  issue: {type: string}
opens:
  request: {to: work, may_bring: [issue]}
states:
  work:
    on:
      complain:
        to: waiting
        open_case:
          process: complaint
          event: lodge
          with: {matter: issue}
          send: {upheld: complaint_upheld, dismissed: complaint_dismissed}
  waiting:
    on:
      complaint_upheld: {to: work, requires: {note: true}}
      complaint_dismissed: {to: closed}
      give_up: {to: closed}
  closed: {kind: end, outcome: closed}
"""
COMPLAINT = """
process: complaint
version: 1
title: A complaint
data:
  matter: {type: string}
opens:
  lodge: {to: hearing, needs: [matter]}
states:
  hearing:
    on:
      uphold: {to: upheld}
      dismiss: {to: dismissed}
  upheld: {kind: end, outcome: upheld}
  dismissed: {kind: end, outcome: dismissed}
"""


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    return make_engine(TICKET, COMPLAINT)


@pytest.fixture
def ticket(engine: Engine) -> Case:
    opened = engine.open_case("ticket", data={"issue": "rude reply"}, by=ann)
    return engine.send(opened.id, "complain", by=ann)


def complaint(engine: Engine) -> Case:
    (found,) = engine.cases(process="complaint")
    return found


def test_a_linked_case_is_opened_with_the_openers_data(engine: Engine, ticket: Case):
    assert engine.tick() == Ticked(delivered=1)

    opened = complaint(engine)
    assert (opened.state, opened.data["matter"]) == ("hearing", "rude reply")
    assert opened.identity.opener == ticket.id


def test_a_linked_case_is_opened_once(engine: Engine, ticket: Case, store: Store):
    (before,) = engine.outbox(ticket.id)
    engine.tick()

    store.settle(before)  # as if the process had died before it was kept as delivered
    engine.tick()

    assert len(engine.cases(process="complaint")) == 1


def test_the_end_of_a_linked_case_is_told_to_its_opener(engine: Engine, ticket: Case):
    engine.tick()

    engine.send(complaint(engine).id, "uphold", by=ann)
    engine.tick()

    assert engine.case(ticket.id).state == "work"
    assert engine.replay(ticket.id) == engine.case(ticket.id)


def test_an_opener_that_refuses_the_word_keeps_a_refusal(engine: Engine, ticket: Case):
    engine.tick()
    engine.send(ticket.id, "give_up", by=ann)

    engine.send(complaint(engine).id, "uphold", by=ann)

    assert engine.tick() == Ticked(delivered=1)
    (kept,) = engine.refusals(ticket.id)
    assert kept.by == "engine"
    (told,) = engine.outbox(complaint(engine).id)
    assert told.status == "delivered"
    assert "EventRefused" in told.problem


def test_a_linked_case_that_cannot_be_opened_is_parked(make_engine: MakeEngine):
    engine = make_engine(TICKET, COMPLAINT)
    ticket = engine.open_case("ticket", by=ann)
    engine.send(ticket.id, "complain", by=ann)

    assert engine.tick() == Ticked(parked=1)
    ((queued),) = engine.parked()
    assert isinstance(queued.effect, OpenLinked)
    assert "matter" in queued.problem


def test_linked_processes_must_be_loaded(store: Store):
    with pytest.raises(BadInput, match="ticket@1 opens cases of complaint"):
        Engine(store, [load_text(TICKET, name="ticket.yaml")])
