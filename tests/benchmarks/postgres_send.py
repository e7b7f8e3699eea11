"""A whole `engine.send` beside exactly its own statements through bare psycopg, with one client.

Run with `python -m tests.benchmarks.postgres_send [cases]`. As in `send`: a first engine walks help
desk cases to their end and its statements are noted; then a second does the same in turns with a
bare connection that only executes what was noted. Each works in a schema of its own, on a server
that waits for its disk. The ratio of the rates counts: at least 0.8 must hold.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from statistics import median
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Engine as Database
from sqlalchemy import event

from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock
from tests.benchmarks.send import (
    DESK,
    NOW,
    Desk,
    Measured,
    Send,
    help_desk,
    seconds,
    send,
    sends_of,
)
from tests.postgres import schema_on, server

__all__ = ["AT_LEAST", "measure"]

AT_LEAST = 0.8


class Statement(NamedTuple):
    """A statement as the driver got it."""

    text: Any
    values: Any


class NotingCursor(psycopg.Cursor[Any]):
    """A cursor that notes what it executes."""

    noted: list[Statement]

    def execute(self, query: Any, params: Any = None, **named: Any) -> Any:
        """Note and execute."""
        NotingCursor.noted.append(Statement(query, params))
        return super().execute(query, params, **named)


def measure(cases: int = 60, *, keyed: bool = False) -> Measured:
    """Return how long a send takes; each is timed both ways, in turns, one by one."""
    sends = list(sends_of(cases, keyed=keyed))
    with server(is_durable=True) as running:
        with schema_on(running) as url:
            noted = statements_of(sends, opening(url, cases))
        with schema_on(running) as ours, schema_on(running) as bare:
            opening(bare, cases)().close()
            libpq = bare.replace("postgresql+psycopg://", "postgresql://", 1)
            with (
                opening(ours, cases)() as engine,
                psycopg.connect(libpq, autocommit=True) as connection,
                connection.cursor() as cursor,
            ):
                timed = [
                    (seconds(partial(send, engine, one)), seconds(partial(execute, cursor, those)))
                    for one, those in zip(sends, noted, strict=True)
                ]
                assert rows_of(connection, ours) == rows_of(connection, bare)
    mine, theirs = (sorted(times) for times in zip(*timed, strict=True))
    tenth = len(timed) // 10
    return Measured(
        median(mine) * 1e6,
        median(theirs) * 1e6,
        median(other / own for own, other in timed),
        sum(theirs[:tenth]) / sum(mine[:tenth]),
    )


def execute(cursor: psycopg.Cursor[Any], statements: Sequence[Statement]) -> None:
    """Execute what was noted, and fetch what is found."""
    for text, values in statements:
        cursor.execute(text, values)
        if cursor.description:
            cursor.fetchall()


def opening(url: str, cases: int) -> Callable[[], Engine]:
    """Return what opens an engine with all cases opened. Ids and time are the same in each."""
    numbers = count(1)

    def opened() -> Engine:
        engine = Engine(
            url,
            [help_desk()],
            hooks=Desk(),
            clock=ManualClock(NOW),
            ids=lambda: f"c-{next(numbers)}",
        )
        for _ in range(cases):
            engine.open_case("help_desk", by=DESK, data={"client": "Client 7"})
        return engine

    return opened


def statements_of(sends: Sequence[Send], opened: Callable[[], Engine]) -> list[list[Statement]]:
    """Return the statements of each send."""

    def note(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> None:
        options["cursor_factory"] = NotingCursor

    found = []
    NotingCursor.noted = []
    event.listen(Database, "do_connect", note)
    try:
        with opened() as engine:
            for one in sends:
                NotingCursor.noted = []
                send(engine, one)
                found.append(NotingCursor.noted)
    finally:
        event.remove(Database, "do_connect", note)
    return found


def rows_of(connection: psycopg.Connection[Any], url: str) -> list[object]:
    """Return the documents of a schema, so that both sides have done the same."""
    schema = url.rpartition("%3D")[2]
    tables = ("cases", "journal", "outbox")
    return [
        connection.execute(f"SELECT document FROM {schema}.escalation_{it} ORDER BY 1").fetchall()  # noqa: S608 - our own words
        for it in tables
    ]


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    for with_key in (False, True):
        found = measure(many, keyed=with_key)
        print(
            f"{'with a key' if with_key else 'without key'}: send {found.ours:7.1f} µs   "
            f"psycopg {found.bare:7.1f} µs   throughput ratio {found.ratio:.2f} "
            f"(limit {AT_LEAST}; undisturbed {found.undisturbed:.2f})"
        )
