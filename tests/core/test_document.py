"""What is written as a document is read back exactly, types included."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_engine.core.case import Answered, Case, Holder, Identity, Receipt, Task
from escalation_engine.core.decision import (
    Entry,
    Found,
    GuardQuestion,
    HolderQuestion,
    InstantQuestion,
    Instants,
    Move,
    Step,
    TaskChange,
    Unavailable,
    Verdict,
)
from escalation_engine.core.document import (
    case_document,
    case_from,
    effect_document,
    effect_from,
    entry_document,
    entry_from,
    instant_from,
    instant_text,
)
from escalation_engine.core.effect import (
    Act,
    Alarm,
    Digest,
    DigestRow,
    Notify,
    OpenLinked,
    TellOpener,
)
from escalation_engine.core.input import (
    Actor,
    Corrected,
    Due,
    Forgotten,
    Fulfilled,
    Noted,
    Opened,
    Recalculated,
    Recorded,
    Reported,
    Sent,
    TaskChanged,
)
from escalation_engine.core.value import FrozenMap, freeze
from escalation_engine.core.watch import Cycle, Owed, Pausing, Threshold, TimeChange, Watch
from escalation_engine.errors import Reason

NOW = datetime(2026, 6, 11, 9, tzinfo=UTC)
TIMED = {"timers", "clocks", "cycles", "duties"}

texts = st.text(max_size=8)
maybe = st.none() | texts
numbers = st.integers(0, 10**6)
instants = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(fold=0))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
).map(freeze)


def mapping(items: st.SearchStrategy[Any]) -> st.SearchStrategy[FrozenMap]:
    return st.dictionaries(texts, items, max_size=3).map(FrozenMap)


def several(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=3).map(tuple)


data = mapping(values)
names = mapping(texts)
holders = several(st.builds(Holder, maybe, maybe, maybe))
actors = st.builds(Actor, texts, st.frozensets(texts, max_size=3))
answered = st.builds(Answered, texts, texts, texts, maybe, maybe, maybe)
reasons = several(st.builds(Reason, texts, texts, texts))
moves = st.builds(Move, texts, texts, texts, numbers, texts, texts)
told = {"note": maybe, "channel": maybe, "evidence": maybe, "on_behalf_of": maybe}
late = {"occurred_at": st.none() | instants}
identities = st.builds(
    Identity,
    id=texts,
    process=texts,
    version=numbers,
    definition=texts,
    opened_at=instants,
    reference=maybe,
    opener=maybe,
    reopens=maybe,
    at_end=names,
)
maybe_instants = st.none() | instants
thresholds = several(st.builds(Threshold, instants, texts))
watches = st.builds(
    Watch,
    texts,
    instants,
    texts,
    thresholds,
    several(st.builds(Pausing, instants, maybe_instants, texts)),
    several(texts),
    texts,
    numbers,
    numbers,
    maybe_instants,
    maybe_instants,
)
cycles = st.builds(Cycle, numbers, instants, texts, instants, texts, maybe_instants)
owed = st.builds(
    Owed, texts, texts, maybe_instants, instants, maybe_instants, numbers, numbers, maybe_instants
)
time_changes = st.builds(TimeChange, texts, texts, texts, maybe_instants, maybe_instants, texts)
tasks = st.builds(Task, numbers, texts, maybe, texts, texts, maybe, maybe)
cases = st.builds(
    Case,
    identity=identities,
    revision=numbers,
    at=instants,
    states=names,
    data=data,
    slots=mapping(holders),
    previous=mapping(holders),
    counts=mapping(numbers),
    counted=mapping(several(texts)),
    checklists=mapping(mapping(answered)),
    remembered=names,
    told=holders,
    timers=mapping(watches),
    clocks=mapping(watches),
    cycles=mapping(several(cycles)),
    duties=mapping(owed),
    tasks=mapping(several(tasks)),
    outcome=maybe,
    receipt=st.none(),
)
inputs = st.one_of(
    st.builds(Opened, texts, actors, data, **told, **late),
    st.builds(Sent, texts, actors, data, **told, **late),
    st.builds(
        Recorded, actors, data, mapping(mapping(st.tuples(texts, maybe))), **told, **late
    ),
    st.builds(Noted, actors, texts, texts, texts, maybe, **late),
    st.builds(Reported, texts, maybe, texts, maybe, maybe, maybe, maybe),
    st.builds(Corrected, actors, texts, texts, texts),
    st.builds(Due, texts, texts, texts, texts, instants),
    st.builds(Fulfilled, texts, actors, data, **told, **late),
    st.builds(
        TaskChanged, texts, texts, actors, numbers, maybe, maybe, maybe, maybe, **late
    ),
    st.builds(Recalculated, actors, texts),
    st.builds(Forgotten, actors, texts, st.booleans(), st.booleans(), several(texts), names),
)  # fmt: skip
effects = st.one_of(
    st.builds(Act, texts, texts, data),
    st.builds(
        Notify,
        texts,
        texts,
        maybe,
        maybe,
        texts,
        texts,
        texts,
        mapping(st.tuples(texts, texts)),
        several(st.tuples(texts, maybe)),
        texts,
    ),
    st.builds(Alarm, texts, texts, texts, texts),
    st.builds(OpenLinked, texts, texts, texts, data, names),
    st.builds(TellOpener, texts, texts, texts, texts),
    st.builds(
        Digest,
        texts,
        process=texts,
        name=texts,
        title=texts,
        send_by=texts,
        due_at=instants,
        holder=st.none() | st.builds(Holder, maybe, maybe, maybe),
        rows=several(
            st.builds(DigestRow, texts, maybe, names, data, several(st.tuples(texts, instants)))
        ),
        shows=several(texts),
        missed=numbers,
    ),
)
questions = st.one_of(
    st.builds(GuardQuestion, numbers, texts),
    st.builds(HolderQuestion, numbers, texts),
    st.builds(InstantQuestion, numbers, texts, numbers),
)
answers = st.one_of(
    st.builds(Verdict, st.booleans(), texts),
    st.builds(Found, maybe),
    st.builds(Unavailable, texts),
    st.builds(Instants, thresholds),
)
entries = st.builds(
    Entry,
    case_id=texts,
    revision=numbers,
    at=instants,
    input=inputs,
    answers=st.dictionaries(questions, answers, max_size=3).map(FrozenMap),
    steps=several(st.builds(Step, texts, several(moves))),
    data=mapping(st.tuples(values, values)),
    slots=mapping(st.tuples(holders, holders)),
    counts=mapping(st.tuples(numbers, numbers)),
    answered=several(st.tuples(texts, texts, texts)),
    asked=reasons,
    effects=several(texts),
    states=names,
    visibility=texts,
    outcome=maybe,
    problem=texts,
    timing=several(time_changes),
    tasks=several(st.builds(TaskChange, texts, numbers, texts, texts, maybe)),
    left=st.none() | cases,
)


def through_text(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(document))
    return found


@given(cases)
def test_a_case_comes_back(case: Case):
    found = case_from(through_text(case_document(case)))

    assert found == case
    assert repr(found) == repr(case)


@given(entries)
def test_an_entry_comes_back(entry: Entry):
    found = entry_from(through_text(entry_document(entry)))

    assert found == entry
    assert look(found) == look(entry)


@given(effects)
def test_an_effect_comes_back(effect: Any):
    found = effect_from(through_text(effect_document(effect)))

    assert found == effect
    assert repr(found) == repr(effect)


@given(cases, entries, effects)
def test_what_comes_back_is_frozen(case: Case, entry: Entry, effect: Any):
    assert isinstance(hash(case_from(through_text(case_document(case)))), int)
    assert isinstance(hash(entry_from(through_text(entry_document(entry)))), int)
    assert isinstance(hash(effect_from(through_text(effect_document(effect)))), int)


@given(instants, instants)
def test_the_order_of_text_is_the_order_of_time(one: datetime, other: datetime):
    assert (instant_text(one) < instant_text(other)) == (one < other)
    assert instant_from(instant_text(one)) == one


def test_an_instant_is_written_in_utc_at_a_fixed_width():
    in_berlin = datetime(2026, 6, 11, 11, tzinfo=timezone(timedelta(hours=2)))

    assert instant_text(in_berlin) == instant_text(NOW) == "2026-06-11T09:00:00.000000Z"


def test_empty_parts_are_left_out():
    case = Case(Identity("c", "p", 1, "h", NOW), 1, NOW, FrozenMap(main="open"))

    assert case_document(case) == {
        "format": 1,
        "identity": {
            "id": "c",
            "process": "p",
            "version": 1,
            "definition": "h",
            "opened_at": "2026-06-11T09:00:00.000000Z",
        },
        "revision": 1,
        "at": "2026-06-11T09:00:00.000000Z",
        "states": {"main": "open"},
    }


def test_every_part_of_a_case_but_its_receipt_is_written():
    identity = Identity("c", "p", 1, "h", NOW, "T-1", "o", "r", FrozenMap(solved="close"))
    full = FrozenMap(x=1)
    parts = dict.fromkeys(set(Case.__annotations__) - {"identity", "at", "receipt"} - TIMED, full)
    watch = Watch("t", NOW, "2 hours")
    parts |= {"timers": FrozenMap(x=watch), "clocks": FrozenMap(x=watch)}
    parts["cycles"] = FrozenMap(x=(Cycle(1, NOW, "2 hours", NOW, "met", None),))
    parts["duties"] = FrozenMap(x=Owed("t", "open", None, NOW))
    document = case_document(Case(identity=identity, at=NOW, **parts))  # type: ignore[arg-type]  # any value will do

    assert set(document) == set(Case.__annotations__) - {"receipt"} | {"format"}
    assert set(document["identity"]) == set(Identity.__annotations__)


def test_the_receipt_stays_behind():
    identity = Identity("c", "p", 1, "h", NOW)
    case = Case(identity, 1, NOW, FrozenMap(main="open"), receipt=Receipt(1, repeated=True))

    assert case_from(case_document(case)).receipt is None


@pytest.mark.parametrize("read", [case_from, entry_from, effect_from])
@pytest.mark.parametrize("document", [{}, {"format": 2}, {"format": "1"}])
def test_another_format_is_refused(read: Callable[[Any], Any], document: dict[str, Any]):
    with pytest.raises(ValueError, match="is unknown; this version knows 1"):
        read(document)


def look(entry: Entry) -> str:
    """The representation, with an actor's roles in order: sets have none."""
    by = getattr(entry.input, "by", None)
    roles = repr(by.roles) if by else ""
    return repr(entry).replace(roles, repr(sorted(by.roles))) if by else repr(entry)
