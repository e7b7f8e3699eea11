"""A condition as it is written: names are not looked up yet, types not known.

Offsets count the characters of the text from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from escalation_engine.condition.vocabulary import Scalar

__all__ = [
    "Asked",
    "Compared",
    "Joined",
    "Listed",
    "Literal",
    "Name",
    "Negated",
    "Operator",
    "Parameter",
    "Prefix",
    "Prefixed",
    "Summed",
    "Written",
]


class Operator(Enum):
    """How two values are compared."""

    EQUAL = "=="
    DIFFERENT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="

    @property
    def is_equality(self) -> bool:
        """It asks for the same or another value, which needs no order."""
        return self in (Operator.EQUAL, Operator.DIFFERENT)

    @property
    def mirrored(self) -> Operator:
        """The operator that says the same with the sides exchanged."""
        return _MIRRORED.get(self, self)


_MIRRORED = {
    Operator.LESS: Operator.MORE,
    Operator.MORE: Operator.LESS,
    Operator.AT_MOST: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.AT_MOST,
}


class Prefix(Enum):
    """The words that stand before a name."""

    IN = "in"
    EVENT = "event"
    DURING = "during"
    OUTSIDE = "outside"
    OUTCOME = "outcome"
    ENTERING = "entering"
    LEAVING = "leaving"
    SLOT = "slot"
    CHECKLIST = "checklist"
    CLOCK = "clock"
    DUTY = "duty"

    @property
    def words_after(self) -> tuple[str, ...]:
        """The words of which one stands after the name, such as `breached`; mostly none."""
        return _WORDS_AFTER.get(self, ())


_WORDS_AFTER = {
    Prefix.SLOT: ("changes",),
    Prefix.CHECKLIST: ("complete",),
    Prefix.CLOCK: ("breached", "met"),
    Prefix.DUTY: ("missed",),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A word. In parentheses it is a name before it is a value."""

    text: str
    offset: int
    is_grouped: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, `true`, `false` or a quoted text."""

    value: Scalar
    offset: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name`."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Summed:
    """Terms that are added (True) or subtracted (False)."""

    terms: tuple[tuple[bool, Written], ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Compared:
    """`left operator right`; `offset` is the operator's."""

    left: Written
    operator: Operator
    right: Written
    offset: int


@dataclass(frozen=True, slots=True)
class Listed:
    """`subject in [items]`; `offset` is that of `in`."""

    subject: Written
    items: tuple[Written, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Asked:
    """`subject is set`."""

    subject: Written
    offset: int


@dataclass(frozen=True, slots=True)
class Prefixed:
    """A prefix, the name behind it, and the word after that, if any; `offset` is the name's."""

    prefix: Prefix
    name: str
    offset: int
    word_after: str = ""


@dataclass(frozen=True, slots=True)
class Negated:
    """`not part`."""

    part: Written
    offset: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts joined by `and` (all) or `or` (not all)."""

    is_all: bool
    parts: tuple[Written, ...]
    offset: int


Written = (
    Name | Literal | Parameter | Summed | Compared | Listed | Asked | Prefixed | Negated | Joined
)
