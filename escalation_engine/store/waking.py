"""How a sleeping worker is woken by what others commit; here: not at all."""

from __future__ import annotations

from datetime import datetime

__all__ = ["NEVER", "Listening"]


class Listening:
    """Never woken: of a database that cannot call. The worker looks now and then."""

    def fileno(self) -> int | None:
        """Return a file number that can be read when somebody calls; None: nobody ever does."""
        return None

    def sleep_until(self, until: datetime) -> None:
        """Be called from now on by whoever commits what is due before an instant."""

    def wake(self) -> None:
        """Be called no more."""

    def close(self) -> None:
        """End listening."""


NEVER = Listening()
