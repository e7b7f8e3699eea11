"""Data made plain: checked and frozen in one walk that ends where they are too much."""

from __future__ import annotations

import math
from collections.abc import Mapping

from escalation_engine.core import EMPTY, FrozenMap
from escalation_engine.errors import BadInput

__all__ = ["DATA_BYTES", "DATA_NODES", "NESTING", "Walk", "kind_of", "plain_string", "shown"]

DATA_BYTES = 1024 * 1024
"""The most bytes of an event's data, as JSON."""
DATA_NODES = 100_000
"""The most values that data may hold; one that stands in several places counts in each."""
NESTING = 32
"""How deep data may be nested."""

_Path = tuple["_Path", object] | tuple[()]


class Walk:
    """One walk over data that checks and freezes them, and ends where they are too much.

    Every value becomes a plain one, so that nothing behind the edge runs a caller's own methods.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.nodes = 0
        self.size = 0

    def value(self, value: object, path: _Path, depth: int) -> object:
        """Return a value frozen, or raise BadInput with its place."""
        self._count(1)
        match value:
            case None | bool():
                return value
            case int():
                self._weigh(int.bit_length(value) // 4)
                if not -_TOO_LARGE < value < _TOO_LARGE:
                    problem = f"has more than {_DIGITS} digits"
                    raise BadInput(self._place(path), problem, accepted="a smaller number")
                return int.__int__(value)
            case float():
                number = float.__float__(value)
                if not math.isfinite(number):
                    problem = f"{number} is not a JSON number"
                    raise BadInput(self._place(path), problem, accepted="a finite number")
                return number
            case str():
                return self._text(value, path)
            case Mapping():
                return self.mapping(value, path, depth)
            case list() | tuple():
                self._descend(path, depth)
                return tuple(
                    [self.value(item, (path, at), depth - 1) for at, item in enumerate(value)]
                )
        raise BadInput(self._place(path), f"{kind_of(value)} is not JSON", accepted=_ACCEPTED)

    def mapping(self, value: Mapping[object, object], path: _Path, depth: int) -> FrozenMap:
        """Return a mapping frozen, or raise BadInput with its place."""
        self._descend(path, depth)
        found: dict[str, object] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                plain_string(f"a key of {self._place(path)}", key)
            name = self._text(key, path, is_key=True)
            found[name] = self.value(item, (path, name), depth - 1)
        return FrozenMap(found) if found else EMPTY

    def _text(self, value: object, path: _Path, *, is_key: bool = False) -> str:
        try:
            text = plain_string("", value)
        except BadInput:
            place = self._place(path)
            return plain_string(f"a key of {place}" if is_key else place, value)
        self._weigh(len(text))
        return text

    def _descend(self, path: _Path, depth: int) -> None:
        if depth == 0:
            accepted = f"at most {NESTING} levels"
            raise BadInput(self._place(path), "is nested too deep", accepted=accepted)

    def _count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > DATA_NODES:
            accepted = f"at most {DATA_NODES}"
            raise BadInput(self.what, f"has more than {DATA_NODES} values", accepted=accepted)

    def _weigh(self, size: int) -> None:
        self.size += size
        if self.size > DATA_BYTES:
            accepted = f"at most {DATA_BYTES}"
            raise BadInput(
                self.what, f"has more than {DATA_BYTES} bytes as JSON", accepted=accepted
            )

    def _place(self, path: _Path) -> str:
        keys: list[str] = []
        while path:
            path, key = path
            keys.append(f"[{repr(key)[:80]}]")
        return self.what + "".join(reversed(keys))


_DIGITS = 4300  # Where Python itself stops turning an integer into text.
_TOO_LARGE = 10**_DIGITS
_ACCEPTED = "text, number, true or false, list, mapping; write instants and dates as ISO 8601 text"


def plain_string(what: str, value: object) -> str:
    """Return a text that every store can hold, as a plain `str` whatever it was made of."""
    if not isinstance(value, str):
        raise BadInput(what, f"{kind_of(value)} is not text", accepted="a str")
    value = str.__str__(value)  # an Enum's text is kept, and no method of a caller's own runs later
    # PostgreSQL stores neither; refused everywhere, so that a case may move between stores.
    if "\0" in value:
        raise BadInput(what, "holds a NUL character", accepted="text without it")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadInput(
                what, "holds half a surrogate pair", accepted="text in Unicode"
            ) from None
    return value


def kind_of(value: object) -> str:
    """Return the type of a value in words."""
    return f"a value of type {type(value).__name__}"


def shown(value: object) -> str:
    """Return the value as it may be shown in a message, whatever its own `repr` does."""
    try:
        return repr(value)[:80]
    except Exception:  # noqa: BLE001 - the caller's own code, at the edge.
        return kind_of(value)
