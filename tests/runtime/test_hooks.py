"""Hooks are bound by name: what does not fit is told at start, all of it, in words that help."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from escalation_engine.chart.model import Chart, Guard
from escalation_engine.core import Act, Case, Effect, Identity, Verdict
from escalation_engine.errors import HookError, HooksMismatch
from escalation_engine.loader import load_text
from escalation_engine.runtime.hooks import Hooks, attribute_of
from tests.runtime.desk import HELP_DESK, Desk

NOW = datetime(2026, 6, 8, 9, tzinfo=UTC)
CASE = Case(
    Identity("c1", "help_desk", 1, "hash", NOW), revision=1, at=NOW, states={"main": "work"}
)

PLAIN = """
process: plain
version: 2
title: Nothing named
start: work
states:
  work: {on: {finish: {to: done}}}
  done: {kind: end, outcome: done}
"""


@pytest.fixture(scope="module")
def chart() -> Chart:
    return load_text(HELP_DESK, name="help_desk.yaml")


def problems(host: object, *charts: Chart) -> tuple[str, ...]:
    with pytest.raises(HooksMismatch) as raised:
        Hooks(host).require(charts)
    return raised.value.problems


def only_problem(host: object, chart: Chart) -> str:
    (problem,) = problems(host, chart)
    return problem


def test_a_host_with_everything_fits(chart: Chart):
    Hooks(Desk()).require([chart])


def test_without_hooks_a_process_that_names_none_fits():
    Hooks(None).require([load_text(PLAIN, name="plain.yaml")])


def test_all_that_is_missing_is_told_at_once_with_its_title(chart: Chart):
    assert problems(None, chart) == (
        (
            "help_desk@1: guard resolvable (Can the desk resolve it?) is missing: "
            "def resolvable(self, case)"
        ),
        (
            "help_desk@1: action engage_vendor (Ask the vendor for help) is missing: "
            "def engage_vendor(self, case, effect)"
        ),
        (
            "help_desk@1: action write_log (Write the desk's log) is missing: "
            "def write_log(self, case, effect)"
        ),
    )


def test_problems_of_all_processes_come_together(chart: Chart):
    other = replace(
        chart, process="other", guards={"open": Guard("open", "Is it open?")}, actions={}
    )

    found = problems(None, chart, other)

    assert [line.partition(":")[0] for line in found] == ["help_desk@1"] * 3 + ["other@1"]


def test_a_missing_hook_comes_with_a_did_you_mean(chart: Chart):
    class Misspelt:
        write_log = Desk.write_log
        engage_vendor = Desk.engage_vendor

        def resolveable(self, case: Case) -> bool:
            return True

    assert "; did you mean resolveable?" in only_problem(Misspelt(), chart)


def test_a_hook_with_other_arguments_is_told_with_what_is_accepted(chart: Chart):
    class Greedy(Desk):
        def resolvable(self, case: Case, event: str | None, more: int) -> bool:  # type: ignore[override]
            return True

        def write_log(self, case: Case) -> None:  # type: ignore[override]
            return None

    guard, action = problems(Greedy(), chart)

    assert guard.endswith("more: 'int') -> 'bool'; accepted: (case, event) or (case)")
    assert action.endswith("(case: 'Case') -> 'None'; accepted: (case, effect)")


def test_an_async_hook_is_refused_in_clear_words(chart: Chart):
    class Waiting(Desk):
        async def write_log(self, case: Case, effect: Act) -> None:
            return None

    problem = only_problem(Waiting(), chart)

    assert "is async, which this engine does not await, but AsyncEngine does: def" in problem


def test_an_object_that_is_called_asynchronously_is_async(chart: Chart):
    class Writer:
        async def __call__(self, case: Case, effect: Effect) -> None:
            return None

    desk = Desk()
    desk.write_log = Writer()  # type: ignore[method-assign]

    assert "is async" in only_problem(desk, chart)


def test_a_hook_that_cannot_be_called_is_told(chart: Chart):
    desk = Desk()
    desk.write_log = "log.txt"  # type: ignore[method-assign,assignment]

    assert "is str and cannot be called" in only_problem(desk, chart)


def test_a_class_in_place_of_its_object_is_told(chart: Chart):
    assert only_problem(Desk, chart) == "Desk is a class: give an object of it, hooks=Desk()"


def test_a_standard_hook_is_checked_where_there_is_one(chart: Chart):
    class Loud(Desk):
        def alarm(self, case: Case) -> None:  # type: ignore[override]
            return None

    assert only_problem(Loud(), chart).startswith("standard hook alarm takes")


def test_an_action_cannot_have_the_name_of_a_standard_hook(chart: Chart):
    action = replace(chart.actions["write_log"], name="notify")

    problem = only_problem(Desk(), replace(chart, actions={"notify": action}))

    assert "has the name of the standard hook" in problem


@pytest.mark.parametrize(
    ("name", "attribute"),
    [("resolvable", "resolvable"), ("vendor.ready", "vendor_ready"), ("class", "class_")],
)
def test_a_name_of_the_yaml_becomes_a_name_of_python(name: str, attribute: str):
    assert attribute_of(name) == attribute


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (True, Verdict(yes=True)),
        (False, Verdict(yes=False)),
        (Verdict(yes=False, reason="no"),) * 2,
    ],
)
def test_a_guard_answers_a_bool_or_a_verdict(answer: bool | Verdict, verdict: Verdict):
    desk = Desk()
    desk.verdict = answer

    assert Hooks(desk).ask("resolvable", CASE, "finish") == verdict


@pytest.mark.parametrize("nonsense", [None, 1, "yes", (True, "why"), Verdict(1, "why")])  # type: ignore[arg-type]
def test_a_guard_that_answers_nonsense_is_a_hook_error(nonsense: object):
    desk = Desk()
    desk.verdict = nonsense  # type: ignore[assignment]  # the point of the test

    with pytest.raises(HookError, match="accepted: True, False or a Verdict"):
        Hooks(desk).ask("resolvable", CASE, "finish")


def test_a_guard_that_raises_is_a_hook_error_with_its_cause():
    def fall(case: Case) -> bool:
        raise KeyError("region")

    desk = Desk()
    desk.verdict = fall

    with pytest.raises(HookError, match="raised KeyError") as raised:
        Hooks(desk).ask("resolvable", CASE, "finish")

    assert raised.value.hook == "resolvable"
    assert isinstance(raised.value.__cause__, KeyError)


def test_a_guard_may_ask_for_the_event():
    desk = Desk()

    Hooks(desk).ask("resolvable", CASE, "finish")

    assert desk.asked == [(CASE, "finish")]


def test_a_guard_need_not_ask_for_the_event():
    class Brief:
        def resolvable(self, case: Case) -> bool:
            return case is CASE

    assert Hooks(Brief()).ask("resolvable", CASE, "finish") == Verdict(yes=True)
