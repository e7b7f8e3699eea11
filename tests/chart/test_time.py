"""What is about time loads into the chart; every fault has its code, its line and its column.

Texts mark the place of a fault as those of test_rulings_loading.py do: with « before it.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from escalation_engine import DefinitionError, Finding, load, load_text
from escalation_engine.chart import Chart
from escalation_engine.chart.diagram import diagram
from escalation_engine.chart.model import (
    Amount,
    Body,
    Extend,
    Moment,
    MomentKind,
    Recipient,
    Requirements,
    Warning,
)

HEAD = "process: desk\nversion: 1\ntitle: A desk\nstart: a\n"
OFFICE = 'calendars: {office: {timezone: Europe/London, hours: {mon-fri: "09:00-17:30"}}}\n'
PLAIN = "states: {a: {on: {go: {}}}}\n"


def written(text: str) -> str:
    return HEAD + dedent(text).lstrip("\n")


def loaded(text: str, **parameters: object) -> Chart:
    return load_text(written(text), parameters=parameters)


def faults(text: str, **parameters: object) -> tuple[Finding, ...]:
    with pytest.raises(DefinitionError) as refused:
        load_text(text, parameters=parameters)
    return refused.value.findings


def fault(text: str, code: str, **parameters: object) -> Finding:
    """Assert that the one fault of a text has the code and stands at the mark; return it."""
    marked = written(text)
    before, _, _ = marked.partition("«")
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    (found,) = faults(marked.replace("«", ""), **parameters)
    assert (found.code, found.mark.line, found.mark.column) == (code, *place), str(found)
    return found


# ---- calendars


def test_a_calendar_keeps_what_its_author_wrote():
    chart = loaded(
        PLAIN
        + """
calendars:
  office:
    title: The office
    timezone: Europe/London
    hours: {mon-thu: [09:00-12:30, 13:30-17:00], fri: 09:00-13:00}
    holidays: GB-ENG
    added: {2026-06-15: One-off holiday}
    removed: [2026-12-28, Good Friday]
    special: {2026-12-24: 09:00-12:00}
    yearly: {24 Dec to 2 Jan: closed}
    counting: {cutoff: close}
"""
    )

    calendar = chart.calendars["office"]
    spec = calendar.spec
    assert (calendar.title, spec.timezone, spec.holidays) == (
        "The office", "Europe/London", "GB-ENG",
    )  # fmt: skip
    assert spec.hours["mon-thu"] == ("09:00-12:30", "13:30-17:00")
    assert [(str(day), name) for day, name in spec.added.items()] == [
        ("2026-06-15", "One-off holiday")
    ]
    assert [str(removed) for removed in spec.removed] == ["2026-12-28", "Good Friday"]
    assert spec.counting == {"cutoff": "close", "end_of_day": "close", "roll": "none"}


def test_added_days_may_be_a_plain_list():
    chart = loaded(
        PLAIN + "calendars: {c: {timezone: UTC, hours: {mon: closed, tue: 09:00-10:00}, "
        "added: [2026-06-15]}}"
    )

    assert list(map(str, chart.calendars["c"].spec.added)) == ["2026-06-15"]


@pytest.mark.parametrize(
    "calendar",
    [
        "{timezone: «Europe/Lundon, hours: {mon: 09:00-17:00}}",
        "{timezone: UTC, hours: {«mon-fry: 09:00-17:00}}",
        "{timezone: UTC, hours: {«mon: 9 to 5}}",
        "{timezone: UTC, hours: {mon: 09:00-17:00}, holidays: «GB-ENQ}",
        "{timezone: UTC, hours: {mon: 09:00-17:00}, holidays: GB-ENG, removed: [«Bad Friday]}",
        "{timezone: UTC, hours: {mon: 09:00-17:00}, added: [«tomorrow]}",
        "{timezone: UTC, hours: {mon: 09:00-17:00}, special: {«xmas: closed}}",
        "{timezone: UTC, hours: {mon: 09:00-17:00}, yearly: {«30 Feb: closed}}",
        "{timezone: UTC, «hours: {mon: closed}}",
    ],
)
def test_a_fault_of_a_calendar_stands_at_its_key(calendar: str):
    fault(f"calendars: {{c: {calendar}}}\n{PLAIN}", "E130")


# ---- timers

LADDER = (
    OFFICE
    + """
