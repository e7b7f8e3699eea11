"""A whole `engine.send` beside exactly its own statements through bare sqlite3.

Run with `python -m tests.benchmarks.send [cases]`. A first engine walks help desk cases to their
end on connections that note every statement with its values. Then a second engine does the same in
turns with bare sqlite3, which holds one connection and only executes what was noted; in the end
both files must hold the same rows. Both run WAL with synchronous=FULL, so that a busy disk hurts
both alike. The ratio of the rates is what counts: at least 0.5 must hold, 0.6 is the aim.
`python -m tests.benchmarks.store_send` measures the store alone.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from sqlalchemy import Engine as Database
from sqlalchemy import event

from escalation_engine import load
from escalation_engine.chart import Chart
from escalation_engine.core import Act, Actor, Case
from escalation_engine.runtime import Engine
from escalation_engine.store import SqlStore
from escalation_engine.testing.clock import ManualClock

__all__ = ["AT_LEAST", "measure"]

AT_LEAST = 0.5
HELP_DESK = Path(__file__).parents[2] / "processes" / "help_desk.yaml"
NOW = datetime(2026, 6, 8, 9, tzinfo=UTC)
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")

DESK, TIER1, TIER2 = (
    Actor(f"one of {role}", {role}) for role in ("service_desk", "tier1", "tier2")
)
CLIENT = Actor("client 7", {"client"})
ISSUE = {"issue": "No dial tone on the second line since this morning"}
RESOLVED = {"resolution": "The line card was changed, and the client heard the tone"}
WALK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("document", {"by": DESK, "data": ISSUE}),
    ("qualify", {"by": TIER1}),
    ("qualify", {"by": TIER2, "note": "It is the line card"}),
    ("resolve", {"by": TIER2, "data": RESOLVED}),
    ("reject", {"by": CLIENT, "note": "It crackles", "channel": "phone"}),
    ("resolve", {"by": TIER2, "data": RESOLVED}),
    ("confirm", {"by": CLIENT, "channel": "phone"}),
)

Send = tuple[str, str, dict[str, Any]]


class Measured(NamedTuple):
    """Median microseconds of one send in both ways, and the median ratio of their rates.

    `undisturbed` is the ratio among the quickest tenth of both: the one to look at where others
    use the machine, which lets a send wait for its turn far longer than it works.
    """

    ours: float
    bare: float
    ratio: float
    undisturbed: float


class Statement(NamedTuple):
    """A statement as the driver got it; of a reading one all rows were fetched."""

    text: str
    values: Sequence[object] = ()
    is_read: bool = False


class Desk:
    """The host: tier 1 cannot resolve anything. Nothing is delivered here."""

    def resolvable_here(self, case: Case) -> bool:
        """Answer for the level that asks."""
        return ".tier1." not in case.state

    def engage_vendor(self, case: Case, effect: Act) -> None:
        """Do nothing; no case gets that far."""


def measure(cases: int = 300, *, keyed: bool = False) -> Measured:
    """Return how long a send takes; each is timed both ways, in turns, one by one.

    One by one, so that a pause that a busy machine makes spoils one of them and not a whole round.
    """
    chart = help_desk()
    sends = list(sends_of(cases, keyed=keyed))
    with tempfile.TemporaryDirectory() as folder:
        noted = statements_of(sends, opening(chart, Path(folder) / "noted.db", cases))
        file = Path(folder) / "bare.db"
        opening(chart, file, cases)().close()
        with (
            opening(chart, Path(folder) / "ours.db", cases)() as engine,
            held_connection(file) as connection,
        ):
            cursor = connection.cursor()
            timed = [
                (seconds(partial(send, engine, one)), seconds(partial(execute, cursor, those)))
                for one, those in zip(sends, noted, strict=True)
            ]
        assert rows_of(Path(folder) / "ours.db") == rows_of(file)
    ours, bare = (sorted(times) for times in zip(*timed, strict=True))
    tenth = len(timed) // 10
    return Measured(
        median(ours) * 1e6,
        median(bare) * 1e6,
        median(theirs / mine for mine, theirs in timed),
        sum(bare[:tenth]) / sum(ours[:tenth]),
    )


@cache
def help_desk() -> Chart:
    """The process, loaded once, as a host does."""
    return load(HELP_DESK)


def sends_of(cases: int, *, keyed: bool) -> Iterator[Send]:
    """The walks of all cases, one after the other."""
    keys = count(1)
    for number in range(1, cases + 1):
        for name, said in WALK:
            key = {"key": f"mail-{next(keys)}"} if keyed else {}
            yield f"c-{number}", name, {**said, **key}


def send(engine: Engine, one: Send) -> None:
    """Send as a host does."""
    case_id, name, said = one
    engine.send(case_id, name, **said)


def execute(cursor: sqlite3.Cursor, statements: Sequence[Statement]) -> None:
    """Execute what was noted."""
    for text, values, is_read in statements:
        cursor.execute(text, values)
        if is_read:
            cursor.fetchall()


def seconds(work: Callable[[], None]) -> float:
    """Return how long it takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def opening(chart: Chart, file: Path, cases: int) -> Callable[[], Engine]:
    """Return what opens an engine on a new file, with all cases opened.

    Ids, time and salts are the same in each.
    """
    numbers, salts = count(1), count(1)

    def opened() -> Engine:
        engine = Engine(
            SqlStore(f"sqlite:///{file}", salts=lambda size: next(salts).to_bytes(size)),
            [chart],
            hooks=Desk(),
            clock=ManualClock(NOW),
            ids=lambda: f"c-{next(numbers)}",
        )
        for _ in range(cases):
            engine.open_case("help_desk", by=DESK, data={"client": "Client 7"})
        return engine

    return opened


