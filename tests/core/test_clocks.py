"""Clocks: the cases S33 to S49, with their dates on the calendar LON, and what a breach is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_engine.calendar import Edition
from escalation_engine.core import (
    DUE,
    EMPTY,
    Alarm,
    Notify,
    Recalculated,
    Sent,
    decide,
    explain,
)
from tests.calendar.desk import at
from tests.core.driving import accepted, ann
from tests.core.timed import Life, life

CLOCK = """
start: work
events: {hold: {}, vendor: {}, resume: {}, solve: {}, reopen: {}, end: {}}
data: {priority: {enum: [p1, p3], default: p3, changes: anytime}}
clocks:
  solve_in: {starts: entering work, stops: entering solved, TARGET, paused_in: [client, vendors]}
states:
  work: {on: {hold: {to: client}, solve: {to: solved}}}
  client: {title: Waiting for the client, on: {vendor: {to: vendors}, resume: {to: work}}}
  vendors: {on: {hold: {to: client}, resume: {to: work}}}
  solved: {on: {reopen: {to: work}, end: {to: closed}}}
  closed: {kind: end, outcome: solved}
"""


def clock(target: str = "target: 8 working hours") -> Life:
    return life(CLOCK.replace("TARGET", target))


def test_s33_a_pause_moves_the_due_instant_by_the_open_time_within():
    case = clock().opens("2026-06-08 10:00")
    assert case.due("solve_in") == at("2026-06-09 10:00")

    case.does("hold", "2026-06-08 12:00")
    assert case.next() is None
    case.does("resume", "2026-06-09 11:00")

    assert case.due("solve_in") == at("2026-06-09 17:00")


def test_s34_a_pause_outside_hours_moves_nothing():
    case = clock("target: 8 working hours").opens("2026-06-05 16:00")
    case.does("hold", "2026-06-05 18:00")
    case.does("resume", "2026-06-06 10:00")

    assert case.due("solve_in") == at("2026-06-08 16:00")


def test_s35_a_pause_over_the_weekend_costs_its_working_time():
    case = clock().opens("2026-06-05 16:00")
    case.does("hold", "2026-06-05 16:30")
    case.does("resume", "2026-06-08 09:30")

    assert case.due("solve_in") == at("2026-06-08 17:00")


def test_s36_what_is_breached_stays_breached_and_its_overrun_stops_while_it_pauses():
    case = clock("target: 1 working hour").opens("2026-06-08 09:00")
    case.does("hold", "2026-06-08 12:00")

    found = explain(case.desk.chart, case.case, clock="solve_in", at=at("2026-06-08 16:00"))
    assert case.case.clocks["solve_in"].status == "breached"
    assert found.overrun == at("2026-06-08 12:00") - at("2026-06-08 10:00")


def test_s37_a_clock_pauses_while_any_reason_holds():
    case = clock().opens("2026-06-08 10:00")
    case.does("hold", "2026-06-08 11:00")
    case.does("vendor", "2026-06-08 12:00")
    case.does("hold", "2026-06-08 13:00")
    case.does("resume", "2026-06-08 14:00")

    reasons = [one.reason for one in case.case.clocks["solve_in"].breaks]
    assert case.due("solve_in") == at("2026-06-09 13:00")
    assert reasons == ["Waiting for the client", "vendors", "Waiting for the client"]


def test_s40_nothing_fires_in_a_pause_nor_the_old_instant_after_it():
    case = clock().opens("2026-06-08 10:00")
    case.does("hold", "2026-06-08 12:00")
    old = case.journal[0].timing[0].at
    case.until("2026-06-20 12:00")
    case.does("resume", "2026-06-22 09:00")

    assert not case.changes("breached")
    assert case.due("solve_in") == at("2026-06-22 15:00") != old


@pytest.mark.parametrize(
    ("mode", "due"),
    [
        ("resume", "2026-06-10 17:00"),
        ("restart", "2026-06-11 15:00"),
        ("continue", "2026-06-09 12:00"),
    ],
)
def test_s42_reopening_resumes_restarts_or_has_never_stopped(mode: str, due: str):
    case = clock(f"target: 8 working hours, on_reopen: {mode}").opens("2026-06-08 12:00")
    case.does("solve", "2026-06-09 10:00")
    case.does("reopen", "2026-06-10 15:00")

    assert case.due("solve_in") == at(due)
    kept = [one.verdict for one in case.case.cycles["solve_in"]]
    assert kept == (["met"] if mode == "restart" else [])
    assert case.replayed() == case.case


def test_s44_s45_each_cycle_is_breached_once_and_its_verdict_is_kept():
    case = clock("target: 1 working hour, on_reopen: restart").opens("2026-06-08 09:00")
    case.does("solve", "2026-06-08 12:00")
    case.does("reopen", "2026-06-09 09:00")
    case.until("2026-06-09 17:00")
    case.does("solve", "2026-06-10 09:00")

    assert len(case.changes("breached")) == 2
    assert [one.verdict for one in case.case.cycles["solve_in"]] == ["breached", "breached"]
    assert case.case.cycles["solve_in"][0].due_at == at("2026-06-08 10:00")


BY_PRIORITY = "target: {depends_on: priority, p1: 4 working hours, p3: 16 working hours}"


def test_s49_a_higher_class_counted_from_the_origin_is_breached_as_of_its_own_instant():
    case = clock(BY_PRIORITY + ", warn: 75%").opens("2026-06-08 09:00")
    case.records("2026-06-08 14:00", priority="p1")
    (breach,) = case.wakes("2026-06-08 14:00")

    assert (breach.label, breach.due_at) == (DUE, at("2026-06-08 13:00"))
    assert [one.detail for one in case.changes("breached")] == ["late"]
    assert not [one for one in case.effects if isinstance(one, Notify)]


def test_s49_a_higher_class_counted_from_the_change():
    case = clock(BY_PRIORITY + ", on_change: from_change").opens("2026-06-08 09:00")
    case.records("2026-06-08 14:00", priority="p1")

    assert case.due("solve_in") == at("2026-06-09 10:00")


def test_s51_down_and_up_again_buys_no_time():
    case = clock(BY_PRIORITY).opens("2026-06-08 09:00")
    case.records("2026-06-08 10:00", priority="p1")
    case.records("2026-06-08 11:00", priority="p3")
    case.records("2026-06-08 12:00", priority="p1")

    assert case.due("solve_in") == at("2026-06-08 13:00")


def test_s30_an_event_exactly_at_the_deadline_meets_it():
    case = clock().opens("2026-06-08 09:00")
    case.does("solve", "2026-06-08 17:00")

    assert case.case.cycles["solve_in"][0].verdict == "met"


def test_ruling_2_a_late_breach_keeps_the_instant_at_which_it_was_due():
    case = clock().opens("2026-06-08 09:00")
    case.wakes("2026-06-10 09:00")

    (change,) = case.changes("breached")
    assert change.at == at("2026-06-08 17:00")
    assert case.journal[-1].at == at("2026-06-10 09:00")


def test_ruling_20_a_replay_applies_the_instants_of_the_journal():
    case = clock().opens("2026-06-08 09:00")
    case.does("hold", "2026-06-08 12:00")
    case.does("resume", "2026-06-08 13:00")
    case.until("2026-06-12 09:00")

    assert case.replayed() == case.case


def test_ruling_20_a_recalculation_is_journaled_and_never_takes_a_breach_back():
    case = clock("target: 1 working hour").opens("2026-06-08 09:00").until("2026-06-08 12:00")
    case.take(Recalculated(ann, "holidays were added"), "2026-06-08 13:00")

    assert case.case.clocks["solve_in"].status == "breached"
    assert [one.detail for one in case.changes("recalculated")] == ["holidays were added"]


EXTENDED = """
start: work
events: {more: {}, complain: {}}
clocks: {answer: {starts: entering work, stops: entering closed, target: 2 working days}}
states:
  work:
    on:
      more: {extend: {answer: {by: 1 working day, at_most: 1}}}
      complain: {to: closed, requires: {past: due of answer}}
  closed: {kind: end, outcome: done}
