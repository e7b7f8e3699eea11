"""The SQL store keeps the contract, in each way that a host may hold it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from escalation_engine.core.case import Case
from escalation_engine.core.value import freeze
from escalation_engine.errors import BadInput, Conflict, StoreError
from escalation_engine.store import CaseFilter, SqlStore, Store, open_store
from escalation_engine.testing.sample_decision import opened, sent
from escalation_engine.testing.store_contract import StoreContract
from tests.postgres import schema_on

ALL = CaseFilter()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/desk.db"
    given: str = request.getfixturevalue("postgres_url")
    return given


@pytest.fixture
def other_url(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> Iterator[str]:
    """A second database of the same kind."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/other.db"
        return
    with schema_on(request.getfixturevalue("postgres_server")) as other:
        yield other


class TestSqlStore(StoreContract):
    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        store = SqlStore(url)
        yield store
        store.close()


class TestSqlStoreOpenedAnewForEachCall(StoreContract):
    """Nothing is remembered: everything comes from the file."""

    @pytest.fixture
    def store(self, url: str) -> Iterator[Any]:
        store = OpenedAnew(url)
        yield store
        store.close_all()


class TestSqlStoreOnAnEngineOfTheHost(StoreContract):
    @pytest.fixture
    def store(self, engine: Engine) -> Store:
        return SqlStore(engine)


class TestSqlStoreInATransactionOfTheHost(StoreContract):
    test_of_many_threads_on_one_revision_one_wins = None  # type: ignore[assignment]  # one thread
    test_of_many_threads_each_claims_what_no_other_has = None  # type: ignore[assignment]  # the same

    @pytest.fixture
    def store(self, engine: Engine) -> Iterator[Store]:
        store = SqlStore(engine)
        with engine.connect() as connection, store.using(connection):
            yield store


class OpenedAnew:
    def __init__(self, url: str) -> None:
        self.url = url
        self.stores: list[SqlStore] = []

    def __getattr__(self, name: str) -> Any:
        self.stores.append(SqlStore(self.url))
        return getattr(self.stores[-1], name)

    def close_all(self) -> None:
        for store in self.stores:
            store.close()


def test_a_host_that_rolls_back_leaves_nothing_behind(url: str, engine: Engine):
    store = open_store(url)
    with engine.connect() as connection:
        with store.using(connection):
            store.commit(opened())
            store.commit(sent(opened().case))
            seen_inside = store.load("c-1")
        connection.rollback()

    assert seen_inside == sent(opened().case).case
    assert store.load("c-1") is None
    assert not store.journal("c-1")
    assert not store.outbox("c-1")