@contextmanager
def held_connection(file: Path) -> Iterator[sqlite3.Connection]:
    """One connection of the driver with the settings that the store makes."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    yield connection
    connection.close()


def rows_of(file: Path) -> list[tuple[object, ...]]:
    """Return all rows of all tables."""
    with held_connection(file) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [
            row
            for (table,) in sorted(tables.fetchall())
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608 - ours
        ]


# ---- noting what the store says to the driver ---------------------------------------------------


def statements_of(sends: Sequence[Send], opened: Callable[[], Engine]) -> list[list[Statement]]:
    """Return the statements of each send, as an engine on a file of its own leaves them."""
    noted: list[Statement] = []

    def note(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> None:
        options["factory"] = partial(NotingConnection, noted)

    found = []
    event.listen(Database, "do_connect", note)
    try:
        with opened() as engine:
            for one in sends:
                noted.clear()
                send(engine, one)
                found.append(list(noted))
    finally:
        event.remove(Database, "do_connect", note)
    return found


class NotingConnection(sqlite3.Connection):
    """A connection that notes what its cursors execute."""

    def __init__(self, noted: list[Statement], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.noted = noted

    def cursor(self, _factory: object = None) -> NotingCursor:  # type: ignore[override]  # one kind
        """Return a cursor that notes."""
        return super().cursor(NotingCursor)

    def commit(self) -> None:
        """Note the end of a transaction."""
        self.noted.append(Statement("COMMIT"))
        super().commit()


class NotingCursor(sqlite3.Cursor):
    """A cursor that notes what it executes, and which rows are fetched."""

    connection: NotingConnection

    def execute(self, text: str, values: Any = ()) -> NotingCursor:
        """Note and execute."""
        self.connection.noted.append(Statement(text, values))
        return super().execute(text, values)

    def fetchall(self) -> list[Any]:
        """Note that the rows of the last statement are wanted."""
        self.connection.noted[-1] = self.connection.noted[-1]._replace(is_read=True)
        return super().fetchall()


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for with_key in (False, True):
        found = measure(many, keyed=with_key)
        print(
            f"{'with a key' if with_key else 'without key'}: send {found.ours:7.1f} µs   "
            f"sqlite3 {found.bare:7.1f} µs   throughput ratio {found.ratio:.2f} "
            f"(limit {AT_LEAST}; undisturbed {found.undisturbed:.2f})"
        )