parameters: {time_box: {type: duration, default: 4 working hours}}
messages: {closing_in: It is getting late}
states:
  a:
    levels:
      tier1: {}
      tier2: {timers: {box: {after: 2 working hours}}}
      tier3: {timers: {box: null}}
    each_level:
      timers:
        box:
          title: Time box
          after: $time_box
          send: escalate
          paused_in: [checking]
          warn: {75%: {notify: {assignee: closing_in}}, 1 working hour before: {}}
      on: {escalate: {to: next_level}}
      states: {working: {on: {check: {to: checking}}}, checking: {}}
    after_last_level: done
  done: {kind: end, outcome: done}
"""
)


def test_a_timer_of_each_level_is_armed_by_each_level_for_itself():
    chart = loaded(LADDER)

    timer = chart.timers["main.a.tier1:box"]
    assert (timer.track, timer.scope, timer.title) == ("main", "a.tier1", "Time box")
    assert (timer.after, timer.send) == (Amount("4 working hours"), "escalate")
    assert (timer.paused_in, timer.calendar) == (("main.a.tier1.checking",), "office")
    assert (timer.every, timer.times, timer.restarts) == (None, 1, False)


def test_a_level_changes_or_removes_a_timer_of_each_level():
    chart = loaded(LADDER)

    assert list(chart.timers) == ["main.a.tier1:box", "main.a.tier2:box"]
    assert chart.timers["main.a.tier2:box"].after == Amount("2 working hours")
    assert chart.timers["main.a.tier2:box"].send == "escalate"


def test_a_warning_has_a_body_or_is_a_mark_alone():
    warnings = loaded(LADDER).timers["main.a.tier1:box"].warnings

    told = Body(notify=((Recipient(slot="assignee"), "closing_in"),))
    assert warnings == (Warning("75%", told), Warning("1 working hour before"))


@pytest.mark.parametrize("warn", ["75%", "[75%]", "{75%: {}}"])
def test_a_bare_warning_has_no_body(warn: str):
    chart = loaded(f"states: {{a: {{timers: {{t: {{after: 1 hour, warn: {warn}}}}}}}}}")

    assert chart.timers["main.a:t"].warnings == (Warning("75%"),)


def test_ruling_25_a_timer_with_none_stays_in_the_chart_switched_off():
    chart = loaded(LADDER, time_box="none")

    assert chart.timers["main.a.tier1:box"].after == Amount("none")


def test_a_timer_may_repeat_so_often_or_for_ever():
    repeat = "{after: 1 hour, send: go, repeat: {every: 30 minutes, until: %s}}"
    chart = loaded(
        f"states: {{a: {{on: {{go: {{}}}}, timers: {{t: {repeat % 3}, u: {repeat % 'forever'}}}}}}}"
    )

    timers = chart.timers
    assert timers["main.a:t"].every == Amount("30 minutes")
    assert (timers["main.a:t"].times, timers["main.a:u"].times) == (3, None)


def test_a_timer_of_the_process_belongs_to_its_first_track_as_a_whole():
    timer = "timers: {t: {after: 1 hour, send: go}}"
    one = loaded(f"{timer}\nstates: {{a: {{on: {{go: {{}}}}}}}}")
    several = load_text(
        f"process: p\nversion: 1\ntitle: P\n{timer}\ntracks:\n"
        "  ticket: {start: a, states: {a: {on: {go: {}}}}, "
        "timers: {own: {after: 1 hour, send: go}}}\n"
        "  side: {start: b, states: {b: {}}}\n"
    )

    assert [(key, timer.scope) for key, timer in one.timers.items()] == [("main:t", "")]
    assert [(timer.track, timer.scope) for timer in several.timers.values()] == [
        ("ticket", ""), ("ticket", ""),
    ]  # fmt: skip
    assert set(several.timers) == {"ticket:own", "ticket:t"}


def test_a_timer_may_start_anew_when_its_state_is_returned_to():
    chart = loaded("states: {a: {timers: {t: {after: 1 hour, warn: 50%, on_return: restart}}}}")

    assert chart.timers["main.a:t"].restarts


@pytest.mark.parametrize(
    ("timer", "code"),
    [
        ("{«t: {after: 1 hour}}", "E132"),
        ("{t: {after: 1 hour, warn: 50%, «repeat: {every: 1 hour, until: 2}}}", "E132"),
        ("{t: {after: 1 hour, send: «stop}}", "E113"),
        ("{t: {after: 1 hour, send: go, paused_in: [«b]}}", "E113"),
        ("{t: {after: 8 weeks, send: go, «paused_in: [a]}}", "E132"),
        ("{t: {after: 4 «d, send: go}}", "E129"),
        ("{t: {after: «1d, send: go}}", "E129"),
        ('{t: {after: "2 working hours 3 «fortnights", send: go}}', "E129"),
        ("{t: {after: 4 hours, warn: {«200%: {}}}}", "E129"),
        ("{t: {after: 4 hours, warn: {1 «hor before: {}}}}", "E129"),
        ("{t: {after: «$lost, send: go}}", "E113"),
        ("{t: {after: 1 hour, send: go, repeat: {every: 3 «moons, until: 2}}}", "E129"),
        ("{t: {after: 1 hour, send: go, calendar: «home}}", "E113"),
    ],
)
def test_a_fault_of_a_timer_stands_at_its_place(timer: str, code: str):
    fault(f"{OFFICE}states: {{a: {{on: {{go: {{}}}}, timers: {timer}}}}}", code)


def test_an_end_has_no_timers():
    fault("states: {a: {kind: end, outcome: x, «timers: {t: {after: 1 hour, warn: 50%}}}}", "E114")


def test_a_fault_in_each_level_is_told_once():
    fault(LADDER.replace("paused_in: [checking]", "paused_in: [«chequing]"), "E113")


# ---- which calendar

TWO = """
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: 09:00-17:00}}
  night: {timezone: Europe/London, hours: {mon-fri: 20:00-22:00}}
