"""How often an effect is tried before it is parked, and how long the engine waits in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from escalation_engine.errors import BadInput

__all__ = ["LONGEST_WAIT", "RetryPolicy"]

LONGEST_WAIT = timedelta(days=366)
"""No wait between two attempts is longer, whatever its policy comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential back-off without chance: `first_wait`, then `factor` times longer each time.

    After `attempts` failures the effect is parked. The standard spans a little more than two hours.
    No wait is longer than `LONGEST_WAIT`. What a process had claimed when it died is left alone
    until its `lease` is over; one that lives renews it.
    """

    attempts: int = 8
    first_wait: timedelta = timedelta(minutes=1)
    factor: int = 2
    lease: timedelta = timedelta(minutes=5)

    def __post_init__(self) -> None:
        for name in ("attempts", "factor"):
            count = getattr(self, name)
            if not isinstance(count, int) or isinstance(count, bool) or count < 1:
                raise BadInput(name, f"{count!r} cannot be taken", accepted="a whole number from 1")
        wait: object = self.first_wait
        if not isinstance(wait, timedelta) or wait < timedelta(0):
            problem = f"{wait!r} cannot be taken"
            raise BadInput("first_wait", problem, accepted="a timedelta of 0 or more")
        lease: object = self.lease
        if not isinstance(lease, timedelta) or not timedelta(0) < lease <= LONGEST_WAIT:
            problem = f"{lease!r} cannot be taken"
            raise BadInput("lease", problem, accepted="a timedelta above 0, up to 366 days")

    def wait_after(self, failures: int) -> timedelta | None:
        """Return how long to wait after so many failures; None: no further attempt."""
        if failures >= self.attempts:
            return None
        wait = min(self.first_wait, LONGEST_WAIT)
        if self.factor == 1 or not wait:
            return wait
        for _ in range(failures - 1):
            # Divided, because the product may be beyond what a timedelta holds.
            if wait >= LONGEST_WAIT / self.factor:
                return LONGEST_WAIT
            wait *= self.factor
        return wait
