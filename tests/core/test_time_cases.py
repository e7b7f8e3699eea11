"""The numbered cases of what time, people and tracks mean, as far as they end in one case.

Those of a cycle of a clock are in test_clocks.py, of timers and duties in the files of that name;
those that need a store, or the engine's own time, are in tests/runtime/test_time_cases.py.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_engine.calendar import Cause, WorkingDays
from escalation_engine.core import (
    Alarm,
    Case,
    Decision,
    HolderQuestion,
    Recalculated,
    Sent,
    Unavailable,
    explain,
)
from tests.calendar.desk import at
from tests.core.driving import ann, bob, eve
from tests.core.timed import LON, life

# ---- clocks that pause for different reasons


TWO_CLOCKS = """
start: work
events: {ask: {}, order: {}, resume: {}, solve: {}, reopen: {}, end: {}, reply: {}}
data: {by: {type: date}}
clocks:
  resolution:
    {starts: entering work, stops: entering solved, target: 8 working hours, paused_in: [client]}
  milestone: {starts: entering work, stops: entering solved, target: 3 months, from: by}
  deadline: {starts: entering work, stops: entering solved, target: 8 weeks}
duties:
  weekly: {every: Friday 16:00, done_by: event reply}
states:
  work: {on: {ask: {to: client}, order: {to: vendor}, solve: {to: solved}, reply: {}}}
  client: {on: {resume: {to: work}, reply: {}}}
  vendor: {on: {resume: {to: work}}}
  solved: {on: {reopen: {to: work}, end: {to: closed}}}
  closed: {kind: end, outcome: solved}
"""


def test_s38_waiting_for_the_client_pauses_the_resolution_and_not_the_weekly_update():
    case = life(TWO_CLOCKS).opens("2026-06-08 10:00")
    case.does("ask", "2026-06-08 12:00")
    assert case.due("resolution") is None
    assert case.case.duties["weekly"].due_at == at("2026-06-12 16:00")
    case.does("resume", "2026-06-09 11:00")

    assert case.due("resolution") == at("2026-06-09 17:00")


def test_s38_waiting_for_the_vendor_pauses_what_declares_it_and_nothing_else():
    case = life(TWO_CLOCKS).opens("2026-06-08 10:00")
    case.does("order", "2026-06-08 12:00")

    assert case.due("resolution") == at("2026-06-09 10:00")
    assert case.case.duties["weekly"].due_at == at("2026-06-12 16:00")


def test_s39_no_pause_moves_a_fixed_instant_or_a_calendar_period():
    case = life(TWO_CLOCKS).opens("2026-02-09 10:00", by="2026-02-01")
    before = case.due("milestone"), case.due("deadline")
    case.does("ask", "2026-02-10 10:00")
    assert (case.due("milestone"), case.due("deadline")) == before
    case.does("resume", "2026-02-17 10:00")

    assert case.due("milestone") == at("2026-05-01 00:00")
    assert case.due("deadline") == at("2026-04-06 10:00")


def test_s41_paused_outside_hours_and_stopped_are_told_apart():
    case = life(TWO_CLOCKS).opens("2026-06-08 10:00")
    case.does("ask", "2026-06-08 12:00")
    case.does("resume", "2026-06-08 16:00")
    case.does("solve", "2026-06-09 10:00")
    case.does("reopen", "2026-06-10 15:00")

    found = explain(case.desk.chart, case.case, clock="resolution", at=at("2026-06-10 16:00"))
    told = [(one.cause.value, one.reasons, one.start, one.end) for one in found.intervals]
    assert told == [
        ("counted", (), at("2026-06-08 10:00"), at("2026-06-08 12:00")),
        ("paused", ("client",), at("2026-06-08 12:00"), at("2026-06-08 16:00")),
        ("counted", (), at("2026-06-08 16:00"), at("2026-06-08 17:00")),
        ("outside_hours", (), at("2026-06-08 17:00"), at("2026-06-09 09:00")),
        ("counted", (), at("2026-06-09 09:00"), at("2026-06-09 10:00")),
        ("stopped", (), at("2026-06-09 10:00"), at("2026-06-10 15:00")),
        ("counted", (), at("2026-06-10 15:00"), at("2026-06-10 16:00")),
    ]
    assert found.total(Cause.COUNTED) == found.total("counted") == found.used  # type: ignore[arg-type]  # as a caller may write it


def test_s82_an_explanation_has_what_counted_what_did_not_and_what_comes_next():
    text = TWO_CLOCKS.replace("8 working hours", "2 working days, warn: 50%")
    case = life(text).opens("2026-06-08 10:00")
    found = explain(case.desk.chart, case.case, clock="resolution", at=at("2026-06-09 08:00"))

    assert (found.due, found.used, found.remaining) == (
        at("2026-06-10 17:00"), WorkingDays(0), WorkingDays(2),
    )  # fmt: skip
    assert [one.cause.value for one in found.intervals] == ["counted", "outside_hours"]
    assert found.next_threshold is not None
    assert found.next_threshold.at == at("2026-06-09 13:30")
    assert (
        f"{found.used} used, {found.remaining} left" == "0 working days used, 2 working days left"
    )


PARIS = """
calendars: {paris: {timezone: Europe/Paris, hours: {mon-fri: "08:00-18:00"}}}
start: work
clocks:
  answer:
    {starts: entering work, stops: event end, target: 4 working hours, warn: 1 working hour before}