"""


@pytest.mark.parametrize("after", ["2 working days", "4 working hours", "8 weeks", "1 day"])
def test_what_counts_on_a_calendar_needs_one(after: str):
    found = fault(f"states: {{a: {{timers: {{«t: {{after: {after}, warn: 50%}}}}}}}}", "E131")

    assert "calendars:" in found.hint


def test_of_several_calendars_one_must_be_named():
    timer = "{after: 1 working day, warn: 50%%%s}"
    found = fault(f"{TWO}states: {{a: {{timers: {{«t: {timer % ''}}}}}}}", "E131")
    chart = loaded(f"{TWO}states: {{a: {{timers: {{t: {timer % ', calendar: night'}}}}}}}")

    assert "`calendar: office`" in found.hint
    assert chart.timers["main.a:t"].calendar == "night"


@pytest.mark.parametrize("calendars", ["", TWO])
def test_elapsed_time_needs_no_calendar(calendars: str):
    chart = loaded(f"{calendars}states: {{a: {{timers: {{t: {{after: 1 hour, warn: 50%}}}}}}}}")

    assert chart.timers["main.a:t"].calendar == ""


def test_a_mark_that_counts_needs_a_calendar_too():
    fault("states: {a: {timers: {«t: {after: 9 hours, warn: 1 working hour before}}}}", "E131")


# ---- amounts

FACTS = (
    OFFICE
    + """
