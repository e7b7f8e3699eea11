"""A lease ends by the clock that it goes by: the engine's, or the shared database's own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from escalation_engine.store import MemoryStore, SqlStore, Store
from escalation_engine.testing.claim_contract import claim_cases, ids, open_due
from escalation_engine.testing.sample_decision import NOW

HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else SqlStore(f"sqlite:///{tmp_path}/desk.db")


def test_what_a_dead_worker_had_claimed_is_free_when_its_lease_is_over(store: Store):
    open_due(store, "a")
    claim_cases(store, "dead")

    assert store.claim_cases(NOW + HOUR - MOMENT, 9, worker="ann", lease=HOUR) == []
    assert ids(store.claim_cases(NOW + HOUR, 9, worker="ann", lease=HOUR)) == ["a"]


def test_a_renewed_lease_lasts_longer(store: Store):
    open_due(store, "a")
    claim_cases(store, "ann")
    store.renew_claims("ann", now=NOW + HOUR - MOMENT, lease=HOUR)

    assert store.claim_cases(NOW + HOUR, 9, worker="bob", lease=HOUR) == []
    assert ids(store.claim_cases(NOW + 2 * HOUR, 9, worker="bob", lease=HOUR)) == ["a"]


def test_who_lost_a_claim_gives_nothing_of_another_back(store: Store):
    open_due(store, "a")
    claim_cases(store, "slow")
    store.claim_cases(NOW + HOUR, 9, worker="ann", lease=HOUR)
    store.give_back("slow")

    assert store.claim_cases(NOW + HOUR, 9, worker="bob", lease=HOUR) == []


def test_on_postgresql_leases_go_by_the_clock_of_the_database(postgres_url: str):
    store = SqlStore(postgres_url)
    open_due(store, "a")
    claim_cases(store, "dead")
    wrong = store.claim_cases(NOW + 9 * HOUR, 9, worker="fast clock", lease=HOUR)
    engine = create_engine(postgres_url)
    an_hour_ago = "to_char(now() AT TIME ZONE 'UTC' - interval '1 hour', 'YYYY-MM-DD')"
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE escalation_claims SET until = {an_hour_ago}"))  # noqa: S608 - ours
    engine.dispose()

    assert wrong == []
    assert ids(claim_cases(store, "ann")) == ["a"]
    store.close()
