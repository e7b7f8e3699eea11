"""Follow `was: old_name`: the base gets the new name, and so does everything in it that refers.

The renamed element keeps its position. A rename in `each_level` is one in every level as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.loader.changes import Rename
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.named import Path
from escalation_engine.loader.positions import HOLDING_NAMES, PAIRS, is_word
from escalation_engine.loader.references import references
from escalation_engine.loader.tree import MarkedList, MarkedMap, copied, walk

__all__ = ["follow_renames", "renames_of"]

_RENAMED_IN = HOLDING_NAMES - PAIRS.keys() - {"warn"}


def renames_of(base: MarkedMap, over: MarkedMap, faults: Faults) -> tuple[list[Rename], MarkedMap]:
    """Return the renames that a tailoring writes, and the tailoring without them."""
    found = _Renames(base, faults)
    without = found.of_mapping(over, (), is_naming=False)
    return found.renames, without


@dataclass(slots=True)
class _Renames:
    base: MarkedMap
    faults: Faults
    renames: list[Rename] = field(default_factory=list)

    def of_mapping(self, over: MarkedMap, path: Path, *, is_naming: bool) -> MarkedMap:
        """Collect the renames inside; `path` is where the base has it under its old name."""
        without = copied(over)
        for key, value in over.items():
            if isinstance(value, MarkedMap):
                at: Path = (*path, key)
                inner = value
                if is_naming and isinstance(value.get("was"), str):
                    at = (*path, str(value["was"]))
                    inner = copied(value)
                    del inner["was"]
                    if not self._is_renamed(key, value, path):
                        del without[key]
                        continue
                naming = not is_naming and key in _RENAMED_IN
                without[key] = self.of_mapping(inner, at, is_naming=naming)
        return without

    def _is_renamed(self, name: str, value: MarkedMap, path: Path) -> bool:
        """Note the rename, or why there can be none."""
        old, mark = str(value["was"]), value.value_marks["was"]
        step, count = walk(self.base, path)
        known = step.value if count == len(path) and isinstance(step.value, MarkedMap) else {}
        if old not in known:
            message = f"there is no `{old}` here that could be renamed"
            self.faults.add("E134", message, mark, did_you_mean(old, known))
            return False
        if name in known:
            message = f"`{old}` cannot become `{name}`: there is one already"
            self.faults.add("E134", message, mark, "give it a name that the base does not have")
            return False
        self.renames.append(Rename((*path, old), name, mark))
        return True


def follow_renames(base: MarkedMap, renames: list[Rename]) -> MarkedMap:
    """Return the base with its elements renamed, and every reference to them."""
    if not renames:
        return base
    names = {path: rename.name for rename in renames for path in _everywhere(base, rename.old)}
    pieces: dict[tuple[Path, bool], list[tuple[int, int, str]]] = {}
    for found in references(base):
        new = next((names[target] for target in found.targets if target in names), None)
        if new is not None:
            pieces.setdefault((found.path, found.at_key), []).append((found.start, found.end, new))
    renamed = _rebuilt(base, (), names, pieces)
    assert isinstance(renamed, MarkedMap)
    return renamed


def _everywhere(base: MarkedMap, path: Path) -> Iterator[Path]:
    """The path, and where levels write over what `each_level` says there."""
    yield path
    for index, part in enumerate(path):
        if part == "each_level" and is_word(path[: index + 1]):
            ladder = walk(base, (*path[:index], "levels"))[0].value
            for level in ladder if isinstance(ladder, MarkedMap) else ():
                at = (*path[:index], "levels", level, *path[index + 1 :])
                if walk(base, at)[1] == len(at):
                    yield at


def _rebuilt(
    node: object,
    path: Path,
    names: Mapping[Path, str],
    pieces: Mapping[tuple[Path, bool], list[tuple[int, int, str]]],
) -> object:
    if isinstance(node, MarkedMap):
        copy = MarkedMap(node.mark)
        for key, value in node.items():
            at = (*path, key)
            name = names.get(at) or _replaced(key, pieces.get((at, True), []))
            inner = _rebuilt(value, at, names, pieces)
            copy.put(name, inner, key_mark=node.key_marks[key], value_mark=node.value_marks[key])
            copy.empty_keys |= {name} if key in node.empty_keys else set()
        copy.removed = dict(node.removed)
        return copy
    if isinstance(node, MarkedList):
        items = MarkedList(node.mark)
        for index, item in enumerate(node):
            inner = _rebuilt(item, (*path, index), names, pieces)
            items.add(inner, item_mark=node.item_marks[index])
        return items
    return _replaced(node, pieces.get((path, False), [])) if isinstance(node, str) else node


def _replaced(text: str, pieces: list[tuple[int, int, str]]) -> str:
    """The text with its pieces replaced, the last first, so that the others stay where they are."""
    for start, end, new in sorted(set(pieces), reverse=True):
        text = text[:start] + new + text[end:]
    return text