states: {work: {on: {end: {to: over}}}, over: {kind: end, outcome: done}}
"""


def test_s32_a_warning_before_a_target_over_night_comes_in_open_hours():
    case = life(PARIS, calendars="").opens("2026-06-08 16:00")  # 17:00 in Paris

    assert [(one.label, one.at) for one in case.case.clocks["answer"].pending] == [
        ("1 working hour before", at("2026-06-09 10:00", "Europe/Paris")),
        ("due", at("2026-06-09 11:00", "Europe/Paris")),
    ]


# ---- cycles


def test_s43_a_first_response_that_starts_with_the_case_never_restarts():
    text = """
events: {reply: {}, solve: {}, reopen: {}}
opens: {ring: {to: work}}
clocks: {first: {starts: event ring, stops: event reply, target: 2 working hours}}
states:
  work: {on: {reply: {}, solve: {to: solved}}}
  solved: {on: {reopen: {to: work}}}
"""
    case = life(text).opens("2026-06-08 09:00", event="ring")
    case.does("reply", "2026-06-08 10:00")
    case.does("solve", "2026-06-08 12:00")
    case.does("reopen", "2026-06-10 15:00")

    assert case.case.clocks["first"].ended_at == at("2026-06-08 10:00")
    assert [one.verdict for one in case.case.cycles["first"]] == ["met"]
    assert case.next() is None


def test_s44_a_threshold_fires_once_in_each_cycle():
    text = TWO_CLOCKS.replace("8 working hours", "2 working hours, warn: 50%, on_reopen: restart")
    case = life(text).opens("2026-06-08 09:00")
    case.until("2026-06-08 10:30")
    case.does("solve", "2026-06-08 10:30")
    case.does("reopen", "2026-06-09 09:00")
    case.until("2026-06-09 10:30")

    marks = [one.at for one in case.changes("fired") if one.key == "resolution"]
    assert marks == [at("2026-06-08 10:00"), at("2026-06-09 10:00")]


def test_s47_what_comes_after_the_end_is_refused_and_never_undoes_it():
    case = life(TWO_CLOCKS).opens("2026-06-08 09:00")
    case.does("solve", "2026-06-08 10:00")
    case.does("end", "2026-06-08 11:00")
    refusal = case.refused(Sent("reopen", ann), "2026-06-08 12:00")

    assert [one.kind for one in refusal.reasons] == ["closed"]
    assert case.case.outcome == "solved"
    assert case.next() is None


# ---- another class


BY_CLASS = """
start: work
data: {priority: {enum: [p1, p3], default: p3, changes: anytime}}
roles: {desk: {title: Desk}, chief: {title: Chief}}
events: {raise_it: {needs: [priority]}, ask: {}, end: {}}
clocks:
  solve_in:
    starts: entering work
    stops: entering closed
    target: {depends_on: priority, p1: 4 working hours, p3: 16 working hours}
states:
  work: {on: {raise_it: {by: [chief]}, ask: {set: {asked: true}}, end: {to: closed}}}
  closed: {kind: end, outcome: done}
