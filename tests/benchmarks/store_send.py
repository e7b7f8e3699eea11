"""One send through SqlStore and the same statements through bare sqlite3, side by side.

    PYTHONPATH=. python tests/benchmarks/store_send.py [sends]

Bare sqlite3 holds one connection and gets its texts and values ready-made, as the store left them;
the store also decodes the case and encodes case, entry and effect. Both run WAL, synchronous=FULL,
in turns, so that a busy disk hurts both alike.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from escalation_engine.core.case import Case, Holder, Identity
from escalation_engine.core.chain import Link
from escalation_engine.core.decision import Decision, Entry, GuardQuestion, Move, Step, Verdict
from escalation_engine.core.document import entry_document
from escalation_engine.core.effect import Notify
from escalation_engine.core.input import Actor, Opened, Sent
from escalation_engine.core.value import FrozenMap, freeze
from escalation_engine.store import rows, statements
from escalation_engine.store.protocol import KeptReceipt
from escalation_engine.store.sql import SqlStore
from escalation_engine.store.statements import Compiled, Query

NOW = datetime(2026, 6, 11, 9, tzinfo=UTC)
ANN = Actor("ann", {"service_desk"})
ROUNDS = 20


def main(sends: int) -> None:
    """Print microseconds per send of both, and the ratio of their rates."""
    for keyed in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            ours, bare = [], []
            store_send = through_store(Path(folder) / "store.db", keyed=keyed)
            bare_send = through_sqlite3(Path(folder) / "bare.db", keyed=keyed)
            for _ in range(ROUNDS):
                ours.append(seconds(store_send, sends // ROUNDS))
                bare.append(seconds(bare_send, sends // ROUNDS))
        ratios = [b / o for o, b in zip(ours, bare, strict=True)]
        print(
            f"{'with a key' if keyed else 'without key'}: store {median(ours) * 1e6:7.1f} us, "
            f"sqlite3 {median(bare) * 1e6:7.1f} us, rate {median(ratios):.2f} of sqlite3 "
            f"(rounds {min(ratios):.2f} to {max(ratios):.2f})"
        )


def seconds(send: Callable[[], float], count: int) -> float:
    """Return seconds per send."""
    return sum(send() for _ in range(count)) / count


def through_store(path: Path, *, keyed: bool) -> Callable[[], float]:
    """Return one send through the store: load_for, then commit."""
    store = SqlStore(f"sqlite:///{path}")
    store.commit(opening())

    def send() -> float:
        started = perf_counter()
        case, _ = store.load_for("c-000001", "k" if keyed else None)
        loaded = perf_counter()
        assert case is not None
        decided = decision(case)
        kept = receipt(decided.case) if keyed else None
        deciding = perf_counter() - loaded
        store.commit(decided, receipt=kept)
        return perf_counter() - started - deciding

    return send


def through_sqlite3(path: Path, *, keyed: bool) -> Callable[[], float]:
    """Return one send of the same statements on one held connection of the driver."""
    store = SqlStore(f"sqlite:///{path}")
    store.commit(opening())
    texts = Compiled(store._connections.engine.dialect)
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    cursor = connection.cursor()
    read = texts[statements.case_and_receipt if keyed else statements.case_by_id]
    wanted = read.parameters({"id": "c-000001", "scope": "c-000001", "key": "k"})
    decided = decision(opening().case)
    revision = 1

    def prepared(query: Query, values: dict[str, object]) -> tuple[str, Any]:
        return texts[query].text, texts[query].parameters(values)

    link = Link("0" * 64, {"root": "0" * 32, "case": "0" * 64})
    head = store.kept("c-000001").entries[-1]["hash"]  # type: ignore[union-attr]  # just opened
    case_row = rows.case_row(decided.case) | {"head": head, "head_before": head}
    entry_row, effect_row = (
        rows.entry_row(decided.entry, link, entry_document(decided.entry)),
        rows.effect_row(decided.effects[0], case_id=decided.case.id, at=decided.entry.at),
    )
    receipt_row = rows.receipt_row(receipt(decided.case))

    def send() -> float:
        nonlocal revision
        after = {"revision": revision + 1}
        cas = prepared(
            statements.update_case, case_row | after | {"of": "c-000001", "expected": revision}
        )
        entry = prepared(statements.insert_entry, entry_row | after)
        effect_id = {"effect_id": f"c-000001/{revision}/1"}
        effect = prepared(statements.insert_effect, effect_row | effect_id)
        key = {"key": f"key-{revision}"}
        used = prepared(statements.insert_receipt, receipt_row | after | key)
        started = perf_counter()
        cursor.execute(read.text, wanted)
        cursor.fetchall()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(*cas)
        assert cursor.rowcount == 1
        cursor.execute(*entry)
        cursor.execute(*effect)
        if keyed:
            cursor.execute(*used)
        cursor.execute("COMMIT")
        revision += 1
        return perf_counter() - started

    return send


def opening() -> Decision:
    """Return a case as a help desk has it: five fields, three slots."""
    identity = Identity("c-000001", "help_desk", 3, "sha256:" + "a" * 64, NOW, "TICKET-17")
    data = {"client": "C-7", "issue": "No dial tone", "site": "H", "severity": 2, "is_vip": False}
    slots = {
        "owner": (Holder("service_desk", "ann"),),
        "assignee": (Holder("tier2", "bob"),),
        "poc": (Holder(None, "carl"),),
    }
    states = FrozenMap(main="support.tier2.work")
    case = Case(identity, 1, NOW, states, data=freeze(data), slots=FrozenMap(slots))
    return Decision(case, Entry("c-000001", 1, NOW, Opened("call", ANN), FrozenMap()), ())


def decision(case: Case) -> Decision:
    """Return the next revision, with one guard asked, one move and one message."""
    following = case._replace(revision=case.revision + 1)
    move = Move("main", "support.tier2.work", "support.tier3.work", 0, "support")
    entry = Entry(
        case.id,
        following.revision,
        NOW,
        Sent("escalate", ANN, freeze({"issue": "No dial tone"}), note="tried twice"),
        FrozenMap({GuardQuestion(0, "resolvable_here"): Verdict(yes=False)}),
        (Step("escalate", (move,)),),
        data=freeze({"issue": [None, "No dial tone"]}),
        effects=("e",),
        states=following.states,
    )
    effect = Notify(
        f"{case.id}/{case.revision}/1",
        "assignee",
        "tier3",
        None,
        "escalated",
        "Case TICKET-17 was escalated",
        "No dial tone. It was tried twice.",
        contacts=(("mail", "tier3@example.org"),),
    )
    return Decision(following, entry, (effect,))


def receipt(case: Case) -> KeptReceipt:
    """Return the receipt of one key per revision."""
    payload = {"event": "a" * 16, "data": "b" * 16, "actor": "c" * 16}
    return KeptReceipt(case.id, f"key-{case.revision}", case.id, case.revision, payload)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4000)
