"""SQLite itself: settings, several processes, a kill in the midst, files that do not fit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text, update

from escalation_engine.errors import BadInput, StoreError
from escalation_engine.store import SqlStore, open_store
from escalation_engine.store.tables import SCHEMA_VERSION, schema_version
from escalation_engine.testing.sample_decision import opened, sent

ROOT = Path(__file__).parents[2]

COMMIT_ONCE = """
import sys
from escalation_engine.errors import Conflict
from escalation_engine.store import open_store
from escalation_engine.store.tables import schema_version
from escalation_engine.testing.sample_decision import sent

store = open_store(sys.argv[1])
case = store.load("c-1")
print("ready", flush=True)
sys.stdin.readline()
try:
    store.commit(sent(case, outcome=sys.argv[2]))
    print("won")
except Conflict as conflict:
    print("conflict", conflict.expected, conflict.found)
"""

DIE_AT = """
import os, signal, sys
from sqlalchemy import Engine, event
from escalation_engine.store import open_store
from escalation_engine.store.tables import schema_version
from escalation_engine.testing.sample_decision import sent

armed = False

def die(statement):
    if armed and statement.startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "connect", lambda connection, _: connection.set_trace_callback(die))
store = open_store(sys.argv[1])
case = store.load("c-1")
armed = True
store.commit(sent(case))
"""

COMMIT_UNTIL_KILLED = """
import sys
from escalation_engine.store import open_store
from escalation_engine.store.tables import schema_version
from escalation_engine.testing.sample_decision import sent

store = open_store(sys.argv[1])
while True:
    store.commit(sent(store.load("c-1")))
    print(store.load("c-1").revision, flush=True)
"""

OPEN = """
import sys
from escalation_engine.store import open_store

