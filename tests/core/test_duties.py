"""Duties: rulings 12 and 15 of the execution model, and the cases S56 and S76."""

from __future__ import annotations

import pytest

from escalation_engine.core import Alarm, Fulfilled, Recalculated, Sent
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


# ---- what recurs by a duration, and what it is counted from


def dues(case: Life, until: str) -> list[str]:
    """Live until then, and return the local days and times at which the duty fell due."""
    end, found = at(until), []
    while (due := case.next()) is not None and due.due_at <= end:
        found.append(f"{due.due_at.astimezone(end.tzinfo):%m-%d %H:%M}")
        case.take(due, due.due_at)
    return found


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("1 day", ["06-09 09:00", "06-10 09:00", "06-11 09:00"]),
        ("8 working hours", ["06-08 17:00", "06-09 17:00", "06-10 17:00"]),
        ("2 working days", ["06-10 17:00"]),
        ("30 hours", ["06-09 15:00", "06-10 21:00"]),
        ("none", []),
    ],
)
def test_a_duty_may_recur_after_each_duration_of_any_kind(every: str, expected: list[str]):
    case = duty(f"every: {every}").opens("2026-06-08 09:00")

    assert dues(case, "2026-06-11 12:00") == expected
    assert case.replayed() == case.case


def test_months_are_counted_from_the_start_and_lose_no_days_on_short_ones():
    case = duty("every: 1 month").opens("2026-01-31 10:00")

    assert dues(case, "2026-05-01 00:00") == ["02-28 10:00", "03-31 10:00", "04-30 10:00"]


def test_days_keep_their_local_time_when_the_clocks_change():
    case = duty("every: 1 day").opens("2026-03-27 09:00")

    assert dues(case, "2026-03-30 12:00") == ["03-28 09:00", "03-29 09:00", "03-30 09:00"]
    assert case.case.duties["update"].due_at == at("2026-03-31 09:00")


@pytest.mark.parametrize(
    ("counted_from", "due"), [("schedule", "2026-07-06 09:00"), ("last_done", "2026-07-08 15:00")]
)
def test_done_late_the_next_is_counted_from_the_schedule_or_from_when_it_was_done(
    counted_from: str, due: str
):
    case = duty(f"every: 2 weeks, counted_from: {counted_from}").opens("2026-06-08 09:00")
    case.does("sent", "2026-06-24 15:00")

    assert case.case.duties["update"].due_at == at(due)
    assert case.replayed() == case.case


def test_counted_from_last_done_what_is_done_early_moves_the_next_due_time():
    case = duty("every: 2 weeks, counted_from: last_done").opens("2026-06-08 09:00")
    case.does("sent", "2026-06-15 12:00")

    assert case.case.duties["update"].due_at == at("2026-06-29 12:00")


def test_counted_from_the_schedule_what_is_done_early_covers_one_due_time():
    case = duty("every: 2 weeks").opens("2026-06-08 09:00")
    case.does("sent", "2026-06-15 12:00")

    assert case.case.duties["update"].due_at == at("2026-07-06 09:00")


def test_first_at_once_what_recurs_by_a_duration_is_missed_when_that_has_passed():
    case = duty("every: 1 day, first: at_once").opens("2026-06-08 09:00")
    assert case.case.duties["update"].status == "open"

    case.until("2026-06-09 09:00")

    assert case.case.duties["update"].missed == 1


def test_what_was_overslept_very_often_is_counted_to_a_thousand_and_goes_on_in_time():
    case = duty("every: 1 minute").opens("2026-06-08 09:00")
    firings = case.wakes("2026-06-10 09:00")

    assert len(firings) == 1
    assert case.changes("opened")[-1].at == at("2026-06-10 09:01")
    assert case.case.duties["update"].due_at == at("2026-06-10 09:01")
    assert case.case.duties["update"].missed == 1_000


WHILE = WEEKLY.replace("work:\n    on:", "work:\n    on:\n      leave: {to: away}").replace(
    "  closed:", "  away: {on: {come: {to: work}}}\n  closed:"
)


