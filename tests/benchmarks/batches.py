"""Timers that fire in batches beside the same ones written one by one, on both databases.

Run with `python -m tests.benchmarks.batches`. Each side opens as many cases in a database of its
own, and one tick fires a timer in each; both wait for the disk. What is compared is the tick, with
what the engine decides. Times as fast: at least 3 must hold, 5 on SQLite and 10 on PostgreSQL are
the aims.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from escalation_engine import load_text
from escalation_engine.core import Actor, Decision
from escalation_engine.runtime import Engine
from escalation_engine.store import SqlStore
from escalation_engine.testing.clock import ManualClock
from tests.benchmarks.due_tick import DESK, HOUR, START
from tests.postgres import schema_on, server

__all__ = ["AT_LEAST", "Measured", "measure"]

AT_LEAST = 3.0
CASES = 300


class Measured(NamedTuple):
    """Median microseconds of a firing in a batch and alone, and how many times as fast it is."""

    batch: float
    single: float
    ratio: float


class OneByOne(SqlStore):
    """A store that writes each decision by itself."""

    def commit_all(self, decisions: Sequence[Decision]) -> Sequence[bool]:
        """Write one after the other."""
        return [super(OneByOne, self).commit_all([decision])[0] for decision in decisions]


def measure(*, is_on_postgresql: bool, rounds: int = 3) -> Measured:
    """Return how long a firing takes both ways, in turns."""
    with ExitStack() as stack:
        if is_on_postgresql:
            running = stack.enter_context(server(is_durable=True))
            urls = [stack.enter_context(schema_on(running)) for _ in range(2 * rounds)]
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            urls = [f"sqlite:///{folder / str(number)}.db" for number in range(2 * rounds)]
        timed = [
            (fired(SqlStore(urls[number])), fired(OneByOne(urls[number + 1])))
            for number in range(0, 2 * rounds, 2)
        ]
    return Measured(
        median(batch for batch, _ in timed),
        median(single for _, single in timed),
        median(single / batch for batch, single in timed),
    )


def fired(store: SqlStore) -> float:
    """Return the microseconds of a firing, in a tick that fires one in each case."""
    clock, numbers = ManualClock(START), count()
    ann = Actor("ann", {"desk"})
    with Engine(store, [load_text(DESK)], clock=clock, ids=lambda: f"c{next(numbers)}") as engine:
        for _ in range(CASES):
            engine.open_case("desk", by=ann, data={"pace": "fast"})
        clock.move_by(HOUR)
        started = perf_counter()
        found = engine.tick()
        took = perf_counter() - started
    store.close()
    assert found.fired == CASES, found
    return took / CASES * 1e6


if __name__ == "__main__":
    for name, is_on_postgresql in (("SQLite", False), ("PostgreSQL", True)):
        found = measure(is_on_postgresql=is_on_postgresql)
        print(
            f"{name}: a firing in a batch {found.batch:.0f} µs   alone {found.single:.0f} µs   "
            f"times as fast {found.ratio:.1f} (limit {AT_LEAST})"
        )
