"""This engine: `decide` alone, the whole engine in memory, on SQLite, and its bare statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from escalation_engine import load_text
from escalation_engine.core import (
    EMPTY,
    Actor,
    Answer,
    Case,
    Decision,
    Found,
    GuardQuestion,
    HolderQuestion,
    Identity,
    Question,
    Sent,
    Verdict,
    decide,
)
from escalation_engine.runtime import Engine
from escalation_engine.store import SqlStore
from escalation_engine.testing.clock import ManualClock
from tests.benchmarks.peers.contender import EVENTS, Contender, Opened, Step
from tests.benchmarks.send import PRAGMAS, execute, statements_of

__all__ = ["BARE", "IN_MEMORY", "LADDER", "ON_SQLITE", "OURS"]

LADDER = """
process: ladder
version: 1
title: A ladder of three tiers
start: tier1
roles: {tier: {title: Tier}, manager: {title: Manager}}
guards: {cannot_resolve_here: Can it not be resolved here?, is_staffed: Is somebody there?}
states:
  tier1: {on: {escalate: {to: tier2, if: [cannot_resolve_here, is_staffed]}}}
  tier2: {on: {escalate: {to: tier3, if: [cannot_resolve_here, is_staffed]}}}
  tier3: {on: {escalate: {to: decision, if: [cannot_resolve_here, is_staffed]}}}
  decision: {kind: decision, owner: manager}
"""
NOW = datetime(2026, 6, 8, 9, tzinfo=UTC)
ANN = Actor("ann", {"tier"})


class Desk:
    """The host: every guard says yes."""

    def cannot_resolve_here(self, case: Case) -> bool:
        """Answer the first guard."""
        return True

    def is_staffed(self, case: Case) -> bool:
        """Answer the second guard."""
        return True


def deciding(_folder: Path, _cases: int) -> Opened:
    """Decide with the answers given; nothing is kept."""
    chart = load_text(LADDER)
    identity = Identity("case-1", chart.process, chart.version, chart.hash, NOW)
    answers: Mapping[Question, Answer] = {
        GuardQuestion(0, "cannot_resolve_here"): Verdict(True),
        GuardQuestion(0, "is_staffed"): Verdict(True),
        HolderQuestion(0, "manager"): Found(None),
    }
    sent = Sent("escalate", ANN)

    def opened() -> Step:
        case = Case(identity, 1, NOW, {"main": "tier1"}, EMPTY)

        def step() -> str:
            nonlocal case
            decided = decide(chart, case, sent, now=NOW, answers=answers)
            assert isinstance(decided, Decision)
            case = decided.case
            return case.state

        return step

    return opened


def engine_at(store: str | SqlStore) -> Engine:
    """Return an engine whose cases are numbered."""
    numbers = count(1)
    return Engine(
        store,
        [load_text(LADDER)],
        hooks=Desk(),
        clock=ManualClock(NOW),
        ids=lambda: f"c-{next(numbers)}",
    )


def opened_at(url: str) -> Opened:
    """Open and send by an engine on a store."""
    engine = engine_at(url)

    def opened() -> Step:
        case_id = engine.open_case("ladder", by=ANN).id
        return lambda: engine.send(case_id, "escalate", by=ANN).state

    return opened


def bare(folder: Path, cases: int) -> Opened:
    """Execute what the engine said to SQLite, by the driver alone on one held connection."""

    def prepared(file: Path) -> Engine:
        salts = count(1)  # the same in both files, so that one's statements fit the other
        store = SqlStore(f"sqlite:///{file}", salts=lambda size: next(salts).to_bytes(size))
        engine = engine_at(store)
        for _ in range(cases):
            engine.open_case("ladder", by=ANN)
        return engine

    case_ids = [f"c-{number}" for number in range(1, cases + 1)]
    sends = [(case_id, "escalate", {"by": ANN}) for case_id in case_ids for _ in range(EVENTS)]
    noted = iter(statements_of(sends, partial(prepared, folder / "noted.db")))
    prepared(folder / "bare.db").close()
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    cursor, numbers = connection.cursor(), iter(case_ids)

    def opened() -> Step:
        case_id, left = next(numbers), iter(range(EVENTS - 1, -1, -1))

        def step() -> str:
            execute(cursor, next(noted))
            return "" if next(left) else state_of(connection, case_id)

        return step

    return opened


def state_of(connection: sqlite3.Connection, case_id: str) -> str:
    """Return where a case stands by its row."""
    row = connection.execute("SELECT state FROM escalation_cases WHERE id = ?", (case_id,))
    state: str = row.fetchone()[0]
    return state


OUR_PACKAGE = "escalation-engine"
IN_MEMORY = (
    Contender(
        "this engine, in memory",
        OUR_PACKAGE,
        "case, journal, outbox",
        lambda *_: opened_at("memory://"),
    ),
    Contender("this engine, `decide` alone", OUR_PACKAGE, "nothing; returns all of it", deciding),
)
ON_SQLITE = Contender(
    "this engine, on SQLite",
    OUR_PACKAGE,
    "case, journal, outbox",
    lambda folder, _: opened_at(f"sqlite:///{folder / 'ours.db'}"),
)
BARE = Contender("its statements by bare `sqlite3`", "", "the same rows", bare)
OURS = (*IN_MEMORY, ON_SQLITE, BARE)
