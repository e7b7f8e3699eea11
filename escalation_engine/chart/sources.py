"""Citations: each `source:` names a document that is listed, and a statement that it has."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from escalation_engine.chart.fault import Faults, Path, did_you_mean
from escalation_engine.definition import Process

__all__ = ["check_citations", "citations"]


def citations(definition: Process) -> Iterator[tuple[str, Path]]:
    """Yield every citation of a definition with the path to it."""
    yield from _within(definition, ())


def _within(value: object, at: Path) -> Iterator[tuple[str, Path]]:
    if isinstance(value, BaseModel):
        items = value.__dict__
        for name in type(value).model_fields:  # in their order: a set of names has none
            item = items[name]
            if isinstance(item, str) or not item:
                continue
            if name == "source":
                yield from ((text, (*at, "source", index)) for index, text in enumerate(item))
            elif isinstance(item, (BaseModel, dict, tuple)):
                yield from _within(item, (*at, name.rstrip("_")))  # `if_` is written as `if`
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _within(item, (*at, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _within(item, (*at, index))


def check_citations(definition: Process, faults: Faults) -> None:
    """Note each citation of what is not listed under `sources`, or only repeats another."""
    listed = {
        name: {str(statement) for statement in (*source.statements, *source.furniture)}
        for name, source in definition.sources.items()
    }
    for text, at in citations(definition):
        name, _, statement = text.partition(".")
        if name not in listed:
            faults.add(
                "E126", f"`{text}` cites no listed source", at, hint=did_you_mean(name, listed)
            )
        elif statement and statement not in listed[name]:
            faults.add(
                "E126",
                f"`{name}` has no statement `{statement}`",
                at,
                hint=did_you_mean(statement, listed[name]),
            )
        elif (repeated := definition.sources[name].repeats.get(statement)) is not None:
            message = f"statement `{statement}` only repeats `{repeated}`"
            faults.add("E126", message, at, hint=f"cite `{name}.{repeated}`")
    for name, source in definition.sources.items():
        for pair in source.repeats.items():
            for statement in {*map(str, pair)} - listed[name]:
                message = f"`{name}` has no statement `{statement}`"
                faults.add("E126", message, ("sources", name, "repeats", pair[0]))
