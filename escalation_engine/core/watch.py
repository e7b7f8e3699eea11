"""What runs in a case as time passes: timers, clocks and duties as values, and what falls due."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

__all__ = [
    "ASLEEP",
    "DUE",
    "STOPPED",
    "Cycle",
    "Owed",
    "Pausing",
    "Threshold",
    "TimeChange",
    "Watch",
]

DUE = "due"
"""The label of the last threshold; the others are marks such as `75%`."""

STOPPED = "stopped"
"""The reason of a break in which a clock is stopped."""

ASLEEP = "asleep"
"""The reason of a break in which a timer waits for the way back to its state."""


class Threshold(NamedTuple):
    """An instant at which something has to happen, and what: a mark, or DUE."""

    at: datetime
    label: str


class Pausing(NamedTuple):
    """A stretch that does not count; `end` is None while it lasts. `reason` is a state's title.

    A stop has the reason `stopped`, a timer that waits for the way back `asleep`.
    """

    start: datetime
    end: datetime | None
    reason: str


class Watch(NamedTuple):
    """A timer or clock that runs: counted from `since` towards `target`, a canonical duration.

    `pending` are the thresholds to come in order, empty while a pause keeps them open; `fired` the
    labels that have been reached in this cycle. `status` is running, asleep (a timer whose state
    was left towards a state with a way back), stopped or breached (clocks). `token` changes when it
    is armed anew, so that a stale firing is recognised. `count` is the number of firings of a
    repeated timer, of extensions of a clock. A clock that has an `ended_at` is stopped; a breached
    one stays so. `due_at` is when it is or was due, None while that is open; an empty `target` is
    one that is not known yet.
    """

    token: str
    since: datetime
    target: str
    pending: tuple[Threshold, ...] = ()
    breaks: tuple[Pausing, ...] = ()
    fired: tuple[str, ...] = ()
    status: str = "running"
    count: int = 0  # type: ignore[assignment]  # hides how often a tuple holds a value
    cycle: int = 1
    ended_at: datetime | None = None
    due_at: datetime | None = None


class Cycle(NamedTuple):
    """A finished cycle of a clock: met, breached, or cancelled by the end of the case."""

    cycle: int
    since: datetime
    target: str
    ended_at: datetime
    verdict: str
    due_at: datetime | None


class Owed(NamedTuple):
    """A duty in a case. `due_at` is its next due time, None: nothing falls due.

    `status` is open (owed now), done, missed or skipped. One that recurs is waiting until its
    first due time, and open from a due time on until it is done; what is open at the next one has
    been missed. `since` is when it opened, or its last due time; of what was done ahead of its time
    the due time that this covers. `done` and `missed` count what has been performed and what has
    not. `origin` is what the due times of one that recurs are counted from.
    """

    token: str
    status: str
    due_at: datetime | None
    since: datetime
    last_done: datetime | None = None
    done: int = 0
    missed: int = 0
    origin: datetime | None = None


class TimeChange(NamedTuple):
    """One journaled change of a timer, clock or duty (`kind`), from due `was` to due `at`.

    `what` is armed, paused, resumed, cancelled, suspended, fired, stopped, breached, reopened,
    extended, retargeted, recalculated, opened, done, incomplete, missed, skipped, or not_armed; at
    a migration kept, recounted, restarted or dropped. Of the kind `calendars` it is adopted:
    another edition of their dates.
    """

    kind: str
    key: str
    what: str
    at: datetime | None = None
    was: datetime | None = None
    detail: str = ""
