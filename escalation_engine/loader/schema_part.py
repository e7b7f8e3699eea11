"""The shapes that a JSON Schema written by hand is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["TEXT", "TEXTS", "Schema", "by_name", "closed", "each", "pairs", "ref"]

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
TEXTS: Final[Schema] = {"type": "array", "items": TEXT}


def closed(parts: Mapping[str, Schema], *, needs: tuple[str, ...] = ()) -> Schema:
    """Return an object with these parts and no others, of which some must be there."""
    schema: Schema = {"type": "object", "properties": dict(parts), "additionalProperties": False}
    return schema | ({"required": list(needs)} if needs else {})


def by_name(part: Schema) -> Schema:
    """Return a mapping of names to such parts."""
    return {"type": "object", "additionalProperties": part}


def each(part: Schema) -> Schema:
    """Return a list of such parts."""
    return {"type": "array", "items": part}


def pairs(part: Schema) -> Schema:
    """Return a mapping, or a list of mappings of one name where a name comes twice."""
    return {"anyOf": [by_name(part), each({**by_name(part), "maxProperties": 1})]}


def ref(name: str) -> Schema:
    """Return what stands for a part that is defined once."""
    return {"$ref": f"#/$defs/{name}"}