"""


def test_s50_a_denied_request_for_a_higher_class_moves_no_due_instant():
    """P07: it is flagged, and every effort is made; the target stays."""
    text = BY_CLASS.replace("data: {", "data: {asked: {type: boolean}, ")
    case = life(text).opens("2026-06-08 09:00")
    before = case.case.clocks
    case.does("ask", "2026-06-08 14:00")
    refusal = case.refused(Sent("raise_it", ann, {"priority": "p1"}), "2026-06-08 14:05")

    assert [one.kind for one in refusal.reasons] == ["wrong_role"]
    assert case.case.data["asked"] is True
    assert case.case.clocks == before
    assert case.due("solve_in") == at("2026-06-09 17:00")


def test_s50_the_same_request_granted_moves_it():
    text = BY_CLASS.replace("data: {", "data: {asked: {type: boolean}, ")
    case = life(text).opens("2026-06-08 09:00")
    case.take(Sent("raise_it", eve, {"priority": "p1"}), at("2026-06-08 11:00"))

    assert case.due("solve_in") == at("2026-06-08 13:00")


def test_s53_a_class_with_another_kind_of_time_is_counted_from_the_origin():
    text = BY_CLASS.replace("p1: 4 working hours", "p1: 24 hours")
    text = text.replace("data: {", "data: {asked: {type: boolean}, ")
    case = life(text).opens("2026-06-05 16:00")
    assert case.due("solve_in") == at("2026-06-09 16:00")
    case.records("2026-06-05 16:30", priority="p1")
    assert case.due("solve_in") == at("2026-06-06 16:00")
    case.records("2026-06-05 17:30", priority="p3")

    assert case.due("solve_in") == at("2026-06-09 16:00")
    assert case.replayed() == case.case


LADDER = """
start: support
roles: {one: {title: One}, two: {title: Two}}
clocks: {ticket: {starts: entering support, stops: entering closed, target: 16 working hours}}
events: {resolve: {}}
states:
  support:
    levels: {first: {assignee: one}, second: {assignee: two}}
    each_level:
      timers: {box: {after: 4 working hours, send: climb}}
      on: {climb: {to: next_level}, resolve: {to: closed}}
    after_last_level: left
  left: {kind: decision, on: {resolve: {to: closed}}}
  closed: {kind: end, outcome: done}
"""


def test_s52_another_level_restarts_its_time_box_and_the_ticket_goes_on():
    case = life(LADDER).opens("2026-06-08 10:00")
    case.does("climb", "2026-06-08 12:00")

    assert case.due("ticket") == at("2026-06-10 10:00")
    assert case.due("main.support.second:box") == at("2026-06-08 16:00")


def test_s52_the_journal_tells_how_long_each_level_had_it():
    case = life(LADDER).opens("2026-06-08 10:00")
    case.does("climb", "2026-06-08 12:00")
    case.does("resolve", "2026-06-08 15:00")

    stays = [(entry.states["main"], entry.at) for entry in case.journal]
    assert stays == [
        ("support.first", at("2026-06-08 10:00")),
        ("support.second", at("2026-06-08 12:00")),
        ("closed", at("2026-06-08 15:00")),
    ]


def test_s59_an_event_at_the_instant_of_a_levels_timeout_comes_first():
    case = life(LADDER).opens("2026-06-08 10:00")
    case.does("resolve", "2026-06-08 14:00")

    assert case.case.state == "closed"
    assert not case.changes("fired")


def test_s59_a_moment_later_the_level_has_timed_out():
    case = life(LADDER).opens("2026-06-08 10:00")
    case.does("resolve", "2026-06-08 14:01")

    assert [entry.states["main"] for entry in case.journal][1] == "support.second"


def test_s57_an_earlier_now_counts_as_the_latest_and_fires_nothing_twice():
    case = life(LADDER).opens("2026-06-08 10:00").until("2026-06-08 14:00")
    case.take(Sent("climb", ann), "2026-06-08 09:00")

    assert case.case.at == at("2026-06-08 14:00")
    assert len(case.changes("fired")) == 1
    assert case.case.state == "left"


# ---- ties


TIES = """
start: work
timers:
  b_timer: {after: 1 hour, send: note_b}
  a_timer: {after: 1 hour, send: note_a}
clocks:
  z_clock: {starts: entering work, stops: event end, target: 1 hour}
  a_clock: {starts: entering work, stops: event end, target: 1 hour}
duties:
  a_duty: {opens: entering work, due: 1 hour}
events: {note_a: {}, note_b: {}, end: {}}
states:
  work:
    timers: {inner: {after: 1 hour, send: note_a}}
    on: {note_a: {}, note_b: {}, end: {to: over}}
  over: {kind: end, outcome: done}
