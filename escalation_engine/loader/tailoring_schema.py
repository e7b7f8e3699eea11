"""The JSON Schema of a tailoring: a process in which nothing is required and `null` takes away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from escalation_engine.loader.positions import HOLDING_NAMES
from escalation_engine.loader.schema import laid_over, merged_schema

__all__ = ["TAILORING_SCHEMA_ID", "tailoring_schema"]

TAILORING_SCHEMA_ID: Final = "urn:escalation-engine:schema:tailoring:1"
"""The `$id`: it names the schema and leads nowhere."""

_WAS: Final = {
    "description": "The name that the base has for it; what refers to it there follows.",
    "$ref": "#/$defs/Name",
}
_PLACE: Final = {
    "description": "Where on the ladder: `after LEVEL`, `before LEVEL`, `first` or `last`.",
    "type": "string",
}
_VALUE: Final = {
    "description": "The value of the parameter.",
    "type": ["boolean", "number", "string"],
}
_OWN: Final = {
    "tailoring": {"description": "The name of the tailored process.", "$ref": "#/$defs/Name"},
    "extends": {
        "description": "The process or tailoring that it adapts, as NAME@VERSION.",
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9_]*(@[0-9]+)?$",
    },
}


def tailoring_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a tailoring file, as it is written."""
    schema = merged_schema()
    models = schema["$defs"]
    overlays: dict[str, Any] = {}
    top = {word: schema[word] for word in schema if not word.startswith("$")}
    over = laid_over(top, models, overlays)
    del over["properties"]["process"]
    for model in [over, *overlays.values()]:
        _let_rename(model, overlays)
    _let_place(overlays)
    arms = over["properties"]["parameters"]["anyOf"][0]["additionalProperties"]
    arms["anyOf"] = [*arms["anyOf"], _VALUE]
    over["properties"] = {**_OWN, **over["properties"]}
    known = models | overlays
    return {
        "$schema": schema["$schema"],
        "$id": TAILORING_SCHEMA_ID,
        **over,
        "title": "Tailoring",
        "description": "What one customer wants otherwise in an escalation process.",
        "required": list(_OWN),
        "$defs": {name: known[name] for name in sorted(_used(over, known))},
    }


def _let_rename(model: Mapping[str, Any], overlays: dict[str, Any]) -> None:
    """Let what stands under a name of its own say which name it had."""
    for key, schema in model.get("properties", {}).items():
        if key in HOLDING_NAMES:
            for reference in _references(schema):
                if reference in overlays and "properties" in overlays[reference]:
                    overlays[reference]["properties"].setdefault("was", _WAS)


def _let_place(overlays: dict[str, Any]) -> None:
    """Let levels, and nothing else, say where they stand."""
    for name in [name for name in overlays if "levels" in overlays[name].get("properties", {})]:
        level = f"Level{name}"
        properties = {**overlays[name]["properties"], "place": _PLACE}
        levels = _renamed(properties["levels"], name, level)
        overlays[name]["properties"]["levels"] = properties["levels"] = levels
        overlays[level] = {**overlays[name], "properties": properties}


def _renamed(schema: Any, old: str, new: str) -> Any:
    """The schema with references to one model leading to another."""
    if isinstance(schema, dict):
        return {word: _renamed(part, old, new) for word, part in schema.items()}
    if isinstance(schema, list):
        return [_renamed(part, old, new) for part in schema]
    return f"#/$defs/{new}" if schema == f"#/$defs/{old}" else schema


def _references(schema: Any) -> Iterator[str]:
    """The models that a schema refers to, itself only."""
    if isinstance(schema, dict):
        for word, part in schema.items():
            if word == "$ref":
                yield part.rpartition("/")[2]
            else:
                yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _used(schema: Any, models: Mapping[str, Any]) -> set[str]:
    """Every model that a schema refers to, through others as well."""
    found: set[str] = set()
    waiting = list(_references(schema))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(models[name])
    return found
