"""Compare what a scenario expects with what was seen, and tell every mismatch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from escalation_engine.core import (
    Act,
    Alarm,
    Case,
    Corrected,
    Digest,
    Due,
    Effect,
    Entry,
    Forgotten,
    Fulfilled,
    Holder,
    Migrated,
    Noted,
    Notify,
    Opened,
    Recalculated,
    Recorded,
    Reported,
    Sent,
    Task,
    TaskChanged,
    freeze,
)
from escalation_engine.errors import EventRefused, Reason
from escalation_engine.testing.expecting_time import (
    fallen_due,
    of_digests,
    of_standings,
    of_what_fell_due,
)
from escalation_engine.testing.mismatch import Mismatch, joined
from escalation_engine.testing.scenario import Expected, Refused

__all__ = ["Seen", "compare", "compare_refusal", "told"]

_T = TypeVar("_T")
_NOBODY = "nobody"
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to compare with: the case, and the entries and effects that count."""

    case: Case | None
    entries: tuple[Entry, ...]
    effects: tuple[Effect, ...]
    possible: Callable[[], Collection[str]]
    digests: tuple[Digest, ...] = ()


def compare(expected: Expected, seen: Seen) -> list[Mismatch]:
    """Return every mismatch: of the case, its holders, its time, then of lists and options."""
    if seen.case is None:
        return [Mismatch("state", "a case", "none: no case is open")]
    mismatches = [*_of_case(expected, seen.case), *_of_holders(expected, seen)]
    mismatches += [*of_standings(expected, seen.case), *_of_lists(expected, seen)]
    mismatches += of_what_fell_due(expected, seen.entries)
    mismatches += of_digests(expected, seen.digests)
    return mismatches + _of_options(expected, seen.possible)


def compare_refusal(expected: Refused | None, refusal: EventRefused | None) -> list[Mismatch]:
    """Return what is not as told about a refusal, or about the lack of one."""
    if expected is None:
        return [] if refusal is None else [Mismatch("it", "to be accepted", str(refusal))]
    if refusal is None:
        return [Mismatch("refused", joined(expected), "that it was accepted")]
    reasons = expected if isinstance(expected, dict) else dict.fromkeys(expected, ("",))
    found = "; ".join(f"{one.kind}: {one.message}" for one in refusal.reasons)
    return [
        Mismatch("refused", f"{kind} {words}".strip(), found)
        for kind, several in reasons.items()
        for words in several
        if not any(_fits(reason, kind, words) for reason in refusal.reasons)
    ]


def told(entry: Entry) -> str:
    """Return one word for an entry: its event, what fell due, or what else it was."""
    match entry.input:
        case Opened() | Sent():
            return entry.input.event
        case Recorded():
            return "record"
        case Noted():
            return entry.input.kind
        case Reported():
            return entry.input.event or entry.input.outcome
        case Corrected():
            return "correct"
        case Due():
            return fallen_due(entry.input)
        case Fulfilled():
            return entry.input.duty
        case TaskChanged():
            return f"task_{entry.input.what}"
        case Recalculated():
            return "recalculate"
        case Forgotten():
            return "forget"
        case Migrated():
            return "migrate"


def _fits(reason: Reason, kind: str, words: str) -> bool:
    is_named = words in (reason.subject, reason.subject.partition(".")[0])  # CHECKLIST.ITEM
    return reason.kind == kind and (is_named or words in reason.message)


def _of_case(expected: Expected, case: Case) -> Iterator[Mismatch]:
    if expected.state is not None and expected.state != case.state:
        yield Mismatch("state", expected.state, case.state)
    for track, state in (expected.states or {}).items():
        if case.states.get(track) != state:
            yield Mismatch("states", f"{track} in {state}", case.states.get(track, "no such track"))
    if expected.outcome is not None and expected.outcome != (case.outcome or _NONE):
        yield Mismatch("outcome", expected.outcome, case.outcome or _NONE)
    for name, value in (expected.data or {}).items():
        if case.data.get(name) != freeze(value):
            found = _shown(case.data.get(name))
            yield Mismatch("data", f"{name} to be {_shown(value)}", found)
    for name, number in (expected.count or {}).items():
        if case.counts.get(name, 0) != number:
            yield Mismatch("count", f"{name} to be {number}", str(case.counts.get(name, 0)))
    for name, tasks in (expected.tasks or {}).items():
        found_tasks = {one.text: _standing(one) for one in case.tasks.get(name, ())}
        if found_tasks != tasks:
            yield Mismatch("tasks", f"{name} to be {_listed(tasks)}", _listed(found_tasks))


def _standing(task: Task) -> str:
    return "done" if task.is_done else "open"


def _listed(tasks: Mapping[str, str]) -> str:
    return ", ".join(f"{text} ({how})" for text, how in tasks.items()) or "empty"


def _of_holders(expected: Expected, seen: Seen) -> Iterator[Mismatch]:
    assert seen.case is not None
    wanted = [("slots", slot, who) for slot, who in (expected.slots or {}).items()]
    for slot, who in (("assignee", expected.assignee), ("owner", expected.owner)):
        if who is not None:
            wanted.append((slot, slot, who))
    for key, slot, who in wanted:
        holders = seen.case.slots.get(slot, ())
        if not (any(_is(holder, who) for holder in holders) or (who == _NOBODY and not holders)):
            yield Mismatch(key, f"{slot} held by {who}", ", ".join(map(str, holders)) or _NOBODY)
    for slot, names in (expected.holders or {}).items():
        moves = [entry.slots[slot] for entry in seen.entries if slot in entry.slots]
        given = [holder for _, now in moves for holder in now]
        if not _all(names, given, _is):
            yield Mismatch("holders", f"{slot} given to {joined(names)}", joined(given))


def _of_lists(expected: Expected, seen: Seen) -> Iterator[Mismatch]:
    told_to = [one for one in seen.effects if isinstance(one, Notify)]
    if expected.notified is not None and not _all(expected.notified, told_to, _tells):
        found = joined(one.recipient for one in told_to)
        yield Mismatch("notified", joined(expected.notified), found)
    acts = [one.name for one in seen.effects if isinstance(one, Act)]
    if expected.performed is not None and list(expected.performed) != acts:
        yield Mismatch("performed", joined(expected.performed), joined(acts))
    alarms = [one.subject for one in seen.effects if isinstance(one, Alarm)]
    if expected.alarms is not None and list(expected.alarms) != alarms:
        yield Mismatch("alarms", joined(expected.alarms), joined(alarms))
    entries = [told(entry) for entry in seen.entries]
    if expected.journal is not None and list(expected.journal) != entries:
        yield Mismatch("journal", joined(expected.journal), joined(entries))


def _of_options(expected: Expected, possible: Callable[[], Collection[str]]) -> list[Mismatch]:
    if expected.options is None and expected.not_options is None:
        return []
    found = possible()
    missing = [event for event in expected.options or () if event not in found]
    surplus = [event for event in expected.not_options or () if event in found]
    shown = joined(sorted(found))
    mismatches = [Mismatch("options", f"{event} to be possible", shown) for event in missing]
    return mismatches + [
        Mismatch("not_options", f"{event} not to be possible", shown) for event in surplus
    ]


def _is(holder: Holder, who: str) -> bool:
    return who in (holder.person, holder.role, holder.acting, str(holder))


def _tells(effect: Notify, who: str) -> bool:
    return who in (effect.recipient, effect.role, effect.person)


def _all(names: Collection[str], found: Collection[_T], fits: Callable[[_T, str], bool]) -> bool:
    return len(names) == len(found) and all(map(fits, found, names))


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)