"""


def test_s30_at_one_instant_timers_go_before_clocks_and_duties_in_order_of_definition():
    case = life(TIES).opens("2026-06-08 09:00")
    fired = [one.key for one in case.wakes("2026-06-08 10:00")]

    in_order = ["main:b_timer", "main:a_timer", "main.work:inner", "z_clock", "a_clock", "a_duty"]
    assert fired == in_order
    assert fired == [
        one.key for one in life(TIES).opens("2026-06-08 09:00").wakes("2026-06-08 12:00")
    ]


# ---- people and ladders


PEOPLE = """
start: idle_now
roles:
  a: {title: A, alternates: [b]}
  b: {title: B, alternates: [a]}
  c: {title: C, when_nobody: refuse}
events: {call: {}, again: {}, strict: {}, resolve: {}}
slots: {checker: {title: Checker}}
states:
  idle_now:
    timers: {box: {after: 1 hour, send: call}}
    on: {call: {to: called}, strict: {to: called, assign: {owner: c}}}
  called:
    assignee: a
    on:
      again: {to: called}
      resolve: {to: over, requires: {different_from: {sender: assignee}}}
  over: {kind: end, outcome: done}
"""


def holder(case: Case, slot: str = "assignee") -> tuple[str | None, str | None]:
    (held,) = case.slots[slot]
    return held.role, held.person


def test_s62_where_nobody_is_there_the_role_keeps_the_case_with_an_alarm():
    case = life(PEOPLE, directory={"a": Unavailable(), "b": Unavailable()})
    case.opens("2026-06-08 09:00").does("call", "2026-06-08 09:30")

    assert holder(case.case) == ("a", None)
    assert len([one for one in case.effects if isinstance(one, Alarm)]) == 1


def test_s62_or_the_input_is_refused_where_the_role_says_so():
    case = life(PEOPLE, directory={"a": "al", "c": Unavailable()}).opens("2026-06-08 09:00")
    refusal = case.refused(Sent("strict", ann), "2026-06-08 09:30")

    assert [one.kind for one in refusal.reasons] == ["nobody_available"]


def test_s63_the_chain_of_alternates_ends_where_it_would_repeat():
    case = life(PEOPLE, directory={"a": Unavailable(), "b": Unavailable()})
    case.opens("2026-06-08 09:00").does("call", "2026-06-08 09:30")

    asked = [one for one in case.journal[-1].answers if isinstance(one, HolderQuestion)]
    assert [question.role for question in asked] == ["a", "b"]


def test_s63_an_alternate_keeps_the_case():
    people = {"a": Unavailable("on leave"), "b": "bert"}
    case = life(PEOPLE, directory=people).opens("2026-06-08 09:00")
    case.does("call", "2026-06-08 09:30")
    people["a"] = "al"
    case.take(Recalculated(ann, "to be sure"), "2026-06-08 10:00")

    assert holder(case.case)[1] == "bert"


def test_s64_who_is_on_call_is_found_when_the_timer_fires_and_recorded_as_a_person():
    people = {"a": "early"}
    case = life(PEOPLE, directory=people).opens("2026-06-08 09:00")
    people["a"] = "late"
    case.until("2026-06-08 10:00")

    assert holder(case.case)[1] == "late"
    assert case.replayed() == case.case


def test_s65_who_has_left_stays_in_the_history_and_the_future_finds_another():
    people = {"a": "old"}
    case = life(PEOPLE, directory=people).opens("2026-06-08 09:00")
    case.does("call", "2026-06-08 09:30")
    people["a"] = "new"
    case.does("again", "2026-06-08 10:00")

    changes = [entry.slots["assignee"] for entry in case.journal if "assignee" in entry.slots]
    assert [new[0].person for _, new in changes] == ["old", "new"]
    assert case.replayed() == case.case


def test_s67_who_worked_on_it_does_not_check_it():
    case = life(PEOPLE, directory={"a": "ann"}).opens("2026-06-08 09:00")
    case.does("call", "2026-06-08 09:30")
    refusal = case.refused(Sent("resolve", ann), "2026-06-08 10:00")
    case.take(Sent("resolve", bob), "2026-06-08 10:00")

    assert [one.kind for one in refusal.reasons] == ["different_from"]
    assert case.case.is_closed


# ---- a track beside


BESIDE = """
roles: {desk: {title: Desk}, boss: {title: Boss}}
data: {told: {type: string}}
checklists: {calm: {items: {client: Is the client calm?, cause: Is the cause known?}}}
clocks: {solve_in: {starts: entering work, stops: entering closed, target: 8 working hours}}
events: {escalate: {}, calm_down: {}, hold: {}, resume: {}, close: {}}
tracks:
  ticket:
    start: work
    states:
      work: {assignee: desk, on: {hold: {to: held}, close: {to: closed}}}
      held: {on: {resume: {to: back}}}
      closed: {kind: end, outcome: done}
  escalation:
    start: rest
    states:
      rest: {kind: idle, on: {escalate: {to: active, assign: {owner: boss}}}}
      active:
        on:
          escalate: {set: {told: again}}
          calm_down: {to: rest, requires: {checklist: calm, data: [told]}}
