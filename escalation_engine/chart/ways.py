"""From transitions as declared to the branches of each leaf: inherited, targeted, with their paths.

A transition leaves everything below the least common ancestor of the declaring state and the target
(as in SCXML 3.13, with targets inside the declaring state kept internal).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from escalation_engine.chart.body import BodyReader
from escalation_engine.chart.fault import Faults, Path
from escalation_engine.chart.model import Branch as Way
from escalation_engine.chart.model import Transition
from escalation_engine.chart.names import Names
from escalation_engine.chart.scope import NamesSeen, Scope
from escalation_engine.chart.target import TargetFinder
from escalation_engine.condition import Condition, ConditionFault, Vocabulary, read_condition
from escalation_engine.definition import Branch, LevelField, Opening, Rules

__all__ = ["WayFinder", "note_unread", "path_between"]


def path_between(
    declared: Scope, leaf: Scope, target: Scope
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is left (inner to outer) and what is entered (outer to inner, down to a leaf)."""
    if target is not declared and declared.contains(target):
        common = declared
    elif target.contains(declared):
        common = target.parent or target
    else:
        common = next(scope for scope in declared.around() if scope.contains(target))
    return tuple(_paths_below(common, leaf)), tuple(reversed(_paths_below(common, target.start())))


def _paths_below(outer: Scope, inner: Scope) -> list[str]:
    """The paths from a scope outwards to one around it, which itself is left out."""
    paths = []
    scope: Scope | None = inner
    while scope is not None and scope is not outer:
        paths.append(scope.path)
        scope = scope.parent
    return paths


def note_unread(found: Iterable[ConditionFault], at: Path, faults: Faults) -> None:
    """Note why the condition at a place cannot be read."""
    for fault in found:
        code = "E119" if fault.kind in ("type", "value") else "E118"
        code = "E113" if fault.kind == "unknown_name" else code
        faults.add(code, fault.message, at, hint=fault.hint, offset=fault.offset)


@dataclass(slots=True)
class WayFinder:
    """Finds the ways of one track's leaves; each transition is read once, where it is declared."""

    track: str
    names: Names
    reader: BodyReader
    vocabulary: Vocabulary
    targets: TargetFinder
    elsewhere: Callable[[str], str | None]
    faults: Faults
    _read: dict[tuple[str, str], tuple[Transition, ...]] = field(default_factory=dict)
    _conditions: dict[tuple[str, str, str], Condition] = field(default_factory=dict)

    def of_leaf(self, leaf: Scope) -> dict[str, tuple[Way, ...]]:
        """Return a leaf's branches by canonical event: innermost scope first, in document order."""
        found: dict[str, list[Way]] = {}
        for scope in leaf.around():
            for event, branches in scope.written.on.items():
                canonical = self.names.known["event"][event]
                ways = found.setdefault(canonical, [])
                at = (*scope.at, "on", event)
                found_here = self._ways(leaf, scope, canonical, branches, at=at, before=len(ways))
                ways.extend(found_here)
        return {event: tuple(ways) for event, ways in found.items() if ways}

    def always(self, leaf: Scope) -> tuple[Way, ...]:
        """Return what is looked at without an event while the leaf is active, innermost first."""
        ways: list[Way] = []
        for scope in leaf.around():
            if scope.written.always:
                at = (*scope.at, "always")
                branches = scope.written.always
                ways.extend(self._ways(leaf, scope, "", branches, at=at, before=len(ways)))
        return tuple(ways)

    def opening(
        self, event: str, branches: tuple[Opening, ...], root: Scope, at: Path
    ) -> tuple[Way, ...]:
        """Return the ways by which an event opens a case."""
        ways = []
        for index, written in enumerate(branches):
            here = (*at, index)
            transition = self._transition(event, written, root, index + 1, here)
            target = self.targets.state(written.to, root, (*here, "to"), is_opening=True)
            if target is not None:
                start = target.start()
                enters = tuple(reversed([scope.path for scope in start.around() if scope.parent]))
                ways.append(Way(event, "", index + 1, transition, start.path, False, (), enters))
        return tuple(ways)

    def _ways(
        self,
        leaf: Scope,
        scope: Scope,
        event: str,
        branches: tuple[Branch, ...],
        *,
        at: Path,
        before: int,
    ) -> Iterator[Way]:
        number = before
        transitions = self._transitions(scope, event, branches, at)
        for index, (branch, transition) in enumerate(zip(branches, transitions, strict=True)):
            for target in self.targets.of(branch, transition, leaf, scope, (*at, index, "to")):
                number += 1
                leaves: tuple[str, ...] = ()
                enters: tuple[str, ...] = ()
                if target.scope is not None:
                    leaves, enters = path_between(scope, leaf, target.scope)
                yield Way(
                    event,
                    leaf.path,
                    number,
                    target.transition,
                    target.scope.start().path if target.scope else None,
                    target.is_back,
                    leaves,
                    enters,
                )

    def _transitions(
        self, scope: Scope, event: str, branches: tuple[Branch, ...], at: Path
    ) -> tuple[Transition, ...]:
        key = (scope.path, event)
        if key not in self._read:
            self._read[key] = tuple(
                self._transition(event, branch, scope, index + 1, (*at, index))
                for index, branch in enumerate(branches)
            )
        return self._read[key]

    def _transition(
        self, event: str, written: Rules, scope: Scope, number: int, at: Path
    ) -> Transition:
        names, level = self.names, scope.level()
        to = getattr(written, "to", None)
        requires = self.reader.requirements(written.requires, (*at, "requires"))
        return Transition(
            event=event,
            declared_in=scope.path,
            number=number,
            to=f"level: {to.level}" if isinstance(to, LevelField) else to or "",
            when=self.condition(written.when, scope, (*at, "when")) if written.when else None,
            guards=(
                *((guard, True) for guard in names.find_all("guard", written.if_, (*at, "if"))),
                *(
                    (guard, False)
                    for guard in names.find_all("guard", written.unless, (*at, "unless"))
                ),
            ),
            by=names.passing(written.by, (*at, "by")),
            recorded_by=names.passing(written.recorded_by, (*at, "recorded_by")),
            requires=requires,
            asks=self.reader.requirements(written.asks, (*at, "asks")),
            refuse=written.refuse or "",
            body=self.reader.body(written, at, level.name if level else None),
            visibility=written.visibility,
            title=written.title or "",
            source=written.source or (),
            inferred=str(written.inferred or ""),
        )

    def condition(self, text: str, scope: Scope, at: Path) -> Condition | None:
        """Return the condition read in a scope; its faults are noted."""
        level = scope.level() if "_level" in text else None
        # Levels repeat what `each_level` says: most texts mean the same wherever they stand.
        key = (text, level.name if level else "", scope.path if "in" in text or level else "")
        if key in self._conditions:
            return self._conditions[key]
        vocabulary = replace(
            self.vocabulary,
            state=lambda name: self.state_reference(name, scope),
            state_names=NamesSeen(scope),
            this_level=level.name if level else None,
            ladder=tuple(level.parent.children) if level and level.parent else (),
        )
        read = read_condition(text, vocabulary)
        if isinstance(read, Condition):
            self._conditions[key] = read
            return read
        note_unread(read, at, self.faults)
        return None

    def state_reference(self, name: str, scope: Scope) -> str | None:
        """Return `TRACK.PATH` for a state named in a scope; other tracks are looked at last."""
        found = scope.find(name)
        return self.elsewhere(name) if found is None else f"{self.track}.{found.path}"
