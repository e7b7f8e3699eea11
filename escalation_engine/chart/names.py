"""Which names a part of a definition may use, and what each of them means in the whole.

A part is the process file itself, or a track file that it takes in. The names of a track file get
the track's name as prefix, except those that it expects of its taker or shares with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from escalation_engine.chart.fault import Faults, Path, did_you_mean
from escalation_engine.chart.model import ENGINE, Passing
from escalation_engine.definition import Expectations, Process, State, Track

__all__ = ["DEFAULT_SLOTS", "Names", "Part", "events_of", "own_names"]

DEFAULT_SLOTS = {"owner": "Owner", "assignee": "Assignee", "poc": "Point of contact"}

_KINDS = {
    "field": "data", "role": "roles", "slot": "slots", "guard": "guards", "action": "actions",
    "message": "messages", "checklist": "checklists", "count": "counts", "parameter": "parameters",
    "calendar": "calendars", "clock": "clocks", "duty": "duties", "digest": "digests",
    "task": "tasks",
    "promise": "promises",
}  # fmt: skip
_WORDS = {"field": "data field", "task": "task list"}


@dataclass(frozen=True, slots=True)
class Part:
    """A file's definition, and the track (with its `taken` entry) that takes it in, if any."""

    definition: Process
    track: str = ""
    taken: Track | None = None

    @property
    def prefix(self) -> str:
        """What is put before this part's own names."""
        return f"{self.track}." if self.track else ""


@dataclass(slots=True)
class Names:
    """From a kind and a name as written in one part to the canonical name."""

    part: Part
    faults: Faults
    known: dict[str, dict[str, str]] = field(default_factory=dict)
    sides: dict[str, frozenset[str]] = field(default_factory=dict)

    def find(self, kind: str, name: str, path: Path, *, at_key: bool = False) -> str | None:
        """Return the canonical name, or note a fault at `path` and return None."""
        found = self.known[kind].get(name)
        if found is None:
            others = [other for other, known in self.known.items() if name in known]
            hint = did_you_mean(name, self.known[kind])
            if others:
                hint = f"`{name}` is a {_WORDS.get(others[0], others[0])}"
            self.faults.add(
                "E113",
                f"there is no {_WORDS.get(kind, kind)} `{name}`",
                path,
                hint=hint,
                at_key=at_key,
            )
        return found

    def find_all(self, kind: str, names: Iterable[str], path: Path) -> tuple[str, ...]:
        """Return the canonical names of those that exist, noting the others."""
        found = [self.find(kind, name, (*path, index)) for index, name in enumerate(names)]
        return tuple(name for name in found if name is not None)

    def passing(self, names: Iterable[str] | None, path: Path) -> Passing | None:
        """Return who passes; a name is a role, a slot, a side, or engine, in that order."""
        if names is None:
            return None
        written = tuple(names)
        roles: set[str] = set()
        slots: set[str] = set()
        for index, name in enumerate(written):
            if name in self.known["role"]:
                roles.add(self.known["role"][name])
            elif name in self.known["slot"]:
                slots.add(self.known["slot"][name])
            elif name in self.sides:
                roles |= self.sides[name]
            elif name != ENGINE:
                people = [*self.known["role"], *self.known["slot"], *self.sides, ENGINE]
                self.faults.add(
                    "E113",
                    f"nobody is called `{name}`: no role, slot or side",
                    (*path, index),
                    hint=did_you_mean(name, people),
                )
        return Passing(written, frozenset(roles), frozenset(slots), ENGINE in written)

    def people(self) -> Mapping[str, str]:
        """What `sender is` may name: roles, slots and sides to their canonical names."""
        sides = {name: name for name in self.sides}
        return {**sides, **self.known["slot"], **self.known["role"], ENGINE: ENGINE}


