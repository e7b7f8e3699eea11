"""Which transitions of two charts differ: by the state that declares them, their event, number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["gated_fields", "way_differences"]

Document = Mapping[str, Any]
WayDifference = tuple[str, str, tuple[str, ...], str, object, object]
"""What became of it, its event, where it is declared, what of it, before and after."""

_GATES = ("requires", "asks")
_UNTOLD = (
    "branch",
    "declared",
    "leaf",
    "leads_to",
    "leaves",
    "enters",
    "source",
    "inferred",
    "event",
)
_Key = tuple[str, str, str, int]


def way_differences(before: Document, after: Document) -> Iterator[WayDifference]:
    """Yield the differences of all transitions of states that both charts have."""
    old, new = _ways(before), _ways(after)
    states = [_declaring(document) for document in (before, after)]
    for key in dict.fromkeys((*new, *old)):
        track, declared_in, event, number = key
        where = f"{track}.{declared_in}" if declared_in else track
        if not all(where in known for known in states):
            continue  # told with its state
        name = event if number == 1 and not _has_second(key, old, new) else f"{event} ({number})"
        if key not in old or key not in new:
            kind = "added" if key in new else "removed"
            ways = (new if key in new else old)[key]
            yield kind, name, (where,), "to", None, ways[0].get("to", "")
            continue
        yield from _changes(name, (where,), old[key], new[key])


def gated_fields(*documents: Document) -> dict[str, set[str]]:
    """Return for each event the fields that gates of its transitions ask for, in any of these."""
    found: dict[str, set[str]] = {}
    for document in documents:
        for (_, _, event, _), ways in _ways(document).items():
            for gate in _GATES:
                found.setdefault(event, set()).update(ways[0].get(gate, {}).get("data", ()))
    return found


def _changes(
    name: str, where: tuple[str, ...], old: list[Document], new: list[Document]
) -> Iterator[WayDifference]:
    first, second = _facts(old[0]), _facts(new[0])
    for aspect in dict.fromkeys((*first, *second)):
        was, now = first.get(aspect), second.get(aspect)
        if was != now and aspect in _GATES:
            gone, come = _gates(was), _gates(now)
            yield from (
                ("removed", name, where, aspect, gate, None) for gate in gone if gate not in come
            )
            yield from (
                ("added", name, where, aspect, None, gate) for gate in come if gate not in gone
            )
        elif was != now:
            yield "changed", name, where, aspect, was, now
    yield from _led_elsewhere(name, old, new)


def _led_elsewhere(name: str, old: list[Document], new: list[Document]) -> Iterator[WayDifference]:
    """The leaves from which a transition, written as before, leads to another state.

    Where one chart does not have the other's target, that state is what is told.
    """
    if old[0].get("to") != new[0].get("to"):
        return
    before, after = ({way["at"]: way for way in ways} for ways in (old, new))
    for leaf in [leaf for leaf in before if leaf in after]:
        was, now = before[leaf].get("leads_to"), after[leaf].get("leads_to")
        is_known = was in after[leaf]["states"] and now in before[leaf]["states"]
        if was != now and is_known:
            yield "changed", name, (leaf,), "leads_to", was, now


def _ways(document: Document) -> dict[_Key, list[Document]]:
    """Every transition as declared, with one entry for each leaf that has it."""
    found: dict[_Key, list[Document]] = {}
    for track, written in document["tracks"].items():
        states = written["states"]
        for path, state in states.items():
            listed = [(event, way) for event, ways in state.get("on", {}).items() for way in ways]
            listed += [("always", way) for way in state.get("always", ())]
            for event, way in listed:
                declared = way["declared"]
                key = (track, declared.get("in", ""), event, declared["number"])
                found.setdefault(key, []).append({**way, "at": f"{track}.{path}", "states": states})
    return found


def _declaring(document: Document) -> set[str]:
    """Every track and state, by TRACK.PATH."""
    tracks = document["tracks"].items()
    return {track for track, _ in tracks} | {
        f"{track}.{path}" for track, written in tracks for path in written["states"]
    }


def _has_second(key: _Key, *sides: Mapping[_Key, object]) -> bool:
    return any((*key[:3], 2) in side for side in sides)


def _facts(way: Document) -> dict[str, object]:
    return {
        key: value for key, value in way.items() if key not in (*_UNTOLD, "at", "states", "to")
    } | {"to": way.get("to", "")}


def _gates(wanted: object) -> list[str]:
    """Each gate as a text: `data resolution`, `note`, `checklist agreement`."""
    found = []
    for kind, what in (wanted if isinstance(wanted, dict) else {}).items():
        if isinstance(what, list):
            found += [f"{kind} {name}" for name in what]
        elif isinstance(what, dict):
            found += [
                f"{kind.replace('_', ' ')} {first}, {second}" for first, second in what.items()
            ]
        else:
            found.append(kind if what is True else str(what))
    return found
