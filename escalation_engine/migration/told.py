"""What a migration does to a case, line by line: the same for the plan and for what was done."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.core import Case, Decision, Holder, Migrated
from escalation_engine.core.instant import instant_text

__all__ = ["told"]


def told(before: Case, decision: Decision) -> tuple[str, ...]:
    """Return every part of the case that does not stay as it is. Values of data are not told."""
    return (*_states(before, decision), *_parts(before, decision), *_times(decision))


def _states(before: Case, decision: Decision) -> Iterator[str]:
    moved = decision.entry.input
    assert isinstance(moved, Migrated)
    after = decision.case
    for track, leaf in after.states.items():
        was, landed = before.states.get(track), moved.states[track]
        if was != landed:
            yield f"state {track}: {was or 'none'} → {landed}"
        if landed != leaf:
            yield f"state {track}: goes on to {leaf}"
    yield from (f"track {one}: stopped" for one in before.states if one not in after.states)
    kept = len(after.remembered)
    if kept < len(before.remembered):
        yield f"ways back that lead nowhere any more: {len(before.remembered) - kept}"
    if after.outcome is not None:
        yield f"closed: {after.outcome}"


def _parts(before: Case, decision: Decision) -> Iterator[str]:
    moved, entry, after = decision.entry.input, decision.entry, decision.case
    assert isinstance(moved, Migrated)
    names = moved.names.get("data", {})
    for name in before.data:
        to = names.get(name)
        if to is None or to not in after.data:
            why = "the new version has no such field" if to is None else "its value does not fit"
            yield f"data {name}: dropped, {why}"
        elif to != name:
            yield f"data {name}: now {to}"
    for name, (old, new) in entry.data.items():
        if old is None and new is not None and name not in names.values():
            yield f"data {name}: set to its default"
    for slot, (old_holders, new_holders) in entry.slots.items():
        yield f"slot {slot}: {_holders(old_holders)} → {_holders(new_holders)}"
    for count, (low, high) in entry.counts.items():
        yield f"count {count}: {low} → {high}"
    for checklist, item, _ in entry.answered:
        yield f"checklist {checklist}: the answer to {item} is dropped"
    for task in entry.tasks:
        yield f"task {task.tasks} {task.number}: dropped"


def _times(decision: Decision) -> Iterator[str]:
    for one in decision.entry.timing:
        due = f", due {instant_text(one.at)}" if one.at is not None else ""
        was = f", was due {instant_text(one.was)}" if one.was not in (None, one.at) else ""
        yield f"{one.kind} {one.key}: {one.what}{due}{was}"


def _holders(holders: tuple[Holder, ...]) -> str:
    return ", ".join(map(str, holders)) or "nobody"
