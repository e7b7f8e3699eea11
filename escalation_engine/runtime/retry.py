"""How often an effect is tried before it is parked, and how long the engine waits in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

__all__ = ["RetryPolicy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential back-off without chance: `first_wait`, then `factor` times longer each time.

    After `attempts` failures the effect is parked. The standard spans a little more than two hours.
    """

    attempts: int = 8
    first_wait: timedelta = timedelta(minutes=1)
    factor: int = 2

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.factor < 1 or self.first_wait < timedelta(0):
            raise ValueError(
                "a retry policy has at least 1 attempt, a factor of 1 or more, a wait of 0 or more"
            )

    def wait_after(self, failures: int) -> timedelta | None:
        """Return how long to wait after so many failures; None: no further attempt."""
        if failures >= self.attempts:
            return None
        waited: int = self.factor ** (failures - 1)
        return self.first_wait * waited
