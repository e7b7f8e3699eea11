"""The memory store keeps the contract, joins no transaction, and is small."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from escalation_engine.core.case import Case, Holder, Identity
from escalation_engine.core.decision import Decision, Entry
from escalation_engine.core.input import Actor, Opened
from escalation_engine.core.value import EMPTY, FrozenMap
from escalation_engine.errors import BadInput
from escalation_engine.store import CaseFilter, MemoryStore, Store, open_store
from escalation_engine.testing.sample_decision import opened, sent
from escalation_engine.testing.store_contract import StoreContract

CASES = 4_000
BYTES_OF_A_CASE = 2_048
NOW = datetime(2026, 6, 11, 9, tzinfo=UTC)


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


def test_memory_is_opened_by_its_url():
    assert isinstance(open_store("memory://"), MemoryStore)


def test_memory_loads_no_sqlalchemy():
    script = "import sys; from escalation_engine.store import open_store; open_store('memory://')"
    script += "; sys.exit('sqlalchemy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_memory_joins_no_transaction_of_a_host():
    with pytest.raises(BadInput, match="a SQL store"):
        MemoryStore().using(object())


def test_revisions_of_a_case_share_their_identity():
    store = MemoryStore()
    first = opened()
    store.commit(first)
    store.commit(sent(first.case))
    found = store.load("c-1")

    assert found is not None
    assert found.identity is first.case.identity


def test_an_open_case_takes_at_most_two_kibibytes():
    store = MemoryStore()
    entry = Entry("c", 1, NOW, Opened("call", Actor("ann")), EMPTY)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(CASES):
        store.commit(Decision(typical_case(number), entry, ()))
    store._links.clear()
    store._journals.clear()  # the journal does not count
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()

    assert len(store.find(CaseFilter(limit=CASES))) == CASES
    assert taken / CASES <= BYTES_OF_A_CASE


def typical_case(number: int) -> Case:
    """Five fields and three slots; every text is new, as if it had just come in."""
    fresh = f"{number:06}"
    at = NOW + timedelta(seconds=number)
    identity = Identity(f"c-{fresh}", "help_desk", 1, "sha256:0", at, f"TICKET-{fresh}")
    data = FrozenMap(
        {
            "client": f"C-{fresh}",
            "issue": f"No dial tone since this morning, line {fresh}",
            "site": f"Site {fresh}",
            "severity": 2,
            "is_vip": False,
        }
    )
    slots = FrozenMap(
        {
            "owner": (Holder("service_desk", f"ann {fresh}"),),
            "assignee": (Holder("tier2", f"bob {fresh}"),),
            "poc": (Holder(None, f"carl {fresh}"),),
        }
    )
    states = FrozenMap(main="support.tier2.work")
    return Case(identity, 1, at, states, data=data, slots=slots)
