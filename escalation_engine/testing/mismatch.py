"""One thing of a scenario that did not come as told, and lists in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Mismatch", "joined"]


class Mismatch(NamedTuple):
    """One thing that is not as told; `what` is the key of the scenario."""

    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"  {self.what}: expected {self.expected}; found {self.found}"


def joined(values: Iterable[object]) -> str:
    """Return the values with commas between, or `nothing`."""
    return ", ".join(map(str, values)) or "nothing"
