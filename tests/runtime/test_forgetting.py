"""Forgetting: what somebody brought or wrote is nowhere any more, and what happened stays."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from escalation_engine.core import Case, Forgotten
from escalation_engine.errors import BadInput, EventRefused
from escalation_engine.runtime import Engine
from escalation_engine.store import Store
from escalation_engine.store.audit import audited
from escalation_engine.store.portable import imported
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import Desk, ann, bob, mia

PHONE, WORDS, CLIENT, ISSUE = "555-0199", "She is my neighbour", "C-4711", "The lift is stuck"
WHY = "Asked for by the client"


@pytest.fixture
def closed(engine: Engine, desk: Desk) -> Case:
    """A closed case that has a sensitive field, words, copies in effects, and a refusal."""
    desk.raises["write_log"] = RuntimeError(f"cannot write {PHONE}")
    case = engine.open_case("help_desk", by=ann, data={"client": CLIENT, "issue": ISSUE}, key="m-1")
    engine.record(case.id, by=ann, data={"phone": PHONE}, note=WORDS, key="m-2")
    engine.note(case.id, WORDS, by=bob)
    engine.send(case.id, "escalate", by=ann, note=WORDS, on_behalf_of="bob")
    with pytest.raises(EventRefused):
        engine.send(case.id, "close", by=mia)
    engine.record(case.id, by=mia, checklists={"agreement": {"agreed": ("na", WORDS)}})
    engine.send(case.id, "close", by=mia, note=WORDS)
    while engine.tick().delivered:
        pass
    return engine.case(case.id)


def everything_kept(store: Store, case: Case) -> str:
    """Return all that a store holds of a case, as one text."""
    kept = store.kept(case.id)
    receipts = [store.receipt("open:help_desk", "m-1"), store.receipt(case.id, "m-2")]
    outbox = [(it.effect, it.status, it.problem) for it in store.outbox(case.id)]
    parts = [kept, store.load(case.id), store.journal(case.id), outbox, store.refusals(case.id)]
    return json.dumps([tuple_text(part) for part in [*parts, receipts]])


def tuple_text(part: object) -> str:
    return str(part)


def test_words_and_sensitive_fields_are_nowhere_any_more(
    engine: Engine, store: Store, closed: Case
):
    before = everything_kept(store, closed)
    engine.forget(closed.id, by=mia, reason=WHY)
    after = everything_kept(store, closed)

    assert all(secret in before for secret in (PHONE, WORDS, CLIENT))
    assert [secret for secret in (PHONE, WORDS) if secret in after] == []
    assert CLIENT in after
    assert "ann" in after


def test_everything_takes_all_data_and_names_too(engine: Engine, store: Store, closed: Case):
    engine.forget(closed.id, by=mia, reason=WHY, everything=True)
    after = everything_kept(store, closed)

    secrets = (PHONE, WORDS, CLIENT, ISSUE, "'ann'", '"ann"', "'bob'", '"bob"')
    assert [secret for secret in secrets if secret in after] == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_file_holds_no_byte_of_it_once_it_is_packed(
    make_engine: MakeEngine, closed: Case, url: str, engine: Engine
):
    engine.forget(closed.id, by=mia, reason=WHY)
    file = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held = Path(file).read_bytes()

    assert PHONE.encode() not in held
    assert WORDS.encode() not in held


@pytest.mark.parametrize("everything", [False, True])
def test_the_chain_still_holds(engine: Engine, closed: Case, everything: bool):
    head = engine.audit(closed.id).head
    engine.forget(closed.id, by=mia, reason=WHY, everything=everything)
    found = engine.audit(closed.id)

    assert found.broken is None
    assert found.forgotten > 0
    assert head in [json.loads(line).get("hash") for line in engine.export(closed.id).splitlines()]
    assert audited(next(imported(engine.export(closed.id).splitlines()))).broken is None


@pytest.mark.parametrize("everything", [False, True])
def test_a_replay_comes_to_what_was_left(engine: Engine, closed: Case, everything: bool):
    left = engine.forget(closed.id, by=mia, reason=WHY, everything=everything)

    assert engine.replay(closed.id) == engine.case(closed.id) == left


def test_what_happened_stays(engine: Engine, closed: Case):
    before = [(it.revision, it.at, it.states, it.steps) for it in engine.journal(closed.id)]
    engine.forget(closed.id, by=mia, reason=WHY, everything=True)
    after = [(it.revision, it.at, it.states, it.steps) for it in engine.journal(closed.id)]

    assert after[:-1] == before
    assert engine.case(closed.id).outcome == "resolved"


def test_two_people_stay_two(engine: Engine, closed: Case):
    engine.forget(closed.id, by=mia, reason=WHY, everything=True)
    inputs: list[Any] = [entry.input for entry in engine.journal(closed.id)]
    named = [it.by.id for it in inputs if hasattr(it, "by")]

    assert named[0] == named[1] != named[2]
    assert all(name.startswith("forgotten-") for name in named[:-1])


def test_who_when_and_why_is_journaled(engine: Engine, closed: Case):
    engine.forget(closed.id, by=mia, reason=WHY)
    last = engine.journal(closed.id)[-1].input

    assert isinstance(last, Forgotten)
    assert (last.by.id, last.reason, last.fields) == ("mia", WHY, ("phone",))


def test_what_is_left_of_a_forgotten_piece_cannot_be_changed_unseen(
    engine: Engine, store: Store, closed: Case
):
    engine.forget(closed.id, by=mia, reason=WHY)
    text = engine.export(closed.id)
    changed = text.replace('"phone":"(forgotten)"', '"phone":"555-0100"', 1)

    found = audited(next(imported(changed.splitlines()))).broken

    assert changed != text
    assert found is not None
    assert found.revision == 2


def test_it_cannot_be_made_to_look_as_if_something_was_forgotten(engine: Engine, closed: Case):
    lines = [json.loads(line) for line in engine.export(closed.id).splitlines()]
    engine.forget(closed.id, by=mia, reason=WHY)
    forgotten = [json.loads(line) for line in engine.export(closed.id).splitlines()]
    lines[2] = forgotten[2]

    compact = [json.dumps(line, separators=(",", ":")) for line in lines]
    found = audited(next(imported(compact))).broken

    assert found is not None


def test_a_second_call_changes_nothing(engine: Engine, store: Store, closed: Case):
    first = engine.forget(closed.id, by=mia, reason=WHY)
    before = everything_kept(store, closed)
    second = engine.forget(closed.id, by=ann, reason="Again")

    assert second == first
    assert everything_kept(store, closed) == before


def test_everything_may_follow(engine: Engine, store: Store, closed: Case):
    engine.forget(closed.id, by=mia, reason=WHY)
    engine.forget(closed.id, by=mia, reason=WHY, everything=True)

    assert CLIENT not in everything_kept(store, closed)
    assert engine.audit(closed.id).broken is None
    assert engine.replay(closed.id) == engine.case(closed.id)


def test_a_key_still_brings_its_receipt(engine: Engine, closed: Case):
    engine.forget(closed.id, by=mia, reason=WHY)
    again = engine.record(closed.id, by=ann, data={"phone": PHONE}, note=WORDS, key="m-2")

    assert again.receipt is not None
    assert again.receipt.repeated


def test_an_open_case_is_not_forgotten_by_mistake(engine: Engine):
    case = engine.open_case("help_desk", by=ann, data={"client": CLIENT})
    for named in ({}, {"everything": True}, {"everything": True, "while_open": True}):
        with pytest.raises(EventRefused) as refused:
            engine.forget(case.id, by=mia, reason=WHY, **named)
        assert [reason.kind for reason in refused.value.reasons] in (["still_open"],)


def test_an_open_case_goes_on_without_what_was_forgotten(engine: Engine):
    case = engine.open_case("help_desk", by=ann, data={"client": CLIENT})
    engine.record(case.id, by=ann, data={"phone": PHONE})
    engine.forget(case.id, by=mia, reason=WHY, while_open=True)
    after = engine.send(case.id, "finish", by=ann)

    assert "phone" not in after.data
    assert after.is_closed
    assert engine.replay(case.id) == engine.case(case.id)
    assert engine.audit(case.id).broken is None


def test_what_waits_is_delivered_first(engine: Engine, desk: Desk):
    case = engine.open_case("help_desk", by=ann, data={"client": CLIENT})
    engine.send(case.id, "finish", by=ann)

    with pytest.raises(BadInput, match="waits to be delivered"):
        engine.forget(case.id, by=mia, reason=WHY)


def test_promises_are_not_told_from_what_is_left(make_engine: MakeEngine, desk: Desk):
    engine = make_engine(PROMISED)
    case = engine.open_case("short", by=ann, note=WORDS)
    engine.send(case.id, "go", by=ann)
    engine.forget(case.id, by=mia, reason=WHY)

    with pytest.raises(BadInput, match="was forgotten"):
        engine.promises(case.id)


PROMISED = """
process: short
version: 1
title: Short
roles: {desk: {title: Desk}}
start: a
states:
  a: {on: {go: {to: z}}}
  z: {kind: end, outcome: done}
promises:
  ends: {every_case: in z}
"""
