"""What is different between two charts, element by element, in the words of the process language.

States are told once, where they are outermost; a difference that several levels share is told once
with all of them. What follows from another difference (a level that now leads to a new one) is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from escalation_engine.chart.expand import chart_document
from escalation_engine.chart.model import Chart
from escalation_engine.chart.ways_compared import gated_fields, way_differences

__all__ = ["Difference", "DifferenceKind", "differences"]

Document = Mapping[str, Any]


class DifferenceKind(Enum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: an element (a level, a role, a timer) by name, and what became of it.

    `where` are the states it is in or about, as TRACK.PATH; `aspect` says what of it has changed,
    with the values `before` and `after`.
    """

    kind: DifferenceKind
    element: str
    name: str
    where: tuple[str, ...] = ()
    aspect: str = ""
    before: object = None
    after: object = None


_SECTIONS = {
    "data": "field", "roles": "role", "slots": "slot", "guards": "guard", "actions": "action",
    "messages": "message", "checklists": "checklist", "counts": "count", "events": "event",
    "calendars": "calendar", "clocks": "clock", "duties": "duty", "digests": "digest",
    "promises": "promise",
}  # fmt: skip
_HEADS = ("title", "valid_from", "valid_by", "description")
_OF_STATE = ("title", "description", "guidance", "kind", "outcome", "must_resolve", "start")
_PARTS = {
    "items": "item", "arguments": "argument", "translations": "translation", "hours": "hours",
    "special": "special day", "yearly": "yearly", "added": "holiday",
}  # fmt: skip
_UNTOLD = ("compared_as", "schema", "track", "in", "source", "inferred")


def differences(old: Chart, new: Chart) -> tuple[Difference, ...]:
    """Return what is different in `new`, in the order in which a process is read."""
    before, after = chart_document(old), chart_document(new)
    found = [
        *_heads(before, after),
        *_parameters(before, after),
        *_states(before, after),
        *(
            Difference(DifferenceKind(kind), "transition", name, where, aspect, was, now)
            for kind, name, where, aspect, was, now in way_differences(before, after)
        ),
        *_timers(before, after),
        *_sections(before, after),
    ]
    return tuple(_gathered(found))


def _heads(before: Document, after: Document) -> Iterator[Difference]:
    for key in _HEADS:
        if before.get(key) != after.get(key):
            name = str(after["chart"])
            was, now = before.get(key), after.get(key)
            yield Difference(DifferenceKind.CHANGED, "process", name, (), key, was, now)


def _parameters(before: Document, after: Document) -> Iterator[Difference]:
    old = {name: {"value": value} for name, value in before.get("parameters", {}).items()}
    new = {name: {"value": value} for name, value in after.get("parameters", {}).items()}
    yield from _elements("parameter", old, new)


def _sections(before: Document, after: Document) -> Iterator[Difference]:
    for section, element in _SECTIONS.items():
        old, new = (_facts_of(document.get(section, {})) for document in (before, after))
        if section == "events":
            gated = gated_fields(before, after)
            known = old.keys() & new.keys()  # an event comes and goes with its transitions
            old, new = (
                {name: _event(side[name], gated.get(name, ())) for name in side if name in known}
                for side in (old, new)
            )
        yield from _elements(element, old, new)


def _event(facts: Document, gated: Iterable[str]) -> dict[str, object]:
    """An event without what it may bring only because a gate asks for it."""
    may_bring = [name for name in facts.get("may_bring", ()) if name not in gated]
    return {**facts, "may_bring": may_bring}


def _elements(element: str, old: Document, new: Document) -> Iterator[Difference]:
    """Compare elements by name, and those that both have by their aspects."""
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield Difference(DifferenceKind.REMOVED, element, name)
        elif name not in old:
            title = new[name].get("title")
            yield Difference(DifferenceKind.ADDED, element, name, after=title)
        else:
            yield from _aspects(
                Difference(DifferenceKind.CHANGED, element, name), old[name], new[name]
            )


def _aspects(whole: Difference, old: Document, new: Document) -> Iterator[Difference]:
    for aspect in dict.fromkeys((*old, *new)):
        was, now = old.get(aspect), new.get(aspect)
        if was != now and aspect in _PARTS:
            sides = (
                {f"{_PARTS[aspect]} {name}": part for name, part in side.items()}
                for side in (was or {}, now or {})
            )
            yield from _aspects(whole, *sides)
        elif was != now:
            yield replace(whole, aspect=aspect, before=was, after=now)


def _facts_of(section: Document) -> dict[str, dict[str, object]]:
    """Elements with their facts; what an author did not write, or nobody reads, is left out."""
    return {
        name: {key: value for key, value in _mapping(element).items() if key not in _UNTOLD}
        for name, element in section.items()
    }


def _mapping(element: object) -> Document:
    return element if isinstance(element, dict) else {"title": element}


