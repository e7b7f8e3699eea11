"""The tree of states of one track, and how a name in it is found: innermost scope first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from escalation_engine.chart.fault import Path
from escalation_engine.definition import Process, State, Track

__all__ = ["NamesSeen", "Scope"]

_BY_PLACE = {"first_level": 0, "last_level": -1}


@dataclass(slots=True, eq=False)
class Scope:
    """One state around others, or a leaf; the root of a track has an empty path."""

    name: str
    path: str
    at: Path
    parent: Scope | None
    written: State | Track | Process
    is_level: bool = False
    children: dict[str, Scope] = field(default_factory=dict)

    @property
    def state(self) -> State | None:
        """The state as written; None for the root."""
        return self.written if isinstance(self.written, State) else None

    @property
    def is_leaf(self) -> bool:
        """Nothing stands inside it."""
        return not self.children and self.parent is not None

    @property
    def is_ladder(self) -> bool:
        """Its children are levels."""
        return any(child.is_level for child in self.children.values())

    def around(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first, the root last."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def leaves(self) -> Iterator[Scope]:
        """The leaves inside, in document order; a leaf yields itself."""
        if self.is_leaf:
            yield self
        for child in self.children.values():
            yield from child.leaves()

    def scopes(self) -> Iterator[Scope]:
        """Every scope inside, outer before inner, without this one."""
        for child in self.children.values():
            yield child
            yield from child.scopes()

    def contains(self, other: Scope) -> bool:
        """`other` is this scope or stands inside it."""
        scope: Scope | None = other
        while scope is not None and scope is not self:
            scope = scope.parent
        return scope is self

    def child(self, name: str) -> Scope | None:
        """Return a child by its name, or a ladder's first or last level by that word."""
        if name in _BY_PLACE and self.is_ladder:
            return list(self.children.values())[_BY_PLACE[name]]
        return self.children.get(name)

    def find(self, name: str) -> Scope | None:
        """Return the scope that a name written here means."""
        first, *rest = name.split(".")
        for scope in self.around():
            found = scope.child(first)
            for part in rest:
                found = found.child(part) if found else None
            if found is not None:
                return found
        return None

    def names_seen(self) -> list[str]:
        """The names that could have been written here, for hints."""
        seen = [name for scope in self.around() for name in scope.children]
        root = list(self.around())[-1]
        return list(dict.fromkeys([*seen, *(scope.path for scope in root.scopes())]))

    def level(self) -> Scope | None:
        """The innermost level around (or at) this scope."""
        return next((scope for scope in self.around() if scope.is_level), None)

    def start(self) -> Scope:
        """The leaf that entering this scope leads to."""
        if self.is_leaf:
            return self
        inner = next(iter(self.children.values()))
        start = self.written.start
        if start is not None:
            found = self.find(start)
            if found is not None and found is not self and self.contains(found):
                inner = found
        return inner.start()


@dataclass(frozen=True, slots=True)
class NamesSeen(Collection[str]):
    """The names that could have been written in a scope, found when a hint asks for them."""

    scope: Scope

    def __iter__(self) -> Iterator[str]:
        return iter(self.scope.names_seen())

    def __len__(self) -> int:
        return len(self.scope.names_seen())

    def __contains__(self, name: object) -> bool:
        return name in self.scope.names_seen()
