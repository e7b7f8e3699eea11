"""`process_tests`: a host that keeps its process passes, one that leaves it is caught in short."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from typer.testing import CliRunner

from escalation_engine import load_text
from escalation_engine.cli.main import app
from escalation_engine.testing import (
    EngineHost,
    HostDiffers,
    as_state_machine,
    process_tests,
    read_journey,
)
from tests.testing.hosts import CHART, REWORK, GoodHost, Lenient, ThirdRework, written

METHODS = [
    "test_every_transition_leads_where_the_process_says",
    "test_the_host_refuses_what_the_process_refuses",
    "test_random_journeys_go_as_the_process_says",
]

settings.register_profile("alike", derandomize=True, database=None, deadline=None)


@pytest.fixture(autouse=True)
def alike():
    """The same journeys in every run."""
    before = settings.get_current_profile_name()
    settings.load_profile("alike")
    yield
    settings.load_profile(before)


def failing(tmp_path: Path, adapter, method: str) -> HostDiffers:
    """The difference that a test of the host finds; it must find one."""
    tests = process_tests(written(tmp_path), adapter, examples=100, keep_in=tmp_path / "kept")
    with pytest.raises(HostDiffers) as differs:
        getattr(tests(), method)()
    return differs.value


@pytest.mark.parametrize("method", METHODS)
def test_a_host_that_keeps_the_process_passes(tmp_path: Path, method: str):
    tests = process_tests(written(tmp_path), GoodHost, examples=30, keep_in=tmp_path / "kept")

    getattr(tests(), method)()

    assert not (tmp_path / "kept").exists()


def test_a_host_that_closes_unchecked_on_the_third_rework_is_caught_by_the_shortest_journey(
    tmp_path: Path,
):
    differs = failing(tmp_path, ThirdRework, METHODS[2])

    assert str(differs).splitlines()[:-1] == [
        "the host leaves the process at step 9 of a journey through it",
        "   1  ask by a_worker                  → sorting",
        "   2  sort by a_worker (simple: yes)   → work",
        "   3  finish by a_worker {result: a}   → check",
        "   4  reject by a_checker with a note  → work",
        "   5  finish by a_worker {result: a}   → check",
        "   6  reject by a_checker with a note  → work",
        "   7  finish by a_worker {result: a}   → check",
        "   8  reject by a_checker with a note  → work",
        "   9  finish by a_worker {result: a}   → check",
        "  the process: it stands in check",
        "  the host:    it stands in closed",
    ]


def test_such_a_host_passes_the_tour_which_takes_each_transition_once(tmp_path: Path):
    tests = process_tests(written(tmp_path), ThirdRework, keep_in=tmp_path / "kept")

    tests().test_every_transition_leads_where_the_process_says()


def test_what_the_process_refuses_and_the_host_takes_is_told(tmp_path: Path):
    differs = failing(tmp_path, Lenient, METHODS[1])

    assert str(differs).splitlines()[:-1] == [
        "the host leaves the process at step 1 of a journey through it",
        "   1  ask by a_checker  → refused: a_checker may not: it is for worker",
        "  the process: refused: a_checker may not: it is for worker",
        "  the host:    it takes `ask` and stands in sorting",
    ]


def test_a_transition_that_the_host_does_otherwise_is_told(tmp_path: Path):
    differs = failing(tmp_path, Lenient, METHODS[0])

    assert [str(step) for step in differs.journey.steps] == [
        "ask by a_worker",
        "sort by a_worker (simple: no)",
    ]
    assert (differs.expected, differs.found) == ("it stands in waiting", "it stands in work")


def test_a_host_that_breaks_down_differs_with_what_it_raised(tmp_path: Path):
    class Broken(GoodHost):
        def send(self, step, /):
            raise KeyError("ticket")

    differs = failing(tmp_path, Broken, METHODS[0])

    assert differs.found == "it fails with KeyError: 'ticket'"


def test_a_difference_can_be_sent_between_processes(tmp_path: Path):
    differs = failing(tmp_path, Lenient, METHODS[0])

    assert str(pickle.loads(pickle.dumps(differs))) == str(differs)  # noqa: S301 - our own bytes


def test_the_failing_journey_is_kept_and_one_command_replays_it(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    differs = failing(tmp_path, ThirdRework, METHODS[2])
    (kept,) = (tmp_path / "kept").glob("*.yaml")

    command = str(differs).splitlines()[-1].partition("again: escalate ")[2].split()
    replayed = CliRunner().invoke(app, command)

    assert command == ["play", "rework.yaml", "--script", f"kept/{kept.name}",
                       "--host", "tests.testing.hosts:ThirdRework"]  # fmt: skip
    assert replayed.exit_code == 1
    assert replayed.stdout.splitlines()[-4:] == [
        "      → work",
        "   9  finish by a_worker {result: a}",
        "      the process: it stands in check",
        "      the host:    it stands in closed",
    ]
    assert read_journey(kept).steps[-1] == differs.journey.steps[-1]


def test_a_host_that_was_mended_passes_the_kept_journey(tmp_path: Path):
    failing(tmp_path, ThirdRework, METHODS[2])
    (kept,) = (tmp_path / "kept").glob("*.yaml")

    process = str(tmp_path / "rework.yaml")
    host = "tests.testing.hosts:GoodHost"
    replayed = CliRunner().invoke(app, ["play", process, "--script", str(kept), "--host", host])

    assert replayed.exit_code == 0
    assert replayed.stdout.splitlines()[-1] == "the host keeps the process in 9 steps"


@pytest.mark.parametrize("host", ["nowhere:Host", "tests.testing.hosts:Nobody", "tests"])
def test_a_host_that_is_not_there_is_refused_in_words(tmp_path: Path, host: str):
    failing(tmp_path, ThirdRework, METHODS[2])
    (kept,) = (tmp_path / "kept").glob("*.yaml")

    process = str(tmp_path / "rework.yaml")
    replayed = CliRunner().invoke(app, ["play", process, "--script", str(kept), "--host", host])

    assert replayed.exit_code == 2
    assert "accepted: MODULE:NAME of an adapter" in replayed.stderr


def test_a_host_without_records_is_sent_on_journeys_without_them(tmp_path: Path):
    tests = process_tests(written(tmp_path), Lenient)

    assert tests.about.kinds == ()
    assert process_tests(written(tmp_path), GoodHost).about.kinds == ("record", "fulfil")


@pytest.mark.parametrize("adapter", [GoodHost, ThirdRework])
def test_the_state_machine_walks_a_host_beside_the_model(adapter):
    machine = as_state_machine(CHART, adapter)
    quick = settings(
        max_examples=10,
        stateful_step_count=15,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )

    run_state_machine_as_test(machine, settings=quick)


def test_the_state_machine_stops_where_the_host_leaves_the_process():
    brief = settings(max_examples=30, report_multiple_bugs=False, phases=[Phase.generate])

    with pytest.raises(HostDiffers):
        run_state_machine_as_test(as_state_machine(CHART, Lenient, kinds=()), settings=brief)


def test_a_promise_that_host_and_process_break_together_is_told(tmp_path: Path):
    text = REWORK + "promises: {quick: {say: Never sent back, never: event reject}}\n"
    (tmp_path / "promised.yaml").write_text(text)
    chart = load_text(text)
    tests = process_tests(
        tmp_path / "promised.yaml", lambda: EngineHost(chart), keep_in=tmp_path / "kept"
    )

    with pytest.raises(HostDiffers) as differs:
        tests().test_every_transition_leads_where_the_process_says()

    assert differs.value.expected == "it promises `quick`: Never sent back"
    assert str(differs.value.journey.steps[-1]) == "reject by a_checker with a note"


def test_the_engine_is_a_host_for_several_charts_at_once():
    host = EngineHost(CHART)

    assert host.where() is None
    host.close()
