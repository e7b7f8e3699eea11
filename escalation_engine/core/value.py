"""JSON values that cannot change, so that a case can be handed out without being copied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

__all__ = ["EMPTY", "FrozenMap", "freeze"]


class FrozenMap(dict[Any, Any]):
    """A dictionary that reads like any other and refuses to be changed."""

    __slots__ = ()

    def _refuse(self, *_args: object, **_named: object) -> NoReturn:
        raise TypeError("a case is a snapshot and cannot be changed: send an event instead")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenMap], tuple[dict[Any, Any]]]:
        return FrozenMap, (dict(self),)


EMPTY = FrozenMap()


def freeze(value: Any) -> Any:
    """Return `value` with every mapping a FrozenMap and every list a tuple, all the way down."""
    if isinstance(value, Mapping):
        return FrozenMap({key: freeze(item) for key, item in value.items()}) if value else EMPTY
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    return value