"""


def test_s72_an_escalation_beside_leaves_state_assignee_and_clocks_alone():
    case = life(BESIDE).opens("2026-06-08 09:00")
    before = case.case
    case.does("escalate", "2026-06-08 10:00")

    assert case.case.states == {"ticket": "work", "escalation": "active"}
    assert case.case.slots["assignee"] == before.slots["assignee"]
    assert case.case.clocks == before.clocks


def test_s72_and_the_way_back_leads_to_the_state_that_was_left():
    case = life(BESIDE).opens("2026-06-08 09:00")
    case.does("hold", "2026-06-08 10:00")
    case.does("resume", "2026-06-08 11:00")

    assert case.case.states["ticket"] == "work"
    assert case.due("solve_in") == at("2026-06-08 17:00")


def test_s73_a_second_escalation_joins_the_one_that_is_active():
    case = life(BESIDE).opens("2026-06-08 09:00")
    case.does("escalate", "2026-06-08 10:00")
    case.does("escalate", "2026-06-08 11:00")

    assert case.case.states["escalation"] == "active"
    assert case.case.data["told"] == "again"


def test_s74_the_gate_of_de_escalation_lists_all_that_is_missing():
    case = life(BESIDE).opens("2026-06-08 09:00")
    case.does("escalate", "2026-06-08 10:00")
    refusal = case.refused(Sent("calm_down", ann), "2026-06-08 11:00")

    assert {(one.kind, one.subject) for one in refusal.reasons} >= {("missing_data", "told")}
    items = [one.message for one in refusal.reasons if one.kind == "checklist"]
    assert "Is the client calm?" in " ".join(items)
    assert "Is the cause known?" in " ".join(items)


# ---- other calendars, and what was captured


DAYS = """
start: work
clocks:
  answer: {starts: entering work, stops: event end, target: 2 working days}
  done_before: {starts: entering work, stops: event told, target: 1 working hour}
events: {told: {}, end: {}}
states: {work: {on: {told: {}, end: {to: over}}}, over: {kind: end, outcome: done}}
"""
ONE_OFF = LON.replace("holidays: GB-ENG", "holidays: GB-ENG, added: [2026-06-15]")


def test_s18_a_holiday_added_while_running_counts_from_a_recalculation_on():
    case = life(DAYS).opens("2026-06-12 10:00")
    assert case.due("answer") == at("2026-06-16 17:00")
    before, case.desk = case.desk, life(DAYS, calendars=ONE_OFF).desk
    case.does("told", "2026-06-12 10:30")
    assert case.due("answer") == at("2026-06-16 17:00")

    case.take(Recalculated(ann, "a one-off holiday"), "2026-06-12 11:00")

    (change,) = case.changes("recalculated")
    assert (change.was, change.at) == (at("2026-06-16 17:00"), at("2026-06-17 17:00"))
    assert case.due("answer") == at("2026-06-17 17:00")
    case.desk = before  # A replay takes the instants of the journal, whatever calendar there is.
    assert case.replayed() == case.case


def test_s18_s80_a_recalculation_never_takes_back_what_was_breached():
    case = life(DAYS).opens("2026-06-12 10:00").until("2026-06-16 18:00")
    case.desk = life(DAYS, calendars=ONE_OFF).desk
    breached = case.case.clocks["answer"]
    case.take(Recalculated(ann, "a one-off holiday"), "2026-06-16 18:30")

    after = case.case.clocks["answer"]
    assert (after.status, after.due_at) == ("breached", at("2026-06-16 17:00"))
    assert after.due_at == breached.due_at


def test_s80_the_history_keeps_the_target_and_the_instant_that_it_was_judged_by():
    case = life(DAYS).opens("2026-06-12 10:00")
    case.does("told", "2026-06-12 10:30")
    judged = case.case.cycles["done_before"]
    closing = LON.replace('"09:00-17:00"', '"09:00-10:15"')
    before, case.desk = case.desk, life(DAYS, calendars=closing).desk
    case.take(Recalculated(ann, "other hours"), "2026-06-12 11:00")

    assert case.case.cycles["done_before"] == judged
    (cycle,) = judged
    assert (cycle.target, cycle.due_at, cycle.verdict) == (
        "1 working hour", at("2026-06-12 11:00"), "met",
    )  # fmt: skip
    case.desk = before
    assert case.replayed() == case.case


def test_s84_other_zone_data_count_from_a_recalculation_on_and_past_instants_stay():
    """Another zone stands for other data of the same one: the rule is local, the instant is not."""
    text = DAYS + "duties: {daily: {every: day at 09:00, first: at_once}}\n"
    case = life(text).opens("2026-06-08 10:00").until("2026-06-09 09:00")
    before, case.desk = case.desk, life(text, calendars=LON.replace("Europe/London", "UTC")).desk
    case.take(Recalculated(ann, "zone data"), "2026-06-09 10:00")

    assert case.due("answer") == at("2026-06-10 18:00")
    assert case.case.duties["daily"].due_at == at("2026-06-10 10:00")
    assert case.case.duties["daily"].since == at("2026-06-09 09:00")
    case.desk = before
    assert case.replayed() == case.case


def test_a_recalculation_moves_timers_and_keeps_what_has_fired():
    text = """
