"""Whatever is handed in is refused by an error of ours, or kept exactly: nothing in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from escalation_engine.core import Case, FrozenMap, freeze
from escalation_engine.errors import CallerError
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.runtime.edge import (
    DATA_BYTES,
    DATA_NODES,
    LIMIT,
    NAME_CHARACTERS,
    NESTING,
    TEXT_BYTES,
)
from escalation_engine.store import open_store
from escalation_engine.store.protocol import Store
from escalation_engine.testing.clock import ManualClock
from tests.runtime.hostile import (
    ANN,
    CALLS,
    DROP_BOX,
    PARAMETERS,
    VALUES,
    Call,
    Host,
    called,
    calls,
    usual,
)

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
ON_ONE_ENGINE = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
READING = {"options", "explain", "case", "cases", "journal", "notes", "refusals", "outbox"}


@pytest.fixture
def engine(store: Store, clock: ManualClock) -> Iterator[Engine]:
    numbers = iter(range(1, 1_000_000))
    charts = [load_text(DROP_BOX)]
    with Engine(
        store, charts, hooks=Host(), clock=clock, ids=lambda: f"c-{next(numbers)}"
    ) as engine:
        engine.open_case("drop_box", by=ANN)
        engine.add_task("c-1", "plan", "Look", by=ANN)
        yield engine


@pytest.fixture
def reader(store: Store, url: str) -> Iterator[Store]:
    """A second store at the same database, which decodes what it reads; in memory the one."""
    if url == "memory://":
        yield store
        return
    opened = open_store(url)
    yield opened
    opened.close()


def assert_taken_or_refused(engine: Engine, reader: Store, call: Call) -> None:
    """Refused: nothing has changed. Taken: what was said is in the journal, word for word."""
    method, arguments = call
    before = engine.case("c-1")
    try:
        found = called(engine, method, arguments)
    except CallerError:
        assert engine.case("c-1") == before
        return
    if isinstance(found, Case) and method not in READING | {"replay"}:
        assert_kept(engine, reader, found, arguments)


def assert_kept(engine: Engine, reader: Store, case: Case, arguments: Mapping[str, object]) -> None:
    """The case reads back equal, by its journal too, and its last entry says what was said."""
    assert case.receipt is not None or arguments.get("key") is None
    assert engine.case(case.id) == case._replace(receipt=None)
    assert engine.replay(case.id) == engine.case(case.id)
    assert reader.load(case.id) == case._replace(receipt=None)
    if case.receipt is not None and case.receipt.repeated:
        return  # the key was used before, and nothing was written now
    said = engine.journal(case.id)[-1].input
    for name in ("text", "note", "evidence", "reason", "owner", "on_behalf_of", "channel", "to"):
        given = arguments.get(name)
        if isinstance(given, str) and hasattr(said, name):
            kept = getattr(said, name)
            plain = str.__str__(given)
            assert kept == (plain if plain.strip() else None)
            assert type(kept) in (str, type(None))
    if isinstance(data := arguments.get("data"), Mapping) and hasattr(said, "data"):
        assert exactly(said.data) == exactly(freeze(data))


def exactly(value: object) -> object:
    """The value with the type of each part, so that 1, 1.0 and True differ, and 0.0 and -0.0."""
    if isinstance(value, FrozenMap):
        return {name: exactly(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [exactly(item) for item in value]
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, float):
        return "float", float.__repr__(value)
    if isinstance(value, int):
        return "bool" if isinstance(value, bool) else "int", int.__int__(value)
    return value


def test_every_call_that_is_looked_at_is_taken_as_it_usually_is(engine: Engine):
    engine.finish_task("c-1", "plan", 1, by=ANN)
    for method in ("add_task", "note", "open_case", "record", "send", "journal", "cases"):
        called(engine, method, usual(method))

    assert set(CALLS) <= set(PARAMETERS)
    for method, arguments in CALLS.items():
        assert set(arguments) <= set(PARAMETERS[method])


@pytest.mark.parametrize("method", sorted({*PARAMETERS} - {"using"}))
def test_each_hostile_value_in_each_place_is_refused_or_kept(
    engine: Engine, reader: Store, method: str
):
    for name in PARAMETERS[method]:
        for value in VALUES:
            call = method, {**usual(method), name: value}
            if method in CALLS:
                assert_taken_or_refused(engine, reader, call)
            else:
                with suppress(CallerError):
                    called(engine, *call)


@pytest.mark.parametrize("field", ["text", "number", "list", "thing", "secret"])
def test_each_hostile_value_in_each_field_is_refused_or_kept(
    engine: Engine, reader: Store, field: str
):
    for value in VALUES:
        assert_taken_or_refused(
            engine, reader, ("record", {**CALLS["record"], "data": {field: value}})
        )


@settings(ON_ONE_ENGINE, max_examples=60)
@given(call=calls())
def test_calls_of_any_kind_are_refused_or_kept(engine: Engine, reader: Store, call: Call):
    assert_taken_or_refused(engine, reader, call)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(ON_ONE_ENGINE, max_examples=20_000)
@given(call=calls())
def test_very_many_calls_of_any_kind_are_refused_or_kept(engine: Engine, reader: Store, call: Call):
    assert_taken_or_refused(engine, reader, call)


def test_sizes_are_bounded_where_the_reference_says_so(engine: Engine):
    said = REFERENCE.read_text(encoding="utf-8").partition("## What can be handed in")[2]
    for bound in (NAME_CHARACTERS, TEXT_BYTES, DATA_BYTES, DATA_NODES, NESTING, LIMIT):
        assert f" {bound} " in said
    largest = "x" * (DATA_BYTES - len('{"text": ""}'))

    case = engine.record("c-1", by=ANN, data={"text": largest}, note="x" * TEXT_BYTES)

    assert engine.case("c-1").data["text"] == largest
    assert engine.journal("c-1")[-1].input == engine.journal(case.id)[-1].input
    with pytest.raises(CallerError, match=str(DATA_BYTES)):
        engine.record("c-1", by=ANN, data={"text": largest + "x"})


def test_lookalikes_are_others(engine: Engine):
    for text in ("é", "e\u0301", "\u0435"):
        engine.note("c-1", text, by=ANN, key=text)

    assert [note.text for note in engine.notes("c-1")] == ["é", "e\u0301", "\u0435"]
    assert len(engine.cases(held_by="ann")) == len(engine.cases(held_by="\u0430nn")) == 0


def test_sql_in_an_argument_is_text(engine: Engine):
    text = "x'; DELETE FROM escalation_journal; --"

    case = engine.open_case("drop_box", by=ANN, reference=text, key=text, note=text)

    assert [found.id for found in engine.cases(reference=text)] == [case.id]
    again = engine.open_case("drop_box", by=ANN, reference=text, key=text, note=text)
    assert again.id == case.id
    assert engine.replay("c-1") == engine.case("c-1")
