"""What a tailoring changes: which paths it touches, takes away and renames, and where it adds.

Two tailorings are independent when neither touches what the other does, and they add nothing at
the same place of an order: then it does not matter which is laid over which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from escalation_engine.errors import Mark
from escalation_engine.loader.named import Path
from escalation_engine.loader.positions import is_word

__all__ = ["Changes", "Rename", "are_independent", "shown_path"]


@dataclass(frozen=True, slots=True)
class Rename:
    """An element of the base under its old path, and the name that it gets."""

    old: Path
    name: str
    mark: Mark


@dataclass(slots=True)
class Changes:
    """All that one tailoring does to its base, each with the place where it says so."""

    touched: dict[Path, Mark] = field(default_factory=dict)
    removed: dict[Path, Mark] = field(default_factory=dict)
    renamed: list[Rename] = field(default_factory=list)
    anchors: set[tuple[Path, str]] = field(default_factory=set)


def are_independent(one: Changes, other: Changes) -> bool:
    """Neither touches what the other touches, above or below, nor adds at the same place."""
    if one.anchors & other.anchors or one.renamed or other.renamed:
        return False
    return not any(
        is_over(mine, theirs) or is_over(theirs, mine)
        for path in one.touched
        for mine in everywhere(path)
        for touched in other.touched
        for theirs in everywhere(touched)
    )


def is_over(outer: Path, inner: Path) -> bool:
    """The outer path is the inner one, or leads to something around it."""
    return inner[: len(outer)] == outer


def everywhere(path: Path) -> Iterator[Path]:
    """The path as it is, and as it is in `each_level`: a level changes what it has from there."""
    yield path
    for index in range(len(path) - 2):
        if path[index] == "levels" and is_word(path[: index + 1]):
            yield from everywhere((*path[:index], "each_level", *path[index + 2 :]))


def shown_path(path: Path) -> str:
    """The path in the words of messages: `states.support.levels.onsite`."""
    return ".".join(map(str, path))
