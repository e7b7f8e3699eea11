"""Coverage of a process by the tests of its host: what counts, and how it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from escalation_engine.loader import read
from escalation_engine.runtime.observing import observed_by
from escalation_engine.testing import Doing, EngineHost, Journey, play, read_scenario
from escalation_engine.testing.coverage import (
    Coverage,
    Recording,
    coverage_lines,
    coverage_page,
    goals_of,
)
from escalation_engine.testing.host import walk
from escalation_engine.testing.journey.tour import tour_of
from tests.testing.hosts import CHART, REWORK, GoodHost, written

pytest_plugins = "pytester"

PROCESSES = Path(__file__).parents[2] / "processes"
QUIET = ("-p", "escalation_engine.testing.plugin", "-p", "no:randomly", "-p", "no:cacheprovider")

TOUR = tour_of(CHART)
SHORT = next(journey for journey in TOUR.journeys if len(journey.steps) == 4)


def covered(tmp_path: Path, *journeys: Journey) -> Coverage:
    """The coverage of the rework desk by these journeys."""
    loaded, recording = read(written(tmp_path)), Recording()
    with observed_by(recording):
        for journey in journeys:
            walk(journey, CHART, GoodHost())
    aims = frozenset(recording.covered["rework"])
    return Coverage("rework", goals_of(loaded), aims)


def test_goals_have_the_places_where_they_are_written(tmp_path: Path):
    lines = written(tmp_path).read_text().splitlines()
    places = {str(goal.aim.name): lines[goal.mark.line - 1] for goal in covered(tmp_path).goals}

    assert places["main.check"] == "  check:"
    assert places["main.sorting: sort 2"] == "        - {to: waiting}"
    assert "reject:" in places["main.check: reject 1"]
    assert places["main.waiting:patience, due"].startswith("    timers: {patience:")
    assert places["simple: no"].startswith("guards: {simple:")
    assert places["main: ask 1"].startswith("opens: {ask:")


@pytest.mark.parametrize("name", ["help_desk", "complaint", "contract_escalation"])
def test_each_goal_of_a_shipped_process_has_a_place_of_its_own_kind(name: str):
    path = PROCESSES / f"{name}.yaml"
    lines = path.read_text().splitlines()

    for goal in goals_of(read(path)):
        if goal.aim.kind == "state":
            assert goal.aim.name.rpartition(".")[2] in lines[goal.mark.line - 1], goal


def test_a_scenario_on_the_engine_covers_as_well():
    loaded, recording = read(PROCESSES / "complaint.yaml"), Recording()
    story = PROCESSES / "scenarios" / "complaint" / "resolved_at_first_contact.yaml"

    with observed_by(recording):
        play(read_scenario(story))

    aims = frozenset(recording.covered["complaint"])
    assert {("end", "main.resolved"), ("state", "main.first_contact")} <= aims
    assert 0 < Coverage("complaint", goals_of(loaded), aims).percent < 100


def test_a_promise_is_covered_once_something_calls_for_it(tmp_path: Path):
    text = REWORK + (
        "promises: {checked: {say: Sent back means checked again, whenever: event reject, "
        "then: event confirm}}\n"
    )
    path = tmp_path / "promised.yaml"
    path.write_text(text)
    loaded = read(path)
    found = {}
    for journey in TOUR.journeys:
        recording = Recording()
        with observed_by(recording):
            walk(journey, loaded.chart, EngineHost(loaded.chart))
        rejects = any(isinstance(one, Doing) and one.event == "reject" for one in journey.steps)
        found[rejects] = ("promise", "checked") in recording.covered["rework"]

    assert found == {True: True, False: False}


def test_nothing_is_covered_before_a_test_runs(tmp_path: Path):
    coverage = covered(tmp_path)

    assert coverage.percent == 0
    assert coverage.missing == coverage.goals


def test_what_a_journey_does_is_covered_and_the_rest_is_missing(tmp_path: Path):
    told = [str(step) for step in SHORT.steps]
    names = {goal.aim.name for goal in covered(tmp_path, SHORT).missing}

    assert told[1] == "sort by a_worker (simple: yes)"
    assert {"simple: no", "main.waiting", "main.sorting: sort 2"} <= names
    assert "simple: yes" not in names
    assert "main.sorting: sort 1" not in names


def test_a_tour_leaves_refusals_and_the_moment_before_a_timer_is_due(tmp_path: Path):
    kinds = {(goal.aim.kind, goal.aim.name) for goal in covered(tmp_path, *TOUR.journeys).missing}

    assert kinds == {
        ("time", "main.waiting:patience, just before"),
        ("refusal", "main: ask 1"),
        ("refusal", "main.work: finish 1"),
        ("refusal", "main.check: confirm 1"),
        ("refusal", "main.check: reject 1"),
    }


def test_the_lines_name_what_is_missing_by_file_and_line(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert list(coverage_lines(covered(tmp_path, *TOUR.journeys))) == [
        "states: 5 of 5",
        "transitions: 7 of 7",
        "guards' answers: 2 of 2",
        "timers and clocks, just before and due: 1 of 2",
        "refusals: 0 of 4",
        "ends: 1 of 1",
        "rework.yaml:17: missing time main.waiting:patience, just before",
        "rework.yaml:9: missing refusal main: ask 1",
        "rework.yaml:20: missing refusal main.work: finish 1",
        "rework.yaml:23: missing refusal main.check: confirm 1",
        "rework.yaml:24: missing refusal main.check: reject 1",
        "rework: 76.1 % covered",
    ]


def test_the_page_needs_nothing_from_elsewhere_and_colours_what_is_missing(tmp_path: Path):
    page = coverage_page(covered(tmp_path, SHORT), CHART)

    assert "http" not in page
    assert "<script" not in page
    assert '<div class="box yes"><b>check</b>' in page
    assert '<div class="box no"><b>waiting</b>' in page
    assert '<li class="no">sort → waiting' in page


TESTS = """
from pathlib import Path
from escalation_engine import load
from escalation_engine.testing import EngineHost, process_tests

PROCESS = Path(__file__).with_name("rework.yaml")

class Adapter(EngineHost):
    def __init__(self):
        super().__init__(load(PROCESS))

TestRework = process_tests(PROCESS, Adapter, examples=5)
"""


@pytest.mark.parametrize("workers", [[], ["-n2"]])
def test_a_run_of_pytest_tells_and_writes_what_its_tests_cover(pytester, workers: list[str]):
    written(pytester.path)
    pytester.makepyfile(test_rework=TESTS)

    result = pytester.runpytest(
        *QUIET, *workers, "--process-coverage=rework.yaml",
        "--process-coverage-json=coverage.json", "--process-coverage-html=pages",
    )  # fmt: skip

    result.stdout.fnmatch_lines(["*process coverage*", "transitions: 7 of 7", "refusals: 4 of 4"])
    (document,) = json.loads((pytester.path / "coverage.json").read_text())
    assert document["kinds"]["transition"] == {"covered": 7, "goals": 7}
    assert (pytester.path / "pages" / "rework.html").exists()
    assert result.ret == 0


def test_too_little_coverage_fails_the_run(pytester):
    written(pytester.path)
    pytester.makepyfile(test_nothing="def test_nothing(): pass")

    result = pytester.runpytest(
        *QUIET, "--process-coverage=rework.yaml", "--process-coverage-fail-under=50"
    )

    result.stdout.fnmatch_lines(["rework: less than the 50 % that are demanded"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_process_that_cannot_be_loaded_is_a_usage_error(pytester):
    result = pytester.runpytest(*QUIET, "--process-coverage=nowhere.yaml")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
