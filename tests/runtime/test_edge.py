"""What callers hand in: what is taken, what is made of it, and what is refused in which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from escalation_engine.core import Actor
from escalation_engine.errors import BadInput
from escalation_engine.runtime.edge import (
    DATA_BYTES,
    DATA_NODES,
    LIMIT,
    NESTING,
    TEXT_BYTES,
    checked_actor,
    checked_answers,
    checked_choice,
    checked_count,
    checked_data,
    checked_instant,
    checked_name,
    checked_text,
)


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value", [None, True, 1, 1.5, "é", {"a": [1, {"b": None}]}, nested(NESTING - 1)]
)
def test_data_may_be_any_json(value: object):
    assert checked_data("data", {"field": value}).keys() == {"field"}


def test_data_is_frozen_and_no_longer_the_callers():
    mine = {"names": ["ann"]}

    taken = checked_data("data", mine)
    mine["names"].append("bob")

    assert taken == {"names": ("ann",)}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (datetime(2026, 6, 8, tzinfo=UTC), "type datetime is not JSON"),
        (b"x", "type bytes is not JSON"),
        ({1, 2}, "type set is not JSON"),
        (float("nan"), "nan is not a JSON number"),
        ({1: "x"}, "a key of data"),
        ("\0", "NUL"),
        ("\ud800", "half a surrogate pair"),
        (nested(NESTING), "nested too deep"),
        ("x" * DATA_BYTES, "bytes as JSON"),
    ],
)
def test_data_that_is_not_json_is_refused(value: object, words: str):
    with pytest.raises(BadInput, match=words):
        checked_data("data", {"field": value})


def test_a_refused_value_is_named_by_its_place():
    with pytest.raises(BadInput) as refused:
        checked_data("data", {"people": [{"born": datetime(1990, 1, 1, tzinfo=UTC)}]})

    assert refused.value.what == "data['people'][0]['born']"
    assert "ISO 8601" in refused.value.accepted


@pytest.mark.parametrize("value", ["text", ["a"], 7])
def test_data_is_a_mapping(value: object):
    with pytest.raises(BadInput, match="is no mapping"):
        checked_data("data", value)


@pytest.mark.parametrize("value", ["", "  ", "x" * 201, 7, None, b"id"])
def test_a_name_is_some_text_and_not_too_much(value: object):
    with pytest.raises(BadInput):
        checked_name("key", value)


def test_a_note_of_64_kib_is_taken_and_one_more_byte_is_not():
    assert checked_text("note", "x" * TEXT_BYTES)

    with pytest.raises(BadInput, match="at most 65536"):
        checked_text("note", "x" * (TEXT_BYTES - 1) + "é")


def test_a_blank_note_is_none():
    assert checked_text("note", " \n") is None


def test_an_instant_is_kept_in_utc():
    london = datetime(2026, 6, 8, 9, tzinfo=ZoneInfo("Europe/London"))

    assert checked_instant("occurred_at", london) == datetime(2026, 6, 8, 8, tzinfo=UTC)


@pytest.mark.parametrize("value", [datetime(2026, 6, 8), "2026-06-08", 0])  # noqa: DTZ001  the point
def test_a_naive_instant_is_refused(value: object):
    with pytest.raises(BadInput, match="an aware datetime"):
        checked_instant("occurred_at", value)


def test_an_actor_has_an_id_and_roles():
    assert checked_actor(Actor("ann", roles={"desk"})).id == "ann"


@pytest.mark.parametrize("roles", [5, None, [5], {"tier1": True, 2: True}])
def test_what_names_no_roles_is_refused(roles: Any):
    with pytest.raises(BadInput, match="roles: .* does not name roles; accepted: "):
        Actor("ann", roles)


@pytest.mark.parametrize("actor", [Actor("engine"), Actor("ann", roles={"engine"})])
def test_nobody_acts_in_the_name_of_the_engine(actor: Actor):
    with pytest.raises(BadInput, match="reserved"):
        checked_actor(actor)


@pytest.mark.parametrize("actor", ["ann", None, Actor(""), Actor("a", roles={""})])
def test_what_is_not_an_actor_is_refused(actor: object):
    with pytest.raises(BadInput):
        checked_actor(actor)


def test_an_answer_may_come_with_a_reason():
    given = {"agreement": {"agreed": "yes", "paid": ("na", "free of charge")}}

    taken = checked_answers(given)

    assert taken == {"agreement": {"agreed": ("yes", None), "paid": ("na", "free of charge")}}


@pytest.mark.parametrize(
    "given", [["agreed"], {"agreement": "yes"}, {"agreement": {"agreed": True}}, {1: {}}]
)
def test_what_is_no_answer_is_refused(given: object):
    with pytest.raises(BadInput):
        checked_answers(given)


def test_a_choice_is_one_of_those_named():
    with pytest.raises(BadInput, match="accepted: note, condition"):
        checked_choice("kind", "remark", ("note", "condition"))


class Mute(str):
    """A text that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError

    __str__ = __repr__


def shared(levels: int) -> object:
    value: object = ["x"]
    for _ in range(levels):
        value = [value] * 10
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (10**4300, "more than 4300 digits"),
        (-(10**5000), "more than 4300 digits"),
        (shared(9), "more than 100000 values"),
        (["x" * DATA_BYTES] * 90_000, "bytes as JSON"),
        ([10**4000] * 90_000, "bytes as JSON"),
    ],
    ids=["digits", "negative", "shared lists", "shared texts", "shared numbers"],
)
def test_data_that_explode_are_refused_while_they_are_walked(value: object, words: str):
    with pytest.raises(BadInput, match=words):
        checked_data("data", {"field": value})


def test_data_of_as_many_values_as_are_taken_are_taken():
    assert len(checked_data("data", {"field": [1] * (DATA_NODES - 1)})["field"]) == DATA_NODES - 1


def test_what_cannot_be_shown_is_taken_as_the_text_that_it_is():
    taken = checked_data("data", {"field": Mute("x")})

    assert type(taken["field"]) is str


@pytest.mark.parametrize(
    "check",
    [
        lambda: checked_choice("kind", Mute("x"), ("note",)),
        lambda: checked_count("limit", Mute("x")),
        lambda: checked_answers({"agreement": {"agreed": [Mute("x")]}}),
        lambda: checked_data("data", {Mute("x"): {1}}),
    ],
)
def test_what_cannot_be_shown_is_refused_all_the_same(check: Callable[[], object]):
    with pytest.raises(BadInput):
        check()


@pytest.mark.parametrize(
    "value",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
    ],
)
def test_an_instant_beyond_the_years_is_refused(value: datetime):
    with pytest.raises(BadInput, match="outside the years"):
        checked_instant("occurred_at", value)


@pytest.mark.parametrize(
    "value", [0, LIMIT + 1, 10**5000, True, 1.0, "1"], ids=lambda value: type(value).__name__
)
def test_a_limit_is_1_to_a_million(value: object):
    assert checked_count("limit", LIMIT, kind="limit") == LIMIT

    with pytest.raises(BadInput, match="accepted: 1 to 1,000,000"):
        checked_count("limit", value, kind="limit")
