"""Duties: rulings 12 and 15 of the execution model, and the cases S56 and S76."""

from __future__ import annotations

import pytest

from escalation_engine.core import Fulfilled, Sent
from tests.calendar.desk import at
from tests.core.driving import ann
from tests.core.timed import Life, life

WEEKLY = """
start: work
roles: {desk: {title: Desk}}
data: {costs: {type: string, changes: anytime}}
events: {sent: {}, end: {}, report: {}}
duties:
  update: {title: The update, DUTY, done_by: event sent}
states:
  work:
    on:
      sent: {}
      end: {to: closed}
      report: {requires: {duty: [update]}}
  closed: {kind: end, outcome: done}
"""
FRIDAYS = "every: Friday 16:00"
ONCE = "opens: entering work, due: 2 working days"


def duty(text: str) -> Life:
    return life(WEEKLY.replace("DUTY", text))


def test_a_recurring_duty_is_open_from_its_due_time_on_and_missed_at_the_next():
    case = duty(FRIDAYS).opens("2026-06-08 09:00")
    case.until("2026-06-12 16:00")
    assert case.case.duties["update"].status == "open"
    assert case.case.duties["update"].missed == 0

    case.until("2026-06-19 16:00")

    assert case.case.duties["update"].missed == 1
    assert case.replayed() == case.case


def test_what_is_done_ahead_of_its_time_covers_the_next_occurrence_only():
    case = duty(FRIDAYS).opens("2026-06-08 09:00")
    case.does("sent", "2026-06-10 09:00")
    case.does("sent", "2026-06-11 09:00")

    assert case.case.duties["update"].due_at == at("2026-06-19 16:00")


def test_counted_from_the_last_time_the_next_occurrence_is_the_first_after_it():
    case = duty(FRIDAYS + ", counted_from: last_done").opens("2026-06-08 09:00")
    case.does("sent", "2026-06-10 09:00")

    assert case.case.duties["update"].due_at == at("2026-06-12 16:00")


def test_first_at_once_is_open_from_the_start():
    case = duty(FRIDAYS + ", first: at_once").opens("2026-06-08 09:00")

    assert case.case.duties["update"].status == "open"


@pytest.mark.parametrize(
    ("policy", "missed", "fired"), [("coalesce", 3, 1), ("each", 3, 4), ("skip", 0, 1)]
)
def test_s56_what_was_overslept_is_caught_up_with(policy: str, missed: int, fired: int):
    case = duty(f"every: day at 09:00, catch_up: {policy}").opens("2026-06-05 17:00")
    firings = case.wakes("2026-06-09 10:00")

    assert len(firings) == fired
    assert case.case.duties["update"].missed == missed
    assert case.case.duties["update"].due_at == at("2026-06-10 09:00")
    assert case.replayed() == case.case


def test_s76_at_the_end_what_was_never_performed_is_skipped_and_else_complete():
    never = duty(FRIDAYS).opens("2026-06-08 09:00")
    never.does("end", "2026-06-09 09:00")
    once = duty(FRIDAYS).opens("2026-06-08 09:00")
    once.does("sent", "2026-06-08 10:00")
    once.does("end", "2026-06-09 09:00")

    assert never.case.duties["update"].status == "skipped"
    assert once.case.duties["update"].status == "done"


def test_ruling_15_what_is_overdue_at_the_end_has_been_missed():
    case = duty(FRIDAYS).opens("2026-06-08 09:00")
    case.does("end", "2026-06-15 09:00")

    assert case.case.duties["update"].status == "missed"


def test_the_end_is_refused_while_a_duty_must_be_done():
    case = duty(ONCE + ", at_end: must_be_done").opens("2026-06-08 09:00")
    refusal = case.refused(Sent("end", ann), "2026-06-08 10:00")
    case.does("sent", "2026-06-08 11:00")
    case.does("end", "2026-06-08 12:00")

    assert [one.kind for one in refusal.reasons] == ["duty"]
    assert case.case.is_closed


def test_ruling_15_a_duty_is_not_fulfilled_while_what_it_needs_is_incomplete():
    case = duty(ONCE + ", needs: [costs]").opens("2026-06-08 09:00")
    refusal = case.refused(Fulfilled("update", ann), "2026-06-08 10:00")
    case.does("sent", "2026-06-08 10:00")
    assert case.case.duties["update"].status == "open"
    assert [one.detail for one in case.changes("incomplete")] == ["costs"]

    case.fulfils("update", "2026-06-08 11:00", costs="much")

    assert [one.kind for one in refusal.reasons] == ["missing_data"]
    assert case.case.duties["update"].status == "done"


def test_what_is_owed_once_is_missed_when_it_is_due_and_may_be_done_late():
    case = duty(ONCE).opens("2026-06-08 09:00").until("2026-06-10 17:00")
    assert case.case.duties["update"].status == "missed"

    case.does("sent", "2026-06-11 09:00")

    assert case.case.duties["update"].status == "done"
    assert case.case.duties["update"].missed == 1


def test_a_gate_may_demand_a_duty():
    case = duty(ONCE).opens("2026-06-08 09:00")
    refusal = case.refused(Sent("report", ann), "2026-06-08 10:00")
    case.does("sent", "2026-06-08 11:00")
    case.does("report", "2026-06-08 12:00")

    assert [one.kind for one in refusal.reasons] == ["duty"]
