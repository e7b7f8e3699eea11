"""A condition after its names are looked up and its types checked: what is evaluated and written.

Names are canonical, parameters and `this_level` have become constants. `x is unset`, `not in [..]`,
`outside` and `sender is not` are the `Not` of their opposites, which in Kleene logic is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from escalation_engine.condition.syntax import Operator
from escalation_engine.condition.vocabulary import Scalar

__all__ = [
    "All",
    "Among",
    "Any",
    "Channel",
    "Compare",
    "Constant",
    "Count",
    "During",
    "Event",
    "Field",
    "Flag",
    "Happens",
    "InState",
    "IsSet",
    "Not",
    "Operand",
    "Sender",
    "Sum",
    "Tree",
    "Truth",
    "all_of",
    "any_of",
    "not_",
]


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a data field. `is_also_value`: its name is a value of the field on the left."""

    name: str
    is_also_value: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """The value of a count."""

    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    """The channel by which the event came."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A fixed value. `is_word`: it is one of a closed set and written without quotes."""

    value: Scalar
    is_word: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """The terms, added (True) or subtracted (False), and then the constant."""

    terms: tuple[tuple[bool, Field | Count], ...]
    constant: int | float


Operand = Field | Count | Channel | Constant | Sum


@dataclass(frozen=True, slots=True)
class Truth:
    """True, False or None: unknown."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean field that stands for itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands compared; a constant stands on the right."""

    left: Operand
    operator: Operator
    right: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """An operand is one of the constants."""

    subject: Operand
    constants: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class IsSet:
    """A field, or the channel, has a value."""

    subject: Field | Channel


@dataclass(frozen=True, slots=True)
class InState:
    """A state is active."""

    state: str


@dataclass(frozen=True, slots=True)
class Event:
    """The event that is looked at has this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Happens:
    """The moment passes, such as `entering closed` or `clock contact breached`."""

    kind: str
    name: str
    word_after: str = ""

    @property
    def moment(self) -> str:
        """The moment in the words of the language, without quotes."""
        return f"{self.kind} {self.name} {self.word_after}".rstrip()


@dataclass(frozen=True, slots=True)
class During:
    """The calendar counts this moment."""

    calendar: str


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender is one of these roles, slots or sides."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Tree


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Tree, ...]


Tree = (
    Truth | Flag | Compare | Among | IsSet | InState | Event | Happens | During | Sender
    | Not | All | Any
)  # fmt: skip


def not_(part: Tree) -> Tree:
    """Return the negation, folded when the part is constant."""
    if isinstance(part, Truth):
        return Truth(None if part.value is None else not part.value)
    return Not(part)


def all_of(parts: Iterable[Tree]) -> Tree:
    """Return `and` over the parts: flat, without `true`, `false` as soon as one part is."""
    kept = _joined(parts, All, neutral=True)
    return kept[0] if len(kept) == 1 else All(kept)


def any_of(parts: Iterable[Tree]) -> Tree:
    """Return `or` over the parts: flat, without `false`, `true` as soon as one part is."""
    kept = _joined(parts, Any, neutral=False)
    return kept[0] if len(kept) == 1 else Any(kept)


def _joined(
    parts: Iterable[Tree], join: type[All] | type[Any], *, neutral: bool
) -> tuple[Tree, ...]:
    kept: list[Tree] = []
    for part in parts:
        for inner in part.parts if isinstance(part, join) else (part,):
            if inner == Truth(not neutral):
                return (inner,)
            if inner != Truth(neutral) and not (inner == Truth(None) and inner in kept):
                kept.append(inner)
    return tuple(kept) or (Truth(neutral),)
