"""What is wrong with a definition as a whole, by the path of keys that leads to it.

The loader knows which line each path stands on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = ["ChartFault", "ChartFaults", "Faults", "Path", "did_you_mean"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ChartFault:
    """One fault. `part` is empty for the process itself, else the track that was taken in.

    With `at_key` the key at the end of `path` is at fault, else the value behind it; `offset` is a
    character inside that value, counted from 0.
    """

    code: str
    message: str
    path: Path
    hint: str = ""
    part: str = ""
    at_key: bool = False
    offset: int | None = None


class ChartFaults(Exception):
    """Every fault that keeps a definition from becoming a chart."""

    def __init__(self, faults: Iterable[ChartFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))


class Faults:
    """Collects the faults of one part, so that all are reported together."""

    def __init__(self, part: str = "", found: list[ChartFault] | None = None) -> None:
        self.part = part
        self.found: list[ChartFault] = [] if found is None else found

    def of_part(self, part: str) -> Faults:
        """Return a collector for another part that fills the same list."""
        return Faults(part, self.found)

    def add(
        self,
        code: str,
        message: str,
        path: Path,
        *,
        hint: str = "",
        at_key: bool = False,
        offset: int | None = None,
    ) -> None:
        """Note one fault."""
        self.found.append(ChartFault(code, message, path, hint, self.part, at_key, offset))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known name, or what is known at all."""
    names = sorted(known)
    near = get_close_matches(name[:60], names, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    if not names:
        return "none is defined"
    shown = ", ".join(f"`{known_name}`" for known_name in names[:12])
    return f"defined: {shown}" + (f" and {len(names) - 12} more" if len(names) > 12 else "")