"""


def test_ruling_20_an_extension_by_another_kind_of_time_is_an_instant_of_the_journal():
    case = life(EXTENDED.replace("2 working days", "24 hours")).opens("2026-06-11 10:00")
    case.does("more", "2026-06-11 11:00")
    holiday = {"lon": {date(2026, 6, 15): "A holiday"}}
    other = Edition("other", range(2026, 2027), holiday, {})
    first = case.journal[0].at
    again = case.case._replace(revision=0, at=first, states=EMPTY, clocks=EMPTY)
    for entry in case.journal:
        again = accepted(
            decide(
                case.desk.chart,
                again,
                entry.input,
                now=entry.at,
                answers=entry.answers,
                edition=other,
            )
        ).case

    assert case.due("answer") == at("2026-06-15 17:00")  # a working day after Friday 10:00
    assert again.clocks == case.case.clocks


def test_a_clock_is_extended_as_often_as_it_may_be():
    case = life(EXTENDED).opens("2026-06-08 10:00")
    case.does("more", "2026-06-08 11:00")
    refusal = case.refused(Sent("more", ann), "2026-06-08 12:00")

    assert case.due("answer") == at("2026-06-11 17:00")
    assert [one.kind for one in refusal.reasons] == ["extended_before"]


def test_a_gate_may_demand_that_a_clock_is_past_its_due_instant():
    case = life(EXTENDED).opens("2026-06-08 10:00")
    refusal = case.refused(Sent("complain", ann), "2026-06-10 17:00")
    case.does("complain", "2026-06-10 17:01")

    assert [one.kind for one in refusal.reasons] == ["not_due"]
    assert case.case.is_closed
    assert case.case.clocks["answer"].ended_at is not None


minutes = st.lists(st.integers(1, 3000), min_size=2, max_size=8)


@settings(max_examples=25, deadline=None)
@given(minutes)
def test_pausing_never_makes_a_working_time_target_due_earlier(steps: Sequence[int]):
    case = clock().opens("2026-06-08 09:00")
    latest, now = case.due("solve_in"), at("2026-06-08 09:00")
    for index, step in enumerate(steps):
        now = now.fromtimestamp(now.timestamp() + step * 60, tz=now.tzinfo)
        case.until(now.strftime("%Y-%m-%d %H:%M"), is_inclusive=False)
        case.take(Sent("resume" if index % 2 else "hold", ann), now)
        found = case.due("solve_in")
        if found is not None and latest is not None:
            assert found >= latest
            latest = found
            told = explain(case.desk.chart, case.case, clock="solve_in", at=found)
            assert sum((one.end - one.start for one in told.intervals), told.start) == found
    assert len(case.changes("breached")) <= 1
    assert case.replayed() == case.case


def test_a_condition_may_ask_whether_a_calendar_is_open_and_a_replay_is_told():
    text = """
