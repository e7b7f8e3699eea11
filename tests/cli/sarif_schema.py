"""What the JSON Schema of SARIF 2.1.0 demands of what we write; nothing else is accepted."""

from __future__ import annotations

from typing import Any

__all__ = ["SARIF"]


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 1}
_INDEX = {"type": "integer", "minimum": -1}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_MESSAGE = _object(["text"], text=_TEXT, markdown=_TEXT)
_URI = {"type": "string", "format": "uri-reference", "pattern": r"^[^ \\\\]+$"}
_LOCATION = _object(
    [],
    physicalLocation=_object(
        [],
        artifactLocation=_object([], uri=_URI, uriBaseId=_TEXT),
        region=_object([], startLine=_COUNT, startColumn=_COUNT),
    ),
    message=_MESSAGE,
)
_STEP = _object(
    [],
    location=_LOCATION,
    executionOrder=_INDEX,
    state={"type": "object", "additionalProperties": _MESSAGE},
)
_RULE = _object(
    ["id"],
    id=_TEXT,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    defaultConfiguration=_object([], level=_LEVEL),
)
_RESULT = _object(
    ["message"],
    ruleId=_TEXT,
    ruleIndex=_INDEX,
    level=_LEVEL,
    message=_MESSAGE,
    locations={**_list(_LOCATION), "uniqueItems": True},
    partialFingerprints={"type": "object", "additionalProperties": _TEXT},
    codeFlows=_list(
        _object(
            ["threadFlows"], threadFlows=_list(_object(["locations"], locations=_list(_STEP, 1)), 1)
        )
    ),
    suppressions=_list(
        _object(["kind"], kind={"enum": ["inSource", "external"]}, justification=_TEXT)
    ),
)
_DRIVER = _object(
    ["name"], name=_TEXT, semanticVersion=_TEXT, rules={**_list(_RULE), "uniqueItems": True}
)
_RUN = _object(
    ["tool"],
    tool=_object(["driver"], driver=_DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=_list(_RESULT),
)

SARIF = _object(
    ["version", "runs"], version={"const": "2.1.0"}, runs=_list(_RUN), **{"$schema": _TEXT}
)