data:
  priority: {enum: [low, high]}
  agreed: {type: duration}
  weekly: {type: schedule, default: Friday 16:00}
  text: {type: string}
states: {a: {}}
clocks: {c: {starts: entering a, stops: leaving a, target: %s}}
"""
)


@pytest.mark.parametrize(
    ("target", "amount"),
    [
        ("90 minutes", Amount("1 hour 30 minutes")),
        ("none", Amount("none")),
        ("{agreed_in: agreed}", Amount(agreed_in="agreed")),
        (
            "{depends_on: priority, high: 30 minutes, otherwise: 4 working hours}",
            Amount("4 working hours", "priority", {"high": "30 minutes"}),
        ),
        (
            "{depends_on: priority, high: 1 hour, low: none}",
            Amount("", "priority", {"high": "1 hour", "low": "none"}),
        ),
    ],
)
def test_an_amount_is_fixed_or_depends_on_a_fact_or_is_agreed(target: str, amount: Amount):
    assert loaded(FACTS % target).clocks["c"].target == amount


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("{agreed_in: «text}", "E122"),
        ("{agreed_in: «lost}", "E113"),
        ("{agreed_in: agreed, «otherwise: 1 hour}", "E111"),
        ("{depends_on: «text, otherwise: 1 hour}", "E122"),
        ("{depends_on: priority, «urgent: 1 hour, otherwise: 2 hours}", "E122"),
        ("{depends_on: priority, high: 1 «our, otherwise: 2 hours}", "E129"),
        ("«{depends_on: priority, high: 1 hour}", "E112"),
        ("«{high: 1 hour}", "E112"),
    ],
)
def test_a_fault_of_an_amount_stands_at_its_place(target: str, code: str):
    fault(FACTS % target, code)


@pytest.mark.parametrize(("type_name", "default"), [("duration", "«4h"), ("schedule", "«Friday")])
def test_a_parameter_for_time_is_read_when_it_is_declared(type_name: str, default: str):
    fault(f"parameters: {{p: {{type: {type_name}, default: {default}}}}}\n{PLAIN}", "E129")


def test_a_parameter_for_time_is_read_when_it_is_bound():
    found = fault(f"parameters: {{«p: {{type: duration}}}}\n{PLAIN}", "E129", p="4h")

    assert "`p` is bound to `4h`" in found.message


def test_a_parameter_of_another_type_is_no_duration():
    fault(
        "parameters: {p: {type: string, default: 1 hour}}\n"
        "states: {a: {timers: {t: {after: «$p, warn: 50%}}}}",
        "E122",
    )


@pytest.mark.parametrize(
    "field", ["{type: duration, default: «4h}", "{type: schedule, default: «x}"]
)
def test_a_default_of_a_field_for_time_is_one(field: str):
    fault(f"data: {{f: {field}}}\n{PLAIN}", "E122")


def test_a_value_put_into_a_field_for_time_is_one():
    fault(
        "data: {f: {type: duration}}\nstates: {a: {on: {go: {set: {f: «soon}}}}}",
        "E122",
    )


# ---- clocks

COMPLAINT = (
    OFFICE
    + """
data: {known_on: {type: date}}
roles: {solutions: {title: Solutions}}
messages: {late: We are late}
states:
  a: {on: {refer: {to: solutions_review}}}
  solutions_review:
    on:
      contact_made: {to: done, requires: {past: due of contact, duty: [costs]}}
      wait: {to: waiting, extend: {contact: {by: 10 working days, at_most: 1}}}
  waiting: {on: {resume: {to: back}, alarm: {}}}
  done: {kind: end, outcome: done}
clocks:
  contact:
    title: First contact
    starts: entering solutions_review
    stops: [event contact_made, slot owner changes]
    target: 2 working days
    from: known_on
    paused_in: waiting
    warn: {50%: {notify: {solutions: late}}}
    breach: {send: alarm}
    on_reopen: restart
    on_change: from_change
  answer: {starts: clock contact met, stops: clock contact breached, target: 1 day}
