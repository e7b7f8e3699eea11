"""Moments: one vocabulary for when something starts, stops, counts and is reset."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from escalation_engine.chart.fault import Faults, Path, did_you_mean
from escalation_engine.chart.model import Moment, MomentKind
from escalation_engine.chart.names import Names

__all__ = ["FindState", "read_moments", "read_state"]


@dataclass(frozen=True, slots=True)
class FindState:
    """From a state as written to `TRACK.PATH`; `seen` are the names that could be written."""

    find: Callable[[str], str | None]
    seen: Callable[[], Iterable[str]]


_FORMS = (
    "event NAME, entering STATE, leaving STATE, slot NAME changes, checklist NAME complete, "
    "clock NAME breached, clock NAME met, duty NAME missed"
)


def read_moments(
    texts: Iterable[str], names: Names, find_state: FindState, path: Path, faults: Faults
) -> tuple[Moment, ...]:
    """Return the moments that can be read; the others are noted as faults."""
    moments = []
    for index, text in enumerate(texts):
        moment = _read(text, names, find_state, (*path, index), faults)
        if moment is not None:
            moments.append(moment)
    return tuple(moments)


def read_state(name: str, find_state: FindState, path: Path, faults: Faults) -> str | None:
    """Return `TRACK.PATH` for a state as written, or note that there is none."""
    state = find_state.find(name)
    if state is None:
        hint = did_you_mean(name, find_state.seen())
        faults.add("E113", f"there is no state `{name}`", path, hint=hint)
    return state


def _read(
    text: str, names: Names, find_state: FindState, path: Path, faults: Faults
) -> Moment | None:
    match text.split():
        case ["event", name]:
            found = names.find("event", name, path)
            return Moment(MomentKind.EVENT, found) if found else None
        case [("entering" | "leaving") as word, name]:
            state = read_state(name, find_state, path, faults)
            return Moment(MomentKind(word), state) if state else None
        case ["slot", name, "changes"]:
            found = names.find("slot", name, path)
            return Moment(MomentKind.SLOT, found) if found else None
        case ["checklist", name, "complete"]:
            found = names.find("checklist", name, path)
            return Moment(MomentKind.CHECKLIST, found) if found else None
        case ["clock", name, ("breached" | "met") as verdict]:
            found = names.find("clock", name, path)
            return Moment(MomentKind(f"clock_{verdict}"), found) if found else None
        case ["duty", name, "missed"]:
            found = names.find("duty", name, path)
            return Moment(MomentKind.DUTY_MISSED, found) if found else None
    faults.add("E127", f"`{text}` is not a moment", path, hint=f"a moment is one of: {_FORMS}")
    return None
