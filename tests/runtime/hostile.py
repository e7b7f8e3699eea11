"""What a hostile or careless caller hands in, and a process that has room for all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from inspect import Parameter, getmembers, isfunction, signature
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from escalation_engine.core import Actor, Case
from escalation_engine.runtime import Engine

__all__ = [
    "ANN",
    "CALLS",
    "DROP_BOX",
    "PARAMETERS",
    "VALUES",
    "Call",
    "Host",
    "called",
    "calls",
    "usual",
]

DROP_BOX = """
process: drop_box
version: 1
title: A box that anybody may put anything into
data:
  text: {type: string, title: Any text, changes: anytime}
  number: {type: number, title: Any number, changes: anytime}
  list: {type: array, title: Any list, changes: anytime}
  thing: {type: object, title: Any thing, changes: anytime}
  secret: {type: string, title: Any secret, changes: anytime, sensitive: true}
roles: {desk: {title: Desk}}
guards: {is_open: Is it open?}
messages: {told: {subject: "{data.text}", text: "{data.text} and {data.number}, {case.id}"}}
checklists: {look: {items: {clean: {text: It is clean, answers: [yes, na], reason_for: [na]}}}}
tasks: {plan: {title: What is to be done}}
events: {put: {title: Something is put in, may_bring: [text, number, list, thing, secret]}}
opens: {ring: {to: open, may_bring: [text, number, list, thing, secret]}}
duties: {answer: {title: Answer, opens: entering open, due: 3 hours}}
clocks:
  wait: {title: It waits, starts: entering open, stops: entering done, target: 2 hours}
states:
  open:
    on:
      put: {if: is_open, notify: {desk: told}}
      close: {to: done}
  done: {kind: end, outcome: done}
