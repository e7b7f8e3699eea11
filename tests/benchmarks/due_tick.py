"""A tick in which 100 cases are due: among 100,000 open cases beside among 1,000.

Run with `python -m tests.benchmarks.due_tick`. Both stand in SQLite files. A few cases are opened
by the engine and copied by statements, so that preparing takes seconds. The ticks take turns, each
with 100 cases that have not fired yet; every one fires a timer, as a decision and a commit of its
own. What is not due must cost nothing but a deeper index: the ratio must be at most 2.0.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from escalation_engine import load_text
from escalation_engine.core import Actor
from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock

__all__ = ["AT_MOST", "Measured", "measure"]

AT_MOST = 2.0
DUE = 100
FEW, MANY = 1_000, 100_000
ROUNDS = 5

START = datetime(2026, 6, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DESK = """
process: desk
version: 1
title: A desk with a time box
data: {pace: {enum: [slow, fast]}}
roles: {desk: {title: Desk}}
events: {lapse: {title: Time is up}}
opens: {ring: {to: open, needs: [pace]}}
states:
  open:
    assignee: desk
    timers: {box: {after: {depends_on: pace, fast: 1 hour, slow: 9000 hours}, send: lapse}}
    on: {lapse: {to: late}, close: {to: done}}
  late: {on: {close: {to: done}}}
  done: {kind: end, outcome: done}
"""

_NUMBERS = (
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :copies)"
)
_COPY_CASES = f"""
INSERT INTO escalation_cases
    (id, revision, process, state, is_closed, outcome, reference, assignee, next_due, document)
{_NUMBERS}
SELECT id || '-' || n, revision, process, state, is_closed, outcome, reference, assignee, next_due,
       replace(document, '"id":"' || id || '"', '"id":"' || id || '-' || n || '"')
FROM escalation_cases, numbers WHERE id = :id
"""  # noqa: S608 - nothing but our own words
_COPY_JOURNAL = f"""
INSERT INTO escalation_journal (case_id, revision, at, document)
{_NUMBERS}
SELECT case_id || '-' || n, revision, at,
       replace(document, '"case_id":"' || case_id || '"', '"case_id":"' || case_id || '-' || n || '"')
FROM escalation_journal, numbers WHERE case_id = :id
"""  # noqa: S608, E501 - nothing but our own words


class Measured(NamedTuple):
    """Median milliseconds of a tick among many and among few cases, and of their ratio."""

    many: float
    few: float
    ratio: float


def measure(rounds: int = ROUNDS) -> Measured:
    """Return how long a tick takes; the files are made first, and gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        many = prepared(Path(folder) / "many.db", MANY, rounds)
        few = prepared(Path(folder) / "few.db", FEW, rounds)
        with many[0], few[0]:
            timed = [(ticked(*many), ticked(*few)) for _ in range(rounds)]
    return Measured(
        median(slow for slow, _ in timed) * 1e3,
        median(quick for _, quick in timed) * 1e3,
        median(slow / quick for slow, quick in timed),
    )


def prepared(file: Path, cases: int, rounds: int) -> tuple[Engine, ManualClock]:
    """Return an engine on so many open cases, of which 100 fall due in each hour to come."""
    clock, numbers = ManualClock(START), count()
    engine = Engine(
        f"sqlite:///{file}", [load_text(DESK)], clock=clock, ids=lambda: f"c{next(numbers)}"
    )
    ann = Actor("ann", {"desk"})
    slow = engine.open_case("desk", by=ann, data={"pace": "slow"})
    copies = {slow.id: cases - rounds * DUE - 1}
    for _ in range(rounds):
        copies[engine.open_case("desk", by=ann, data={"pace": "fast"}).id] = DUE - 1
        clock.move_by(HOUR)
    with closing(sqlite3.connect(file)) as connection, connection:
        for case_id, number in copies.items():
            for statement in (_COPY_CASES, _COPY_JOURNAL):
                connection.execute(statement, {"id": case_id, "copies": number})
        (found,) = connection.execute("SELECT count(*) FROM escalation_cases").fetchone()
    assert found == cases
    clock.move_to(START, may_go_back=True)
    return engine, clock


def ticked(engine: Engine, clock: ManualClock) -> float:
    """Return how long the tick of the next hour takes."""
    clock.move_by(HOUR)
    started = perf_counter()
    found = engine.tick()
    took = perf_counter() - started
    assert found.fired == DUE, found
    return took


if __name__ == "__main__":
    found = measure()
    print(
        f"tick, {DUE} due: among {MANY} {found.many:.1f} ms   among {FEW} {found.few:.1f} ms   "
        f"ratio {found.ratio:.2f} (limit {AT_MOST})"
    )
