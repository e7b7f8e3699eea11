"""Say what in a tree does not fit the language, read from the same schema that editors read.

Only for trees that the models refuse: a message is worth a second look, and the models, which are
faster, do not know what an author may have meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Final

from escalation_engine.errors import Mark
from escalation_engine.loader.accepted import (
    Schema,
    accepted,
    arms_of,
    found,
    is_kind,
    listed,
    problem_of,
    resolved,
    written_instead,
)
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.schema import merged_schema
from escalation_engine.loader.tree import MarkedList, MarkedMap

__all__ = ["explain"]

_NEAR: Final = 0.7


def explain(tree: MarkedMap, faults: Faults) -> None:
    """Note everything in a process file's tree that the schema does not accept."""
    schema = _schema()
    place = _Place("the file", tree.mark, tree.mark)
    told = frozenset(finding.mark for finding in faults.findings)
    _Explanation(faults, schema["$defs"], told).look(tree, schema, place)


@cache
def _schema() -> Schema:
    return merged_schema()


@dataclass(frozen=True, slots=True)
class _Place:
    """What a value is called, and where it stands; an item of a list is its own key."""

    name: str
    key_mark: Mark
    mark: Mark


@dataclass(slots=True)
class _Explanation:
    faults: Faults
    definitions: Mapping[str, Schema]
    told: frozenset[Mark]
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def look(self, value: object, schema: Schema, place: _Place) -> None:
        """Note what is wrong with a value and inside it, unless it was told before."""
        if place.mark in self.told:
            return
        arms = arms_of(schema, self.definitions)
        schema = next((arm for arm in arms if is_kind(value, arm)), {})
        if not schema:
            hint = written_instead(value, arms, self.definitions)
            message = f"{place.name} is {found(value)}; accepted: {accepted(arms)}"
            self.faults.add("E111", message, place.mark, hint)
        elif isinstance(value, (MarkedMap, MarkedList)):
            visit = (id(value), id(schema))  # levels share what each_level says
            if visit not in self._seen:
                self._seen.add(visit)
                self._look_inside(value, schema, place)
        else:
            problem, hint = problem_of(value, schema)
            if problem:
                self.faults.add("E111", f"{place.name} {problem}", place.mark, hint)

    def _look_inside(self, value: MarkedMap | MarkedList, schema: Schema, place: _Place) -> None:
        if isinstance(value, MarkedMap):
            self._look_at_keys(value, schema, place)
            least, empty = schema.get("minProperties", 0), "an empty mapping"
        else:
            self._look_at_items(value, schema.get("items", {}), place)
            least, empty = schema.get("minItems", 0), "an empty list"
        if len(value) < least:
            hint = "write at least one, or take the key away"
            self.faults.add("E111", f"{place.name} is {empty}", place.mark, hint)

    def _look_at_keys(self, value: MarkedMap, schema: Schema, place: _Place) -> None:
        known: dict[str, Schema] = schema.get("properties", {})
        others: Schema | bool = schema.get("additionalProperties", True)
        missing = [key for key in schema.get("required", ()) if key not in value]
        for key in value:
            here = _Place(f"`{key}`", value.key_marks[key], value.value_marks[key])
            if key in known:
                self._look_behind(key, value, known[key], here)
            elif isinstance(others, dict):
                self._look_at_name(key, schema.get("propertyNames", {}), here)
                self._look_behind(key, value, others, here)
            elif not others:
                left = [name for name in known if name not in value]
                near = get_close_matches(key[:60], left, n=1, cutoff=_NEAR)
                missing = [name for name in missing if name not in near]
                message = f"the key `{key}` is not known here"
                self.faults.add("E110", message, here.key_mark, _nearest(near, known))
        if missing:
            names = listed([f"`{name}`" for name in missing], "and")
            hint = f"add {listed([f'`{name}: …`' for name in missing], 'and')}"
            self.faults.add("E112", f"{place.name} lacks {names}", place.key_mark, hint)

    def _look_behind(self, key: str, holder: MarkedMap, schema: Schema, place: _Place) -> None:
        """Look at what stands behind a key; nothing and null have only one thing to say."""
        value = holder[key]
        if value is not None or place.mark in self.told:
            self.look(value, schema, place)
            return
        what = "nothing is written" if key in holder.empty_keys else "null stands"
        arms = arms_of(schema, self.definitions)
        hint = f"write {accepted(arms)}, or take the key away"
        self.faults.add("E111", f"{what} behind `{key}`", place.key_mark, hint)

    def _look_at_items(self, items: MarkedList, schema: Schema, place: _Place) -> None:
        for number, (item, mark) in enumerate(zip(items, items.item_marks, strict=True), start=1):
            here = _Place(f"item {number} of {place.name}", mark, mark)
            if item is None and mark not in self.told:
                message = f"{here.name} is empty"
                self.faults.add("E111", message, mark, "write it, or take its line away")
            else:
                self.look(item, schema, here)

    def _look_at_name(self, key: str, schema: Schema, place: _Place) -> None:
        schema = resolved(schema, self.definitions)
        problem, hint = problem_of(key, schema)
        if problem:
            self.faults.add("E111", f"the key {problem}", place.key_mark, hint)


def _nearest(near: list[str], known: Iterable[str]) -> str:
    if near:
        return f"did you mean `{near[0]}`?"
    names = sorted(known)
    return f"accepted: {', '.join(names)}" if names else ""
