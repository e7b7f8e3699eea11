"""How the timers, clocks and duties of a case stand, each in a word and an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from escalation_engine.core import Case
from escalation_engine.core.watch import STOPPED, Watch

__all__ = ["Standing", "standings"]


class Standing(NamedTuple):
    """`kind` is timer, clock or duty; `name` as written, `key` as in the case.

    `status` is running, paused or asleep; met, breached or cancelled for a clock; waiting, open,
    done, missed or skipped for a duty. `due_at` None: nothing is due, or a pause keeps it open.
    """

    kind: str
    name: str
    key: str
    status: str
    due_at: datetime | None


def standings(case: Case) -> Iterator[Standing]:
    """Yield timers, then clocks, then duties; a clock that ended in an earlier cycle with it."""
    for key, watch in case.timers.items():
        name = key.rpartition(":")[2]
        yield Standing("timer", name, key, _status(watch), _due(watch))
    for name, watch in case.clocks.items():
        status = case.cycles[name][-1].verdict if watch.status == STOPPED else _status(watch)
        yield Standing("clock", name, name, status, _due(watch))
    for name, cycles in case.cycles.items():
        if name not in case.clocks and cycles:
            yield Standing("clock", name, name, cycles[-1].verdict, None)
    for name, owed in case.duties.items():
        yield Standing("duty", name, name, owed.status, owed.due_at)


def _status(watch: Watch) -> str:
    if watch.status == "running":
        is_paused = any(one.end is None for one in watch.breaks)
        return "paused" if is_paused else "running"
    return watch.status


def _due(watch: Watch) -> datetime | None:
    return watch.due_at if watch.status in ("running", "breached") else None