start: work
events: {call: {}}
states:
  work: {on: {call: [{to: desk, when: during lon}, {to: machine}]}}
  desk: {}
  machine: {}
"""
    day, night = life(text).opens("2026-06-08 08:00"), life(text).opens("2026-06-08 08:00")
    day.does("call", "2026-06-08 09:00")
    night.does("call", "2026-06-08 17:00")

    assert (day.case.state, night.case.state) == ("desk", "machine")
    assert day.replayed() == day.case


# ---- a breach is passed on, whatever becomes of what it does


BREACHED = """
start: work
data: {why: {type: string}}
events: {late: {needs: [why]}, end: {}}
counts: {breaches: {up_on: clock answer breached}}
clocks:
  answer: {starts: entering work, stops: event end, target: 1 working hour, breach: {send: late}}
  amends: {starts: clock answer breached, stops: event end, target: 4 working hours}
duties: {excuse: {opens: clock answer breached, due: 1 working day}}
states:
  work: {on: {late: {to: closed}, end: {to: closed}}}
  closed: {kind: end, outcome: done}
"""


def test_a_breach_is_passed_on_when_what_it_does_is_refused():
    case = life(BREACHED).opens("2026-06-08 09:00").until("2026-06-08 10:00")

    assert [one.kind for one in case.effects if isinstance(one, Alarm)] == ["firing_refused"]
    assert case.case.clocks["answer"].status == "breached"
    assert case.case.counts == {"breaches": 1}
    assert case.due("amends") == at("2026-06-08 14:00")
    assert case.case.duties["excuse"].due_at == at("2026-06-09 17:00")
    assert case.replayed() == case.case


# ---- what no calendar can count


RARE = """
calendars:
  rare:
    timezone: Europe/London
    hours: {fri: "09:00-17:00"}
    yearly: {1 Jan to 31 Dec: closed}
    special: {2026-06-15: "09:00-17:00"}
