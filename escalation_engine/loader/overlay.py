"""Lay what a tailoring writes over its base.

Mapping over mapping merges, a list or a single value replaces, a written `null` removes. Keys of
the base keep their position; what is new comes behind, levels where `place` says. A plain value
over a parameter binds it. Neither tree is changed. Renaming is done before (see `renaming`).
"""

from __future__ import annotations

from dataclasses import dataclass

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.loader.changes import Changes
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.merge import check_forms
from escalation_engine.loader.named import Path
from escalation_engine.loader.placing import Placing, placed
from escalation_engine.loader.positions import is_word
from escalation_engine.loader.tree import MarkedList, MarkedMap, copied, kind_of

__all__ = ["lay_over"]


def lay_over(base: MarkedMap, over: MarkedMap, changes: Changes, faults: Faults) -> MarkedMap:
    """Return the base with a tailoring laid over it, noting what it changes and what is wrong."""
    return _Overlay(changes, faults).mapping(base, over, (), None)


@dataclass(frozen=True, slots=True)
class _Overlay:
    changes: Changes
    faults: Faults

    def mapping(
        self, base: MarkedMap, over: MarkedMap, path: Path, inherited: MarkedMap | None
    ) -> MarkedMap:
        """Lay one mapping over another; a level has more below it, `inherited` of `each_level`."""
        merged = copied(base)
        merged.mark = over.mark
        for key in sorted(over, key=lambda key: key == "levels"):  # after `each_level`
            if key in over.empty_keys:
                hint = "write it, or `null` to take away what the base says"
                message = f"nothing is written behind `{key}`"
                self.faults.add("E111", message, over.key_marks[key], hint)
            elif over[key] is None:
                self._remove(merged, key, (*path, key), over, inherited)
            else:
                self._put(merged, key, (*path, key), over, inherited)
        return merged

    def _remove(
        self,
        merged: MarkedMap,
        key: str,
        path: Path,
        over: MarkedMap,
        inherited: MarkedMap | None,
    ) -> None:
        mark = over.value_marks[key]
        if key not in merged and (inherited is None or key not in inherited):
            names = {*merged, *(inherited or ())}
            message = f"there is no `{key}` here that could be taken away"
            self.faults.add("E134", message, over.key_marks[key], did_you_mean(key, names))
            return
        merged.pop(key, None)
        merged.removed[key] = mark
        self.changes.touched[path] = self.changes.removed[path] = mark

    def _put(
        self,
        merged: MarkedMap,
        key: str,
        path: Path,
        over: MarkedMap,
        inherited: MarkedMap | None,
    ) -> None:
        below, value, mark = merged.get(key), over[key], over.value_marks[key]
        if path[:-1] == ("parameters",) and not isinstance(value, MarkedMap):
            self._bind(merged, key, over)
            return
        if below is None and isinstance(value, MarkedMap):
            self._note_new(path, value)
            below = MarkedMap(value.mark)
        if isinstance(value, MarkedMap) and isinstance(below, MarkedMap):
            is_ladder = key == "levels" and is_word(path)
            ground = merged.get("each_level") if is_ladder else None
            if inherited is not None and not is_ladder:
                ground = inherited.get(key)
            lay = self._levels if is_ladder else self.mapping
            value = lay(below, value, path, _map(ground))
        else:
            check_forms(below, value, mark, self.faults)
            self.changes.touched[path] = mark
        merged.put(key, value, key_mark=over.key_marks[key], value_mark=mark)
        merged.empty_keys -= {key}
        merged.removed.pop(key, None)

    def _levels(
        self, below: MarkedMap, value: MarkedMap, path: Path, each: MarkedMap | None
    ) -> MarkedMap:
        """Lay levels over levels: each over what `each_level` gives it, and in its place."""
        merged, placings = copied(below), []
        for name, level in value.items():
            at = (*path, name)
            if not isinstance(level, MarkedMap):
                one = MarkedMap(value.mark)
                one.put(
                    name, level, key_mark=value.key_marks[name], value_mark=value.value_marks[name]
                )
                one.empty_keys = value.empty_keys & {name}
                merged = self.mapping(merged, one, path, None)
                continue
            written = copied(level)
            text = written.pop("place", "last" if name not in below else None)
            if text is not None:
                mark = level.value_marks.get("place", value.key_marks[name])
                placings.append(Placing(name, text, mark))
                self.changes.anchors.add((path, str(text)))
                self.changes.touched[(*at, "place")] = mark
            whole = self.mapping(_map(below.get(name)) or MarkedMap(level.mark), written, at, each)
            key_mark, value_mark = value.key_marks[name], value.value_marks[name]
            merged.put(name, whole, key_mark=key_mark, value_mark=value_mark)
            merged.removed.pop(name, None)
        return placed(merged, placings, self.faults)

    def _bind(self, merged: MarkedMap, name: str, over: MarkedMap) -> None:
        """Give a parameter its value, which stands where its default did."""
        declared, value, mark = merged.get(name), over[name], over.value_marks[name]
        if not isinstance(declared, MarkedMap):
            message = f"there is no parameter `{name}` to give a value to"
            self.faults.add("E113", message, over.key_marks[name], did_you_mean(name, merged))
        elif isinstance(value, MarkedList):
            message = f"a parameter takes one value, not {kind_of(value)}"
            self.faults.add("E111", message, mark, f"write `{name}: VALUE`")
        else:
            bound = copied(declared)
            bound.put("default", value, key_mark=over.key_marks[name], value_mark=mark)
            bound.removed.pop("default", None)
            merged[name] = bound
            self.changes.touched["parameters", name, "default"] = mark

    def _note_new(self, path: Path, value: MarkedMap) -> None:
        """A mapping that says nothing is new by itself; a track has a place, at the end."""
        if not value:
            self.changes.touched[path] = value.mark
        if path[:-1] == ("tracks",):
            self.changes.anchors.add((path[:-1], "last"))


def _map(value: object) -> MarkedMap | None:
    return value if isinstance(value, MarkedMap) else None
