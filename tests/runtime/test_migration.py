"""Running cases on another version: what is carried over, refused, told and journaled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from escalation_engine.core import Actor, Migrated
from escalation_engine.errors import BadInput
from escalation_engine.migration import Carried
from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine

ann = Actor("ann", {"desk"})
otto = Actor("otto", {"owner"})

DESK = """
process: desk
version: 1
title: A desk
data:
  issue: {type: string}
  priority: {enum: [low, high], default: low}
  site: {type: string}
roles: {desk: {title: A desk}, expert: {title: An expert}}
calendars: {office: {timezone: UTC, hours: {mon-fri: "09:00-17:00"}}}
checklists:
  closing:
    items:
      asked: {text: Asked?, answers: [yes, no]}
      told: {text: Told?, answers: [yes, no]}
tasks: {plan: {title: The plan}}
counts: {returns: {up_on: event back_again}}
clocks:
  fix:
    {title: Fixed, starts: entering work, stops: leaving work, target: 8 working hours,
     warn: 50%}
duties:
  call: {title: Call, opens: entering work, due: 4 working hours, done_by: event called}
opens:
  open: {to: work, may_bring: [issue, site]}
states:
  work:
    assignee: desk
    timers: {box: {title: Time box, after: 4 hours, send: lapse}}
    on:
      lapse: {to: expert}
      called: {}
      hand_over: {to: expert}
      park: {to: parked}
      fixed: {to: closed}
  parked:
    on:
      wake: {to: back}
      back_again: {to: work}
  expert:
    assignee: expert
    on: {fixed: {to: closed}, back_again: {to: work}}
  closed: {kind: end, outcome: fixed}
