"""The facts that a case carries: one JSON Schema per field, and the types of this domain."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)

from escalation_engine.definition.model import (
    Literals,
    Model,
    Name,
    Names,
    Renamed,
    Scalar,
    Text,
    Traced,
)

__all__ = ["DataField", "FieldType", "Parameter", "ValueSchema"]

JsonType = Literal["string", "integer", "number", "boolean", "array", "object"]
FieldType = Literal[
    "string", "integer", "number", "boolean", "array", "object",
    "date", "instant", "duration", "schedule", "person", "role", "level",
]  # fmt: skip
Number = StrictInt | StrictFloat
Count = Annotated[StrictInt, Field(ge=0)]


def _is_pattern(value: str) -> str:
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(f"is not a regular expression: {error}") from None
    return value


Pattern = Annotated[StrictStr, AfterValidator(_is_pattern)]


class SchemaWords(Model):
    """The words of JSON Schema that a field may use."""

    enum: Literals | None = Field(None, min_length=1, description="The values that it may have.")
    const: Scalar | None = Field(None, description="The only value that it may have.")
    minimum: Number | None = Field(None, description="Smallest value allowed.")
    maximum: Number | None = Field(None, description="Largest value allowed.")
    exclusiveMinimum: Number | None = Field(None, description="Values must be greater.")
    exclusiveMaximum: Number | None = Field(None, description="Values must be smaller.")
    multipleOf: Annotated[Number, Field(gt=0)] | None = Field(None, description="A step.")
    minLength: Count | None = Field(None, description="Fewest characters.")
    maxLength: Count | None = Field(None, description="Most characters.")
    pattern: Pattern | None = Field(None, description="A regular expression found in the text.")
    format: Literal["email", "uri", "date", "date-time", "time", "uuid"] | None = Field(
        None, description="A well-known form of text, for forms and readers; it is not enforced."
    )
    minItems: Count | None = Field(None, description="Fewest items.")
    maxItems: Count | None = Field(None, description="Most items.")
    uniqueItems: StrictBool | None = Field(None, description="No item twice.")
    items: ValueSchema | None = Field(None, description="What each item of an array is.")
    properties: dict[str, ValueSchema] | None = Field(None, description="The parts of an object.")
    required: tuple[StrictStr, ...] | None = Field(None, description="Parts that must be there.")
    additionalProperties: StrictBool | ValueSchema | None = Field(
        None, description="Whether other parts are allowed, and what they are."
    )


class ValueSchema(SchemaWords):
    """What a value inside an array or an object is: plain JSON Schema."""

    type: JsonType | None = Field(None, description="The JSON type.")
    title: Text | None = Field(None, description="What people call it.")
    description: Text | None = Field(None, description="What it means.")


class DataField(SchemaWords, Renamed):
    """One fact that a case carries."""

    type: FieldType | None = Field(
        None,
        description="A JSON type, or date, instant, duration, schedule, person, role, level.",
    )
    title: Text | None = Field(None, description="What people call it.")
    description: Text | None = Field(None, description="What it means, for whoever fills it in.")
    default: Scalar | None = Field(None, description="Its value when a case opens without one.")
    changes: Literal["never", "on_events", "anytime"] = Field(
        "on_events",
        description="never: fixed once set. on_events: events may change it. "
        "anytime: it may also be recorded without an event.",
    )
    by: Names | None = Field(None, description="Who may set it: roles, slots or sides.")
    sensitive: StrictBool = Field(False, description="Kept out of logs, traces and errors.")


class Parameter(Traced):
    """A value that the text demands and does not give, to be set per customer."""

    type: Literal[
        "string",
        "integer",
        "number",
        "boolean",
        "duration",
        "schedule",
        "process",
        "role",
        "contact",
    ] = Field("string", description="What kind of value it takes.")
    title: Text | None = Field(None, description="What people call it.")
    description: Text | None = Field(None, description="What turning it changes.")
    enum: Literals | None = Field(None, min_length=1, description="The values that it may have.")
    default: Scalar | None = Field(
        None,
        description="Its value when nobody binds it; `none`: no limit. No default: must be bound.",
    )


Fields = dict[Name, DataField]
