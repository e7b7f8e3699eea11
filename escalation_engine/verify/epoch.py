"""The one instant at which every explored case stands: time moves the watches, not the case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

__all__ = ["EPOCH"]

EPOCH: Final = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday, at midnight
