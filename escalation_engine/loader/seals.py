"""Seals: what no tailoring may touch, who said so, and where.

A process or a tailoring seals paths with `sealed:`. The promises of a base are sealed without it: a
tailoring may add promises, and keeps those that it finds. Where something comes from may be said of
what is sealed as well: a citation changes nothing that a case does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from escalation_engine.definition.model import Traced
from escalation_engine.errors import Mark
from escalation_engine.loader.changes import Changes, everywhere, is_over, shown_path
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.named import Path
from escalation_engine.loader.positions import HOLDING_NAMES
from escalation_engine.loader.tree import MarkedList, MarkedMap

__all__ = ["Seal", "check_seals", "seals_of"]


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed path; `by` is the process or tailoring that seals it, at `mark`."""

    path: Path
    by: str
    mark: Mark


def seals_of(written: MarkedMap, merged: MarkedMap, by: str, faults: Faults) -> list[Seal]:
    """Return what one file seals; a path that leads nowhere is noted."""
    found = []
    listed = written.get("sealed")
    for index, text in enumerate(listed if isinstance(listed, MarkedList) else ()):
        assert isinstance(listed, MarkedList)
        mark = listed.item_marks[index]
        path = _path_in(merged, str(text))
        if path is None:
            hint = "write the keys that lead to it, joined by dots: states.support.each_level"
            faults.add("E113", f"nothing stands at `{text}` that could be sealed", mark, hint)
        else:
            found.append(Seal(path, by, mark))
    promises = written.get("promises")
    if isinstance(promises, MarkedMap):
        marks = promises.key_marks
        found += [Seal(("promises", name), by, marks[name]) for name in promises]
    return found


def check_seals(seals: list[Seal], changes: Changes, faults: Faults) -> None:
    """Note each touch of what is sealed."""
    renamed = {rename.old: rename.mark for rename in changes.renamed}
    for path, mark in {**changes.touched, **renamed}.items():
        seal = next(_breaking(path, seals), None)
        if seal is not None and not _is_citation(path, seal, changes):
            file, line, _ = seal.mark
            what = shown_path(seal.path)
            message = f"`{what}` is sealed by `{seal.by}` ({file}:{line})"
            hint = "leave it as it is, or ask who sealed it"
            if seal.path[0] == "promises":
                message = f"`{what}` is a promise of `{seal.by}` ({file}:{line}), which binds"
                hint = "add a promise of another name, or ask whoever made this one"
            faults.add("E136", message, mark, hint)


def _breaking(path: Path, seals: list[Seal]) -> Iterator[Seal]:
    variants = list(everywhere(path))
    for seal in seals:
        if any(is_over(seal.path, one) or is_over(one, seal.path) for one in variants):
            yield seal


def _is_citation(path: Path, seal: Seal, changes: Changes) -> bool:
    """Whether it only says where something comes from that is sealed as a whole."""
    *above, key = path
    is_word = key in Traced.model_fields and bool(above) and above[-1] not in HOLDING_NAMES
    return is_word and path != seal.path and path not in changes.removed


def _path_in(node: object, text: str) -> Path | None:
    """The path that a text names: its parts are keys, which may have dots of their own."""
    if not text:
        return ()
    parts = text.split(".")
    for count in range(1, len(parts) + 1):
        key = ".".join(parts[:count])
        if isinstance(node, MarkedMap) and key in node:
            rest = _path_in(node[key], ".".join(parts[count:]))
            if rest is not None:
                return (key, *rest)
    return None