"""
ANN = Actor("ann", {"desk"})
NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)


class Host:
    """Answers yes."""

    def is_open(self, case: Case) -> bool:
        return True


class Word(StrEnum):
    """A text that is more than a text."""

    PUT = "put"


class Number(IntEnum):
    """A number that is more than a number."""

    ONE = 1


class Sly(str):
    """A text that lies about itself wherever it is asked."""

    __slots__ = ()

    def __str__(self) -> str:
        raise ZeroDivisionError

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError

    def __hash__(self) -> int:
        raise ZeroDivisionError

    def strip(self, *_: object) -> str:
        raise ZeroDivisionError

    def encode(self, *_: object) -> bytes:
        raise ZeroDivisionError


def nested(levels: int, kind: Callable[[object], object]) -> object:
    """A value that deep."""
    value: object = "deep"
    for _ in range(levels):
        value = kind(value)
    return value


ENDLESS: list[object] = []
ENDLESS.append(ENDLESS)

TEXTS: tuple[str, ...] = (
    "'; DROP TABLE escalation_cases; --",
    '" OR ""="',
    "ann' || (SELECT document FROM escalation_cases) || '",
    "%s %(id)s :id ? $1 {0} {case.id} {data.secret}",
    "\\u0000 \\x00 \\",
    "x" * (10 * 1024 * 1024),
    "x" * 200,
    "x" * 201,
    "ü" * (32 * 1024),
    "\0",
    "before\0after",
    "\ud800",
    "\udfff\ud800",
    "\U0010ffff",
    "\uffff\ufffe",
    "\ufeffBOM",
    "\u202egnp.exe",
    "e\u0301",
    "\u00e9",
    "\u0430nn",  # a Cyrillic a
    "pu\u200bt",
    "ﬁ ℡ ① \u212b",
    "\x1b[31mred\x07",
    "a\r\nb\tc\x0b\x0c\x1c\x85\u2028d",
    " put ",
    "",
    " ",
    "\u00a0\u3000",
    "null",
    "NaN",
    "engine",
    "open:drop_box",
    "effect:x",
    "digest:drop_box/x",
    "../../../etc/passwd",
    "c-1/1/1",
)
VALUES: tuple[object, ...] = (
    *TEXTS,
    *(float(word) for word in ("nan", "inf", "-inf", "-0.0", "1e308", "5e-324", "0.1")),
    *(2**63, -(2**63) - 1, 2**64, 10**4299, 10**4300, -(10**5000), 0, -1, 1, 10**30),
    *(None, True, False, b"bytes", bytearray(b"x"), 1j, object(), object, len, ...),
    *([], {}, (), set(), frozenset({1}), range(3), iter([1]), [[]], {"": {}}),
    *({1: 2}, {None: None}, {"a": object()}, {("a",): 1}, {"text": "x", "texт": "y"}),
    *(nested(at, lambda it: [it]) for at in (31, 32, 5_000)),
    *(nested(at, lambda it: {"a": it}) for at in (31, 32, 5_000)),
    *(ENDLESS, [0] * 200_000, {str(at): at for at in range(2_000)}),
    *(Word.PUT, Number.ONE, Sly("put"), Sly("a"), Decimal("NaN"), Decimal(1), UUID(int=7)),
    *(ANN, Actor("\0"), Actor("\ud800"), Actor("x" * 300), Actor("ann", {"d\u0435sk"})),
    *(NOON, NOON.replace(tzinfo=None), NOON.astimezone(timezone(timedelta(hours=14)))),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    *(timedelta(1), NOON.date(), NOON.time()),
)

Call = tuple[str, Mapping[str, object]]
"""A method of the engine with arguments that it takes."""

_SAID: dict[str, object] = {"by": ANN, "note": "n", "channel": "phone"}
_PROVEN = {"evidence": "e", "on_behalf_of": "bob", "occurred_at": NOON}
_TASK = {**_SAID, "case_id": "c-1", "tasks": "plan"}
CALLS: dict[str, dict[str, object]] = {
    "open_case": {
        "process": "drop_box", "event": "ring", "data": {"text": "t"}, **_SAID, **_PROVEN,
    },
    "send": {"case_id": "c-1", "event": "put", "data": {"text": "t"}, **_SAID, **_PROVEN},
    "record": {
        "case_id": "c-1", "data": {"text": "t"}, "checklists": {"look": {"clean": "yes"}},
        **_SAID, **_PROVEN,
    },
    "note": {
        "case_id": "c-1", "text": "t", "by": ANN, "kind": "note", "visibility": "internal",
        "channel": "phone",
    },
    "correct": {"case_id": "c-1", "to": "open", "reason": "r", "by": ANN, "track": "main"},
    "options": {"case_id": "c-1", "by": ANN},
    "fulfil": {"case_id": "c-1", "duty": "answer", "data": {}, **_SAID, **_PROVEN},
    "add_task": {**_TASK, "text": "t", "owner": "bob", "occurred_at": NOON},
    "finish_task": {**_TASK, "number": 1, "occurred_at": NOON},
    "reopen_task": {**_TASK, "number": 1},
    "give_task": {**_TASK, "number": 1, "owner": "bob"},
    "recalculate": {"case_id": "c-1", "by": ANN, "reason": "r"},
    "recalculate_all": {"process": "drop_box", "by": ANN, "reason": "r"},
    "explain": {"case_id": "c-1", "clock": "wait", "at": NOON},
    "case": {"case_id": "c-1"},
    "cases": {"process": "drop_box", "held_by": "ann", "limit": 10},
    "journal": {"case_id": "c-1", "visibility": "internal"},
    "notes": {"case_id": "c-1"},
    "refusals": {"case_id": "c-1"},
    "outbox": {"case_id": "c-1"},
    "promises": {"case_id": "c-1"},
    "replay": {"case_id": "c-1"},
    "versions": {"process": "drop_box"},
    "tick": {"limit": 10},
    "retry": {"name": "c-1/1/1"},
}  # fmt: skip
"""Every public method whose outcome is looked at; others are tried as well, see `usual`."""

_BY_NAME: dict[str, object] = {"by": ANN, "case_id": "c-1", "process": "drop_box", "reason": "r"}


def _parameters(method: str) -> dict[str, Parameter]:
    found = signature(getattr(Engine, method)).parameters
    return {name: parameter for name, parameter in found.items() if name != "self"}


PARAMETERS: dict[str, tuple[str, ...]] = {
    name: tuple(_parameters(name))
    for name, _ in getmembers(Engine, isfunction)
    if not name.startswith("_") and _parameters(name)
}
"""What each public method takes, by the name of the method."""


def usual(method: str) -> dict[str, object]:
    """Arguments that a method takes; of one that is not listed, those that it must have."""
    if method in CALLS:
        return CALLS[method]
    needed = [name for name, it in _parameters(method).items() if it.default is Parameter.empty]
    return {name: _BY_NAME.get(name, "x") for name in needed}


def called(engine: Engine, method: str, arguments: Mapping[str, object]) -> Any:
    """Call a method."""
    return getattr(engine, method)(**arguments)


_texts = st.one_of(
    st.sampled_from([text for text in TEXTS if len(text) < 1_000]),
    st.text(st.characters(codec=None), max_size=30),
)
_scalars = st.one_of(
    _texts, st.integers(), st.floats(), st.none(), st.booleans(), st.binary(max_size=5)
)
_json = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)
_data = st.dictionaries(
    st.sampled_from(["text", "number", "list", "thing", "secret"]) | _texts, _json, max_size=3
)
# By number, as Hypothesis shows what it chooses from, and not all of these can be shown.
anything = st.one_of(st.integers(0, len(VALUES) - 1).map(VALUES.__getitem__), _json, _data)
"""Any value: those of the list, JSON of all kinds, data with some fields that exist."""


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """A call of any method, in which one or several arguments are anything."""
    method = draw(st.sampled_from(sorted(CALLS)))
    names = draw(st.lists(st.sampled_from(PARAMETERS[method]), min_size=1, max_size=3))
    return method, {**CALLS[method], **{name: draw(anything) for name in names}}
