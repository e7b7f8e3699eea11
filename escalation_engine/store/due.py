"""When something is due in a case, told from the case alone, and the queue of such cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from heapq import heapify, heappop, heappush

from escalation_engine.core.case import Case
from escalation_engine.core.upcoming import due_at

__all__ = ["DueQueue", "next_due_of"]

_SLACK = 64


def next_due_of(case: Case) -> datetime | None:
    """Return the earliest instant that something in the case is due; None: nothing is to come.

    A closed case waits for nothing.
    """
    return None if case.is_closed else due_at(case)


class DueQueue:
    """Names by the instant at which they are due, earliest first; each has one instant or none.

    A heap whose outdated entries are skipped when they come up, and swept out when they are many:
    what is not due is never looked at. Its owner guards it against other threads.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str]] = []
        self._at: dict[str, datetime] = {}

    def put(self, name: str, at: datetime | None) -> None:
        """Let a name be due at an instant from now on; None: not at all."""
        if at is None:
            self._at.pop(name, None)
        elif self._at.get(name) != at:
            self._at[name] = at
            heappush(self._heap, (at, name))
        if len(self._heap) > 2 * len(self._at) + _SLACK:
            self._heap = [(at, name) for name, at in self._at.items()]
            heapify(self._heap)

    def first(self) -> datetime | None:
        """Return the earliest instant; None where no name is due ever."""
        while self._heap:
            at, name = self._heap[0]
            if self._at.get(name) == at:
                return at
            heappop(self._heap)
        return None

    def until(self, now: datetime, limit: int) -> list[str]:
        """Return the names due at `now` or before, earliest first, at most `limit`."""
        found = list(self._taken(now, limit))
        for entry in found:
            heappush(self._heap, entry)
        return [name for _, name in found]

    def _taken(self, now: datetime, limit: int) -> Iterable[tuple[datetime, str]]:
        seen: set[str] = set()  # a name may have come back to an instant that it had before
        while self._heap and len(seen) < limit and self._heap[0][0] <= now:
            at, name = heappop(self._heap)
            if name not in seen and self._at.get(name) == at:
                seen.add(name)
                yield at, name
