"""Compare what a scenario expects of timers, clocks, duties and digests with what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from escalation_engine.core import Case, Digest, Due, Entry
from escalation_engine.core.watch import DUE
from escalation_engine.runtime.standing import Standing, standings
from escalation_engine.testing.expected import Expected
from escalation_engine.testing.mismatch import Mismatch, joined

__all__ = ["fallen_due", "of_digests", "of_standings", "of_what_fell_due"]

_NONE = "none"


def of_standings(expected: Expected, case: Case) -> Iterator[Mismatch]:
    """Yield what is not as told about due instants, clocks and duties."""
    standing = list(standings(case))
    for name, instant in (expected.due or {}).items():
        found = [one.due_at for one in standing if name in (one.name, one.key)]
        if instant not in (found or [None]):
            yield Mismatch("due", f"{name} due {_instant(instant)}", joined(map(_instant, found)))
    for what, kind in (("clocks", "clock"), ("duties", "duty")):
        wanted: Mapping[str, str] = getattr(expected, what) or {}
        yield from _of_status(what, wanted, [one for one in standing if one.kind == kind])


def of_what_fell_due(expected: Expected, entries: Iterable[Entry]) -> Iterator[Mismatch]:
    """Yield what is not as told about timers and warnings that fired, and clocks breached."""
    firings = [entry.input for entry in entries if isinstance(entry.input, Due)]
    fired = [fallen_due(one) for one in firings if one.kind == "timer" or one.label != DUE]
    if expected.fired is not None and list(expected.fired) != fired:
        yield Mismatch("fired", joined(expected.fired), joined(fired))
    breached = [one.key for one in firings if one.kind == "clock" and one.label == DUE]
    if expected.breached is not None and list(expected.breached) != breached:
        yield Mismatch("breached", joined(expected.breached), joined(breached))


def of_digests(expected: Expected, digests: Sequence[Digest]) -> Iterator[Mismatch]:
    """Yield what is not as told about digests that list the case."""
    if expected.digests is None:
        return
    is_as_told = len(expected.digests) == len(digests) and all(
        told in (one.name, f"{one.name} for {_who(one)}")
        for told, one in zip(expected.digests, digests, strict=False)
    )
    if not is_as_told:
        found = joined(f"{one.name} for {_who(one)}" for one in digests)
        yield Mismatch("digests", joined(expected.digests), found)


def fallen_due(due: Due) -> str:
    """Return the name of what fell due, with the mark of a warning."""
    name = due.key.rpartition(":")[2]
    return name if due.label == DUE else f"{name} {due.label}"


def _of_status(
    what: str, wanted: Mapping[str, str], standing: list[Standing]
) -> Iterator[Mismatch]:
    found = {one.name: one.status for one in standing}
    for name, status in wanted.items():
        if found.get(name, _NONE) != status:
            yield Mismatch(what, f"{name} to be {status}", found.get(name, _NONE))


def _who(digest: Digest) -> str:
    holder = digest.holder
    return (holder and (holder.person or holder.role)) or "nobody"


def _instant(instant: datetime | None) -> str:
    return "never" if instant is None else instant.isoformat()