"""

SAME = DESK.replace("version: 1", "version: 2")
RENAMED = (
    SAME.replace("  expert:\n    assignee", "  specialist:\n    was: expert\n    assignee")
    .replace("to: expert", "to: specialist")
    .replace("  issue: {type: string}", "  problem: {type: string, was: issue}")
    .replace("may_bring: [issue,", "may_bring: [problem,")
)
GONE = SAME.replace(
    "  expert:\n    assignee: expert\n    on: {fixed: {to: closed}, back_again: {to: work}}\n", ""
).replace("to: expert", "to: work")  # fmt: skip
STUCK = SAME.replace("    on: {fixed: {to: closed}, back_again: {to: work}}\n", "")
FASTER = SAME.replace("8 working hours", "6 working hours").replace(
    "after: 4 hours", "after: 3 hours"
)


def opened(engine: Engine, **data: object):
    return engine.open_case("desk", by=ann, data=data or {"issue": "No tone"})


def migrated(engine: Engine, mapping=None, **of: int):
    plan = engine.plan_migration("desk", from_version=1, to_version=2, mapping=mapping)
    return engine.migrate(plan, by=otto, reason="the new rules")


def carried(engine: Engine, section: str, name: str, time: str):
    plan = engine.plan_migration("desk", from_version=1, to_version=2)
    timed = {**plan.mapping.timed}
    proposed = timed[section][name]
    assert proposed is not None
    timed[section] = {**timed[section], name: Carried(proposed.to, time)}
    return replace(plan.mapping, timed=timed)


def test_a_case_moves_to_the_new_version_and_its_journal_says_so(make_engine: MakeEngine):
    case = opened(make_engine(DESK))
    engine = make_engine(DESK, SAME)
    engine.open_case("desk", by=ann)

    (done,) = migrated(engine)
    after, entry = engine.case(case.id), engine.journal(case.id)[-1]

    assert (done.case_id, done.outcome) == (case.id, "migrated")
    assert (after.version, after.revision) == (2, case.revision + 1)
    assert isinstance(entry.input, Migrated)
    assert (entry.input.was, entry.input.was_version, entry.input.version) == (
        case.identity.definition, 1, 2,
    )  # fmt: skip
    assert entry.input.by == otto
    assert after._replace(
        identity=case.identity, revision=0, timers={}, clocks={}, duties={}, edition=""
    ) == case._replace(revision=0, timers={}, clocks={}, duties={}, edition="", receipt=None)


def test_a_replay_changes_the_chart_where_the_case_did(make_engine: MakeEngine):
    case = opened(make_engine(DESK))
    engine = make_engine(RENAMED)
    engine.send(case.id, "hand_over", by=ann)
    migrated(engine)
    engine.send(case.id, "back_again", by=ann)

    found = engine.case(case.id)

    assert engine.replay(case.id) == found
    assert (found.state, found.version) == ("work", 2)
    assert make_engine().replay(case.id) == found


def test_names_that_were_are_followed(make_engine: MakeEngine):
    case = opened(make_engine(DESK), issue="No tone", site="north")
    engine = make_engine(RENAMED)
    engine.send(case.id, "hand_over", by=ann)

    plan = engine.plan_migration("desk", from_version=1, to_version=2)
    engine.migrate(plan, by=otto, reason="renamed")

    (planned,) = plan.cases
    assert plan.mapping.states["main.expert"] == "main.specialist"
    assert "state main: expert → specialist" in planned.changes
    assert "data issue: now problem" in planned.changes
    assert engine.case(case.id).state == "specialist"
    assert engine.case(case.id).data == {"problem": "No tone", "site": "north", "priority": "low"}


def test_a_state_that_is_gone_has_no_place_until_somebody_says_where(make_engine: MakeEngine):
    old = make_engine(DESK)
    lost, other = opened(old), opened(old)
    old.send(lost.id, "hand_over", by=ann)
    engine = make_engine(GONE)

    plan = engine.plan_migration("desk", from_version=1, to_version=2)
    (refused,) = plan.refused
    states = {**plan.mapping.states, "main.expert": "main.parked"}
    done = migrated(engine, replace(plan.mapping, states=states))

    assert (refused.case_id, refused.code) == (lost.id, "E701")
    assert refused.problem == "`main.expert` has no place in version 2"
    assert {one.outcome for one in done} == {"migrated"}
    assert engine.case(lost.id).state == "parked"
    assert engine.case(other.id).version == 2


def test_a_case_that_would_be_stuck_is_refused_and_stays(make_engine: MakeEngine):
    old = make_engine(DESK)
    stuck, other = opened(old), opened(old)
    old.send(stuck.id, "hand_over", by=ann)
    engine = make_engine(STUCK)

    plan = engine.plan_migration("desk", from_version=1, to_version=2)
    done = engine.migrate(plan, by=otto, reason="the new rules")

    assert [(one.case_id, one.code) for one in plan.refused] == [(stuck.id, "E702")]
    assert {one.case_id: one.outcome for one in done} == {
        stuck.id: "refused",
        other.id: "migrated",
    }
    assert engine.case(stuck.id).version == 1


def test_a_case_is_not_brought_to_an_end_by_a_mapping(make_engine: MakeEngine):
    old = make_engine(DESK)
    opened(old)
    engine = make_engine(SAME)
    plan = engine.plan_migration("desk", from_version=1, to_version=2)
    states = {**plan.mapping.states, "main.work": "main.closed"}

    again = engine.plan_migration(
        "desk", from_version=1, to_version=2, mapping=replace(plan.mapping, states=states)
    )

    assert [one.code for one in again.refused] == ["E701"]


def test_deadlines_are_kept_unless_somebody_decides_otherwise(
    make_engine: MakeEngine, clock: ManualClock
):
    case = opened(make_engine(DESK))
    clock.move_by(timedelta(hours=1))
    engine = make_engine(FASTER)

    migrated(engine)
    after = engine.case(case.id)

    assert after.timers["main.work:box"].due_at == datetime(2026, 6, 8, 13, tzinfo=UTC)
    assert after.clocks["fix"].due_at == datetime(2026, 6, 8, 17, tzinfo=UTC)
    assert after.duties["call"].due_at == datetime(2026, 6, 8, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("section", "name", "time", "hour"),
    [
        ("timers", "main.work:box", "recount", 12),
        ("timers", "main.work:box", "restart", 13),
        ("timers", "main.work:box", "keep_remaining", 13),
        ("clocks", "fix", "recount", 15),
        ("clocks", "fix", "restart", 16),
        ("clocks", "fix", "keep_remaining", 17),
        ("duties", "call", "recount", 13),
        ("duties", "call", "restart", 14),
    ],
)
def test_time_is_carried_over_as_the_mapping_says(  # noqa: PLR0917 - each a fixture or a case
    make_engine: MakeEngine, clock: ManualClock, section: str, name: str, time: str, hour: int
):
    case = opened(make_engine(DESK))
    clock.move_by(timedelta(hours=1))
    engine = make_engine(FASTER)

    migrated(engine, carried(engine, section, name, time))

    found = getattr(engine.case(case.id), section)[name].due_at
    assert found == datetime(2026, 6, 8, hour, tzinfo=UTC)
    assert engine.replay(case.id) == engine.case(case.id)


def test_what_is_left_goes_on_by_the_new_hours(make_engine: MakeEngine, clock: ManualClock):
    case = opened(make_engine(DESK))
    clock.move_by(timedelta(hours=1))
    engine = make_engine(SAME.replace("09:00-17:00", "09:00-13:00"))

    migrated(engine, carried(engine, "clocks", "fix", "keep_remaining"))

    assert engine.case(case.id).clocks["fix"].due_at == datetime(2026, 6, 9, 13, tzinfo=UTC)


def test_a_breach_stays_a_breach(make_engine: MakeEngine, clock: ManualClock):
    case = opened(make_engine(DESK))
    clock.move_by(timedelta(days=1))
    engine = make_engine(FASTER)
    engine.tick()
    before = engine.case(case.id)

    migrated(engine, carried(engine, "clocks", "fix", "restart"))

    assert before.clocks["fix"].status == "breached"
    assert engine.case(case.id).clocks["fix"] == before.clocks["fix"]


def test_a_timer_that_has_fired_fires_no_more(make_engine: MakeEngine, clock: ManualClock):
    silent = DESK.replace(", send: lapse", ", warn: 50%")
    case = opened(make_engine(silent))
    clock.move_by(timedelta(hours=5))
    engine = make_engine(silent.replace("version: 1", "version: 2"))
    engine.tick()

    migrated(engine)

    assert "main.work:box" not in engine.case(case.id).timers


def test_a_timer_that_is_new_begins_at_the_migration(make_engine: MakeEngine, clock: ManualClock):
    case = opened(make_engine(DESK))
    clock.move_by(timedelta(hours=1))
    new = "timers: {nudge: {title: Nudge, after: 2 hours, send: lapse}, box"
    engine = make_engine(SAME.replace("timers: {box", new))

    migrated(engine)

    due_at = engine.case(case.id).timers["main.work:nudge"].due_at
    assert due_at == datetime(2026, 6, 8, 12, tzinfo=UTC)


def test_what_does_not_fit_is_dropped_and_told(make_engine: MakeEngine):
    old = make_engine(DESK)
    case = opened(old, issue="No tone", site="north")
    old.record(case.id, by=ann, checklists={"closing": {"asked": "yes", "told": "no"}})
    old.add_task(case.id, "plan", "Call them", by=ann)
    changed = (
        SAME.replace("  site: {type: string}\n", "  region: {type: string, default: south}\n")
        .replace("[issue, site]", "[issue]")
        .replace("issue: {type: string}", "issue: {type: integer}")
        .replace("told: {text: Told?, answers: [yes, no]}", "told: {text: Told?, answers: [yes]}")
        .replace("tasks: {plan: {title: The plan}}\n", "")
    )
    engine = make_engine(changed)

    plan = engine.plan_migration("desk", from_version=1, to_version=2)
    engine.migrate(plan, by=otto, reason="fewer fields")
    after = engine.case(case.id)

    assert set(plan.cases[0].changes) >= {
        "data issue: dropped, its value does not fit",
        "data site: dropped, the new version has no such field",
        "data region: set to its default",
        "checklist closing: the answer to told is dropped",
        "task plan 1: dropped",
    }
    assert after.data == {"priority": "low", "region": "south"}
    assert list(after.checklists["closing"]) == ["asked"]
    assert not after.tasks
    assert engine.replay(case.id) == after


def test_a_plan_writes_nothing_and_is_carried_out_as_it_was_told(make_engine: MakeEngine):
    old = make_engine(DESK)
    case = opened(old)
    engine = make_engine(RENAMED)

    plan = engine.plan_migration("desk", from_version=1, to_version=2)
    untouched = engine.case(case.id)
    (done,) = engine.migrate(plan, by=otto, reason="as planned")

    assert untouched.revision == case.revision
    assert done.changes == plan.cases[0].changes


def test_a_plan_carried_out_twice_changes_nothing_more(make_engine: MakeEngine):
    old = make_engine(DESK)
    first, second = opened(old), opened(old)
    engine = make_engine(SAME)
    plan = engine.plan_migration("desk", from_version=1, to_version=2)
    half = replace(plan, cases=plan.cases[:1])  # as if it had crashed after the first

    engine.migrate(half, by=otto, reason="the new rules")
    done = engine.migrate(plan, by=otto, reason="the new rules")
    revisions = [engine.case(one.id).revision for one in (first, second)]
    again = engine.migrate(plan, by=otto, reason="the new rules")

    assert [one.outcome for one in done] == ["before", "migrated"]
    assert [one.outcome for one in again] == ["before", "before"]
    assert [engine.case(one.id).revision for one in (first, second)] == revisions


def test_a_case_that_has_moved_on_is_planned_anew(make_engine: MakeEngine, clock: ManualClock):
    old = make_engine(DESK)
    handed, late = opened(old), opened(old)
    engine = make_engine(GONE)
    plan = engine.plan_migration("desk", from_version=1, to_version=2)

    engine.send(handed.id, "hand_over", by=ann)
    clock.move_by(timedelta(hours=5))  # the time box of the other lapses
    done = {it.case_id: it for it in engine.migrate(plan, by=otto, reason="the new rules")}

    assert [one.problem for one in plan.cases] == ["", ""]
    assert {one.outcome for one in done.values()} == {"refused"}
    assert engine.case(handed.id).version == engine.case(late.id).version == 1
    assert engine.case(late.id).state == "expert"


def test_only_two_versions_of_one_process_have_a_plan(make_engine: MakeEngine):
    engine = make_engine(DESK, SAME)

    with pytest.raises(BadInput, match="is on both sides"):
        engine.plan_migration("desk", from_version=2, to_version=2)
    with pytest.raises(BadInput, match="there is no desk@7"):
        engine.plan_migration("desk", from_version=1, to_version=7)


def test_the_client_sees_of_a_migrated_case_what_it_saw(make_engine: MakeEngine):
    old = make_engine(DESK)
    case = opened(old)
    old.note(case.id, "We are on it", by=ann, visibility="client")
    engine = make_engine(RENAMED)
    before = engine.journal(case.id, visibility="client")

    migrated(engine)

    assert engine.journal(case.id, visibility="client") == before


def test_carried_says_keep_where_nothing_is_said():
    assert Carried("fix").time == "keep_deadline"
