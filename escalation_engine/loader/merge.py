"""Lay one tree over another: what a level writes over `each_level`, keeping every place.

Mapping over mapping merges, anything else replaces, a written `null` removes; keys of the base keep
their position. Neither tree is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from escalation_engine.loader.faults import Faults
from escalation_engine.loader.tree import MarkedList, MarkedMap, kind_of

__all__ = ["MAX_WRITTEN_OUT", "complete_levels", "merge"]

MAX_WRITTEN_OUT: Final = 500_000  # nodes that the levels of a file get from their `each_level`


def merge(base: MarkedMap, over: MarkedMap, faults: Faults) -> MarkedMap:
    """Return `base` with `over` laid over it; what does not fit together is noted."""
    merged = MarkedMap(over.mark)
    for key, value in base.items():
        if key not in over:
            merged.put(key, value, key_mark=base.key_marks[key], value_mark=base.value_marks[key])
        elif over[key] is not None or key in over.empty_keys:
            _put_over(merged, key, value, over, faults)
    for key, value in over.items():
        if key not in base:
            merged.put(key, value, key_mark=over.key_marks[key], value_mark=over.value_marks[key])
    merged.empty_keys = over.empty_keys | (base.empty_keys - over.keys())
    return merged


def _put_over(merged: MarkedMap, key: str, below: object, over: MarkedMap, faults: Faults) -> None:
    value = over[key]
    if isinstance(below, MarkedMap) and isinstance(value, MarkedMap):
        value = merge(below, value, faults)
    elif {type(below), type(value)} == {MarkedMap, MarkedList}:
        faults.add(
            "E128",
            f"{kind_of(value)} cannot be laid over {kind_of(below)}",
            over.value_marks[key],
            "write it in the form that it has below: a mapping merges, a list replaces",
        )
    merged.put(key, value, key_mark=over.key_marks[key], value_mark=over.value_marks[key])


def complete_levels(tree: MarkedMap, faults: Faults) -> MarkedMap:
    """Return the tree with each level of each ladder laid over its `each_level`.

    Raises ReadingEnds when the ladders are too large.
    """
    return _Completion(faults).of(tree)


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
        over.empty_keys = levels.empty_keys
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
    copy = MarkedMap(tree.mark)
    copy.update(tree)
    copy.update(values)
    copy.key_marks, copy.value_marks = tree.key_marks, tree.value_marks
    copy.empty_keys = tree.empty_keys
    return copy
