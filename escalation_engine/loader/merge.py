"""Lay one tree over another: what a level writes over `each_level`, keeping every place.

Mapping over mapping merges, anything else replaces, a written `null` removes; keys of the base keep
their position. Neither tree is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from escalation_engine.errors import Mark
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.tree import MarkedList, MarkedMap, copied, kind_of

__all__ = ["MAX_WRITTEN_OUT", "check_forms", "complete_levels", "document_of", "merge"]

MAX_WRITTEN_OUT: Final = 500_000  # nodes that the levels of a file get from their `each_level`


def merge(base: MarkedMap, over: MarkedMap, faults: Faults) -> MarkedMap:
    """Return `base` with `over` laid over it; what does not fit together is noted."""
    merged = MarkedMap(over.mark)
    merged.removed = {**base.removed, **over.removed}
    for key, value in base.items():
        if key not in over and key not in over.removed:
            merged.put(key, value, key_mark=base.key_marks[key], value_mark=base.value_marks[key])
        elif key in over and (over[key] is not None or key in over.empty_keys):
            _put_over(merged, key, value, over, faults)
        elif key in over:
            merged.removed[key] = over.value_marks[key]
    for key, value in over.items():
        if key not in base:
            merged.put(key, value, key_mark=over.key_marks[key], value_mark=over.value_marks[key])
    merged.empty_keys = over.empty_keys | (base.empty_keys - over.keys())
    merged.removed = {key: mark for key, mark in merged.removed.items() if key not in merged}
    return merged


def _put_over(merged: MarkedMap, key: str, below: object, over: MarkedMap, faults: Faults) -> None:
    value = over[key]
    if isinstance(below, MarkedMap) and isinstance(value, MarkedMap):
        value = merge(below, value, faults)
    else:
        check_forms(below, value, over.value_marks[key], faults)
    merged.put(key, value, key_mark=over.key_marks[key], value_mark=over.value_marks[key])


def check_forms(below: object, value: object, mark: Mark, faults: Faults) -> None:
    """Note a mapping over a list, or the reverse: nobody can mean both."""
    if {type(below), type(value)} == {MarkedMap, MarkedList}:
        message = f"{kind_of(value)} cannot be laid over {kind_of(below)}"
        hint = "write it in the form that it has below: a mapping merges, a list replaces"
        faults.add("E128", message, mark, hint)


def complete_levels(tree: MarkedMap, faults: Faults) -> MarkedMap:
    """Return the tree with each level of each ladder laid over its `each_level`.

    Raises ReadingEnds when the ladders are too large.
    """
    return _Completion(faults).of(tree)


def document_of(tree: MarkedMap, each: object = None) -> dict[str, object]:
    """Return a completed tree as plain data that completes to itself.

    What a level takes away of its `each_level` stands as null again.
    """
    document: dict[str, object] = {}
    for key, value in tree.items():
        ground = each.get(key) if isinstance(each, MarkedMap) else None
        if key == "levels" and "each_level" in tree and isinstance(value, MarkedMap):
            ladder = tree["each_level"]
            levels = value.items()
            document[key] = {name: _document_of(level, ladder) for name, level in levels}
        else:
            document[key] = _document_of(value, ground)
    gone = [key for key in tree.removed if isinstance(each, MarkedMap) and key in each]
    return document | dict.fromkeys(gone)


def _document_of(node: object, each: object) -> object:
    return document_of(node, each) if isinstance(node, MarkedMap) else node


@dataclass(slots=True)
class _Completion:
    """One tree on its way; counts what the ladders have written out, since ladders nest."""

    faults: Faults
    nodes: int = 0

    def of(self, tree: MarkedMap) -> MarkedMap:
        """Return a tree with its ladders complete; first merged, then completed in turn."""
        completed = self._with_levels(tree)
        for key in ("states", "levels", "tracks"):
            inner = completed.get(key)
            if isinstance(inner, MarkedMap):
                completed = _with(completed, {key: self._each(inner)})
        return completed

    def _with_levels(self, tree: MarkedMap) -> MarkedMap:
        each, levels = tree.get("each_level"), tree.get("levels")
        if not isinstance(each, MarkedMap) or not isinstance(levels, MarkedMap):
            return tree
        self.nodes += _nodes_of(each) * len(levels)
        if self.nodes > MAX_WRITTEN_OUT:
            raise self.faults.end(
                "E104",
                f"the levels of all ladders have more than {MAX_WRITTEN_OUT} nodes, written out",
                tree.key_marks["levels"],
                "take out levels, or put less into `each_level`",
            )
        over = MarkedMap(levels.mark)
        for name, level in levels.items():
            whole = merge(each, level, self.faults) if isinstance(level, MarkedMap) else level
            marks = {"key_mark": levels.key_marks[name], "value_mark": levels.value_marks[name]}
            over.put(name, whole, **marks)
        over.empty_keys, over.removed = levels.empty_keys, levels.removed
        return _with(tree, {"levels": over})

    def _each(self, states: MarkedMap) -> MarkedMap:
        changed = {
            name: whole
            for name, state in states.items()
            if isinstance(state, MarkedMap) and (whole := self.of(state)) is not state
        }
        return _with(states, changed)


def _nodes_of(node: object) -> int:
    """How many keys, values and items a tree has, aliases written out."""
    if isinstance(node, MarkedMap):
        return 1 + len(node) + sum(map(_nodes_of, node.values()))
    if isinstance(node, MarkedList):
        return 1 + sum(map(_nodes_of, node))
    return 1


def _with(tree: MarkedMap, values: Mapping[str, MarkedMap]) -> MarkedMap:
    """Return the tree with other values behind some of its keys."""
    if all(tree[key] is value for key, value in values.items()):
        return tree
    copy = copied(tree)
    copy.update(values)
    return copy
