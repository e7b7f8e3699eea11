"""Contacts are tried in order; each attempt is journaled, one after the other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_engine.core import Case, Effect, Identity, Notify, Reported
from escalation_engine.runtime.attempt import Delivered, Failed
from escalation_engine.runtime.contacts import is_bound, tell

NOW = datetime(2026, 6, 8, 9, tzinfo=UTC)
CASE = Case(
    Identity("c1", "help_desk", 1, "hash", NOW), revision=1, at=NOW, states={"main": "work"}
)
PHONE, EMAIL = ("phone", "555-0100"), ("email", "m@desk.example")
UNBOUND = ("phone", "***")


class Line:
    """A notify hook that reaches only some addresses, and a journal beside it."""

    def __init__(self, *reached: str) -> None:
        self.reached = reached
        self.tried: list[str | None] = []
        self.entries: list[Reported] = []

    def notify(self, case: Case, effect: Effect) -> None:
        assert isinstance(effect, Notify)
        ((_, address),) = effect.contacts
        self.tried.append(address)
        if address not in self.reached:
            raise TimeoutError("no answer")

    def journal(self, attempt: Reported) -> Case:
        self.entries.append(attempt)
        return CASE


def notice(*contacts: tuple[str, str | None]) -> Notify:
    return Notify("c1/2/1", "manager", "manager", None, "raised", "Look", "Now", contacts=contacts)


@pytest.mark.parametrize("address", ["555-0100", "a*b@desk.example", "x", "+44 20 7946 0000"])
def test_an_address_is_bound(address: str):
    assert is_bound(address)


@pytest.mark.parametrize(
    "address",
    [None, "", "***", "* * *", "▇▇▇", "███", "____", "…", "???", "▇▇@▇▇.▇▇", "xxxxx", "xx@xx.xx"],
)
def test_a_placeholder_is_no_address(address: str | None):
    assert not is_bound(address)


def test_contacts_are_tried_in_order_until_one_is_reached():
    line = Line("m@desk.example")

    outcome = tell(line.notify, CASE, notice(PHONE, EMAIL, PHONE), journal=line.journal)

    assert outcome == Delivered()
    assert line.tried == ["555-0100", "m@desk.example"]


def test_each_attempt_is_journaled_with_recipient_channel_and_problem():
    line = Line("m@desk.example")

    tell(line.notify, CASE, notice(UNBOUND, PHONE, EMAIL), journal=line.journal)

    assert [(entry.outcome, entry.channel, entry.detail) for entry in line.entries] == [
        ("attempt_failed", "phone", "the address is not bound"),
        ("attempt_failed", "phone", "TimeoutError: no answer"),
        ("attempted_ok", "email", None),
    ]
    assert {entry.recipient for entry in line.entries} == {"manager"}


def test_an_unbound_address_does_not_reach_the_host():
    line = Line()

    tell(line.notify, CASE, notice(UNBOUND, PHONE), journal=line.journal)

    assert line.tried == ["555-0100"]


def test_when_nobody_is_reached_the_attempt_failed_and_tells_no_address():
    line = Line()

    outcome = tell(line.notify, CASE, notice(PHONE, EMAIL), journal=line.journal)

    assert outcome == Failed(
        "nobody was reached (phone: TimeoutError: no answer; email: TimeoutError: no answer)"
    )


def test_where_no_address_is_bound_trying_again_is_hopeless():
    line = Line()

    outcome = tell(line.notify, CASE, notice(UNBOUND, ("email", None)), journal=line.journal)

    assert isinstance(outcome, Failed)
    assert outcome.is_hopeless


def test_without_contacts_the_host_finds_the_way():
    told: list[Effect] = []

    outcome = tell(lambda _, effect: told.append(effect), CASE, notice(), journal=Line().journal)

    assert outcome == Delivered()
    assert told == [notice()]
