"""One file on its way to a chart: its text, its tree, what it defines, and every fault of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from escalation_engine.chart import ChartFault
from escalation_engine.definition import Process
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.inside import place_inside
from escalation_engine.loader.merge import complete_levels
from escalation_engine.loader.origins import Origins
from escalation_engine.loader.tailoring import tailored
from escalation_engine.loader.tree import MarkedMap, locate, locate_name, reach
from escalation_engine.loader.validate import validate
from escalation_engine.loader.yaml import parse_into

__all__ = ["File"]


@dataclass(slots=True)
class File:
    """One file on its way: its faults, its merged tree, and what it defines."""

    name: str
    faults: Faults = field(init=False)
    tree: MarkedMap | None = None
    definition: Process | None = None

    def __post_init__(self) -> None:
        self.faults = Faults(self.name)

    def read(self, text: str | bytes, folders: Sequence[Path]) -> None:
        """Parse, tailor, merge and validate the text; what it extends is looked for in `folders`.

        Raises ReadingEnds after too many faults.
        """
        tree = parse_into(self.faults, text)
        found = tree is not None and tailored(tree, self.faults, folders)
        if found:
            self.tree = complete_levels(found.tree, self.faults)
            self.definition = validate(self.tree, self.faults)

    def add(self, fault: ChartFault) -> None:
        """Note a fault of the chart at its place. Raises ReadingEnds after too many faults."""
        assert self.tree is not None
        mark = (locate_name if fault.at_key else locate)(self.tree, fault.path)
        if fault.offset is not None:
            value = fault.path[-1] if fault.at_key else reach(self.tree, fault.path)
            if isinstance(value, str):
                mark = place_inside(self.faults.lines_of(mark.file), mark, value, fault.offset)
        removed = _removal_of(fault, self.tree) if fault.code == "E113" else ""
        self.faults.add(fault.code, fault.message, mark, removed or fault.hint)


def _removal_of(fault: ChartFault, tree: MarkedMap) -> str:
    """A hint that says where a name that is missing was taken away; empty where it was not."""
    names = {part for name in fault.message.split("`")[1::2] for part in name.split(".")}
    removed = Origins(tree).removed_in(())
    found = next(((key, mark) for key, mark in removed if key in names), None)
    if found is None:
        return ""
    key, (file, line, _) = found
    return f"`{key}` was taken away at {file}:{line}"
