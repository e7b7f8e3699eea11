"""One file on its way to a chart: its text, its tree, what it defines, and every fault of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from errno import EINVAL
from pathlib import Path

from escalation_engine.chart import ChartFault
from escalation_engine.definition import Process
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.inside import place_inside
from escalation_engine.loader.merge import complete_levels
from escalation_engine.loader.tree import MarkedMap, locate, locate_name, reach
from escalation_engine.loader.validate import validate
from escalation_engine.loader.yaml import parse_into

__all__ = ["File", "first_content", "read_content"]


@dataclass(slots=True)
class File:
    """One file on its way: its faults, its merged tree, and what it defines."""

    name: str
    faults: Faults = field(init=False)
    tree: MarkedMap | None = None
    definition: Process | None = None

    def __post_init__(self) -> None:
        self.faults = Faults(self.name)

    def read(self, text: str | bytes) -> None:
        """Parse, merge and validate the text. Raises ReadingEnds after too many faults."""
        tree = parse_into(self.faults, text)
        if tree is not None:
            self.tree = complete_levels(tree, self.faults)
            self.definition = validate(self.tree, self.faults)

    def add(self, fault: ChartFault) -> None:
        """Note a fault of the chart at its place. Raises ReadingEnds after too many faults."""
        assert self.tree is not None
        mark = (locate_name if fault.at_key else locate)(self.tree, fault.path)
        if fault.offset is not None:
            value = fault.path[-1] if fault.at_key else reach(self.tree, fault.path)
            if isinstance(value, str):
                mark = place_inside(self.faults.lines_of(mark.file), mark, value, fault.offset)
        self.faults.add(fault.code, fault.message, mark, fault.hint)


def first_content(name: str, folders: Sequence[Path]) -> tuple[bytes | None, Path]:
    """Return the content of the first file of that name that can be read, and its path."""
    for folder in folders:
        with suppress(OSError):
            return read_content(folder / name), folder / name
    return None, Path(name)


def read_content(path: Path) -> bytes:
    """Return the content of a regular file: a pipe without a writer would never end."""
    if path.exists() and not path.is_file():
        raise OSError(EINVAL, "it is not a regular file")
    return path.read_bytes()
