"""Task lists: made while the case runs, each task open until somebody finishes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from escalation_engine import (
    Actor,
    Case,
    DefinitionError,
    Engine,
    EventRefused,
    KeyReused,
    load_text,
)
from escalation_engine.chart.expand import chart_document
from escalation_engine.core import TaskChange
from escalation_engine.testing.clock import ManualClock

PLAN = """\
process: plan
version: 1
title: An action plan
roles:
  expert: {title: Expert}
  manager: {title: Manager}
tasks:
  action_plan: {title: Action plan, by: [manager]}
  corrections: {title: To be put right, reset_on: entering work}
checklists:
  facts:
    items:
      correct: {text: The issue is described correctly, adds_task: {no: corrections}}
start: talk
states:
  talk:
    on:
      begin: {to: work, requires: {tasks: action_plan}}
      close: {to: over, requires: {tasks_done: [action_plan, corrections]}}
  work:
    on:
      close: {to: over, requires: {tasks_done: action_plan}}
  over: {kind: end, outcome: over}
"""
max_ = Actor("max", ["manager"])
eve = Actor("eve", ["expert"])
olu = Actor("olu", ["expert"])


@pytest.fixture(params=["memory", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path) -> Iterator[Engine]:
    url = "memory://" if request.param == "memory" else f"sqlite:///{tmp_path / 'cases.db'}"
    clock = ManualClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    with Engine(url, [load_text(PLAN)], clock=clock) as engine:
        yield engine


@pytest.fixture
def case(engine: Engine) -> Case:
    return engine.open_case("plan", by=max_)


def kinds(refused: pytest.ExceptionInfo[EventRefused]) -> list[str]:
    return [reason.kind for reason in refused.value.reasons]


def test_a_task_is_open_until_it_is_finished(engine: Engine, case: Case):
    (task,) = engine.add_task(case.id, "action_plan", "Replace the disk", by=max_).tasks[
        "action_plan"
    ]
    assert (task.number, task.text, task.is_done) == (1, "Replace the disk", False)

    (task,) = engine.finish_task(case.id, "action_plan", 1, by=max_).tasks["action_plan"]

    assert (task.is_done, task.done_by, task.done_at) == (True, "max", "2026-01-05T09:00:00+00:00")


def test_each_change_is_journaled_and_a_replay_comes_to_the_same(engine: Engine, case: Case):
    engine.add_task(case.id, "action_plan", "Replace the disk", owner="eve", by=max_)
    engine.finish_task(case.id, "action_plan", 1, by=eve, note="It spins")
    engine.reopen_task(case.id, "action_plan", 1, by=max_)
    last = engine.give_task(case.id, "action_plan", 1, owner="olu", by=max_)

    changes = [change for entry in engine.journal(case.id) for change in entry.tasks]
    assert [(one.what, one.owner) for one in changes] == [
        ("added", "eve"),
        ("finished", "eve"),
        ("reopened", "eve"),
        ("given", "olu"),
    ]
    assert changes[0] == TaskChange("action_plan", 1, "added", "Replace the disk", "eve")
    assert engine.replay(case.id) == last.with_receipt(None)


def test_whoever_is_not_named_changes_no_list(engine: Engine, case: Case):
    with pytest.raises(EventRefused) as refused:
        engine.add_task(case.id, "action_plan", "Replace the disk", by=eve)

    assert kinds(refused) == ["wrong_role"]
    assert engine.case(case.id).revision == case.revision


@pytest.mark.parametrize("owner", ["eve", "expert"])
def test_the_owner_of_a_task_finishes_it(engine: Engine, case: Case, owner: str):
    engine.add_task(case.id, "action_plan", "Replace the disk", owner=owner, by=max_)

    (task,) = engine.finish_task(case.id, "action_plan", 1, by=eve).tasks["action_plan"]

    assert task.done_by == "eve"


def test_nobody_finishes_the_task_of_somebody_else(engine: Engine, case: Case):
    engine.add_task(case.id, "action_plan", "Replace the disk", owner="eve", by=max_)

    with pytest.raises(EventRefused) as refused:
        engine.finish_task(case.id, "action_plan", 1, by=olu)
    assert kinds(refused) == ["wrong_role"]


def test_a_task_is_finished_once_and_reopened_only_when_it_is_done(engine: Engine, case: Case):
    engine.add_task(case.id, "action_plan", "Replace the disk", by=max_)
    with pytest.raises(EventRefused) as open_:
        engine.reopen_task(case.id, "action_plan", 1, by=max_)
    engine.finish_task(case.id, "action_plan", 1, by=max_)
    with pytest.raises(EventRefused) as done:
        engine.finish_task(case.id, "action_plan", 1, by=max_)

    assert (kinds(open_), kinds(done)) == (["task_open"], ["task_done"])


@pytest.mark.parametrize(("tasks", "number"), [("action_plan", 7), ("action_plans", 1)])
def test_what_is_not_there_is_refused_by_name(engine: Engine, case: Case, tasks: str, number: int):
    engine.add_task(case.id, "action_plan", "Replace the disk", by=max_)

    with pytest.raises(
        EventRefused, match="has no task 7; there are: 1|no list of tasks"
    ) as refused:
        engine.finish_task(case.id, tasks, number, by=max_)
    assert kinds(refused) == ["unknown_task"]


def test_a_gate_asks_for_a_plan(engine: Engine, case: Case):
    with pytest.raises(EventRefused, match="no task stands on `Action plan`"):
        engine.send(case.id, "begin", by=max_)

    engine.add_task(case.id, "action_plan", "Replace the disk", by=max_)

    assert engine.send(case.id, "begin", by=max_).state == "work"


def test_a_gate_names_every_task_that_is_not_done(engine: Engine, case: Case):
    for text in ("Replace the disk", "Tell the client"):
        engine.add_task(case.id, "action_plan", text, by=max_)
    engine.finish_task(case.id, "action_plan", 1, by=max_)

    with pytest.raises(
        EventRefused, match="`Tell the client` on `Action plan` is not done"
    ) as refused:
        engine.send(case.id, "close", by=max_)
    assert kinds(refused) == ["tasks"]

    engine.finish_task(case.id, "action_plan", 2, by=max_)
    assert engine.send(case.id, "close", by=max_).outcome == "over"


def test_an_option_says_which_tasks_are_in_the_way(engine: Engine, case: Case):
    engine.add_task(case.id, "action_plan", "Tell the client", by=max_)

    (option,) = [one for one in engine.options(case.id, by=max_) if one.event == "close"]

    assert not option.is_possible
    assert [reason.kind for reason in option.reasons] == ["tasks"]


def test_an_answer_puts_its_item_on_a_list_once_while_it_is_open(engine: Engine, case: Case):
    for _ in range(2):
        last = engine.record(case.id, by=eve, checklists={"facts": {"correct": "no"}})
    assert [task.text for task in last.tasks["corrections"]] == ["The issue is described correctly"]

    engine.finish_task(case.id, "corrections", 1, by=eve)
    last = engine.record(case.id, by=eve, checklists={"facts": {"correct": "no"}})

    assert [task.is_done for task in last.tasks["corrections"]] == [True, False]


def test_the_answer_that_names_no_list_adds_nothing(engine: Engine, case: Case):
    last = engine.record(case.id, by=eve, checklists={"facts": {"correct": "yes"}})

    assert last.tasks == {}


def test_a_moment_takes_all_tasks_away(engine: Engine, case: Case):
    engine.add_task(case.id, "action_plan", "Replace the disk", by=max_)
    engine.add_task(case.id, "corrections", "Name the version", by=eve)

    last = engine.send(case.id, "begin", by=max_)

    assert set(last.tasks) == {"action_plan"}
    assert engine.journal(case.id)[-1].tasks == (
        TaskChange("corrections", 1, "taken_away", "Name the version", None),
    )


def test_a_case_that_has_ended_takes_no_tasks(engine: Engine, case: Case):
    engine.send(case.id, "close", by=max_)

    with pytest.raises(EventRefused) as refused:
        engine.add_task(case.id, "action_plan", "Replace the disk", by=max_)
    assert kinds(refused) == ["closed"]


def test_a_key_adds_a_task_once(engine: Engine, case: Case):
    for _ in range(2):
        last = engine.add_task(case.id, "action_plan", "Replace the disk", by=max_, key="k")
    assert len(last.tasks["action_plan"]) == 1

    with pytest.raises(KeyReused):
        engine.add_task(case.id, "action_plan", "Replace the fan", by=max_, key="k")


def test_the_client_sees_that_a_task_changed_and_not_which(engine: Engine, case: Case):
    engine.add_task(case.id, "action_plan", "Replace the disk", owner="eve", by=max_)

    seen = engine.journal(case.id, visibility="client")

    assert "Replace the disk" not in repr(seen)
    assert "eve" not in repr(seen)


def test_the_flat_form_has_lists_and_gates():
    text = repr(chart_document(load_text(PLAN)))

    assert "'action_plan': {'title': 'Action plan', 'by': ['manager']}" in text
    assert "'adds_task': {'no': 'corrections'}" in text
    assert "'requires': {'tasks_done': ['action_plan']}" in text


@pytest.mark.parametrize(
    ("line", "wrong", "code"),
    [
        ("tasks: action_plan}}", "tasks: plans}}", "E113"),
        ("adds_task: {no: corrections}", "adds_task: {no: correction}", "E113"),
        ("adds_task: {no: corrections}", "adds_task: {perhaps: corrections}", "E122"),
        ("by: [manager]", "by: [managers]", "E113"),
    ],
)
def test_a_wrong_name_is_a_fault(line: str, wrong: str, code: str):
    with pytest.raises(DefinitionError) as faults:
        load_text(PLAN.replace(line, wrong))

    assert [finding.code for finding in faults.value.findings] == [code]
