"""The ground that all models of a definition stand on: frozen, strict about keys, names checked."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
)

__all__ = [
    "FindingCode",
    "Literals",
    "Model",
    "Name",
    "Names",
    "Path",
    "Renamed",
    "Scalar",
    "Text",
    "Traced",
    "listed",
]

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_]*$"
PATH_PATTERN = r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$"


class Model(BaseModel):
    """A value read from YAML: it never changes, and a key that it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Name = Annotated[
    StrictStr,
    StringConstraints(pattern=NAME_PATTERN, max_length=80),
    Field(description="A name: a letter, then letters, digits and underscores."),
]
Path = Annotated[
    StrictStr,
    StringConstraints(pattern=PATH_PATTERN, max_length=400),
    Field(description="A name, or names joined by dots."),
]
FindingCode = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Z][0-9]{3}$")]
Text = Annotated[StrictStr, StringConstraints(min_length=1, max_length=10_000)]
Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
Literals = tuple[Scalar, ...]


def listed(value: object) -> object:
    """Return a single mapping or text as a list of one, so that both forms are read alike."""
    return [value] if isinstance(value, (dict, str)) else value


class Traced(Model):
    """An element that says where it comes from: a sentence of a source, or our own inference."""

    source: tuple[StrictStr, ...] | None = Field(
        None, description="The statements it comes from, such as S1.4."
    )
    inferred: StrictBool | Text | None = Field(
        None, description="Not stated by the text; added to make it run. A text says why."
    )
    assumption: Text | None = Field(None, description="What was assumed where the text is silent.")
    ignore: dict[FindingCode, Text] = Field(
        default_factory=dict,
        description="Findings of the check that are meant, each with the reason why.",
    )


class Renamed(Traced):
    """An element that running cases have by its name: it may say what it was called before."""

    was: Name | None = Field(
        None, description="Its name in the version before: a migration proposes to follow it."
    )


Names = Annotated[
    tuple[Path, ...],
    BeforeValidator(listed, json_schema_input_type=Path | tuple[Path, ...]),
]
"""One name, or a list of names."""
