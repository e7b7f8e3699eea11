"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["ManualClock"]


class ManualClock:
    """A clock moved by hand. It takes aware datetimes only, and goes back only when asked to."""

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        """Return the instant at which the clock stands, in UTC."""
        return self._now

    def move_to(self, instant: datetime, *, may_go_back: bool = False) -> None:
        """Set the clock. Raises ValueError for an earlier instant unless `may_go_back`."""
        found = _utc(instant)
        if found < self._now and not may_go_back:
            raise ValueError(
                f"the clock stands at {self._now.isoformat()} and would go back to "
                f"{found.isoformat()}; say may_go_back=True if this is meant"
            )
        self._now = found

    def move_by(self, duration: timedelta, *, may_go_back: bool = False) -> None:
        """Move the clock by real elapsed time, whatever daylight saving does."""
        self.move_to(self._now + duration, may_go_back=may_go_back)


def _utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no time zone: give an aware datetime")
    return instant.astimezone(UTC)