def test_what_was_covered_stays_so_when_its_state_is_left_and_entered_again():
    case = life(WHILE.replace("DUTY", FRIDAYS + ", while: in work")).opens("2026-06-08 09:00")
    case.does("sent", "2026-06-10 09:00")
    case.does("leave", "2026-06-10 10:00")
    assert case.case.duties["update"].due_at is None
    case.does("come", "2026-06-11 10:00")

    assert case.case.duties["update"].due_at == at("2026-06-19 16:00")


def test_a_recalculation_after_a_while_away_brings_no_due_time_of_the_past():
    case = life(WHILE.replace("DUTY", FRIDAYS + ", while: in work")).opens("2026-06-08 09:00")
    case.until("2026-06-12 17:00")
    case.does("leave", "2026-06-13 10:00")
    case.does("come", "2026-07-01 10:00")
    case.take(Recalculated(ann, "to be sure"), "2026-07-01 11:00")

    assert case.case.duties["update"].due_at == at("2026-07-03 16:00")
    assert case.case.duties["update"].missed == 0


@pytest.mark.parametrize(
    ("on_holiday", "due"),
    [
        ("before", "2026-04-02 16:00"),
        ("after", "2026-04-07 16:00"),
        ("skip", "2026-04-10 16:00"),
    ],
)
def test_s17_a_weekly_duty_on_good_friday_moves_or_is_left_out(on_holiday: str, due: str):
    case = duty(f"{FRIDAYS}, on_holiday: {on_holiday}").opens("2026-03-30 09:00")

    assert case.case.duties["update"].due_at == at(due)


@pytest.mark.parametrize("on_holiday", ["before", "after", "skip"])
def test_s17_after_good_friday_the_duty_comes_on_the_next_friday_once(on_holiday: str):
    case = duty(f"{FRIDAYS}, on_holiday: {on_holiday}").opens("2026-03-30 09:00")

    assert dues(case, "2026-04-17 17:00")[-2:] == ["04-10 16:00", "04-17 16:00"]


# ---- what is missed is passed on


MISSED = """
start: work
data: {why: {type: string}}
roles: {desk: {title: Desk}}
events: {late: {needs: [why]}, end: {}}
counts: {silences: {up_on: duty update missed}}
clocks: {answer: {starts: duty update missed, stops: event end, target: 2 working hours}}
duties:
  update: {every: Friday 16:00, first: at_once, missed: {send: late}}
  excuse: {opens: duty update missed, due: 1 working day}
states:
  work: {on: {late: {to: closed}, end: {to: closed}}, always: {to: bad, when: silences >= 1}}
  bad: {on: {late: {to: closed}, end: {to: closed}}}
  closed: {kind: end, outcome: done}
"""


def test_a_missed_duty_is_passed_on_when_what_it_does_is_refused():
    case = life(MISSED).opens("2026-06-08 09:00").until("2026-06-12 16:00")

    (alarm,) = [one for one in case.effects if isinstance(one, Alarm)]
    assert alarm.kind == "firing_refused"
    assert case.case.counts == {"silences": 1}
    assert case.due("answer") == at("2026-06-15 10:00")
    assert case.case.duties["excuse"].due_at == at("2026-06-15 17:00")
    assert case.case.state == "bad"
    assert case.replayed() == case.case


def test_where_the_moment_itself_is_refused_the_firing_is_used_up_without_it():
    text = MISSED.replace("{up_on: duty update missed}", "{up_on: duty update missed, at_most: 1}")
    text = text.replace(", always: {to: bad, when: silences >= 1}", "")
    case = life(text).opens("2026-06-08 09:00").until("2026-06-19 16:00")

    assert case.case.counts == {"silences": 1}
    assert case.case.duties["update"].missed == 2
    assert len([one for one in case.effects if isinstance(one, Alarm)]) == 2
    assert case.replayed() == case.case
