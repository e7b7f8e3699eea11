"""A process as plain mappings, written as YAML, with the line of every element.

The generator and the oracle share this form: what YAML says, and nothing else. An element is known
by the identity of its mapping, so that what a ladder repeats stays one written element.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Condition", "Mapping", "Written", "branches", "write"]

Mapping = dict[str, Any]

_IN_ONE_LINE = {"opens", "data", "counts", "guards", "events", "roles", "timers", "checklists"}


class Condition(str):
    """The text of a condition that keeps the tree it was written from."""

    __slots__ = ("tree",)
    tree: tuple[Any, ...]

    def __new__(cls, tree: tuple[Any, ...]) -> Condition:
        """Write the tree as text."""
        made = super().__new__(cls, _text(tree))
        made.tree = tree
        return made

    def __deepcopy__(self, memo: object) -> Condition:
        """Return itself: it never changes."""
        return self


def _text(tree: tuple[Any, ...]) -> str:
    match tree:
        case ("and" | "or" as word, left, right):
            return f"({_text(left)}) {word} ({_text(right)})"
        case ("not", inner):
            return f"not ({_text(inner)})"
        case ("set" | "unset" as word, name):
            return f"{name} is {word}"
        case ("flag", name):
            return str(name)
        case ("in", state):
            return f"in {state}"
        case (sign, name, value):
            return f"{name} {sign} {value}"
    raise ValueError(tree)


@dataclass
class Written:
    """The text, the line that each element begins in, and the element of each line."""

    text: str
    line_of: dict[int, int] = field(default_factory=dict)
    element_lines: list[int] = field(default_factory=list)

    def line(self, element: Mapping | list[Mapping]) -> int:
        """Return the line, from 1, in which the element is written."""
        return self.line_of[id(element)]

    def element_at(self, line: int) -> int:
        """Return the line of the innermost element that is written there."""
        return max((known for known in self.element_lines if known <= line), default=0)


def write(process: Mapping) -> Written:
    """Write the process, each branch and each declaration in a line of its own."""
    written = Written("")
    lines: list[str] = []
    _block(process, lines, written, depth=0, flow=False)
    written.text = "\n".join(lines) + "\n"
    written.element_lines = sorted(set(written.line_of.values()))
    return written


def _block(mapping: Mapping, lines: list[str], written: Written, *, depth: int, flow: bool) -> None:
    margin = "  " * depth
    for key, value in mapping.items():
        number = len(lines) + 1
        if isinstance(value, dict | list):
            written.line_of[id(value)] = number
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{margin}{key}:")
            for item in value:
                written.line_of[id(item)] = len(lines) + 1
                lines.append(f"{margin}  - {_flow(item)}")
        elif isinstance(value, dict) and value and not flow and not _is_branch(value):
            lines.append(f"{margin}{key}:")
            _block(value, lines, written, depth=depth + 1, flow=key in _IN_ONE_LINE)
        else:
            lines.append(f"{margin}{key}: {_flow(value)}")


def _is_branch(value: Mapping) -> bool:
    return bool({"to", "refuse", "set", "clear", "send", "by", "reason"} & set(value))


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Condition):
        return f'"{value}"'
    return str(value)


def branches(value: Any) -> list[Mapping]:
    """Return the branches of an event or of `always`, written as one or as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
