"""Put the levels that a tailoring adds or moves where `place` says."""

from __future__ import annotations

from dataclasses import dataclass

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.errors import Mark
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.tree import MarkedMap, copied

__all__ = ["Placing", "placed"]


@dataclass(frozen=True, slots=True)
class Placing:
    """A level, and what its `place` says: `after tier3`, `before tier3`, `first` or `last`."""

    level: str
    text: object
    mark: Mark

    @property
    def side(self) -> str:
        """The word in front: before or after an anchor, first or last."""
        return str(self.text).partition(" ")[0]

    @property
    def anchor(self) -> str:
        """The level that it is placed beside; empty for first and last."""
        return str(self.text).partition(" ")[2].strip()

    @property
    def is_readable(self) -> bool:
        """It is one of the four forms."""
        sides = ("after", "before") if self.anchor else ("first", "last")
        return isinstance(self.text, str) and self.side in sides and " " not in self.anchor


def placed(levels: MarkedMap, placings: list[Placing], faults: Faults) -> MarkedMap:
    """Return the levels in their order; levels at one anchor stand in the order written."""
    readable = [placing for placing in placings if placing.is_readable]
    for placing in placings:
        if not placing.is_readable:
            hint = "write `after LEVEL`, `before LEVEL`, `first` or `last`"
            message = f"`{placing.text}` is no place on the ladder"
            faults.add("E137", message, placing.mark, hint)
    moved = {placing.level for placing in readable}
    order = [name for name in levels if name not in moved]
    waiting, behind = readable, {name: [name] for name in levels}
    while waiting:
        settled = [placing for placing in waiting if _put(placing, order, behind)]
        waiting = [placing for placing in waiting if placing not in settled]
        if not settled:
            _note_lost(waiting, order, faults)
            order += [placing.level for placing in waiting]
            waiting = []
    return _in_order(levels, order)


def _put(placing: Placing, order: list[str], behind: dict[str, list[str]]) -> bool:
    """Put one level where it belongs; False where its anchor has no place itself yet."""
    if placing.side == "last":
        order.append(placing.level)
    elif placing.side == "first":
        firsts = behind.setdefault("", [])
        order.insert(len(firsts), placing.level)
        firsts.append(placing.level)
    elif placing.anchor not in order:
        return False
    elif placing.side == "before":
        order.insert(order.index(placing.anchor), placing.level)
    else:
        followers = behind[placing.anchor]
        order.insert(order.index(followers[-1]) + 1, placing.level)
        followers.append(placing.level)
    return True


def _note_lost(waiting: list[Placing], order: list[str], faults: Faults) -> None:
    names = {placing.level for placing in waiting}
    for placing in waiting:
        message = f"there is no level `{placing.anchor}` to place `{placing.level}` beside"
        if placing.anchor in names:
            message = f"`{placing.level}` is placed in a circle"
        faults.add("E137", message, placing.mark, did_you_mean(placing.anchor, order))


def _in_order(levels: MarkedMap, order: list[str]) -> MarkedMap:
    sorted_levels = copied(levels)
    sorted_levels.clear()
    sorted_levels.update({name: levels[name] for name in order})
    return sorted_levels
