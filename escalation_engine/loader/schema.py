"""The JSON Schema of the language, made from the models: editors complete and check with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from escalation_engine.definition import Process
from escalation_engine.definition.model import Name, Path, Text

__all__ = ["SCHEMA_ID", "laid_over", "merged_schema", "process_schema"]

SCHEMA_ID: Final = "urn:escalation-engine:schema:process:1"
"""The `$id`: it names the schema and leads nowhere, so that no editor fetches anything."""

_KEPT_OUT: Final = ("title", "default", "gt")
_SHARED: Final[dict[str, dict[str, Any]]] = {
    "Name": TypeAdapter(Name).json_schema(),
    "Path": TypeAdapter(Path).json_schema(),
    "Text": TypeAdapter(Text).json_schema(),
}


def process_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a process file, as it is written.

    What a level says is laid over `each_level`: nothing is required of it, and null removes.
    """
    schema = merged_schema()
    models = schema["$defs"]
    overlays: dict[str, Any] = {}
    _overlay_of("State", models, overlays)
    levels = models["State"]["properties"]["levels"]
    levels["additionalProperties"] = {"$ref": f"#/$defs/{_overlay_name('State')}"}
    models.update(overlays)
    return schema


def merged_schema() -> dict[str, Any]:
    """Return the JSON Schema of a process whose levels are laid over their `each_level`."""
    made = Process.model_json_schema(by_alias=True)
    schema = _tidied(made)
    models = {name: _tidied(model) for name, model in made["$defs"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": made["title"],
        **schema,
        "$defs": {**_SHARED, **models},
    }


def _tidied(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Take out what pydantic knows and an author must not see: nulls and made-up titles."""
    tidy = {word: schema[word] for word in schema if word not in _KEPT_OUT and word != "$defs"}
    if schema.get("default") not in (None, [], {}):
        tidy["default"] = schema["default"]
    if "gt" in schema:  # pydantic does not know that a union of numbers is a number
        tidy["exclusiveMinimum"] = schema["gt"]
    for pattern, part in tidy.pop("patternProperties", {}).items():  # at most one
        tidy["propertyNames"] = {**tidy.get("propertyNames", {}), "pattern": pattern}
        tidy["additionalProperties"] = part
    for word in ("items", "additionalProperties", "propertyNames"):
        if isinstance(tidy.get(word), dict):
            tidy[word] = _tidied(tidy[word])
    if "properties" in tidy:
        tidy["properties"] = {name: _tidied(part) for name, part in tidy["properties"].items()}
    arms = list(_arms(tidy.pop("anyOf", ())))
    if len(arms) == 1:
        tidy = {**arms[0], **tidy}
    elif arms:
        tidy["anyOf"] = arms
    return _referring(tidy)


def _arms(written: Any) -> Iterator[dict[str, Any]]:
    """The alternatives, without null, which is never written, and with one kind of number."""
    arms = [_tidied(arm) for arm in written if arm != {"type": "null"}]
    plain = [arm["type"] for arm in arms if list(arm) == ["type"]]
    if "number" in plain and "integer" in plain:
        plain.remove("integer")
    if len(plain) > 1:
        yield {"type": plain}
        arms = [arm for arm in arms if list(arm) != ["type"]]
    elif plain == ["number"]:
        arms = [arm for arm in arms if arm != {"type": "integer"}]
    yield from arms


def _referring(schema: dict[str, Any]) -> dict[str, Any]:
    """What names, paths and texts are is said once; everything else refers to it."""
    for name, shared in _SHARED.items():
        bounds = [word for word in shared if word not in ("type", "description")]
        if all(schema.get(word) == shared[word] for word in bounds):
            own = {word: schema[word] for word in schema if schema[word] != shared.get(word)}
            return {"$ref": f"#/$defs/{name}", **own}
    return schema


def _overlay_name(model: str) -> str:
    return f"{model}OfLevel"


def _overlay_of(name: str, models: Mapping[str, Any], overlays: dict[str, Any]) -> None:
    """Add the form of a model in which nothing is required and null removes a key."""
    key = _overlay_name(name)
    if key not in overlays:
        overlays[key] = {}  # known before it is complete: models contain themselves
        overlays[key].update(laid_over(models[name], models, overlays))


def laid_over(schema: Any, models: Mapping[str, Any], overlays: dict[str, Any]) -> dict[str, Any]:
    """Return the schema for what is laid over a value of it; a list replaces and is what it was.

    The models that this needs are added to `overlays`.
    """

    def removable(part: dict[str, Any]) -> dict[str, Any]:
        over = laid_over(part, models, overlays)
        described = {"description": over.pop("description")} if "description" in over else {}
        return {**described, "anyOf": [*over.get("anyOf", [over]), {"type": "null"}]}

    name = schema.get("$ref", "").rpartition("/")[2]
    if models.get(name, {}).get("type") == "object":
        _overlay_of(name, models, overlays)
        return {**schema, "$ref": f"#/$defs/{_overlay_name(name)}"}
    over = {word: schema[word] for word in schema if word not in ("required", "minProperties")}
    if "properties" in over:
        over["properties"] = {name: removable(part) for name, part in over["properties"].items()}
    if isinstance(over.get("additionalProperties"), dict):
        over["additionalProperties"] = removable(over["additionalProperties"])
    if "anyOf" in over:
        over["anyOf"] = [laid_over(arm, models, overlays) for arm in over["anyOf"]]
    return over