def own_names(part: Part, taker: Names | None, faults: Faults) -> Names:
    """Return the names of one part; `taker` are the names of the process that takes it in."""
    definition, prefix = part.definition, part.prefix
    names = Names(part, faults)
    for kind, attribute in _KINDS.items():
        names.known[kind] = {name: prefix + name for name in getattr(definition, attribute)}
    names.known["slot"] |= {name: name for name in DEFAULT_SLOTS}
    names.known["event"] = {name: prefix + name for name in events_of(definition)}
    if taker is not None:
        _expected(part, names, taker)
    elif definition.expects is not None:
        _stand_in(definition.expects, names)
    _reserved(definition, faults)
    for name in sorted(names.known["role"].keys() & names.known["slot"].keys()):
        where = "roles" if name in definition.roles else "slots"
        faults.add(
            "E120",
            f"`{name}` is a role and a slot at once",
            (where, name),
            at_key=True,
            hint="give one of them another name: `by:` could mean either",
        )
    for name, role in definition.roles.items():
        if role.side is not None:
            canonical = names.known["role"][name]
            names.sides[role.side] = names.sides.get(role.side, frozenset()) | {canonical}
    return names


_RESERVED = (ENGINE, "sender", "nobody", "back", "everyone_told")


def _reserved(definition: Process, faults: Faults) -> None:
    for where in ("roles", "slots"):
        for name in getattr(definition, where):
            if name in _RESERVED:
                faults.add(
                    "E120",
                    f"`{name}` has a meaning of its own",
                    (where, name),
                    at_key=True,
                    hint=f"reserved: {', '.join(_RESERVED)}",
                )


def _stand_in(expects: Expectations, names: Names) -> None:
    """Let a track file that is looked at alone name what its taker would bring."""
    for kind, wanted in (
        ("field", expects.data),
        ("role", expects.roles),
        ("event", expects.events),
    ):
        names.known[kind] |= {name: name for name in wanted}


def _expected(part: Part, names: Names, taker: Names) -> None:
    """Let what the track file expects, and what is shared, mean the taker's own."""
    taken, expects = part.taken, part.definition.expects
    assert taken is not None
    at: Path = ("tracks", part.track)
    if expects is not None:
        for kind, wanted, renamed in (
            ("field", expects.data, taken.data),
            ("role", expects.roles, taken.roles),
            ("event", expects.events, {}),
        ):
            for name in wanted:
                ours = renamed.get(name, name)
                if ours in taker.known[kind]:
                    names.known[kind][name] = taker.known[kind][ours]
                else:
                    taker.faults.add(
                        "E124",
                        f"the track `{part.track}` expects a {_WORDS.get(kind, kind)} `{ours}`",
                        at,
                        at_key=True,
                        hint=did_you_mean(ours, taker.known[kind]),
                    )
    if not part.definition.calendars:
        names.known["calendar"] = dict(taker.known["calendar"])
    for index, name in enumerate(taken.shares):
        if name not in names.known["event"]:
            taker.faults.add(
                "E124",
                f"the track `{part.track}` has no event `{name}` to share",
                (*at, "shares", index),
                hint=did_you_mean(name, names.known["event"]),
            )
        names.known["event"][name] = name
    for kind in ("parameters", "roles", "data"):
        _known_to_track(part, kind, taker.faults, (*at, kind))


def _known_to_track(part: Part, kind: str, faults: Faults, at: Path) -> None:
    assert part.taken is not None
    expects = part.definition.expects
    known: Iterable[str] = part.definition.parameters if kind == "parameters" else ()
    if expects is not None and kind != "parameters":
        known = getattr(expects, kind)
    for name in getattr(part.taken, kind):
        if name not in known:
            faults.add(
                "E124",
                f"the track file does not ask for `{name}`",
                (*at, name),
                at_key=True,
                hint=did_you_mean(name, known),
            )


def events_of(definition: Process) -> Iterator[str]:
    """Every event that a file names in a place that makes it one."""
    yield from definition.events
    yield from definition.opens
    first = definition if definition.states else next(iter(definition.tracks.values()), definition)
    if first.start is not None and not first.opens:
        yield "open"
    for action in definition.actions.values():
        yield from action.reports
        if action.failed is not None:
            yield action.failed
    for message in definition.messages.values():
        if message.failed is not None:
            yield message.failed
    holders: list[Process | Track | State] = [definition, *definition.tracks.values()]
    while holders:
        holder = holders.pop()
        yield from holder.on
        if not isinstance(holder, State):
            yield from holder.opens
        holders.extend(holder.states.values())
        if isinstance(holder, State):
            holders.extend(holder.levels.values())
