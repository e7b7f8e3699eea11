"""The engine tells of each case how its promises stand, on every store, from the journal alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from escalation_engine.errors import CaseNotFound
from escalation_engine.verify import Verdict
from tests.runtime.desk import ann

DESK = """
process: desk
version: 1
title: A desk
data: {answer: {type: string, changes: anytime}}
roles: {desk: {title: Desk}}
start: help
states:
  help:
    timers: {patience: {title: It took long, after: 3 hours, send: raise}}
    on: {answer: {to: answered}, raise: {to: raised}}
  raised: {on: {answer: {to: answered}}}
  answered: {kind: end, outcome: answered}
promises:
  quick: {say: Soon with an expert, whenever: help, then: raised, within: 2 hours, unless: answered}
  written: {every_case: answer is set}
  first: {never: outcome answered, before: event raise}
  can_end: {possible: answered}
"""


def stands(engine, case):
    return {one.name: one.verdict.value for one in engine.promises(case.id)}


def test_the_promises_of_a_case_stand_in_the_order_in_which_they_are_written(make_engine):
    engine = make_engine(DESK)

    case = engine.open_case("desk", by=ann)

    assert stands(engine, case) == {"quick": "open", "written": "open", "first": "kept"}


def test_a_deadline_that_passes_breaks_a_promise_without_any_input(make_engine, clock):
    engine = make_engine(DESK)
    case = engine.open_case("desk", by=ann)

    clock.move_by(timedelta(hours=2, seconds=1))

    found = engine.promises(case.id)[0]
    assert (found.verdict, found.at) == (Verdict.BROKEN, case.at + timedelta(hours=2))


def test_a_promise_that_a_late_tick_would_have_kept_is_broken_all_the_same(make_engine, clock):
    engine = make_engine(DESK.replace("after: 3 hours", "after: 1 hour"))
    case = engine.open_case("desk", by=ann)

    clock.move_by(timedelta(hours=5))
    engine.tick()

    assert stands(engine, case)["quick"] == "broken"


def test_a_deadline_in_working_days_knows_the_holidays(make_engine, clock):
    promise = "{whenever: help, then: answered, within: 2 working days}"
    office = "{timezone: Europe/London, hours: {mon-fri: 09:00-17:00}, holidays: GB-ENG}"
    text = DESK[: DESK.index("promises:")]
    engine = make_engine(f"{text}calendars: {{office: {office}}}\npromises: {{p: {promise}}}\n")
    clock.move_to(datetime(2026, 8, 28, 9, tzinfo=UTC))  # The Monday after is a bank holiday.

    case = engine.open_case("desk", by=ann)

    assert engine.promises(case.id)[0].until == datetime(2026, 9, 2, 16, tzinfo=UTC)


def test_looking_changes_nothing(make_engine, clock):
    engine = make_engine(DESK)
    case = engine.open_case("desk", by=ann)
    clock.move_by(timedelta(hours=5))

    engine.promises(case.id)

    assert engine.case(case.id).revision == case.revision


def test_an_engine_that_has_not_loaded_the_process_tells_the_same(make_engine, store, clock, desk):
    engine = make_engine(DESK)
    case = engine.open_case("desk", by=ann)
    engine.record(case.id, by=ann, data={"answer": "Yes"})
    engine.send(case.id, "answer", by=ann)

    other = make_engine()

    assert other.promises(case.id) == engine.promises(case.id)
    assert stands(other, case) == {"quick": "kept", "written": "kept", "first": "broken"}


def test_a_broken_promise_points_at_the_entry_that_broke_it(make_engine):
    engine = make_engine(DESK)
    case = engine.open_case("desk", by=ann)
    engine.note(case.id, "Nobody there", by=ann)
    engine.send(case.id, "answer", by=ann)

    broken = next(one for one in engine.promises(case.id) if one.name == "first")

    assert engine.journal(case.id)[broken.revision - 1].input.event == "answer"


def test_a_correction_is_watched_like_anything_else(make_engine):
    engine = make_engine(DESK)
    case = engine.open_case("desk", by=ann)
    engine.correct(case.id, to="answered", reason="It was answered long ago", by=ann)

    assert stands(engine, case)["first"] == "broken"


def test_a_refused_input_breaks_nothing(make_engine):
    engine = make_engine(DESK)
    case = engine.open_case("desk", by=ann)
    engine.correct(case.id, to="raised", reason="To begin with", by=ann)
    before = engine.promises(case.id)

    with pytest.raises(Exception, match="refused"):
        engine.send(case.id, "raise", by=ann)

    assert engine.promises(case.id) == before


def test_a_process_without_promises_has_none_to_tell_of(engine):
    case = engine.open_case("help_desk", event="request", by=ann, data={"client": "Cleo"})

    assert engine.promises(case.id) == ()


def test_the_promises_of_no_case_are_refused(engine):
    with pytest.raises(CaseNotFound):
        engine.promises("nobody's")
