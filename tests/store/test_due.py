"""What is due is found among many cases without looking at the others."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from escalation_engine.core.document import instant_text
from escalation_engine.core.value import FrozenMap
from escalation_engine.core.watch import DUE, Owed, Threshold, Watch
from escalation_engine.store import MemoryStore, SqlStore
from escalation_engine.store.due import DueQueue, next_due_of
from escalation_engine.testing.sample_decision import HOUR, NOW, due_at, opened
from tests.benchmarks import due_tick

DUE_CASES = 100


def test_a_case_without_timers_clocks_and_duties_is_never_due():
    assert next_due_of(opened().case) is None


def test_a_duty_without_an_instant_is_not_due():
    duties = FrozenMap(update=Owed("1", "done", None, NOW))

    assert next_due_of(opened().case._replace(duties=duties)) is None


def test_a_clock_that_was_breached_is_due_no_more_and_its_neighbour_is():
    breached = Watch("1", NOW, "1 hour", fired=(DUE,), status="breached")
    running = Watch("2", NOW, "2 hours", (Threshold(NOW + 2 * HOUR, DUE),))
    case = opened().case._replace(clocks=FrozenMap(contact=breached, resolve=running))

    assert next_due_of(case) == NOW + 2 * HOUR


def test_a_name_that_comes_back_to_an_instant_is_due_once():
    queue = DueQueue()
    for hours in (1, 2, 1, 2, 1):
        queue.put("a", NOW + hours * HOUR)

    assert queue.until(NOW + HOUR, 10) == ["a"]
    assert queue.first() == NOW + HOUR


def test_a_queue_that_is_changed_for_ever_does_not_grow():
    queue = DueQueue()
    for minutes in range(10_000):
        queue.put("a", NOW + timedelta(minutes=minutes))

    assert len(queue._heap) < 100
    assert queue.first() == NOW + timedelta(minutes=9_999)


@pytest.mark.parametrize("count", [1_000, 100_000])
def test_only_what_is_due_is_looked_at(count: int):
    queue, looked_at = DueQueue(), []

    class Counted(datetime):
        def __le__(self, other: Any) -> bool:
            looked_at.append(self)
            return super().__le__(other)

    for number in range(count):
        hours = 1 if number < DUE_CASES else 9
        queue.put(
            f"c-{number}", Counted.fromtimestamp((NOW + hours * HOUR).timestamp(), NOW.tzinfo)
        )
    looked_at.clear()

    assert len(queue.until(NOW + HOUR, 1_000)) == DUE_CASES
    assert len(looked_at) == DUE_CASES + 1


def test_a_hundred_times_as_many_open_cases_cost_no_more_time():
    """The bound is generous: a scan would take a hundred times as long."""
    few, many = (memory_with(count) for count in (1_000, 100_000))

    assert quickest(many) < 10 * quickest(few) + 0.001


def test_due_cases_and_the_next_due_instant_come_from_an_index(url: str, engine: Engine):
    SqlStore(url).close()
    due = "SELECT id FROM escalation_cases WHERE next_due <= 'x' ORDER BY next_due, id LIMIT 9"
    earliest = "SELECT min(next_due) FROM escalation_cases"

    for query in (due, earliest):
        assert plan(engine, query) == [
            "SEARCH",
            "USING COVERING INDEX escalation_cases_by_next_due",
        ]


def test_the_pages_that_a_digest_reads_come_from_an_index(url: str, engine: Engine):
    SqlStore(url).close()
    of = "SELECT document FROM escalation_cases WHERE process = 'p' AND"
    pages = f"{of} is_closed = 0 AND id > 'c' ORDER BY id LIMIT 9"
    closed_since = f"{of} closed_at > 'x'"

    assert plan(engine, pages) == ["SEARCH", "USING INDEX escalation_cases_by_process"]
    assert plan(engine, closed_since) == ["SEARCH", "USING INDEX escalation_cases_by_closing"]


def test_the_column_says_when_a_case_is_due(url: str, engine: Engine):
    decision = opened()
    case = decision.case._replace(timers=due_at(NOW + HOUR))
    SqlStore(url).commit(decision._replace(case=case))
    with engine.connect() as connection:
        found, document = connection.execute(
            text("SELECT next_due, document FROM escalation_cases")
        ).one()

    assert found == instant_text(NOW + HOUR)
    assert "timers" in json.loads(document)


def plan(engine: Engine, query: str) -> list[str]:
    """How SQLite goes about a query: search or scan, by which index, and nothing sorted."""
    with engine.connect() as connection:
        details = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    (detail,) = details
    return [detail.split()[0], detail[detail.index("USING") :].partition(" (")[0]]


def memory_with(count: int) -> MemoryStore:
    store, decision = MemoryStore(), opened()
    soon, later = due_at(NOW + HOUR), due_at(NOW + 9 * HOUR)
    for number in range(count):
        identity = decision.case.identity.__class__(f"c-{number}", "p", 1, "hash", NOW)
        timers = soon if number < DUE_CASES else later
        case = decision.case._replace(identity=identity, timers=timers)
        store.commit(decision._replace(case=case, effects=()))
    return store


def quickest(store: MemoryStore) -> float:
    """The least of some runs, in seconds: what else the machine does only adds to it."""
    taken = []
    for _ in range(20):
        began = time.perf_counter()
        found = store.due_cases(NOW + HOUR, 1_000)
        taken.append(time.perf_counter() - began)
        assert len(found) == DUE_CASES
    return min(taken)


def test_the_cases_that_the_benchmark_of_a_tick_copies_are_cases(tmp_path: Path):
    engine, clock = due_tick.prepared(tmp_path / "some.db", 250, 1)
    with engine:
        copied = [case for case in engine.cases(limit=1000) if "-" in case.id]
        assert len(copied) == 248
        assert all(engine.replay(case.id) == case for case in copied[:20])

        due_tick.ticked(engine, clock)
        late = engine.cases(state="late", limit=1000)

        assert len(late) == due_tick.DUE
        assert engine.replay(late[-1].id) == late[-1]
