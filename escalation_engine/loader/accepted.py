"""A JSON Schema in the words of an author: what it accepts, and why a value is not accepted.

It knows as much of JSON Schema as the schema of the language uses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from escalation_engine.loader.excerpt import shown
from escalation_engine.loader.tree import kind_of

__all__ = [
    "Schema",
    "accepted",
    "arms_of",
    "found",
    "is_kind",
    "listed",
    "problem_of",
    "resolved",
    "written_instead",
]

Schema: TypeAlias = dict[str, Any]

_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_WORDS: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
}
_FEW: Final = 3


def resolved(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """The schema that a reference names; what stands beside the reference describes its use."""
    name = schema.get("$ref")
    return definitions[name.rpartition("/")[2]] if name else schema


def arms_of(schema: Schema, definitions: Mapping[str, Schema]) -> list[Schema]:
    """The alternatives of a schema, each of another kind; itself when it has none."""
    schema = resolved(schema, definitions)
    return [resolved(arm, definitions) for arm in schema.get("anyOf", [schema])]


def is_kind(value: object, schema: Schema) -> bool:
    """It is of a type that the schema names: true is no number, and 1.0 no whole one."""
    types = schema.get("type", ())
    names = (types,) if isinstance(types, str) else types
    return any(
        isinstance(value, _KINDS[name]) and (name == "boolean" or not isinstance(value, bool))
        for name in names
    )


def problem_of(value: object, schema: Schema) -> tuple[str, str]:
    """Why a single value of the right kind is not accepted, and a hint; twice nothing if it is.

    It reads on from the name of the value and says what would be accepted.
    """
    values = schema.get("enum", [schema["const"]] if "const" in schema else [value])
    if value not in values:
        near = get_close_matches(str(value)[:60], map(str, values), n=1)
        return _refused(value, schema), f"did you mean `{near[0]}`?" if near else ""
    if isinstance(value, str):
        return _problem_of_text(value, schema)
    if isinstance(value, (int, float)):
        is_below = value < schema.get("minimum", value)
        if is_below or value <= schema.get("exclusiveMinimum", value - 1):
            return _refused(value, schema), ""
    return "", ""


def _refused(value: object, schema: Schema) -> str:
    words = described(schema) if "pattern" in schema else accepted([schema])
    return f"is {found(value)}; accepted: {words}"


def _problem_of_text(value: str, schema: Schema) -> tuple[str, str]:
    most = schema.get("maxLength", len(value))
    if len(value) > most:
        return f"has {len(value)} characters; accepted: at most {most}", "make it shorter"
    if not value and schema.get("minLength"):
        return "is an empty text", "write something, or take the key away"
    if not re.search(_to_the_end(schema), value):
        return _refused(value, schema), name_like(value, schema)
    return "", ""


def _to_the_end(schema: Schema) -> str:
    """The pattern, whose `$` would otherwise pass over a line break at the end."""
    return str(schema.get("pattern", "")).replace("$", r"\Z")


def accepted(arms: Sequence[Schema]) -> str:
    """What a schema with these alternatives accepts."""
    return listed([word for arm in arms for word in _words(arm)], "or")


def _words(schema: Schema) -> list[str]:
    if "enum" in schema or "const" in schema:
        return [f"`{value}`" for value in schema.get("enum", [schema.get("const")])]
    if "pattern" in schema:
        return [re.split("[,:]", described(schema))[0]]
    match schema.get("type"):
        case [*names]:
            return [_WORDS[name] for name in names]
        case "object":
            keys = [f"`{name}`" for name in schema.get("properties", ())]
            few = f" with {listed(keys, 'or')}" if 0 < len(keys) <= _FEW else ""
            return [f"a mapping{few}"]
        case "integer" if "minimum" in schema:
            return [f"a whole number of at least {schema['minimum']}"]
        case "number" if "exclusiveMinimum" in schema:
            return [f"a number above {schema['exclusiveMinimum']}"]
        case name:
            return [_WORDS[str(name)]]


def described(schema: Schema) -> str:
    """A text with a pattern, by its description, as it stands in the middle of a sentence."""
    text = schema.get("description", "a text of another form").rstrip(".")
    return str(text[:1].lower() + text[1:])


def found(value: object) -> str:
    """What a value is, for a message: itself when it is short."""
    if isinstance(value, str):
        return shown(value)
    return kind_of(value) if isinstance(value, (dict, list)) else str(value).lower()


def listed(words: Sequence[str], last: str) -> str:
    """The words with commas, and with `and` or `or` before the last."""
    *first, end = dict.fromkeys(words)
    return f"{', '.join(first)} {last} {end}" if first else end


def name_like(text: str, schema: Schema) -> str:
    """A hint with a name that a text could become."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")
    is_name = described(schema).startswith("a name") and re.search(_to_the_end(schema), name)
    return f"such as `{name}`" if is_name and len(name) <= schema["maxLength"] else ""


def written_instead(
    value: object, arms: Sequence[Schema], definitions: Mapping[str, Schema]
) -> str:
    """A hint how the same could be written so that it is accepted."""
    kinds = [arm.get("type") for arm in arms]
    if isinstance(value, (int, float)) and any(
        _takes(found(value), arm, definitions) for arm in arms
    ):
        return f"put it in quotes: '{found(value)}'"
    if value in ("yes", "no", "on", "off") and "boolean" in kinds:
        return f"write {'true' if value in ('yes', 'on') else 'false'}"
    if not isinstance(value, str) or len(value) > 60 or ": " in value:
        return ""
    for arm in arms:
        if arm.get("type") == "array" and _takes(value, arm.get("items", {}), definitions):
            return f"write [{value}]"
        for key in ("to", "type", "title", "text"):
            if _takes(value, arm.get("properties", {}).get(key, {}), definitions):
                return f"write {{{key}: {value}}}"
    return ""


def _takes(value: str, schema: Schema, definitions: Mapping[str, Schema]) -> bool:
    arms = arms_of(schema, definitions)
    return any(is_kind(value, arm) and not problem_of(value, arm)[0] for arm in arms)