duties:
  costs:
    title: Weekly costs
    every: Friday 16:00
    on_holiday: before
    while: [in solutions_review, in waiting]
    owed_by: solutions
    for: owner
    needs: [known_on]
    done_by: event costs_sent
    missed: {notify: {solutions: late}}
    first: at_once
    counted_from: last_done
    at_end: must_be_done
    catch_up: each
  excuse: {opens: [duty costs missed, clock contact breached], due: 1 working day}
on: {costs_sent: {}}
"""
)


def test_a_clock_runs_across_states():
    clock = loaded(COMPLAINT).clocks["contact"]

    assert clock.starts == (Moment(MomentKind.ENTERING, "main.solutions_review"),)
    assert clock.stops[1] == Moment(MomentKind.SLOT, "owner")
    assert (clock.target, clock.counts_from) == (Amount("2 working days"), "known_on")
    assert (clock.calendar, clock.paused_in) == ("office", ("main.waiting",))
    assert clock.breach == Body(send=("alarm",))
    assert (clock.on_reopen, clock.on_change) == ("restart", "from_change")


def test_clocks_and_duties_make_moments_of_their_own():
    chart = loaded(COMPLAINT)

    answer, excuse = chart.clocks["answer"], chart.duties["excuse"]
    assert answer.starts == (Moment(MomentKind.CLOCK_MET, "contact"),)
    assert answer.stops == (Moment(MomentKind.CLOCK_BREACHED, "contact"),)
    assert excuse.opens[0] == Moment(MomentKind.DUTY_MISSED, "costs")


def test_a_transition_extends_a_clock_and_waits_for_clocks_and_duties():
    branches = loaded(COMPLAINT).main.branches["solutions_review"]

    made, wait = branches["contact_made"][0].transition, branches["wait"][0].transition
    assert wait.body.extend == (Extend("contact", Amount("10 working days"), 1),)
    assert made.requires == Requirements(duties=("costs",), past="contact")


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("entering lost", "E113"),
        ("in a", "E127"),
        ("clock lost breached", "E113"),
        ("clock c late", "E127"),
        ("duty lost missed", "E113"),
    ],
)
def test_a_fault_of_a_moment_stands_at_it(moment: str, code: str):
    fault(f"{PLAIN}clocks: {{c: {{starts: «{moment}, stops: event go, target: 1 hour}}}}", code)


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ("from: «text", "E122"),
        ("from: «lost", "E113"),
        ("paused_in: [«lost]", "E113"),
        ("breach: {send: «lost}", "E113"),
        ("warn: {50%: {notify: {«nobody_here: m}}}", "E113"),
    ],
)
def test_a_fault_of_a_clock_stands_at_its_place(rest: str, code: str):
    fault(
        f"{PLAIN}data: {{text: {{type: string}}}}\nmessages: {{m: M}}\n"
        f"clocks: {{c: {{starts: event go, stops: event go, target: 1 hour, {rest}}}}}",
        code,
    )


def test_a_period_cannot_be_paused():
    found = fault(
        f"{OFFICE}{PLAIN}"
        "clocks: {c: {starts: event go, stops: event go, target: 8 weeks, «paused_in: a}}",
        "E132",
    )

    assert "working days" in found.hint


@pytest.mark.parametrize(
    ("way", "code"),
    [
        ("{extend: {«lost: {by: 1 hour}}}", "E113"),
        ("{extend: {c: {by: 1 «hor}}}", "E129"),
        ("{extend: {«c: {by: 1 working day}}}", "E131"),
        ("{requires: {past: «due of lost}}", "E113"),
        ("{requires: {past: «c}}", "E111"),
        ("{requires: {duty: [«lost]}}", "E113"),
    ],
)
def test_a_fault_of_a_transition_about_time_stands_at_its_place(way: str, code: str):
    fault(
        "clocks: {c: {starts: event go, stops: event go, target: 1 hour}}\n"
        f"states: {{a: {{on: {{go: {way}}}}}}}",
        code,
    )


# ---- duties


def test_a_recurring_duty_is_owed_by_a_schedule_while_in_some_states():
    duty = loaded(COMPLAINT).duties["costs"]

    assert (duty.every, duty.on_holiday) == (Amount("Friday 16:00"), "before")
    assert duty.active_in == ("main.solutions_review", "main.waiting")
    assert (duty.owed_by, duty.owed_to, duty.needs) == ("solutions", "owner", ("known_on",))
    assert duty.done_by == (Moment(MomentKind.EVENT, "costs_sent"),)
    assert (duty.is_first_at_once, duty.counts_from_last, duty.must_be_done) == (True, True, True)
    assert (duty.catch_up, duty.calendar) == ("each", "office")


def test_a_duty_may_be_owed_once():
    duty = loaded(COMPLAINT).duties["excuse"]

    assert (duty.every, duty.due) == (None, Amount("1 working day"))


def test_a_schedule_may_be_agreed_at_run_time():
    chart = loaded(FACTS % "none" + "duties: {update: {every: {agreed_in: weekly}}}")

    assert chart.duties["update"].every == Amount(agreed_in="weekly")


@pytest.mark.parametrize(
    ("duty", "code"),
    [
        ("{«d: {title: D}}", "E132"),
        ("{«d: {every: Friday 16:00, opens: event go}}", "E132"),
        ("{d: {every: Friday 16:00, «due: 1 hour}}", "E132"),
        ("{d: {opens: event go, «while: in a}}", "E132"),
        ("{d: {opens: event go, «catch_up: each}}", "E132"),
        ("{d: {opens: event go, «missed: {reason: Late}}}", "E132"),
        ("{d: {every: «Friday}}", "E129"),
        ('{d: {every: "Friday «25:00"}}', "E129"),
        ("{d: {every: Friday 16:00, while: «a}}", "E111"),
        ("{d: {every: Friday 16:00, while: [«in lost]}}", "E113"),
        ("{d: {every: Friday 16:00, owed_by: «lost}}", "E113"),
        ("{d: {every: Friday 16:00, for: «lost}}", "E113"),
        ("{d: {every: Friday 16:00, needs: [«lost]}}", "E113"),
    ],
)
def test_a_fault_of_a_duty_stands_at_its_place(duty: str, code: str):
    fault(f"{OFFICE}{PLAIN}duties: {duty}", code)


def test_a_schedule_needs_a_calendar_for_its_zone():
    fault(f"{PLAIN}duties: {{«d: {{every: Friday 16:00}}}}", "E131")


# ---- digests and conditions

DIGEST = (
    OFFICE
    + PLAIN
    + """
