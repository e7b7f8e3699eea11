"""Promises: sentences about all cases, verified on the process and watched on each case."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from escalation_engine.definition.model import Name, Text, Traced
from escalation_engine.definition.transition import Amount, Condition

__all__ = ["Promise"]


Asked = Annotated[
    Condition,
    Field(
        description="A condition on facts and moments, such as closed and resolution is unset, "
        "event confirm, outcome resolved, clock contact breached."
    ),
]


class Promise(Traced):
    """One of: never, whenever .. then, at_most .. of, every_case, possible, if_nobody_acts."""

    say: Text | None = Field(None, description="The promise in plain words.")
    never: Asked | None = Field(None, description="What is not true after any input.")
    before: Asked | None = Field(None, description="Beside never: it may be true from then on.")
    whenever: Asked | None = Field(None, description="What, each time it happens, obliges.")
    then: Asked | None = Field(None, description="What has to happen then, at once or later.")
    unless: Asked | None = Field(None, description="What, if it happens first, frees from it.")
    at_most: Annotated[StrictInt, Field(ge=0)] | None = Field(
        None, description="How often it may happen."
    )
    of: Asked | None = Field(None, description="What is counted.")
    every_case: Asked | None = Field(
        None, description="What is true when a case ends; of a moment, that it has passed."
    )
    possible: Asked | None = Field(None, description="What can be reached, by some path.")
    if_nobody_acts: Asked | None = Field(
        None, description="What timers alone lead to, wherever a case is left alone."
    )
    within: Amount | None = Field(None, description="The time for it.")
    calendar: Name | None = Field(
        None, description="The calendar on which that time counts; the only one if not named."
    )
    after: Asked | None = Field(None, description="The promise counts once this has happened.")
    until: Asked | None = Field(None, description="The promise counts till this happens.")
    between: Annotated[tuple[Asked, ...], Field(min_length=1)] | None = Field(
        None, description="The promise counts each time from the first of these two to the second."
    )
