"""Makes a process smaller while the verifier and the oracle still disagree about it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tests.verify.oracle.comparing import compare
from tests.verify.oracle.exploring import TooLarge
from tests.verify.oracle.generating import is_loaded
from tests.verify.oracle.written import Mapping

__all__ = ["reduced"]

_KEPT = frozenset(["process", "version", "title", "opens", "kind", "outcome", "to"])


def reduced(process: Mapping) -> Mapping:
    """Return the smallest process that was found by taking away one thing after the other."""
    while True:
        for smaller in _smaller(process):
            if _differs(smaller):
                process = smaller
                break
        else:
            return process


def _differs(process: Mapping) -> bool:
    try:
        return is_loaded(process) and not compare(process).agree
    except (TooLarge, LookupError):
        return False


def _smaller(process: Mapping) -> Iterator[Mapping]:
    for path in _paths(process, ()):
        smaller = copy.deepcopy(process)
        inside: Any = smaller
        for step in path[:-1]:
            inside = inside[step]
        del inside[path[-1]]
        yield smaller


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything that could be left out, the largest parts first."""
    items = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    for key, _ in items:
        if key not in _KEPT:
            yield (*path, key)
    for key, inner in items:
        yield from _paths(inner, (*path, key))