slots: {regional_manager: {}}
roles: {chief: {title: Chief}}
actions: {mail: Send a mail}
data: {issue: {type: string}}
digests:
  daily:
    title: Daily
    every: day at 09:00
    on_holiday: skip
    cases: in a and outside office
    shows: [issue, state, due]
    per: slot regional_manager
    send_by: mail
"""
)


def test_a_digest_lists_cases_for_each_holder():
    digest = loaded(DIGEST).digests["daily"]

    assert (digest.every, digest.calendar, digest.on_holiday) == (
        Amount("day at 09:00"), "office", "skip",
    )  # fmt: skip
    assert str(digest.cases) == "in main.a and outside office"
    assert digest.shows == ("data.issue", "state", "due")
    assert (digest.per, digest.send_by) == (Recipient(slot="regional_manager"), "mail")


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("day at 09:00", "«day", "E129"),
        ("cases: in a", "cases: in «lost", "E113"),
        ("[issue, state", "[«isue, state", "E113"),
        ("slot regional_manager", "«role lost", "E113"),
        ("slot regional_manager", "«chief", "E111"),
        ("send_by: mail", "send_by: «post", "E113"),
    ],
)
def test_a_fault_of_a_digest_stands_at_its_place(right: str, wrong: str, code: str):
    fault(DIGEST.replace(right, wrong, 1), code)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("every: day at 09:00", "every: «{agreed_in: when}"),
        ("in a and outside office", "«sender is chief"),
        ("in a and outside office", "«in a and channel == phone"),
        ("send_by: mail", "send_by: «call"),
        ("send_by: mail", "send_by: «ask"),
        ("send_by: mail", "send_by: «tell"),
        ("send_by: mail", "send_by: «done_elsewhere"),
    ],
)
def test_a_digest_is_of_no_case_and_no_event(right: str, wrong: str):
    text = DIGEST.replace(
        "{mail: Send a mail}",
        "{mail: Send a mail, call: {title: Call, arguments: {number: {type: string}}},"
        " ask: {title: Ask, reports: [go]}, tell: {title: Tell, failed: go},"
        " done_elsewhere: Do it}",
    ).replace("{issue: {type: string}}", "{issue: {type: string}, when: {type: schedule}}")
    text = text.replace(PLAIN, f"{PLAIN}duties: {{d: {{every: Friday 16:00, missed: "
                               "{do: done_elsewhere}}}\n")  # fmt: skip
    fault(text.replace(right, wrong, 1), "E132")


def test_a_condition_may_ask_whether_a_calendar_is_open():
    chart = loaded(OFFICE + "states: {a: {on: {go: {when: during office}}}}")

    condition = chart.main.branches["a"]["go"][0].transition.when
    assert condition is not None
    assert condition.calendars == {"office"}


def test_a_condition_asks_for_a_calendar_that_is_declared():
    fault(OFFICE + "states: {a: {on: {go: {when: during «home}}}}", "E113")


# ---- taken-in tracks

TAKEN = """
process: watch
kind: track
version: 1
title: Watching
start: quiet
roles: {manager: {title: Manager}}
parameters: {patience: {type: duration, default: 2 working days}}
timers: {idle: {after: $patience, warn: 50%}}
states:
  quiet: {on: {look: {to: busy}}}
  busy: {kind: idle, timers: {box: {after: 1 hour, send: look}}, on: {look: {to: quiet}}}
