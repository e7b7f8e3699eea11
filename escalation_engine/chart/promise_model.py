"""A promise in a chart: one sentence about all cases, with every name canonical."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from escalation_engine.chart.body_model import Amount
from escalation_engine.condition import Condition

__all__ = ["Promise", "PromiseForm"]


class PromiseForm(Enum):
    """What a promise says of its subject; `never .. before` is NEVER with an `until`."""

    NEVER = "never"
    WHENEVER = "whenever"
    AT_MOST = "at_most"
    EVERY_CASE = "every_case"
    POSSIBLE = "possible"
    IF_NOBODY_ACTS = "if_nobody_acts"


@dataclass(frozen=True, slots=True)
class Promise:
    """What is said of `subject`, the condition that stands behind the word of the form.

    It counts from `after` (None: from the start) till `until` (None: to the end), again and again
    with `repeats`. `then` and `unless` belong to WHENEVER, `limit` to AT_MOST; `within` counts on
    `calendar`, which is empty where no calendar is needed.
    """

    name: str
    title: str
    form: PromiseForm
    subject: Condition
    then: Condition | None = None
    unless: Condition | None = None
    limit: int = 0
    within: Amount | None = None
    calendar: str = ""
    after: Condition | None = None
    until: Condition | None = None
    repeats: bool = False
    source: tuple[str, ...] = ()
    inferred: str = ""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that it asks."""
        asked = (self.subject, self.then, self.unless, self.after, self.until)
        return tuple(condition for condition in asked if condition is not None)
