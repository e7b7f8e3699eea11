"""Traceability: which elements come from which statement, and what no statement says.

What all levels share is told once, of `each_level`. A citation of a whole document traces nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from escalation_engine.chart.sources import citations
from escalation_engine.definition import Process, Source

__all__ = ["Inference", "Statement", "element", "inferences", "statements"]

Path = tuple[str | int, ...]

_ONE_OF = {
    "actions": "action", "calendars": "calendar", "checklists": "checklist", "clocks": "clock",
    "counts": "count", "data": "field", "digests": "digest", "duties": "duty", "events": "event",
    "guards": "guard", "messages": "message", "opens": "opening", "parameters": "parameter",
    "promises": "promise", "roles": "role", "slots": "slot", "tasks": "task list",
    "timers": "timer",
}  # fmt: skip
_HOLDING_NAMES = ("states", "levels", "tracks", "items", "on", "opens", "timers")
_PASSED_OVER = ("states", "levels", "tracks", "items", "contacts")
_APART = ("on", "opens", "timers", "entry", "exit")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a document, with the elements that cite it.

    Nothing cites what only `repeats` another, or is furniture.
    """

    source: str
    name: str
    elements: tuple[str, ...] = ()
    repeats: str = ""
    is_furniture: bool = False

    @property
    def is_missing(self) -> bool:
        """No element comes from it, and nothing says why."""
        return not (self.elements or self.repeats or self.is_furniture)


@dataclass(frozen=True, slots=True)
class Inference:
    """An element that no text states, or not wholly; why it was added, or what was assumed."""

    element: str
    why: str


def statements(definition: Process) -> tuple[Statement, ...]:
    """Return the statements of all documents in their order, then what is furniture."""
    cited: dict[str, list[str]] = {}
    everything = list(citations(definition))
    paths = {(text, at[:-2]) for text, at in everything}
    for text, at in everything:
        if not any((text, shared) in paths for shared in _shared(at[:-2])):
            cited.setdefault(text, []).append(element(at[:-2]))
    return tuple(
        one for name, source in definition.sources.items() for one in _of(name, source, cited)
    )


def _of(name: str, source: Source, cited: dict[str, list[str]]) -> Iterator[Statement]:
    for statement in map(str, source.statements):
        elements = tuple(dict.fromkeys(cited.get(f"{name}.{statement}", ())))
        yield Statement(name, statement, elements, str(source.repeats.get(statement, "")))
    for statement in map(str, source.furniture):
        yield Statement(name, statement, is_furniture=True)


def inferences(definition: Process) -> tuple[Inference, ...]:
    """Return what no statement says, in the order of the definition, and why it is there."""
    everything = dict(_inferred(definition, ()))
    return tuple(
        Inference(element(at) or "the process", why)
        for at, why in everything.items()
        if all(everything.get(shared) != why for shared in _shared(at))
    )


def _inferred(value: object, at: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, BaseModel):
        for key in ("inferred", "assumption"):
            if why := getattr(value, key, None):
                yield at, "" if why is True else str(why)
        parts: object = value.__dict__
    else:
        parts = dict(enumerate(value)) if isinstance(value, tuple) else value
    if isinstance(parts, dict):
        for key, part in parts.items():
            yield from _inferred(part, (*at, key.rstrip("_") if isinstance(key, str) else key))


def _shared(at: Path) -> Iterator[Path]:
    """Where `each_level` says the same to all levels of a ladder."""
    for index, part in enumerate(at[:-2]):
        if part == "levels":
            yield (*at[:index], "each_level", *at[index + 2 :])


def element(at: Path) -> str:
    """Return what stands at a path of a definition as people call it: `support.tier1 on qualify`.

    Behind an event with several branches stands the number of the branch.
    """
    kind = _ONE_OF.get(str(at[0]), "") if at else ""
    said, joint, is_name, holds_names = kind, " ", False, bool(kind)
    for part in at[1:] if kind else at:
        is_name, holds_names = holds_names, not holds_names and part in _HOLDING_NAMES
        if isinstance(part, int):
            said += f" ({part + 1})" if part else ""
        elif is_name or part not in _PASSED_OVER:
            is_apart = not is_name and part in _APART
            said += f"{' ' if is_apart else joint}{part}"
            joint = " " if is_apart else "."
    return said.strip()
