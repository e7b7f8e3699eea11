"""The one module that reads the clock; everywhere else an instant is an argument."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the instant as an aware datetime in UTC."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the instant as an aware datetime in UTC."""
        return datetime.now(UTC)
