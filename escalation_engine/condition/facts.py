"""What a condition is asked about: a case as it stands at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

__all__ = ["Facts"]


class Facts(Protocol):
    """The facts of one case, by canonical names.

    A field that is absent from `data`, or None there, is unset. A count that is absent is 0.
    """

    @property
    def data(self) -> Mapping[str, object]:
        """The data fields of the case."""

    @property
    def counts(self) -> Mapping[str, int]:
        """The counts of the case."""

    @property
    def channel(self) -> str | None:
        """The channel by which the event came, None when unknown."""

    def sender_is(self, name: str) -> bool:
        """Return whether the sender is of that role, slot or side."""

    def is_in(self, state: str) -> bool:
        """Return whether the state is active."""

    def is_during(self, calendar: str) -> bool | None:
        """Return whether the calendar counts this moment, None when that cannot be known."""

    def is_event(self, name: str) -> bool:
        """Return whether the event that is looked at has that name."""

    def happens(self, moment: str, /) -> bool:
        """Return whether the moment passes now; only promises ask."""