def _timers(before: Document, after: Document) -> Iterator[Difference]:
    """Compare timers; those of states that come or go are told with them."""
    old, new = (document.get("timers", {}) for document in (before, after))
    states = [_state_paths(document) for document in (before, after)]
    for key in dict.fromkeys((*old, *new)):
        scope, _, name = key.partition(":")
        is_of_both = all("." not in scope or scope in known for known in states)
        where = (scope,) if is_of_both else ()
        if is_of_both and key in old and key in new:
            facts = _facts_of({"old": old[key], "new": new[key]})
            changed = Difference(DifferenceKind.CHANGED, "timer", name, where)
            yield from _aspects(changed, facts["old"], facts["new"])
        elif is_of_both:
            kind = DifferenceKind.REMOVED if key in old else DifferenceKind.ADDED
            limit = (old if key in old else new)[key].get("after")
            yield Difference(kind, "timer", name, where, "after", after=limit)


def _state_paths(document: Document) -> set[str]:
    tracks = document["tracks"].items()
    return {f"{track}.{path}" for track, found in tracks for path in found["states"]}


def _states(before: Document, after: Document) -> Iterator[Difference]:
    old, new = before["tracks"], after["tracks"]
    for track in dict.fromkeys((*old, *new)):
        if track not in new or track not in old:
            kind = DifferenceKind.ADDED if track in new else DifferenceKind.REMOVED
            yield Difference(kind, "track", track, (track,))
            continue
        head = Difference(DifferenceKind.CHANGED, "track", track, (track,))
        facts = (_track_facts(document, track) for document in (before, after))
        yield from _aspects(head, *facts)
        yield from _states_of(track, old[track]["states"], new[track]["states"])


def _track_facts(document: Document, track: str) -> dict[str, object]:
    """The facts of a track; one that is written directly has the title of its process."""
    facts = {key: fact for key, fact in document["tracks"][track].items() if key != "states"}
    if facts.get("title") == document["title"]:
        del facts["title"]
    return facts


def _states_of(track: str, old: Document, new: Document) -> Iterator[Difference]:
    for path in dict.fromkeys((*new, *old)):
        where, name = (f"{track}.{path}",), path.rpartition(".")[2]
        state = new.get(path) or old[path]
        parent = state.get("inside", "")
        element = "level" if state.get("level") == name else "state"
        if path in old and path in new:
            changed = Difference(DifferenceKind.CHANGED, element, name, where)
            yield from _aspects(changed, _state_facts(old[path]), _state_facts(new[path]))
        elif path in new and (not parent or parent in old):
            place = _neighbour(path, new) if element == "level" else None
            yield Difference(DifferenceKind.ADDED, element, name, where, "place", after=place)
        elif path in old and (not parent or parent in new):
            yield Difference(DifferenceKind.REMOVED, element, name, where)
    yield from _moved(track, old, new)


def _state_facts(state: Document) -> dict[str, object]:
    facts = {key: state.get(key) for key in _OF_STATE if key in state}
    if state.get("holds_states"):
        facts.pop("start", None)  # a path with the levels in it: told by their order
    for key in ("entry", "exit"):
        body = dict(state.get(key, {}))
        slots = body.pop("assign", {})
        facts |= {f"{key} {word}": value for word, value in body.items()}
        if isinstance(slots, dict):
            facts |= slots
    return facts


def _levels(states: Document) -> dict[str, list[str]]:
    """The ladders with their levels, by path."""
    found: dict[str, list[str]] = {}
    for path, state in states.items():
        if state.get("level") == path.rpartition(".")[2]:
            found.setdefault(state.get("inside", ""), []).append(path)
    return found


def _neighbour(path: str, states: Document) -> str:
    ladder = _levels(states)[states[path].get("inside", "")]
    index = ladder.index(path)
    name = ladder[index - 1 if index else 1 if len(ladder) > 1 else 0].rpartition(".")[2]
    return f"after {name}" if index else f"before {name}"


def _moved(track: str, old: Document, new: Document) -> Iterator[Difference]:
    """Ladders whose common levels stand in another order."""
    before = _levels(old)
    for ladder, levels in _levels(new).items():
        was = [path for path in before.get(ladder, ()) if path in levels]
        now = [path for path in levels if path in was]
        if was != now:
            names = ([path.rpartition(".")[2] for path in side] for side in (was, now))
            name, where = ladder.rpartition(".")[2], (f"{track}.{ladder}",)
            order = tuple(names)
            yield Difference(
                DifferenceKind.CHANGED, "ladder", name, where, "order", order[0], order[1]
            )


def _gathered(found: Iterable[Difference]) -> Iterator[Difference]:
    """Tell once what is the same in several states."""
    groups: dict[tuple[object, ...], list[Difference]] = {}
    for one in found:
        is_own = one.element == "level" and one.kind is not DifferenceKind.CHANGED
        own = one.where if is_own else ()
        key = (one.kind, one.element, one.name, one.aspect, repr(one.before), repr(one.after), own)
        groups.setdefault(key, []).append(one)
    for group in groups.values():
        where = dict.fromkeys(place for one in group for place in one.where)
        yield replace(group[0], where=tuple(where))
