"""What watches an exploration along: promises, each with a small memory of what has happened.

The memory is part of the configuration, so that two cases that differ only in what a promise has
seen are told apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol

from escalation_engine.chart.model import Moment
from escalation_engine.condition import Condition
from escalation_engine.core import Case, Decision

__all__ = ["Watcher"]


class Watcher(Protocol):
    """Follows a case from its opening; knows nothing but its memory and the decision at hand.

    `conditions` and `moments` are all that it reads: what nobody reads is left out of a
    configuration, and is then neither in `before` nor in the decision's case.
    """

    @property
    def conditions(self) -> Sequence[Condition]:
        """Every condition that it may ask of a case or an input."""

    @property
    def moments(self) -> Sequence[Moment]:
        """Every moment that it waits for."""

    def begin(self, decision: Decision) -> Hashable:
        """Return what it remembers of the decision that opens a case."""

    def follow(self, memory: Hashable, before: Case, decision: Decision) -> Hashable:
        """Return what it remembers after one more decision."""
