"""When a clock does not run: pauses with their reasons, and stops, as pure values.

Counting what runs in between is the business of `due.py`; why a clock pauses, of the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from escalation_engine.calendar.local import to_utc
from escalation_engine.errors import BadInput

__all__ = ["Break", "Cause", "Pause", "Stop", "Stretch", "stretches"]


class Cause(StrEnum):
    """Why time counts or does not; the words that people are shown."""

    COUNTED = "counted"
    PAUSED = "paused"
    OUTSIDE_HOURS = "outside_hours"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Pause:
    """Paused from `start` until `end`, None: until further notice, for one reason."""

    start: datetime
    end: datetime | None
    reason: str

    def __post_init__(self) -> None:
        _check_order(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Stop:
    """Stopped at `start`, and resumed at `end`, None: not resumed."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        _check_order(self.start, self.end)


Break = Pause | Stop


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time, open-ended when `end` is None, in which one thing holds: running, paused or stopped.

    `reasons` are those of all pauses that hold, sorted; a stop goes before any pause.
    """

    start: datetime
    end: datetime | None
    cause: Cause
    reasons: tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether the clock runs here."""
        return self.cause is Cause.COUNTED


def stretches(start: datetime, end: datetime | None, breaks: Sequence[Break]) -> Iterator[Stretch]:
    """Yield what holds when from `start` until `end`, without a gap, none like the one before it.

    A clock pauses while any reason holds: a second pause, or leaving one of two, changes nothing.
    """
    if end is not None and end <= start:
        return
    if not breaks:
        yield Stretch(start, end, Cause.COUNTED)
        return
    begun: Stretch | None = None
    edges = _edges(start, end, breaks)
    for first, behind in zip(edges, [*edges[1:], end], strict=True):
        holding = [each for each in breaks if each.start <= first and _holds_after(each, first)]
        reasons = tuple(sorted({each.reason for each in holding if isinstance(each, Pause)}))
        cause = Cause.PAUSED if reasons else Cause.COUNTED
        if any(isinstance(each, Stop) for each in holding):
            cause = Cause.STOPPED
        if begun and (begun.cause, begun.reasons) == (cause, reasons):
            begun = Stretch(begun.start, behind, cause, reasons)
            continue
        if begun:
            yield begun
        begun = Stretch(first, behind, cause, reasons)
    if begun:
        yield begun


def _edges(start: datetime, end: datetime | None, breaks: Sequence[Break]) -> list[datetime]:
    """Return, in order, where something may begin: `start` and the ends of breaks behind it."""
    ends = [to_utc(edge, "break") for each in breaks for edge in (each.start, each.end) if edge]
    return sorted({start, *(edge for edge in ends if edge > start and (end is None or edge < end))})


def _holds_after(each: Break, instant: datetime) -> bool:
    return each.end is None or instant < each.end


def _check_order(start: datetime, end: datetime | None) -> None:
    if end is not None and to_utc(end, "end") < to_utc(start, "start"):
        raise BadInput("end", f"{end} is before the start, {start}", accepted="a later instant")
