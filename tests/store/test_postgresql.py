"""PostgreSQL itself: round trips, connections that are lost, several at once, what is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy import Engine as Database

from escalation_engine.errors import BadInput, Conflict, StoreError
from escalation_engine.store import CaseFilter, SqlStore, open_store, open_to_read
from escalation_engine.store.protocol import KeptDigest, Publication
from escalation_engine.testing.sample_decision import NOW, opened, receipt_of, sent
from tests.postgres import Server

ROOT = Path(__file__).parents[2]

OPEN = """
import sys
from escalation_engine.store import open_store

print("ready", flush=True)
sys.stdin.readline()
open_store(sys.argv[1]).close()
"""


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    store = SqlStore(url)
    yield store
    store.close()


@pytest.fixture
def noted() -> Iterator[list[str]]:
    """The texts of all statements that the drivers of this test execute."""
    texts: list[str] = []

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **named: Any) -> Any:
            texts.append(str(query))
            return super().execute(query, *args, **named)

    def note(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> None:
        options["cursor_factory"] = Noting

    event.listen(Database, "do_connect", note)
    yield texts
    event.remove(Database, "do_connect", note)


def test_a_send_is_one_read_and_one_write(noted: list[str], url: str):
    store = SqlStore(url)
    store.commit(opened())
    noted.clear()
    case, _ = store.load_for("c-1", "mail-1")
    assert case is not None
    decision = sent(case)
    store.commit(decision, receipt=receipt_of(decision))
    store.close()

    assert [each.split()[0] for each in noted] == ["SELECT", "WITH"]


def test_an_opening_is_one_write(noted: list[str], url: str):
    store = SqlStore(url)
    noted.clear()
    store.commit(opened())
    store.close()

    assert [each.split()[0] for each in noted] == ["WITH"]


def test_effects_of_one_decision_are_queued_in_its_order(store: SqlStore):
    first = opened()
    many = tuple(first.effects[0]._replace(id=f"c-1/1/{number}") for number in range(50, 0, -1))
    store.commit(first._replace(effects=many))

    assert [queued.effect for queued in store.outbox("c-1")] == list(many)


def test_connections_that_the_server_closed_are_replaced_unnoticed(
    store: SqlStore, url: str, postgres_server: Server
):
    store.commit(opened())
    close_all(url, postgres_server)
    store.commit(sent(opened().case))
    close_all(url, postgres_server)

    assert store.load("c-1") == sent(opened().case).case


def test_a_server_that_was_started_again_is_found_again(store: SqlStore, postgres_server: Server):
    if not postgres_server.is_ours:
        return
    store.commit(opened())
    postgres_server.stop()
    try:
        error = store_error(lambda: store.load("c-1"))
    finally:
        postgres_server.start()

    assert "connection" in str(error)
    assert store.load("c-1") == opened().case
    store.commit(sent(opened().case))


def test_what_only_says_something_is_no_lost_connection(store: SqlStore, url: str):
    store.commit(opened())
    lent = store._connections.lend()
    lent._cursor.execute("LISTEN something")
    with psycopg.connect(plain(url), autocommit=True) as other:
        other.execute("NOTIFY something")

    assert store.load("c-1") == opened().case
    assert store._connections.lend() is lent


def test_processes_that_open_a_new_database_at_once_all_succeed(url: str):
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in running:
        each.communicate("\n")

    assert [each.returncode for each in running] == [0, 0, 0]


def test_many_that_publish_the_same_at_once_all_succeed(store: SqlStore):
    publication = Publication("hash", "help_desk", 2**40, "{}", NOW)

    at_once(lambda _: store.publish(publication))

    assert store.publication("hash") == publication


def test_of_many_that_keep_a_digest_first_one_wins(store: SqlStore):
    kept = KeptDigest("help_desk", "daily", 1, 2**40, "hash", NOW, NOW)

    won = at_once(lambda _: store.keep_digest(kept, at=NOW))

    assert won.count(True) == 1
    assert list(store.digests()) == [kept]


def test_of_many_that_open_with_one_key_one_wins(store: SqlStore):
    def attempt(number: int) -> bool:
        decision = opened(f"c-{number}")
        try:
            store.commit(decision, receipt=receipt_of(decision, scope="open:help_desk"))
        except Conflict:
            return False
        return True

    won = at_once(attempt)

    assert won.count(True) == 1
    assert len(store.find(CaseFilter())) == 1


def test_text_is_in_the_order_of_its_code_points(store: SqlStore):
    names = ["c-1", "C-2", "c_1", "Ä", "a", "c-10", "🙂"]
    for name in names:
        store.commit(opened(name))

    assert [case.id for case in store.find(CaseFilter())] == sorted(names)


def test_nul_is_bad_input_and_the_connection_stays(store: SqlStore):
    with pytest.raises(BadInput, match="NUL"):
        store.commit(opened("c\0"))
    with pytest.raises(BadInput, match="NUL"):
        store.load("c\0")
    store.commit(opened())

    assert store.load("c-1") == opened().case


def test_what_was_opened_to_read_writes_nothing(store: SqlStore, url: str):
    store.commit(opened())
    reader = open_to_read(url)
    error = store_error(lambda: reader.commit(sent(opened().case)))

    assert "may only read" in str(error)
    assert reader.load("c-1") == opened().case
    reader.close()


def test_a_database_without_our_tables_is_not_made_to_be_read(url: str):
    assert "no escalation database" in str(store_error(lambda: open_to_read(url)))


def test_a_host_that_sees_an_old_state_is_told_to_begin_again(store: SqlStore, url: str):
    store.commit(opened())
    host = create_engine(url, isolation_level="REPEATABLE READ")
    with host.connect() as connection, store.using(connection):
        case = store.load("c-1")
        assert case is not None
        at_once(lambda _: store.commit(sent(case)), times=1)
        error = store_error(lambda: store.commit(sent(case)))
    host.dispose()

    assert "roll back, and do all of it again" in str(error)
    assert len(store.journal("c-1")) == 2


def test_connections_of_a_host_go_back_as_they_came(url: str):
    host = create_engine(url, pool_size=1, max_overflow=0)
    store = SqlStore(host)
    store.commit(opened())
    with host.connect() as connection:
        connection.execute(text("UPDATE escalation_cases SET state = 'lost'"))
        connection.rollback()

    assert store.load("c-1") == opened().case
    host.dispose()


def test_every_search_of_the_hot_path_uses_an_index(store: SqlStore, url: str):
    plans = {
        "SELECT id FROM escalation_cases WHERE next_due <= '2' ORDER BY next_due, id": "next_due",
        "SELECT id FROM escalation_cases WHERE process = '1' AND is_closed = 0 ORDER BY id": (
            "by_process"
        ),
        "SELECT document FROM escalation_outbox WHERE status = 'waiting' AND next_at <= '2'": (
            "by_status"
        ),
        "SELECT document FROM escalation_outbox WHERE case_id = '1'": "by_case",
    }
    with psycopg.connect(plain(url)) as connection:
        connection.execute("SET enable_seqscan = off")
        for query, index in plans.items():
            plan = str(connection.execute(f"EXPLAIN {query}").fetchall())
            assert "Index" in plan
            assert index in plan


def test_a_missing_database_is_a_store_error_without_the_password(postgres_server: Server):
    url = make_url(postgres_server.url).set(database="no_such", password="secret")
    error = store_error(lambda: open_store(url.render_as_string(hide_password=False)))

    assert 'database "no_such" does not exist' in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize("driver", ["psycopg2", "asyncpg", "pg8000"])
def test_another_driver_is_refused_with_the_way_out(driver: str):
    with pytest.raises(BadInput, match="postgresql://"):
        open_store(f"postgresql+{driver}://ann:secret@db/desk")


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(BadInput, match=r"escalation-engine\[postgres\]"):
        open_store("postgresql://db/desk")


def test_a_table_that_is_gone_is_told_with_the_way_out(store: SqlStore, engine: Engine):
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE escalation_refusals"))

    assert "create_tables" in str(store_error(lambda: store.refusals("c-1")))


def at_once(work: Callable[[int], Any], *, times: int = 8) -> list[Any]:
    """What each of some threads returned."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


def close_all(url: str, server: Server) -> None:
    """Let the server close every connection that works in the schema of the URL."""
    with server.engine().connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE application_name = 'escalation_engine'"
            )
        )


def plain(url: str) -> str:
    """The URL as libpq takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def store_error(work: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        work()
    return caught.value
