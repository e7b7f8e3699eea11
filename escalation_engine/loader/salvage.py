"""What is left of a faulty definition, so that faults of its names come together with the others.

What the models refuse is taken out. Only faults that do not speak of what was taken out are worth
telling then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from escalation_engine.chart import ChartFault
from escalation_engine.definition import Process
from escalation_engine.loader.tree import MarkedList, MarkedMap

__all__ = ["Salvage", "salvage"]

_ROUNDS = 3
"""Taking a fault out may lay another open; what needs more rounds is told the next time."""


class Salvage:
    """A definition that can be looked at, and the names that are missing from it."""

    def __init__(self, definition: Process, missing: set[str]) -> None:
        self.definition = definition
        self._missing = missing

    def is_worth_telling(self, fault: ChartFault) -> bool:
        """The fault is not one that taking something out may have made."""
        told = fault.message.split("`")[1::2]
        names = {part for name in told for part in name.replace("$", "").split(".")}
        return fault.code not in ("E112", "E114") and names.isdisjoint(self._missing)


def salvage(tree: MarkedMap) -> Salvage | None:
    """Return what is left of a tree that the models refuse, or None where too little is."""
    missing: set[str] = set()
    left = _copied(tree, missing)
    assert isinstance(left, MarkedMap)
    for _ in range(_ROUNDS):
        try:
            return Salvage(Process.model_validate(left), missing)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
            places = [detail["loc"] for detail in details]
            around = {place[:length] for place in places for length in range(len(place))}
            paths = [
                path for place in places if place not in around and (path := _path_in(left, place))
            ]
            if any(len(path) == 1 and path[0] in Process.model_fields for path in paths):
                return None  # Without a whole section, every name in it would be told as missing.
            for path in sorted(paths, key=str, reverse=True):  # later items of a list go first
                with suppress(LookupError):
                    _take_out(left, path, missing)
    return None


def _copied(node: object, missing: set[str]) -> object:
    if isinstance(node, MarkedMap):
        mapping = MarkedMap(node.mark)
        for key, value in node.items():
            if value is None:  # What is written as nothing is told elsewhere.
                missing.add(key)
            else:
                mapping[key] = _copied(value, missing)
        return mapping
    if isinstance(node, MarkedList):
        items = MarkedList(node.mark)
        items.extend(_copied(item, missing) for item in node)
        return items
    return node


def _take_out(left: MarkedMap, path: list[str | int], missing: set[str]) -> None:
    """Take out what stands at a path; raises LookupError where it has been taken already."""
    holder: Any = left
    for key in path[:-1]:
        holder = holder[key]
    taken = holder.pop(path[-1])
    missing.update([str(path[-1]), *_names_in(taken)])


def _path_in(node: object, location: tuple[str | int, ...]) -> list[str | int]:
    """The part of a location that a tree has, without the tags and indices of pydantic's own."""
    path: list[str | int] = []
    for part in location:
        if isinstance(node, MarkedMap) and part in node:
            node = node[str(part)]
            path.append(part)
        elif isinstance(node, MarkedList) and isinstance(part, int) and part < len(node):
            node = node[part]
            path.append(part)
    return path


def _names_in(node: object) -> Iterator[str]:
    if isinstance(node, MarkedMap):
        for key, value in node.items():
            yield key
            yield from _names_in(value)
    elif isinstance(node, MarkedList):
        for item in node:
            yield from _names_in(item)