def test_a_host_that_commits_keeps_all_of_it(url: str, engine: Engine):
    store = open_store(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE orders (id TEXT)"))
        connection.execute(text("INSERT INTO orders VALUES ('o-1')"))
        with store.using(connection):
            store.commit(opened())
            unseen_outside = elsewhere(lambda: store.load("c-1"))

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT id FROM orders")) == "o-1"
    assert unseen_outside is None
    assert store.load("c-1") == opened().case
    assert len(store.outbox("c-1")) == 2


def test_a_host_that_has_only_connected_commits_all_the_same(url: str, engine: Engine):
    store = open_store(url)
    with engine.connect() as connection:
        with store.using(connection):
            store.commit(opened())
        connection.commit()

    assert store.load("c-1") == opened().case


@pytest.mark.parametrize("level", ["SERIALIZABLE", "AUTOCOMMIT"])
def test_a_conflict_leaves_the_transaction_of_the_host_usable(url: str, level: str):
    engine = create_engine(url, isolation_level=level)
    store = open_store(url)
    store.commit(opened())
    with engine.connect() as connection:
        with store.using(connection):
            store.commit(opened("c-2"))
            with pytest.raises(Conflict):
                store.commit(opened())
            with pytest.raises(Conflict):
                store.commit(sent(sent(opened().case).case))
            store.commit(sent(opened("c-2").case))
        connection.commit()
    engine.dispose()

    assert store.journal("c-1") == [opened().entry]
    assert len(store.journal("c-2")) == 2


def test_a_nested_use_gives_the_outer_connection_back(url: str, other_url: str, engine: Engine):
    store = open_store(url)
    other = create_engine(other_url)
    with other.begin() as inner:
        SqlStore.create_tables(inner)
    with engine.begin() as outer, store.using(outer):
        store.commit(opened("outer"))
        with other.begin() as inner, store.using(inner):
            store.commit(opened("inner"))
            seen_inside = [case.id for case in store.find(ALL)]
        seen_after = [case.id for case in store.find(ALL)]
    other.dispose()

    assert (seen_inside, seen_after) == (["inner"], ["outer"])


def test_after_the_block_the_store_works_by_itself_again(url: str, engine: Engine):
    store = open_store(url)
    with engine.begin() as connection, store.using(connection):
        store.commit(opened("c-1"))
    store.commit(opened("c-2"))

    assert [case.id for case in store.find(ALL)] == ["c-1", "c-2"]


def test_tables_that_the_host_rolls_back_are_gone(url: str, other_url: str):
    store = open_store(url)
    other = create_engine(other_url)
    with other.connect() as connection:
        SqlStore.create_tables(connection)
        connection.rollback()
        with pytest.raises(StoreError, match="create_tables"), store.using(connection):
            pass
    other.dispose()


@pytest.mark.parametrize("connection", [None, "sqlite://", object()])
def test_only_a_connection_can_be_used(url: str, connection: object):
    with pytest.raises(BadInput, match="SQLAlchemy Connection"), open_store(url).using(connection):
        pass


def test_threads_that_end_give_their_connections_back(url: str):
    store = SqlStore(url)
    for _ in range(20):
        elsewhere(lambda: store.load("c-1"))

    assert store._connections.engine.pool.checkedin() <= 2  # type: ignore[attr-defined]  # QueuePool
    assert len(store._connections._held) <= 2


def test_a_store_can_be_closed_twice_and_works_again_when_called(url: str):
    store = open_store(url)
    store.commit(opened())
    store.close()
    store.close()

    assert store.load("c-1") == opened().case
    store.close()


def test_a_case_that_another_store_wrote_is_read_anew(url: str):
    first, second = open_store(url), open_store(url)
    first.commit(opened())
    before = second.load("c-1")
    first.commit(sent(opened().case))

    assert before == opened().case
    assert second.load("c-1") == sent(opened().case).case


def test_more_cases_than_are_remembered_are_all_read_right(url: str, engine: Engine):
    store = SqlStore(url)
    with engine.begin() as connection, store.using(connection):
        for number in range(1100):
            store.commit(opened(f"c-{number}"))

    assert all(store.load(f"c-{number}") == opened(f"c-{number}").case for number in range(1100))


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, b"bytes"])
def test_data_that_is_no_json_is_bad_input_and_writes_nothing(url: str, value: object):
    store = open_store(url)
    with pytest.raises(BadInput, match="JSON"):
        store.commit(opened_with(value))

    assert store.load("c-1") is None


@pytest.mark.parametrize("value", ["\ud800", "nul \0", 2**200, "Grüße 🙂", 1e300, ""])
def test_any_json_comes_back(url: str, value: object):
    decision = opened_with(value)
    open_store(url).commit(decision)

    assert open_store(url).load("c-1") == decision.case


def test_a_name_that_utf8_cannot_carry_is_bad_input(url: str):
    store = open_store(url)

    with pytest.raises(BadInput, match="UTF-8"):
        store.commit(opened("\ud800"))
    assert store.find(ALL) == []


def test_an_effect_queued_twice_is_a_store_error_and_writes_nothing(url: str):
    store = open_store(url)
    first = opened()
    store.commit(first)
    again = sent(first.case)
    with pytest.raises(StoreError, match="effect_id"):
        store.commit(again._replace(effects=first.effects))

    assert store.load("c-1") == first.case


def test_a_document_of_another_format_is_a_store_error(url: str, engine: Engine):
    store = open_store(url)
    store.commit(opened())
    with engine.begin() as connection:
        connection.execute(text("UPDATE escalation_cases SET document = '{\"format\": 2}'"))

    with pytest.raises(StoreError, match="format 2 is unknown"):
        store.load("c-1")


def opened_with(value: object) -> Any:
    decision = opened()
    data = freeze({"field": value})
    case: Case = type(decision.case)(
        decision.case.identity, 1, decision.case.at, decision.case.states, data=data
    )
    return type(decision)(case, decision.entry, ())


def elsewhere(work: Any) -> Any:
    """What `work` returns in a thread of its own."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]
