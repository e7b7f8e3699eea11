"""The chain of a journal: whatever is changed by hand is found, with its case and revision."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine

from escalation_engine.core import Case
from escalation_engine.errors import CaseNotFound
from escalation_engine.runtime import Engine
from escalation_engine.store import SqlStore, Store
from escalation_engine.store.audit import audited
from escalation_engine.store.kept import KeptCase
from escalation_engine.store.portable import imported
from escalation_engine.store.recent import RecentCases
from escalation_engine.store.tables import cases, journal
from escalation_engine.testing.sample_decision import opened
from tests.runtime.desk import ann

OF_AN_ENTRY = [column.name for column in journal.c]
OF_A_CASE = [column.name for column in cases.c]


@pytest.fixture
def case(engine: Engine) -> Case:
    """A case with three entries."""
    opened = engine.open_case(
        "help_desk", by=ann, data={"client": "C-7", "issue": "Köln is down"}, reference="T-1"
    )
    engine.record(opened.id, by=ann, data={"phone": "555-0199"})
    return engine.send(opened.id, "escalate", by=ann, note="Too hard")


def test_what_nobody_touched_fits(engine: Engine, case: Case):
    found = engine.audit(case.id)

    assert (found.entries, found.unchained, found.broken) == (3, 0, None)
    assert len(found.head) == 64


def test_what_is_not_there_cannot_be_audited(engine: Engine):
    with pytest.raises(CaseNotFound):
        engine.audit("c-99")


def test_the_chain_goes_on_when_nothing_is_remembered(engine: Engine, case: Case, store: Store):
    if isinstance(store, SqlStore):
        store._recent = RecentCases()  # as in another process

    engine.note(case.id, "Somebody rang", by=ann)

    assert engine.audit(case.id).broken is None


def test_two_heads_are_never_the_same(make_engine: Callable[..., Engine]):
    engine = make_engine()
    first, second = (engine.open_case("help_desk", by=ann, data={"client": "C"}) for _ in "ab")

    assert engine.audit(first.id).head != engine.audit(second.id).head


@pytest.mark.parametrize("column", OF_AN_ENTRY)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_changed_byte_of_an_entry_is_found_where_it_is(
    engine: Engine, case: Case, store: Store, column: str, place: str
):
    kept = store.kept(case.id)
    assert kept is not None
    entry = dict(kept.entries[1])
    for at in places(entry[column], place):
        changed = {**entry, column: with_other_byte(entry[column], at)}
        found = audited(replace(kept, entries=(kept.entries[0], changed, kept.entries[2])))

        assert found.broken is not None, (at, changed[column])
        assert found.broken.revision == 2


@pytest.mark.parametrize("column", OF_A_CASE)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_changed_byte_of_a_case_is_found(
    engine: Engine, case: Case, store: Store, column: str, place: str
):
    kept = store.kept(case.id)
    assert kept is not None
    assert kept.case is not None
    for at in places(kept.case[column], place):
        changed = {**kept.case, column: with_other_byte(kept.case[column], at)}
        found = audited(replace(kept, case=changed))

        assert found.broken is not None, (at, changed[column])
        assert column in found.broken.what or column == "document"


def test_every_changed_byte_of_a_document_is_found(store: Store, engine: Engine, case: Case):
    kept = store.kept(case.id)
    assert kept is not None
    entry = dict(kept.entries[1])
    text = str(entry["document"])
    missed = [
        at
        for at in range(len(text))
        if audited(
            replace(
                kept,
                entries=(
                    kept.entries[0],
                    {**entry, "document": with_other_byte(text, at)},
                    kept.entries[2],
                ),
            )
        ).broken
        is None
    ]

    assert missed == []


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_entry_that_is_gone_is_found(engine: Engine, case: Case, store: Store, number: int):
    kept = store.kept(case.id)
    assert kept is not None
    left = tuple(entry for entry in kept.entries if entry["revision"] != number + 1)

    assert audited(replace(kept, entries=left)).broken is not None


def test_an_entry_written_anew_with_its_own_hash_breaks_the_next(engine: Engine, case: Case):
    """Whoever writes one entry anew, hash and all, has to write all that follow."""
    lines = [json.loads(line) for line in engine.export(case.id).splitlines()]
    other = [json.loads(line) for line in engine.export(copied(engine)).splitlines()]
    other[1]["document"]["case_id"] = case.id
    kept = next(imported([dumped(lines[0]), dumped(other[1]), *map(dumped, lines[2:])]))

    found = audited(kept).broken

    assert found is not None
    assert found.revision == 1


def copied(engine: Engine) -> str:
    return engine.open_case("help_desk", by=ann, data={"client": "C-8"}).id


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_hand_in_the_database_is_found(engine: Engine, case: Case, url: str):
    with create_engine(url.replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
        connection.exec_driver_sql(
            "UPDATE escalation_journal SET document = replace(document, '555-0199', '555-0190')"
        )

    found = engine.audit(case.id).broken

    assert found is not None
    assert (found.revision, found.what.split()[0]) == (2, "`hash`")


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_entries_whose_case_is_gone_are_found(engine: Engine, case: Case, url: str):
    with create_engine(url.replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
        if url.startswith("sqlite"):
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("UPDATE escalation_cases SET id = 'other'")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql("UPDATE escalation_cases SET id = 'other'")

    broken = {one.case_id: one.broken.what for one in engine.audit_all() if one.broken}

    assert broken[case.id] == "entries stand in the journal, and no case"
    assert "other" in broken


def test_a_postponed_case_fits(make_engine: Callable[..., Engine], desk: Any, clock: Any):
    engine = make_engine(LATE)
    case = engine.open_case("late", by=ann)
    desk.verdict = raising
    clock.move_to(clock.now() + timedelta(hours=2))
    engine.tick()

    assert engine.stalled()
    assert engine.audit(case.id).broken is None


def raising(_case: Case) -> bool:
    raise RuntimeError("the host is down")


LATE = """
process: late
version: 1
title: Late
roles: {desk: {title: Desk}}
guards: {resolvable: Can it?}
start: a
states:
  a:
    timers: {soon: {after: 1 hour, send: go}}
    on: {go: [{to: b, if: resolvable}, {to: a}]}
  b: {}
