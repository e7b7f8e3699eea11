"""Cases are opened: by which event, under which reference, and only once for a key."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_engine.core import Actor
from escalation_engine.errors import BadInput, CaseNotFound, EventRefused, KeyReused
from escalation_engine.runtime import Engine
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import HELP_DESK, ann, mia

TWO_OPENINGS = """
process: two_doors
version: 1
title: Two doors
opens:
  front: {to: inside}
  back: {to: inside}
states:
  inside: {on: {leave: {to: outside}}}
  outside: {kind: end, outcome: left}
"""


def test_a_case_begins_where_its_opening_leads(engine: Engine):
    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)

    assert (case.state, case.revision, case.data) == ("work", 1, {"client": "C-7"})
    assert case.opened_at == datetime(2026, 6, 8, 9, tzinfo=UTC)
    assert case.receipt is not None
    assert not case.receipt.repeated


def test_an_opened_case_is_there_for_everybody(engine: Engine):
    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)

    assert engine.case(case.id).data == {"client": "C-7"}
    assert [found.id for found in engine.cases(process="help_desk", state="work")] == [case.id]


def test_the_highest_loaded_version_is_opened(make_engine: MakeEngine):
    newer = HELP_DESK.replace("version: 1", "version: 2")
    engine = make_engine(newer, HELP_DESK)

    assert engine.open_case("help_desk", data={"client": "C-7"}, by=ann).version == 2


def test_an_unknown_process_is_told_with_what_is_loaded(engine: Engine):
    with pytest.raises(BadInput, match="did you mean help_desk") as refused:
        engine.open_case("help_desc", by=ann)

    assert refused.value.accepted == "help_desk"


def test_the_event_must_be_told_where_several_open(make_engine: MakeEngine):
    engine = make_engine(TWO_OPENINGS)

    with pytest.raises(BadInput, match="accepted: front, back"):
        engine.open_case("two_doors", by=ann)

    assert engine.open_case("two_doors", event="back", by=ann).state == "inside"


def test_a_refused_opening_leaves_no_case_and_is_kept(engine: Engine):
    with pytest.raises(EventRefused):
        engine.open_case("help_desk", by=mia)

    assert engine.cases() == []
    (kept,) = engine.refusals("open:help_desk")
    assert kept.by == "mia"


def test_a_reference_names_one_case(engine: Engine):
    first = engine.open_case("help_desk", data={"client": "C-7"}, by=ann, reference="TICKET-17")

    with pytest.raises(BadInput, match=f"reference of case {first.id}: choose"):
        engine.open_case("help_desk", data={"client": "C-8"}, by=ann, reference="TICKET-17")

    assert [case.id for case in engine.cases(reference="TICKET-17")] == [first.id]


def test_a_key_opens_one_case(engine: Engine):
    first = engine.open_case("help_desk", data={"client": "C-7"}, by=ann, key="mail-1")
    again = engine.open_case("help_desk", data={"client": "C-7"}, by=ann, key="mail-1")

    assert again.id == first.id
    assert again.receipt is not None
    assert again.receipt.repeated
    assert len(engine.cases()) == 1


def test_a_key_with_a_reference_may_come_again(engine: Engine):
    data = {"client": "C-7"}
    first = engine.open_case("help_desk", data=data, by=ann, reference="T-1", key="mail-1")
    again = engine.open_case("help_desk", data=data, by=ann, reference="T-1", key="mail-1")

    assert again.id == first.id


def test_a_key_opens_nothing_else(engine: Engine):
    engine.open_case("help_desk", data={"client": "C-7"}, by=ann, key="mail-1")

    with pytest.raises(KeyReused) as refused:
        engine.open_case("help_desk", data={"client": "C-8"}, by=ann, key="mail-1")

    assert refused.value.differs == ("data",)


def test_only_a_closed_case_is_reopened_as_a_linked_one(engine: Engine):
    first = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)

    with pytest.raises(BadInput, match="still open"):
        engine.open_case("help_desk", data={"client": "C-7"}, by=ann, reopens=first.id)

    engine.send(first.id, "finish", by=ann)
    second = engine.open_case("help_desk", data={"client": "C-7"}, by=ann, reopens=first.id)
    assert second.identity.reopens == first.id


def test_what_is_not_there_is_not_reopened(engine: Engine):
    with pytest.raises(CaseNotFound):
        engine.open_case("help_desk", data={"client": "C-7"}, by=ann, reopens="nothing")


def test_an_id_that_is_taken_is_drawn_again(make_engine: MakeEngine):
    ids = iter(["a", "a", "b"])
    engine = make_engine(ids=lambda: next(ids))

    first = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
    second = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)

    assert (first.id, second.id) == ("a", "b")


def test_nobody_opens_in_the_name_of_the_engine(engine: Engine):
    with pytest.raises(BadInput, match="reserved"):
        engine.open_case("help_desk", by=Actor("engine"))
