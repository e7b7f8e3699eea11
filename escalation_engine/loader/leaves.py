"""Every single value of an effective definition, with its one origin: written, default, removed.

A value that nobody wrote and that has no default says nothing, and is no leaf.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from pydantic import BaseModel

from escalation_engine.errors import Mark
from escalation_engine.loader.load import Loaded
from escalation_engine.loader.named import Path
from escalation_engine.loader.tree import MarkedList, MarkedMap
from escalation_engine.loader.write import write_document

__all__ = ["Leaf", "OriginKind", "leaves", "write_leaves"]


class OriginKind(Enum):
    """How a value came to be there."""

    WRITTEN = "written"
    DEFAULT = "default"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value at its path. `mark` is where it was written or removed; None for a default."""

    path: Path
    value: object
    kind: OriginKind
    mark: Mark | None = None

    @property
    def origin(self) -> str:
        """The origin in words: FILE:LINE:COLUMN, `default`, or `removed at FILE:LINE:COLUMN`."""
        if self.mark is None:
            return self.kind.value
        place = "{}:{}:{}".format(*self.mark)
        return f"removed at {place}" if self.kind is OriginKind.REMOVED else place


def leaves(loaded: Loaded) -> Iterator[Leaf]:
    """Yield the leaves of a definition, then those of what it takes in, in the order written."""
    tree = loaded.origins.tree
    yield from _of(tree, loaded.definition, (), tree.mark)
    for track, definition in loaded.taken.items():
        part = loaded.origins.taken[track]
        yield from _of(part, definition, ("tracks", track, "process"), part.mark)


def write_leaves(loaded: Loaded) -> str:
    """Return a line for each leaf: path and value as YAML, and its origin as a comment."""
    return "".join(_line(leaf) for leaf in leaves(loaded))


def _line(leaf: Leaf) -> str:
    path = ".".join(map(str, leaf.path))
    if leaf.kind is OriginKind.REMOVED:
        return f"# {path}: {leaf.origin}\n"
    value = list(leaf.value) if isinstance(leaf.value, tuple | frozenset) else leaf.value
    written = write_document({path: value}).rstrip("\n")
    if "\n" in written:
        return f"# {leaf.origin}\n{written}\n"
    return f"{written}  # {leaf.origin}\n"


def _of(node: object, said: object, path: Path, mark: Mark) -> Iterator[Leaf]:
    """Yield the leaves of a tree, beside what the models have made of it."""
    if isinstance(node, MarkedMap):
        if isinstance(said, tuple) and len(said) == 1:
            said = said[0]  # a single branch stands for a list of one
        yield from _of_mapping(node, said, path)
    elif isinstance(node, MarkedList):
        if not node:
            yield Leaf(path, [], OriginKind.WRITTEN, mark)
        parts = said if isinstance(said, tuple) and len(said) == len(node) else [None] * len(node)
        for index, item in enumerate(node):
            yield from _of(item, parts[index], (*path, index), node.item_marks[index])
    else:
        yield Leaf(path, node, OriginKind.WRITTEN, mark)


def _of_mapping(node: MarkedMap, said: object, path: Path) -> Iterator[Leaf]:
    values = _values(said)
    for key, value in node.items():
        yield from _of(value, values.get(key), (*path, key), node.value_marks[key])
    for key, mark in node.removed.items():
        yield Leaf((*path, key), None, OriginKind.REMOVED, mark)
    for key, value in values.items():
        if key not in node and key not in node.removed and _is_said(value):
            yield Leaf((*path, key), value, OriginKind.DEFAULT)
    if not node and not node.removed and not any(map(_is_said, values.values())):
        yield Leaf(path, {}, OriginKind.WRITTEN, node.mark)


def _values(said: object) -> dict[str, object]:
    """What a model or a mapping says, by the keys of the language."""
    if isinstance(said, BaseModel):
        fields = type(said).model_fields
        return {info.alias or name: getattr(said, name) for name, info in fields.items()}
    return said if isinstance(said, dict) else {}


def _is_said(value: object) -> bool:
    """A default that is a single value or a list of such."""
    return isinstance(value, bool | int | float | str) or (isinstance(value, tuple) and value != ())