start: work
data: {known: {type: date, changes: anytime}}
events: {more: {}, end: {}}
clocks:
  answer: {starts: entering work, stops: event end, TARGET}
states:
  work: {on: {more: {extend: {answer: {by: 1 working day}}}, end: {to: closed}}}
  closed: {kind: end, outcome: done}
"""


def rare(target: str) -> Life:
    return life(RARE.replace("TARGET", f"calendar: rare, {target}").replace("calendars:\n", ""))


@pytest.mark.parametrize("target", ["3 working days", "9 working hours"])
def test_s21_a_calendar_that_opens_no_more_is_an_alarm_that_names_it(target: str):
    case = rare(f"target: {target}").opens("2026-06-08 10:00")

    (alarm,) = [one for one in case.effects if isinstance(one, Alarm)]
    assert alarm.kind == "no_open_time"
    assert "'rare' has no open time within five years" in alarm.text
    assert case.next() is None
    assert case.replayed() == case.case


def test_s21_an_extension_into_a_time_that_never_opens_is_refused():
    case = rare("target: 3 working hours").opens("2026-06-08 10:00")
    refusal = case.refused(Sent("more", ann), "2026-06-15 10:00")

    assert [one.kind for one in refusal.reasons] == ["not_possible"]
    assert "no open time" in str(refusal.reasons[0])


@pytest.mark.parametrize("known", ["9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("target", ["3 months", "3 working days", "3 working hours", "30 hours"])
def test_a_date_at_the_end_of_years_stops_no_case(known: str, target: str):
    text = RARE.replace("TARGET", f"calendar: rare, target: {target}, from: known")
    case = life(text.replace("calendars:\n", "")).opens("2026-06-08 10:00", known=known)
    case.records("2026-06-08 11:00", known="2026-06-08")
    case.records("2026-06-08 11:30", known=known)
    case.does("end", "2026-06-08 12:00")

    assert case.case.is_closed
    assert case.replayed() == case.case


def test_a_clock_that_is_met_is_a_moment_for_counts_clocks_and_duties():
    text = """
start: work
events: {solve: {}, end: {}}
counts: {kept: {up_on: clock solve_in met}}
clocks:
  solve_in: {starts: entering work, stops: event solve, target: 2 working hours}
  confirm_in: {starts: clock solve_in met, stops: event end, target: 1 working day}
duties: {thanks: {opens: clock solve_in met, due: 2 working days}}
states:
  work: {on: {solve: {to: solved}}}
  solved: {on: {end: {to: closed}}}
  closed: {kind: end, outcome: solved}
"""
    case = life(text).opens("2026-06-08 09:00")
    case.does("solve", "2026-06-08 10:00")

    assert case.case.counts == {"kept": 1}
    assert case.due("confirm_in") == at("2026-06-09 17:00")
    assert case.case.duties["thanks"].due_at == at("2026-06-10 17:00")
    assert case.replayed() == case.case
