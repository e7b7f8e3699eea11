"""What runs in a case as time passes: timers, clocks and duties as values, and what falls due."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

__all__ = ["DUE", "Cycle", "Owed", "Pausing", "Threshold", "TimeChange", "Watch"]

DUE = "due"
"""The label of the last threshold; the others are marks such as `75%`."""


class Threshold(NamedTuple):
    """An instant at which something has to happen, and what: a mark, or DUE."""

    at: datetime
    label: str


class Pausing(NamedTuple):
    """A stretch that does not count; `end` is None while it lasts. A stop has the reason `stopped`."""

    start: datetime
    end: datetime | None
    reason: str


class Watch(NamedTuple):
    """A timer or clock that runs: counted from `since` towards `target`, a canonical duration.

    `pending` are the thresholds to come in order, empty while a pause keeps them open; `fired` the
    labels that have been reached in this cycle. `status` is running, asleep (a timer whose state was
    left towards a state with a way back), stopped or breached (clocks). `token` changes whenever it
    is armed anew, so that a stale firing is recognised. `count` is the number of firings of a
    repeated timer, of extensions of a clock.
    """

    token: str
    since: datetime
    target: str
    pending: tuple[Threshold, ...] = ()
    breaks: tuple[Pausing, ...] = ()
    fired: tuple[str, ...] = ()
    status: str = "running"
    count: int = 0
    cycle: int = 1
    ended_at: datetime | None = None


class Cycle(NamedTuple):
    """A finished cycle of a clock: its verdict (met, breached) never changes afterwards."""

    cycle: int
    since: datetime
    target: str
    ended_at: datetime
    verdict: str
    due_at: datetime | None


class Owed(NamedTuple):
    """A duty in a case. `status` is open, done, missed or skipped; `due_at` None: nothing is due.

    `done` and `missed` count what has been performed and what has not.
    """

    token: str
    status: str
    due_at: datetime | None
    since: datetime
    last_done: datetime | None = None
    done: int = 0
    missed: int = 0


class TimeChange(NamedTuple):
    """One journaled change: `what` is armed, paused, resumed, cancelled, suspended, fired, met,
    breached, extended, retargeted, recalculated, opened, done, missed, skipped, or not_armed."""

    kind: str
    key: str
    what: str
    at: datetime | None = None
    was: datetime | None = None
    detail: str = ""
