"""`escalate work`: does what is due, sleeps no longer than it may, and stops when it is told to."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from escalation_engine.cli.worker import Pace, Stop, work_on
from escalation_engine.core import Actor, Due
from escalation_engine.loader import load, load_text
from escalation_engine.runtime import Engine
from escalation_engine.store import SqlStore
from escalation_engine.testing.clock import ManualClock

ROOT = Path(__file__).parents[2]
PROCESS = """
process: desk
version: 1
title: A desk
guards: {easy: Is it easy?}
actions: {log: Write it down}
events: {lapse: {title: Time is up}}
opens: {ring: {to: open}}
states:
  open:
    timers: {time_box: {after: 1 second, send: lapse}}
    on: {lapse: {to: late, do: log}, check: {to: late, if: easy}}
  late: {on: {close: {to: done}}}
  done: {kind: end, outcome: solved}
"""
HOOKS = """
from pathlib import Path
from time import perf_counter

class Desk:
    def easy(self, case): return True
    def log(self, case, effect): Path(__file__).with_name("log.txt").write_text(effect.id)

desk = Desk()
"""
ann = Actor("ann")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "desk.yaml"
    path.write_text(PROCESS)
    (tmp_path / "ourhooks.py").write_text(HOOKS)
    return path


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'desk.db'}"


class Nothing:
    def easy(self, case: object) -> bool:
        return True

    def log(self, case: object, effect: object) -> None:
        return


def overdue(url: str, *, count: int = 1) -> None:
    """Open cases an hour ago, whose timer has been due since."""
    clock = ManualClock(datetime.now(UTC) - timedelta(hours=1))
    with Engine(url, [load_text(PROCESS)], hooks=Nothing(), clock=clock) as engine:
        for _ in range(count):
            engine.open_case("desk", by=ann)


def states(url: str) -> list[str]:
    with Engine(url, [load_text(PROCESS)], hooks=Nothing()) as engine:
        return [case.state for case in engine.cases()]


def test_once_does_all_that_is_due_and_leaves(escalate, file, url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    overdue(url, count=3)
    result = escalate("work", "--db", url, file, "--once", "--hooks", "ourhooks:desk")

    assert result.exit_code == 0, result.output
    assert result.stdout == "fired 3, delivered 3, failed 0, parked 0\n"
    assert states(url) == ["late"] * 3
    assert (tmp_path / "log.txt").exists()


def test_without_hooks_time_goes_on_and_what_needs_them_is_left_untouched(escalate, file, url):
    overdue(url, count=2)
    result = escalate("work", "--db", url, file, "--once")

    assert result.stdout.splitlines() == [
        "fired 2, delivered 0, failed 0, parked 0",
        "left for a worker with --hooks: 2 effects, 0 firings",
    ]
    with Engine(url, [load_text(PROCESS)], hooks=Nothing()) as engine:
        for case in engine.cases():
            (queued,) = engine.outbox(case.id)
            assert (queued.status, queued.attempts, queued.problem) == ("waiting", 0, "")
        assert engine.tick().delivered == 2


def test_without_hooks_a_firing_that_asks_a_guard_is_left_and_no_other(escalate, file, url):
    asks = PROCESS.replace("lapse: {to: late, do: log}", "lapse: {to: late, if: easy}")
    file.write_text(asks.replace("version: 1", "version: 2"))
    overdue(url)
    clock = ManualClock(datetime.now(UTC) - timedelta(hours=2))
    with Engine(url, [load(file)], hooks=Nothing(), clock=clock) as engine:
        asking = engine.open_case("desk", by=ann)
    result = escalate("work", "--db", url, file, "--once")

    assert "fired 1, " in result.stdout
    assert "1 effects, 1 firings" in result.stdout
    with Engine(url, [load(file)], hooks=Nothing()) as engine:
        assert engine.stalled() == []
        assert engine.tick().fired == 1
        assert engine.case(asking.id).state == "late"


@pytest.mark.parametrize("hooks", ["nothing", "no_such_module:x", "os:no_such_thing", ":x"])
def test_hooks_that_are_not_there_are_a_fault_of_the_call(escalate, file, url, hooks):
    result = escalate("work", "--db", url, file, "--once", "--hooks", hooks)

    assert result.exit_code == 2
    assert "--hooks" in result.stderr


def test_hooks_that_do_not_fit_are_told(escalate, file, url):
    result = escalate("work", "--db", url, file, "--once", "--hooks", "os:path")

    assert result.exit_code == 1
    assert "guard easy" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_wakes_a_sleeping_worker_and_it_leaves_well(file, url, number):
    command = "from escalation_engine.cli.main import run; run()"
    arguments = ["work", "--db", url, str(file), "--poll-seconds", "500"]
    overdue(url)
    with subprocess.Popen(
        [sys.executable, "-u", "-c", command, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        waited = threading.Event()
        while states(url) != ["late"]:
            waited.wait(0.05)
        worker.send_signal(number)
        told, _ = worker.communicate(timeout=30)

    assert worker.returncode == 0
    assert told.startswith("fired 1, ")


def test_the_worker_sleeps_until_the_next_instant_and_not_longer(url):
    with Stop() as stop, Engine(url, [load_text(PROCESS)], hooks=Nothing()) as engine:
        case = engine.open_case("desk", by=ann)
        slept: list[float] = []
        sleep = stop.wait

        def wait(seconds: float, *, also: int | None = None) -> None:
            slept.append(seconds)
            sleep(seconds, also=also)
            if engine.case(case.id).state == "late":
                stop.set()

        stop.wait = wait  # type: ignore[method-assign]  # to see how long it sleeps
        work_on(engine, stop, Pace(poll_seconds=60))
        (due,) = [it for it in engine.journal(case.id) if isinstance(it.input, Due)]

    assert 0.5 < slept[0] <= 1
    assert due.at - case.opened_at < timedelta(seconds=20)
    assert slept[-1] == 60 or len(slept) == 1


def test_a_worker_stops_behind_the_case_at_hand(url):
    overdue(url, count=5)
    with Stop() as stop:

        class Stopping(Nothing):
            def log(self, case: object, effect: object) -> None:
                stop.set()

        with Engine(url, [load_text(PROCESS)], hooks=Stopping()) as engine:
            work_on(engine, stop, Pace(poll_seconds=60))

    assert sorted(states(url)) == ["late", "open", "open", "open", "open"]


def test_several_workers_at_once_fire_each_timer_once(file, url, tmp_path):
    overdue(url, count=12)
    command = "from escalation_engine.cli.main import run; run()"
    call = [sys.executable, "-c", command, "work", "--db", url, str(file), "--once"]
    workers = [
        subprocess.Popen(
            [*call, "--hooks", "ourhooks:desk"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    told = [worker.communicate(timeout=60)[0] for worker in workers]

    assert sum(int(line.split()[1].rstrip(",")) for line in told) == 12
    with Engine(url, [load_text(PROCESS)], hooks=Nothing()) as engine:
        for case in engine.cases():
            firings = [it for it in engine.journal(case.id) if isinstance(it.input, Due)]
            assert len(firings) == 1


def test_a_worker_stops_behind_its_batch_and_gives_its_claims_back(url):
    overdue(url, count=5)
    with Stop() as stop:

        class Stopping(Nothing):
            def log(self, case: object, effect: object) -> None:
                stop.set()

        with Engine(url, [load_text(PROCESS)], hooks=Stopping()) as engine:
            work_on(engine, stop, Pace(poll_seconds=60, batch=3))

    assert sorted(states(url)) == ["late", "late", "late", "open", "open"]
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("SELECT * FROM escalation_claims").fetchall() == []


def test_a_worker_that_sleeps_is_woken_by_what_another_opens(postgres_url):
    charts = [load_text(PROCESS)]
    store = SqlStore(postgres_url)
    listening = store.listen()
    with Stop() as stop, Engine(store, charts, hooks=Nothing()) as engine:
        sleeps = 0
        wait = stop.wait

        def opening(seconds: float, *, also: int | None = None) -> None:
            nonlocal sleeps
            sleeps += 1
            if sleeps == 1:  # the worker has said how long it sleeps, and is about to
                overdue(postgres_url)
                wait(60, also=also)
            else:
                stop.set()

        stop.wait = opening  # type: ignore[method-assign]  # to act while it sleeps
        began = perf_counter()
        work_on(engine, stop, Pace(poll_seconds=60), listening=listening)
        took = perf_counter() - began
    listening.close()
    store.close()

    assert states(postgres_url) == ["late"]
    assert took < 30


def test_a_worker_goes_on_after_the_server_was_away(postgres_url, postgres_server, capsys):
    if not postgres_server.is_ours:
        return
    store = SqlStore(postgres_url)
    overdue(postgres_url, count=4)
    with Stop() as stop, Engine(store, [load_text(PROCESS)], hooks=Nothing()) as engine:
        waits: list[float] = []

        def wait(seconds: float, *, also: int | None = None) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                postgres_server.start()
            if len(waits) > 3:
                stop.set()

        stop.wait = wait  # type: ignore[method-assign]  # nobody sleeps in a test
        postgres_server.stop()
        work_on(engine, stop, Pace(poll_seconds=60, batch=2))
    store.close()

    assert waits[:3] == [0.1, 0.2, 0.4]
    assert states(postgres_url) == ["late"] * 4
    assert "trying again in 0.2 seconds" in capsys.readouterr().err