start: work
timers: {box: {after: 2 working days, send: end, warn: 25%}}
states: {work: {on: {end: {to: over}}}, over: {kind: end, outcome: done}}
"""
    case = life(text).opens("2026-06-12 10:00").until("2026-06-12 16:00")
    assert len(case.changes("fired")) == 1
    case.desk = life(text, calendars=ONE_OFF).desk
    case.take(Recalculated(ann, "a one-off holiday"), "2026-06-12 16:30")

    assert case.due("main:box") == at("2026-06-17 17:00")
    assert [one.label for one in case.case.timers["main:box"].pending] == ["due"]


def test_s83_a_guard_sees_the_case_with_the_data_that_the_event_brought():
    text = """
start: work
data: {region: {type: string}}
guards: {near: Is it near?}
events: {move: {may_bring: [region]}}
states: {work: {on: {move: [{to: here, if: near}, {to: there}]}}, here: {}, there: {}}
"""
    seen: list[object] = []

    def near(case: Case) -> bool:
        seen.append(case.data["region"])
        return case.data["region"] == "north"

    case = life(text, guards={"near": near}).opens("2026-06-08 09:00")
    case.does("move", "2026-06-08 10:00", region="north")

    assert (seen, case.case.state) == (["north"], "here")
    assert case.replayed() == case.case
    assert seen == ["north"]


def test_s81_the_journal_says_who_what_when_why_and_from_what_to_what():
    text = """
start: work
data: {costs: {type: integer, default: 1}}
roles: {client: {title: Client}, desk: {title: Desk}}
events: {agree: {may_bring: [costs]}}
states:
  work: {on: {agree: {to: over, by: [client], recorded_by: [desk], reason: The client agrees}}}
  over: {kind: end, outcome: done}
"""
    case = life(text).opens("2026-06-08 09:00")
    said = Sent("agree", ann, {"costs": 9}, evidence="mail 17", on_behalf_of="cleo", note="By mail")
    case.take(said, "2026-06-08 10:00")

    entry = case.journal[-1]
    assert (entry.at, entry.input) == (at("2026-06-08 10:00"), said)
    assert entry.data == {"costs": (1, 9)}
    ((move,),) = [step.moves for step in entry.steps]
    assert (move.source, move.target, move.reason) == ("work", "over", "The client agrees")
    assert case.replayed() == case.case


# ---- pauses


LONDON = ZoneInfo("Europe/London")
TARGETS = ["8 working hours", "2 working days", "30 hours", "45 working minutes"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(TARGETS),
    st.lists(st.tuples(st.sampled_from(["ask", "resume", "order"]), st.integers(1, 2_000))),
)
def test_no_journey_of_pauses_makes_a_due_instant_earlier(
    target: str, steps: list[tuple[str, int]]
):
    case = life(TWO_CLOCKS.replace("8 working hours", target)).opens("2026-06-05 15:00")
    now = at("2026-06-05 15:00").astimezone(UTC)
    latest = case.due("resolution")
    assert latest is not None
    for event, minutes in steps:
        now += timedelta(minutes=minutes)
        case.until(f"{now.astimezone(LONDON):%Y-%m-%d %H:%M}")
        found = case.desk.decide(case.case, Sent(event, ann), now=now)
        if isinstance(found, Decision):
            case.case = found.case
        due = case.due("resolution")
        if due is not None:
            assert due >= latest
            latest = due
