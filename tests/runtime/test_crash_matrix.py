"""A worker killed at every boundary between two SQL statements, while another works beside it.

    python -m pytest -m long tests/runtime/test_crash_matrix.py

For each piece of work the boundaries are taken one by one until there is none left. Nothing that
was acknowledged is lost, nothing is there twice, nothing came early, and every effect was delivered
at least once under one id.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from escalation_engine.core import Actor, Due, Sent
from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock
from tests.postgres import schema_on
from tests.runtime.crashing import DUE_AT, WORKS, open_engine

ROOT = Path(__file__).parents[2]

HALF_AN_HOUR = timedelta(minutes=30)

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]


class Worker:
    """A worker that is to be killed, and what it said before."""

    def __init__(self, url: str, work: str, boundary: int, done: Path) -> None:
        self.running = subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.crashing", url, work, str(boundary), str(done)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.running.stdout is not None
        self.said = self.running.stdout.readline().strip()

    def kill(self) -> None:
        self.running.kill()
        self.running.communicate()
        assert self.running.returncode == -signal.SIGKILL, self.said


Fresh = Callable[[], AbstractContextManager[str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """Makes a database of its own for each boundary."""
    numbers = count(1)
    if request.param == "sqlite":
        return lambda: nullcontext(f"sqlite:///{tmp_path / f'alarm-{next(numbers)}.db'}")
    return partial(schema_on, request.getfixturevalue("postgres_server"))


def prepare(url: str, work: str, done: Path) -> None:
    """One case; for deliveries it has been pressed twice."""
    done.write_text("")
    with open_engine(url, done, clock=ManualClock(WORKS["send"][1])) as engine:
        engine.open_case("alarm", by=Actor("ann"))
        for note in ("first", "second") if work == "deliver" else ():
            engine.send("c-1", "press", by=Actor("ann"), note=note)


@pytest.mark.parametrize("work", WORKS)
def test_a_kill_at_any_statement_loses_nothing_and_doubles_nothing(
    fresh: Fresh, tmp_path: Path, work: str
):
    boundaries = [""]
    while not boundaries[-1].startswith("done"):
        with fresh() as url:
            boundaries.append(killed_at(len(boundaries), url, work, tmp_path / "done"))

    assert boundaries[-2] == "at nothing more"
    assert len(boundaries) > 5, boundaries


def killed_at(boundary: int, url: str, work: str, done: Path) -> str:
    """Hold what must hold after a kill at the boundary, and return what the killed had said."""
    prepare(url, work, done)
    clock = ManualClock(WORKS[work][1])
    with open_engine(url, done, clock=clock) as survivor, ThreadPoolExecutor(1) as beside:
        worker = Worker(url, work, boundary, done)
        working = beside.submit(work_on, survivor)
        worker.kill()
        working.result(timeout=60)
        if worker.said.startswith("done"):
            assert notes(survivor).count("a") == (work == "send")
        settle(survivor, work, clock)
        assert_whole(survivor, done, work, worker.said)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return worker.said


def work_on(engine: Engine) -> None:
    """What the other worker does meanwhile; it may have to wait for the one that is killed."""
    engine.send("c-1", "press", by=Actor("bob"), note="b", key="b")
    engine.tick()


def settle(engine: Engine, work: str, clock: ManualClock) -> None:
    """Send again what may have been lost, with its key, and tick until nothing waits."""
    if work == "send":
        for _ in range(2):
            engine.send("c-1", "press", by=Actor("ann"), note="a", key="a")
    engine.tick()
    clock.move_by(HALF_AN_HOUR)  # what a delivery that failed waits for; the timer takes an hour
    engine.tick()


def notes(engine: Engine) -> list[str | None]:
    """What was said with each press, in order."""
    entries = engine.journal("c-1")
    return [entry.input.note for entry in entries if isinstance(entry.input, Sent)]


def assert_whole(engine: Engine, done: Path, work: str, said: str) -> None:
    """Nothing lost, nothing double, nothing early; every effect done, under its own id."""
    case, journal, outbox = engine.case("c-1"), engine.journal("c-1"), engine.outbox("c-1")
    wanted = {"send": ["a", "b"], "tick": ["b"], "deliver": ["b", "first", "second"]}[work]
    fired = [entry for entry in journal if isinstance(entry.input, Due)]

    assert sorted(map(str, notes(engine))) == wanted, said
    assert [entry.revision for entry in journal] == [*range(1, case.revision + 1)]
    assert len(fired) == (work == "tick"), said
    assert all(entry.at >= DUE_AT for entry in fired)
    assert engine.replay("c-1") == case
    assert {queued.status for queued in outbox} == {"delivered"}, said
    assert len(outbox) == len(wanted) + len(fired)
    assert set(done.read_text("utf-8").split()) == {queued.effect.id for queued in outbox}
