"""Eight at once, threads and processes, on one case and on many: nothing lost, nobody stuck."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from escalation_engine.core import Actor, Sent
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from tests.runtime.pressing import COUNTER, press

ROOT = Path(__file__).parents[2]
WRITERS = 8
FEW, MANY = 200, 10_000


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'counter.db'}"
    given: str = request.getfixturevalue("postgres_url")
    return given


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    with Engine(url, [load_text(COUNTER)]) as engine:
        yield engine


def opened(engine: Engine, number: int) -> list[str]:
    return [engine.open_case("counter", by=Actor("ann")).id for _ in range(number)]


def assert_all_heard(engine: Engine, case_ids: Sequence[str], events: int) -> None:
    """Each event stands in one journal once, those of each writer in their order."""
    heard: list[str] = []
    for case_id in case_ids:
        case, journal = engine.case(case_id), engine.journal(case_id)
        notes = [str(entry.input.note) for entry in journal if isinstance(entry.input, Sent)]
        for writer in range(WRITERS):
            numbers = [int(it.split("-")[1]) for it in notes if it.startswith(f"w{writer}-")]
            assert numbers == sorted(numbers)
        assert [entry.revision for entry in journal] == [*range(1, len(journal) + 1)]
        assert case.counts["presses"] == len(notes) == case.revision - 1
        heard += notes

    assert sorted(heard) == sorted(
        f"w{writer}-{number}" for writer in range(WRITERS) for number in range(events // WRITERS)
    )


def threads_press(engine: Engine, case_ids: Sequence[str], events: int) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [
            pool.submit(press, engine, f"w{writer}", events // WRITERS, case_ids)
            for writer in range(WRITERS)
        ]
        for written in writing:
            written.result(timeout=1_500)


def processes_press(url: str, case_ids: Sequence[str], events: int) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    times = str(events // WRITERS)
    writing = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.pressing", url, f"w{writer}", times, *case_ids],
            cwd=ROOT,
            env=environment,
        )
        for writer in range(WRITERS)
    ]
    assert [written.wait(timeout=1_500) for written in writing] == [0] * WRITERS


@pytest.mark.parametrize("cases", [1, 20])
def test_eight_threads_are_all_heard(engine: Engine, cases: int):
    case_ids = opened(engine, cases)

    threads_press(engine, case_ids, FEW)

    assert_all_heard(engine, case_ids, FEW)


def test_eight_processes_are_all_heard(url: str, engine: Engine):
    case_ids = opened(engine, 3)

    processes_press(url, case_ids, FEW)

    assert_all_heard(engine, case_ids, FEW)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("cases", [1, 20])
def test_ten_thousand_events_of_eight_at_once_are_all_heard(url: str, engine: Engine, cases: int):
    case_ids = opened(engine, cases)

    processes_press(url, case_ids, MANY)

    assert_all_heard(engine, case_ids, MANY)