"""


def test_an_export_is_audited_without_the_store(engine: Engine, case: Case):
    text = engine.export(case.id)
    (kept,) = imported(text.splitlines(keepends=True))

    assert audited(kept) == engine.audit(case.id)


def test_an_export_has_the_whole_case_and_journal(engine: Engine, case: Case):
    first, *entries = [json.loads(line) for line in engine.export(case.id).splitlines()]

    assert first["document"]["data"]["phone"] == "555-0199"
    assert [line["document"]["revision"] for line in entries] == [1, 2, 3]


def test_every_changed_byte_of_an_export_is_found(engine: Engine, case: Case):
    text = engine.export(case.id)
    missed = [at for at in range(0, len(text), 7) if fits(str(with_other_byte(text, at)))]

    assert missed == []


def fits(text: str) -> bool:
    try:
        return all(audited(kept).broken is None for kept in imported(text.splitlines()))
    except ValueError:
        return False


def test_what_was_written_before_there_were_chains_is_counted(store: Store):
    first = unchained(store)

    found = audited(first)

    assert (found.entries, found.unchained, found.broken) == (1, 1, None)


def unchained(store: Store) -> KeptCase:
    """A case as the step to the tables of version 3 leaves it."""
    store.commit(opened())
    kept = store.kept("c-1")
    assert kept is not None
    assert kept.case is not None
    entries = tuple({**entry, "hash": "", "proof": "{}"} for entry in kept.entries)
    return replace(kept, case={**kept.case, "head": ""}, entries=entries)


def places(value: object, place: str) -> list[int]:
    """Return which bytes of a column to change; a number has only one way to be another."""
    size = len(str(value)) if value is not None else 1
    return {"first": [0], "middle": [size // 2], "last": [size - 1]}[place]


def with_other_byte(value: object, at: int) -> object:
    """Return the value of a column with one byte changed; null becomes a text."""
    if value is None:
        return "2"
    if isinstance(value, int):
        return value + 1
    text = str(value)
    other = "1" if text[at] != "1" else "2"
    return text[:at] + other + text[at + 1 :]


def dumped(part: object) -> str:
    return json.dumps(part, separators=(",", ":"))