clocks: {contact: {starts: entering busy, stops: event look, target: $patience}}
duties: {report: {every: Friday 16:00, while: in busy, owed_by: manager}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "watch.yaml").write_text(TAKEN.lstrip("\n"), "utf-8")
    return tmp_path


def taking(rest: str = "") -> str:
    return (
        "process: p\nversion: 1\ntitle: P\n"
        + OFFICE
        + "tracks:\n  ticket: {start: a, states: {a: {on: {go: {}}}}}\n"
        + f"  watch: {{process: watch@1{rest}}}\n"
        + "counts: {late: {up_on: clock watch.contact breached}}\n"
    )


def test_what_a_track_brings_gets_its_name_and_counts_on_its_takers_calendar(folder: Path):
    chart = load_text(taking(", parameters: {patience: 4 working hours}"), search=[folder])

    assert set(chart.timers) == {"watch:idle", "watch.busy:box"}
    assert chart.timers["watch.busy:box"].send == "watch.look"
    clock, duty = chart.clocks["watch.contact"], chart.duties["watch.report"]
    assert (clock.target, clock.calendar) == (Amount("4 working hours"), "office")
    assert clock.starts == (Moment(MomentKind.ENTERING, "watch.busy"),)
    assert (duty.owed_by, duty.active_in) == ("watch.manager", ("watch.busy",))


@pytest.mark.parametrize(("patience", "text"), [("3 hours", "3 hours"), ("none", "none")])
def test_a_parameter_of_a_track_may_be_one_of_its_takers(folder: Path, patience: str, text: str):
    ours = "parameters: {ours: {type: duration, default: 1 hour}}\n"
    taken = ours + taking(", parameters: {patience: $ours}")
    chart = load_text(taken, search=[folder], parameters={"ours": patience})

    assert chart.clocks["watch.contact"].target == Amount(text)
    assert chart.parameters["watch.patience"] == chart.parameters["ours"]


