"""Timers: rulings 2, 3, 9 and 25 of the execution model, and the cases S54 to S57."""

from __future__ import annotations

import pytest

from escalation_engine.core import Alarm, Due, Notify, Refusal
from tests.calendar.desk import at
from tests.core.timed import Life, life

BOX = """
start: work
roles: {desk: {title: Desk}, chief: {title: Chief}}
data: {why: {type: string}, limit: {type: duration}}
events: {go: {}, hold: {}, resume: {}, leave: {}, drop: {}}
states:
  work:
    assignee: desk
    timers: {box: {title: Time box, after: 4 working hours, send: go, MORE}}
    on: {go: {GO}, hold: {to: wait}, leave: {to: other}}
  wait: {on: {resume: {to: back}, drop: {to: other}}}
  other: {on: {go: {to: work}}}
  decided: {kind: decision, on: {leave: {to: closed}}}
  closed: {kind: end, outcome: done}
"""


def box(more: str = "calendar: lon", go: str = "to: other, requires: {note: true}") -> Life:
    text = BOX.replace("MORE", more).replace("{GO}", f"{{{go}}}")
    return life(text)


KEY = "main.work:box"


def test_a_timer_fires_when_its_state_has_lasted_and_its_title_is_the_note():
    case = box().opens("2026-06-08 15:00").until("2026-06-09 12:00")

    assert case.case.state == "other"
    assert case.journal[-1].at == at("2026-06-09 11:00")
    assert case.case.timers == {}
    assert case.replayed() == case.case


def test_s55_leaving_a_state_cancels_its_timers_and_a_late_delivery_is_stale():
    case = box().opens("2026-06-08 09:00")
    due = case.next()
    assert due is not None
    case.does("leave", "2026-06-08 10:00")
    refusal = case.refused(due, "2026-06-08 13:00")

    assert [one.kind for one in refusal.reasons] == ["stale"]
    assert case.case.timers == {}


def test_s54_each_threshold_fires_once():
    case = box("warn: 50%").opens("2026-06-08 09:00")
    mark = case.next()
    assert mark is not None
    case.until("2026-06-08 11:00")
    refusal = case.refused(mark, "2026-06-08 11:30")

    told = [one for one in case.effects if isinstance(one, Notify)]
    assert [one.recipient for one in told] == ["assignee"]
    assert [one.kind for one in refusal.reasons] == ["stale"]


def test_s57_nothing_fires_early():
    case = box().opens("2026-06-08 09:00")
    due = case.next()
    assert due is not None

    assert [one.kind for one in case.refused(due, "2026-06-08 12:59").reasons] == ["stale"]


def test_ruling_9_a_timer_sleeps_while_there_is_a_way_back():
    case = box().opens("2026-06-08 09:00")
    case.does("hold", "2026-06-08 10:00")
    assert case.case.timers[KEY].status == "asleep"
    assert case.next() is None

    case.does("resume", "2026-06-09 10:00")

    assert case.due(KEY) == at("2026-06-09 13:00")


def test_ruling_9_it_starts_again_where_it_says_so():
    case = box("on_return: restart").opens("2026-06-08 09:00")
    case.does("hold", "2026-06-08 10:00")
    case.does("resume", "2026-06-09 10:00")

    assert case.due(KEY) == at("2026-06-09 14:00")


def test_ruling_9_it_is_dropped_where_the_way_back_is_lost():
    case = box().opens("2026-06-08 09:00")
    case.does("hold", "2026-06-08 10:00")
    case.does("drop", "2026-06-08 11:00")

    assert case.case.timers == {}
    assert [one.key for one in case.changes("cancelled")] == [KEY]


@pytest.mark.parametrize(
    "go", ["to: other, by: [chief]", "to: other, requires: {data: [why]}", "to: other, refuse: No"]
)
def test_ruling_3_a_refused_firing_is_consumed_with_an_alarm(go: str):
    case = box(go=go).opens("2026-06-08 09:00").until("2026-06-08 14:00")

    (alarm,) = [one for one in case.effects if isinstance(one, Alarm)]
    assert alarm.kind == "firing_refused"
    assert case.journal[-1].problem
    assert case.case.state == "work"
    assert case.next() is None
    assert case.replayed() == case.case


def test_ruling_3_a_timer_arrives_at_a_decision_point_whatever_a_gate_lacks():
    case = box(go="to: decided, requires: {data: [why]}").opens("2026-06-08 09:00")
    case.until("2026-06-08 14:00")

    assert case.case.state == "decided"


def test_a_repeated_timer_counts_from_its_firing_and_ends():
    more = "repeat: {every: 1 working hour, until: 3}"
    case = box(more, "set: {why: again}").opens("2026-06-08 09:00")
    case.wakes("2026-06-08 13:30")

    assert case.due(KEY) == at("2026-06-08 14:30")
    case.until("2026-06-12 09:00")
    assert len(case.changes("fired")) == 3


def test_ruling_25_none_is_not_armed_and_neither_is_what_is_not_agreed():
    text = BOX.replace("MORE", "calendar: lon").replace("{GO}", "{to: other}")
    none = life(text.replace("after: 4 working hours", "after: none")).opens("2026-06-08 09:00")
    agreed = life(text.replace("after: 4 working hours", "after: {agreed_in: limit}"))
    agreed.opens("2026-06-08 09:00")

    assert none.case.timers == agreed.case.timers == {}
    assert none.changes("not_armed") == []
    assert [one.key for one in agreed.changes("not_armed")] == [KEY]


def test_a_firing_that_is_not_pending_is_refused_and_changes_nothing():
    case = box().opens("2026-06-08 09:00")
    before = case.case
    strange = Due("timer", KEY, "9.9", "due", at("2026-06-08 13:00"))

    found = case.desk.decide(case.case, strange, now=at("2026-06-08 13:00"))

    assert isinstance(found, Refusal)
    assert case.case is before


def test_a_timer_of_a_whole_process_pauses_and_is_cancelled_at_the_end():
    text = """
start: work
timers: {limit: {after: 24 hours, send: stop, paused_in: [wait]}}
events: {stop: {}, hold: {}, go: {}, end: {}}
on: {stop: {to: closed}, end: {to: closed}}
states:
  work: {on: {hold: {to: wait}}}
  wait: {on: {go: {to: work}}}
  closed: {kind: end, outcome: done}
"""
    case = life(text).opens("2026-06-08 09:00")
    case.does("hold", "2026-06-08 10:00")
    assert case.next() is None
    case.does("go", "2026-06-08 12:00")
    assert case.due("main:limit") == at("2026-06-09 11:00")

    case.does("end", "2026-06-08 13:00")

    assert case.case.timers == {}
    assert case.next() is None
