"""A full disk, and a clock that somebody sets: told clearly, nothing broken, early or twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import event

from escalation_engine.core import Actor, Due
from escalation_engine.errors import StoreError
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock

ANN = Actor("ann")
NINE = datetime(2026, 6, 8, 9, tzinfo=UTC)
NOTE = "x" * 4_000
HALF_AN_HOUR = timedelta(minutes=30)

ROUND = """
process: round
version: 1
title: A watchman who goes his round, half an hour in each place
start: gate
events: {go: {title: He goes on}}
counts: {rounds: {title: How often he came to the gate, up_on: entering gate}}
states:
  gate: {timers: {half: {after: 30 minutes, send: go}}, on: {go: {to: yard}}}
  yard: {timers: {half: {after: 30 minutes, send: go}}, on: {go: {to: gate}}}
"""


class Disk:
    """Lets every file of SQLite grow up to so many pages."""

    def __init__(self) -> None:
        self.pages = 1_000_000
        self._connections: list[sqlite3.Connection] = []

    def hold(self, pages: int) -> None:
        """Set the bound, for connections that are open as well."""
        self.pages = pages
        for connection in self._connections:
            try:
                connection.execute(f"PRAGMA max_page_count = {pages}")
            except sqlite3.ProgrammingError:  # it was closed
                continue

    def connected(self, connection: sqlite3.Connection, _record: object) -> None:
        """Bound a new connection."""
        self._connections.append(connection)
        connection.execute(f"PRAGMA max_page_count = {self.pages}")


@contextmanager
def a_disk() -> Iterator[Disk]:
    disk = Disk()
    event.listen(Database, "connect", disk.connected)
    try:
        yield disk
    finally:
        event.remove(Database, "connect", disk.connected)


def until_full(work: Callable[[int], object]) -> int:
    """Do it until there is no room, and return how often it was done."""
    for done in range(5_000):
        try:
            work(done)
        except StoreError as error:
            if "database or disk is full" in error.problem:
                return done
            raise
    raise AssertionError("there was always room")


def fill(engine: Engine, case_id: str) -> int:
    """Write notes until there is no room, and return how many were taken."""
    return until_full(lambda number: engine.note(case_id, NOTE, by=ANN, key=f"note-{number}"))


def test_a_full_disk_is_a_store_error_and_the_engine_works_again_after_it(tmp_path: Path):
    file = tmp_path / "full.db"
    with a_disk() as disk, Engine(f"sqlite:///{file}", [load_text(ROUND)]) as engine:
        case_id = engine.open_case("round", by=ANN).id
        disk.hold(80)
        taken = fill(engine, case_id)

        assert taken > 1
        assert [note.text for note in engine.notes(case_id)] == [NOTE] * taken
        assert engine.replay(case_id) == engine.case(case_id)

        disk.hold(1_000_000)
        again = engine.note(case_id, NOTE, by=ANN, key=f"note-{taken}")

        assert again.receipt is not None
        assert not again.receipt.repeated
        assert len(engine.notes(case_id)) == taken + 1
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_on_a_full_disk_what_is_due_waits_for_room(tmp_path: Path):
    clock = ManualClock(NINE)
    url = f"sqlite:///{tmp_path / 'full.db'}"
    with a_disk() as disk, Engine(url, [load_text(ROUND)], clock=clock) as engine:
        case_id = engine.open_case("round", by=ANN).id
        disk.hold(80)
        fill(engine, case_id)

        def half_an_hour_passes(_: int) -> None:
            clock.move_by(HALF_AN_HOUR)
            engine.tick()

        until_full(half_an_hour_passes)
        disk.hold(1_000_000)

        assert engine.tick().fired == 1
        assert_on_time(engine, case_id, until=clock.now())
        assert engine.replay(case_id) == engine.case(case_id)


@pytest.mark.parametrize("seed", range(3))
def test_a_clock_that_jumps_an_hour_fires_nothing_early_and_nothing_twice(
    tmp_path: Path, seed: int
):
    random = Random(seed)  # noqa: S311 - moments, no secrets
    clock = ManualClock(NINE)
    with Engine(f"sqlite:///{tmp_path / 'jump.db'}", [load_text(ROUND)], clock=clock) as engine:
        case_id = engine.open_case("round", by=ANN).id
        latest = NINE
        for _ in range(40):
            jump = random.choice([-60, 60, 5, 17])
            clock.move_to(clock.now() + timedelta(minutes=jump), may_go_back=True)
            latest = max(latest, clock.now())
            engine.tick()
            assert_on_time(engine, case_id, until=latest)

        assert engine.replay(case_id) == engine.case(case_id)


def assert_on_time(engine: Engine, case_id: str, *, until: datetime) -> None:
    """Every half hour once, none before it was due, none after the latest that the clock showed."""
    entries = engine.journal(case_id)
    fired = [(it.input.due_at, it.at) for it in entries if isinstance(it.input, Due)]

    assert len({due_at for due_at, _ in fired}) == len(fired)
    assert all(due_at <= at <= until for due_at, at in fired)
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