def test_a_parameter_that_its_taker_does_not_have_is_a_fault_where_it_is_named(folder: Path):
    with pytest.raises(DefinitionError) as refused:
        load_text(taking(", parameters: {patience: $our}"), search=[folder])

    (found,) = refused.value.findings
    assert (found.code, found.mark.line) == ("E113", 7)
    assert "$our" in found.excerpt


def test_a_process_may_name_the_clocks_that_it_takes_in(folder: Path):
    chart = load_text(taking(), search=[folder])

    assert chart.counts["late"].up_on == (Moment(MomentKind.CLOCK_BREACHED, "watch.contact"),)


def test_a_track_looked_at_alone_needs_no_calendar(folder: Path):
    assert set(load(folder / "watch.yaml").clocks) == {"contact"}


def test_a_track_that_is_taken_in_is_not_timed_by_its_taker(folder: Path):
    text = taking(", timers: {t: {after: 1 hour, warn: 50%}}")

    with pytest.raises(DefinitionError) as refused:
        load_text(text, search=[folder])
    assert [found.code for found in refused.value.findings] == ["E124"]


# ---- pictures


def test_a_diagram_shows_a_timer_on_the_arrow_that_its_event_takes():
    text = diagram(loaded(LADDER))

    assert "⏱ 4 working hours → escalate" in text
    assert "⏱ 2 working hours → escalate" in text


def test_a_diagram_does_not_show_what_is_switched_off():
    assert "none" not in diagram(loaded(LADDER, time_box="none"))


# ---- what recurs


RECURRING = """
duties:
  tell: {{every: {every}, calendar: office}}
"""


@pytest.mark.parametrize(
    ("written_as", "canonical"),
    [
        ("fri 16:00", "Friday 16:00"),
        ("8  weeks", "8 weeks"),
        ("1 day", "1 day"),
        ("4 working hours", "4 working hours"),
        ("none", "none"),
    ],
)
def test_a_duty_recurs_by_a_schedule_or_a_duration(written_as: str, canonical: str):
    chart = loaded(OFFICE + RECURRING.format(every=written_as) + PLAIN)

    assert chart.duties["tell"].every == Amount(canonical)


@pytest.mark.parametrize(
    ("type_name", "value"), [("schedule", "day at 09:00"), ("duration", "1 day")]
)
def test_a_parameter_of_either_type_says_how_a_duty_recurs(type_name: str, value: str):
    text = f"parameters: {{often: {{type: {type_name}, default: {value}}}}}\n"
    chart = loaded(text + OFFICE + RECURRING.format(every="$often") + PLAIN)

    assert chart.duties["tell"].every == Amount(value)


def test_what_says_neither_schedule_nor_duration_is_a_fault_that_names_both():
    found = fault(OFFICE + RECURRING.format(every="«often") + PLAIN, "E129")

    assert "Friday 16:00" in found.hint
    assert "8 weeks" in found.hint


def test_a_short_duration_of_a_duty_is_a_fault_with_its_hint():
    found = fault(OFFICE + RECURRING.format(every="«1d") + PLAIN, "E129")

    assert found.hint == "write `1 day` or `1 working day`"


def test_only_a_schedule_moves_with_holidays():
    text = OFFICE + "duties: {tell: {every: 8 weeks, «on_holiday: before}}\n" + PLAIN
    found = fault(text, "E132")

    assert "roll" in found.hint


@pytest.mark.parametrize("value", ["«1d", "«2", "«1.5 hours", "2 working «weeks"])
def test_a_parameter_whose_default_is_no_clear_duration_is_a_fault_with_a_hint(value: str):
    text = f"parameters: {{limit: {{type: duration, default: {value}}}}}\n"
    found = fault(text + PLAIN, "E129")

    assert found.hint
