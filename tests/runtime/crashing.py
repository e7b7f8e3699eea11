"""A worker that stops at one boundary between two SQL statements, and waits there to be killed.

`python -m tests.runtime.crashing URL WORK BOUNDARY DONE`: it says `at STATEMENT` where it stops, or
`done REVISION` where its work has no such boundary. Boundaries are counted at the driver, so that
the product knows nothing of them: in front of each statement, and behind the last.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import event

from escalation_engine.core import Act, Actor, Case
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock

__all__ = ["ALARM", "DUE_AT", "WORKS", "Host", "open_engine"]

OPENED_AT = datetime(2026, 6, 8, 9, tzinfo=UTC)
DUE_AT = OPENED_AT + timedelta(hours=1)

ALARM = """
process: alarm
version: 1
title: A bell that rings when it is pressed, and after an hour by itself
start: hangs
actions: {ring: Ring}
events: {lapse: {title: An hour has passed}}
states:
  hangs:
    timers: {hour: {after: 1 hour, send: lapse}}
    on: {press: {do: ring}, lapse: {to: rung, do: ring}}
  rung: {on: {press: {do: ring}}}
"""


class Host:
    """Rings, and writes down for which effect, as the world outside would remember it."""

    def __init__(self, done: Path) -> None:
        self._done = done

    def ring(self, case: Case, effect: Act) -> None:
        with self._done.open("a", encoding="utf-8") as file:
            file.write(f"{effect.id}\n")


def open_engine(url: str, done: Path, *, clock: ManualClock) -> Engine:
    """An engine of the alarm."""
    numbers = count(1)
    return Engine(
        url,
        [load_text(ALARM)],
        hooks=Host(done),
        clock=clock,
        ids=lambda: f"c-{next(numbers)}",
    )


def press(engine: Engine) -> int:
    """Press with a key."""
    case = engine.send("c-1", "press", by=Actor("ann"), note="a", key="a")
    assert case.receipt is not None
    return case.receipt.revision


def tick(engine: Engine) -> int:
    """Let the timer fire, and deliver what waits."""
    engine.tick()
    return engine.case("c-1").revision


WORKS: dict[str, tuple[Callable[[Engine], int], datetime]] = {
    "send": (press, OPENED_AT),
    "tick": (tick, DUE_AT),
    "deliver": (tick, OPENED_AT),
}
"""What a worker does, and when; before it is due a tick only delivers."""


class Boundaries:
    """Counts statements, once it is told to, and stops in front of one of them."""

    def __init__(self, stop_at: int) -> None:
        self.left: int | None = None
        self._stop_at = stop_at

    def begin(self) -> None:
        self.left = self._stop_at

    def pass_by(self, statement: object) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left == 0:
            say("at", *str(statement).split()[:5])
            sys.stdin.read()  # until somebody kills this process
            os._exit(1)


def watch(boundaries: Boundaries) -> None:
    """Let every statement of any driver pass by."""

    class Cursor(sqlite3.Cursor):
        def execute(self, statement: str, *values: Any) -> Cursor:
            boundaries.pass_by(statement)
            return super().execute(statement, *values)

    class Connection(sqlite3.Connection):
        def cursor(self, _factory: object = None) -> Cursor:  # type: ignore[override]  # one kind
            return super().cursor(Cursor)

        def commit(self) -> None:
            boundaries.pass_by("COMMIT")
            super().commit()

    def connecting(dialect: Any, _record: object, args: Any, options: dict[str, Any]) -> Any:
        if dialect.name == "sqlite":
            options["factory"] = Connection
            return None
        return psycopg_connection(boundaries).connect(*args, **options)

    event.listen(Database, "do_connect", connecting)


def psycopg_connection(boundaries: Boundaries) -> Any:
    """The driver's connection, past the boundaries."""
    driver: Any = import_module("psycopg")

    class Cursor(driver.Cursor):  # type: ignore[misc]  # the driver is an extra
        def execute(self, query: object, *values: object, **options: object) -> Any:
            boundaries.pass_by(query)
            return super().execute(query, *values, **options)

    class Connection(driver.Connection):  # type: ignore[misc]  # the same
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)
            self.cursor_factory = Cursor

        def commit(self) -> None:
            boundaries.pass_by("COMMIT")
            super().commit()

    return Connection


def say(*words: object) -> None:
    """Tell the test a line."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Do the work up to the boundary."""
    url, name, boundary, done = sys.argv[1:]
    work, at = WORKS[name]
    boundaries = Boundaries(int(boundary))
    watch(boundaries)
    engine = open_engine(url, Path(done), clock=ManualClock(at))
    boundaries.begin()
    revision = work(engine)
    boundaries.pass_by("nothing more")
    say("done", revision)
    sys.stdin.read()


if __name__ == "__main__":
    main()
