"""A mapping as a YAML file that the owner of a process edits, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.chart.model import Chart
from escalation_engine.core import FrozenMap
from escalation_engine.errors import BadInput, DefinitionError
from escalation_engine.loader.write import write_document
from escalation_engine.loader.yaml import parse
from escalation_engine.migration.version_map import HOWS, NAMED, TIMED, Carried, VersionMap

__all__ = ["read_version_map", "write_version_map"]


def write_version_map(mapping: VersionMap) -> str:
    """Return the mapping as YAML: every name of the old version with its new one, or null."""
    document: dict[str, object] = {
        "migration": mapping.process,
        "from": mapping.old,
        "to": mapping.new,
        "states": dict(mapping.states),
    }
    document |= {name: dict(mapping.names[name]) for name in NAMED if mapping.names.get(name)}
    for section in TIMED:
        carried = mapping.timed.get(section, {})
        if carried:
            document[section] = {
                name: None if one is None else {"to": one.to, "time": one.time}
                for name, one in carried.items()
            }
    return write_document(document)


def read_version_map(text: str | bytes, old: Chart, new: Chart, *, name: str) -> VersionMap:
    """Return the mapping that a file says; what it leaves out is dropped.

    Raises DefinitionError for what is no YAML, and BadInput with the first name that is not known.
    """
    tree, findings = parse(text, name)
    if tree is None or findings:
        raise DefinitionError(findings)
    reader = _Reader(name, old, new)
    head = (tree.get("migration"), tree.get("from"), tree.get("to"))
    if head != (new.process, old.version, new.version):
        wanted = f"migration: {new.process}, from: {old.version}, to: {new.version}"
        raise BadInput(name, "is a mapping of other versions", accepted=wanted)
    unknown = set(tree) - {"migration", "from", "to", "states", *NAMED, *TIMED}
    if unknown:
        accepted = ", ".join(("states", *NAMED, *TIMED))
        raise BadInput(name, f"`{min(unknown)}` is no part of a mapping", accepted=accepted)
    return VersionMap(
        new.process,
        old.version,
        new.version,
        reader.states(tree),
        FrozenMap({section: reader.names(tree, section) for section in NAMED}),
        FrozenMap({section: reader.timed(tree, section) for section in TIMED}),
    )


class _Reader:
    """Reads the parts of one mapping, each name held against both charts."""

    def __init__(self, file: str, old: Chart, new: Chart) -> None:
        self._file = file
        self._old = old
        self._new = new

    def states(self, tree: Mapping[str, Any]) -> FrozenMap:
        sides = [
            {f"{track.name}.{path}": None for track in chart.tracks for path in track.states}
            for chart in (self._old, self._new)
        ]
        found = self._part(tree, "states", *sides)
        return FrozenMap({name: self._name("states", to, sides[1]) for name, to in found.items()})

    def names(self, tree: Mapping[str, Any], section: str) -> FrozenMap:
        attribute = {"data": "fields"}.get(section, section)
        known = getattr(self._new, attribute)
        found = self._part(tree, section, getattr(self._old, attribute), known)
        return FrozenMap({name: self._name(section, to, known) for name, to in found.items()})

    def timed(self, tree: Mapping[str, Any], section: str) -> FrozenMap:
        known = getattr(self._new, section)
        found = self._part(tree, section, getattr(self._old, section), known)
        return FrozenMap(
            {name: self._carried(section, name, one, known) for name, one in found.items()}
        )

    def _carried(
        self, section: str, name: str, said: object, known: Mapping[str, Any]
    ) -> Carried | None:
        if isinstance(said, str):
            said = {"to": said}
        if said is None:
            return None
        if not isinstance(said, dict) or set(said) - {"to", "time"} or "to" not in said:
            accepted = "a name, null, or {to: NAME, time: HOW}"
            raise BadInput(self._file, f"{section}.{name} cannot be read", accepted=accepted)
        how = said.get("time", HOWS[0])
        if how not in HOWS:
            problem = f"{section}.{name}: `{how}` is no way to carry time over"
            raise BadInput(self._file, problem, accepted=", ".join(HOWS))
        to = self._name(section, said["to"], known)
        assert to is not None, "checked above"
        if section == "duties" and (self._old.duties[name].every is None) != (
            self._new.duties[to].every is None
        ):
            problem = f"duties.{name}: one of the two recurs and the other does not"
            raise BadInput(self._file, problem, accepted="null, or a duty of the same sort")
        return Carried(to, str(how))

    def _part(
        self, tree: Mapping[str, Any], section: str, old: Mapping[str, Any], _new: object
    ) -> Mapping[str, object]:
        found = tree.get(section) or {}
        if not isinstance(found, dict):
            raise BadInput(self._file, f"`{section}` is no mapping", accepted="old name: new name")
        for name in found:
            if name not in old:
                problem = f"{section}: version {self._old.version} has no `{name}`"
                raise BadInput(self._file, problem, accepted=did_you_mean(str(name), old))
        return found

    def _name(self, section: str, said: object, known: Mapping[str, Any]) -> str | None:
        if said is None:
            return None
        if said not in known:
            problem = f"{section}: version {self._new.version} has no `{said}`"
            raise BadInput(self._file, problem, accepted=did_you_mean(str(said), known))
        return str(said)
