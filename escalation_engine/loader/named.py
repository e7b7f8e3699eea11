"""What the names in a tree lead to: sections by name, states from the innermost scope outwards.

It works on the tree as written, where `each_level` still stands once. One name may lead to several
places: what `each_level` says, and what a level says over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from escalation_engine.loader.tree import MarkedMap, walk

__all__ = ["Named", "Path"]

Path = tuple[str | int, ...]


_ENDS_OF_A_LADDER = ("first_level", "last_level")


@dataclass(frozen=True)
class Named:
    """The names of one tree."""

    tree: MarkedMap = field(repr=False)

    def mapping(self, *path: str | int) -> MarkedMap:
        """Return the mapping at a path, or an empty one."""
        step, count = walk(self.tree, path)
        found = step.value if count == len(path) else None
        return found if isinstance(found, MarkedMap) else MarkedMap(self.tree.mark)

    def element(self, section: str, name: str) -> Path | None:
        """Return the path of an element of a section, if it is declared."""
        return (section, name) if name in self.mapping(section) else None

    def type_of(self, name: str) -> object:
        """Return the type of a data field, as written."""
        return self.mapping("data", name).get("type")

    def values_of(self, name: str) -> tuple[object, ...]:
        """Return the values that a data field lists."""
        listed = self.mapping("data", name).get("enum")
        return tuple(listed) if isinstance(listed, list) else ()

    @cached_property
    def levels(self) -> dict[str, tuple[Path, ...]]:
        """Every level of every ladder, by its own name."""
        found: dict[str, tuple[Path, ...]] = {}
        for path in self._scopes(()):
            if len(path) > 1 and path[-2] == "levels":
                found[str(path[-1])] = (*found.get(str(path[-1]), ()), path)
        return found

    def state(self, name: str, scope: Path) -> list[tuple[Path, ...]]:
        """Return where each part of a state's name leads, as written inside a scope; or nothing."""
        first, *rest = name.split(".")
        around: Path | None = scope
        while around is not None:
            found = self._below(self._inside(around, first), rest)
            if found:
                return found
            around = _outer(around)
        if first in self.mapping("tracks") and rest:
            track: Path = ("tracks", first)
            return [(track,), *self._below(self._inside(track, rest[0]), rest[1:])]
        if first == "main" and rest:
            inside = self._below(self._inside((), rest[0]), rest[1:])
            return [(), *inside] if inside else []
        return []

    def _below(self, found: tuple[Path, ...], rest: list[str]) -> list[tuple[Path, ...]]:
        steps = [found]
        for part in rest:
            if not found:
                break
            found = tuple(dict.fromkeys(one for at in found for one in self._inside(at, part)))
            steps.append(found)
        return steps if found else []

    def _inside(self, scope: Path, name: str) -> tuple[Path, ...]:
        """Where the state of that name directly inside a scope is written.

        The ends of a ladder are named without naming a level: they lead to its levels as a whole.
        """
        if name in _ENDS_OF_A_LADDER and "levels" in self.mapping(*scope):
            return ((*scope, "levels"),)
        scopes = [scope]
        if scope and scope[-1] == "levels":
            scopes = [(*scope[:-1], "each_level"), *((*scope, one) for one in self.mapping(*scope))]
        elif len(scope) > 1 and scope[-2] == "levels":
            scopes.append((*scope[:-2], "each_level"))
        return tuple(
            (*one, group, name)
            for one in scopes
            for group in ("states", "levels")
            if name in self.mapping(*one, group)
        )

    def _scopes(self, scope: Path) -> Iterator[Path]:
        """Every state, level and `each_level` inside, as they are written."""
        groups = ("tracks", "states") if not scope else ("states", "levels")
        inner = [(*scope, group, name) for group in groups for name in self.mapping(*scope, group)]
        if "each_level" in self.mapping(*scope):
            inner.append((*scope, "each_level"))
        for one in inner:
            yield one
            yield from self._scopes(one)


def _outer(scope: Path) -> Path | None:
    """The scope around one; the ladder around a level and around `each_level`."""
    if not scope:
        return None
    return scope[:-1] if scope[-1] == "each_level" else scope[:-2]