print("ready", flush=True)
sys.stdin.readline()
open_store(sys.argv[1])
"""


def process(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def started_together(running: list[subprocess.Popen[str]]) -> list[str]:
    """What each says after all have said that they are ready."""
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in running:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    return [each.communicate()[0] for each in running]


def test_of_two_processes_on_one_revision_one_wins_and_one_gets_a_conflict(url: str):
    store = open_store(url)
    store.commit(opened())

    said = started_together([process(COMMIT_ONCE, url, str(number)) for number in range(2)])

    assert sorted(said) == ["conflict 1 2\n", "won\n"]
    assert [entry.revision for entry in store.journal("c-1")] == [1, 2]


def test_processes_that_open_a_new_file_at_once_all_succeed(url: str):
    running = [process(OPEN, url) for _ in range(4)]
    started_together(running)

    assert [each.returncode for each in running] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "statement",
    ["BEGIN", "UPDATE escalation_cases", "INSERT INTO escalation_j", "INSERT INTO escalation_o"],
)
def test_a_kill_before_the_end_of_a_commit_leaves_the_old_case(url: str, statement: str):
    open_store(url).commit(opened())
    dying = process(DIE_AT, url, statement)
    dying.communicate()

    store = open_store(url)
    assert dying.returncode == -signal.SIGKILL
    assert store.load("c-1") == opened().case
    assert (len(store.journal("c-1")), len(store.outbox("c-1"))) == (1, 2)
    store.commit(sent(opened().case))


def test_a_kill_at_the_commit_itself_leaves_old_or_new_once(url: str):
    open_store(url).commit(opened())
    dying = process(DIE_AT, url, "COMMIT")
    dying.communicate()

    store = open_store(url)
    case = store.load("c-1")
    assert dying.returncode == -signal.SIGKILL
    assert case in (opened().case, sent(opened().case).case)
    assert case is not None
    assert len(store.journal("c-1")) == case.revision


@pytest.mark.parametrize("commits", [1, 7, 50])
def test_a_process_killed_while_it_commits_loses_nothing_it_had_reported(url: str, commits: int):
    open_store(url).commit(opened())
    working = process(COMMIT_UNTIL_KILLED, url)
    assert working.stdout is not None
    for _ in range(commits):
        working.stdout.readline()
    working.kill()
    said = working.communicate()[0].split()

    store = open_store(url)
    case = store.load("c-1")
    reported = int(said[-1]) if said else commits + 1
    assert case is not None
    assert case.revision in (reported, reported + 1)
    assert [entry.revision for entry in store.journal("c-1")] == list(range(1, case.revision + 1))
    assert len(store.outbox("c-1")) == case.revision + 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no processes")
def test_a_child_that_was_forked_opens_a_connection_of_its_own(url: str):
    store = open_store(url)
    store.commit(opened())
    child = os.fork()
    if child == 0:
        try:
            store.commit(sent(opened().case))
            os._exit(0)
        except BaseException:  # noqa: BLE001 - a child must not go on with the tests
            os._exit(1)
    _, status = os.waitpid(child, 0)

    assert status == 0
    assert store.load("c-1") == sent(opened().case).case


def test_wal_full_foreign_keys_and_a_patient_lock_are_set(url: str):
    store = SqlStore(url)
    found = [
        pragma(store._connections.engine, name)
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    ]

    assert found == ["wal", 2, 1, 10_000]


def test_every_search_of_the_hot_path_uses_an_index(url: str, engine: Engine):
    open_store(url)
    plans = {
        "SELECT document FROM escalation_cases WHERE id = '1'": "sqlite_autoindex",
        "SELECT id FROM escalation_cases WHERE reference = '1'": "sqlite_autoindex",
        "SELECT id FROM escalation_cases WHERE process = '1' AND is_closed = 0": "by_process",
        "SELECT document FROM escalation_journal WHERE case_id = '1'": "autoindex",
        "SELECT document FROM escalation_outbox WHERE status = 'waiting' AND next_at <= '2'": (
            "by_status"
        ),
        "SELECT document FROM escalation_outbox WHERE case_id = '1'": "by_case",
        "SELECT document FROM escalation_refusals WHERE case_id = '1'": "by_case",
    }
    with engine.connect() as connection:
        for query, index in plans.items():
            plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).all())
            assert "SEARCH" in plan
            assert index in plan


def test_an_existing_database_of_the_host_gets_the_tables_beside_its_own(url: str, engine: Engine):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE cases (id TEXT)"))
    open_store(url).commit(opened())

    assert open_store(url).load("c-1") == opened().case


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION + 1])
def test_tables_of_another_version_are_refused(url: str, engine: Engine, version: int):
    open_store(url).close()
    with engine.begin() as connection:
        connection.execute(update(schema_version).values(version=version))

    with pytest.raises(
        StoreError,
        match=f"schema version {version}, this escalation_engine knows 1 to {SCHEMA_VERSION}",
    ):
        open_store(url)
    store_error(lambda: SqlStore(engine))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam, " * 100)

    error = store_error(lambda: open_store(f"sqlite:///{path}"))
    assert "file is not a database (the file holds something else)" in str(error)
    assert error.url == f"sqlite:///{path}"
    assert error.__cause__ is not None


def test_a_missing_folder_is_refused(tmp_path: Path):
    error = store_error(lambda: open_store(f"sqlite:///{tmp_path}/none/desk.db"))

    assert "the folder has to exist" in str(error)


def test_a_database_that_cannot_be_written_is_refused(tmp_path: Path, url: str):
    store = open_store(url)
    store.commit(opened())
    store.close()

    error = store_error(lambda: open_store(f"sqlite:///file:{tmp_path}/desk.db?mode=ro&uri=true"))
    assert "readonly" in str(error)


def test_a_locked_database_is_a_store_error_that_names_the_way_out(url: str):
    store = SqlStore(create_engine(url, connect_args={"timeout": 0}))
    holder = create_engine(url)
    with holder.connect() as connection:
        connection.execute(text("BEGIN IMMEDIATE"))
        error = store_error(lambda: store.commit(opened()))
        connection.rollback()
    store.commit(opened())
    holder.dispose()

    assert "using(connection)" in str(error)
    assert store.load("c-1") == opened().case


def test_a_store_survives_an_error_of_its_connection(url: str, engine: Engine):
    store = open_store(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE escalation_journal RENAME TO elsewhere"))
    store_error(lambda: store.commit(opened()))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO escalation_journal"))
    store.commit(opened())

    assert store.load("c-1") == opened().case


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file::memory:?uri=1"]
)
def test_a_database_in_memory_is_refused_with_the_way_out(url: str):
    with pytest.raises(BadInput, match="memory://"):
        open_store(url)


@pytest.mark.parametrize(
    "url",
    ["", "desk.db", "nonsense://x", "mysql://ann:secret@db/desk", "sqlite+aiosqlite:///desk.db"],
)
def test_an_unknown_url_is_bad_input_and_shows_no_password(url: str):
    with pytest.raises(BadInput, match="sqlite:///") as error:
        open_store(url)

    assert "secret" not in str(error.value)


def pragma(engine: Engine, name: str) -> Any:
    with engine.connect() as connection:
        return connection.scalar(text(f"PRAGMA {name}"))


def store_error(work: Any) -> StoreError:
    with pytest.raises(StoreError) as caught:
        work()
    return caught.value
