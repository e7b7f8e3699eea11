"""Where transitions lead: states by name, levels by their place on the ladder, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from escalation_engine.chart.fault import Faults, Path, did_you_mean
from escalation_engine.chart.model import Field, Requirements, Transition
from escalation_engine.chart.names import Names
from escalation_engine.chart.scope import Scope
from escalation_engine.condition import Condition, Vocabulary, read_condition
from escalation_engine.condition.vocabulary import Kind
from escalation_engine.definition import Branch, LevelField

__all__ = ["Target", "TargetFinder"]

_UP, _DOWN, _FIRST, _BACK = "next_level", "previous_level", "first_level", "back"
_SAME = "this_level"
_BY_PLACE = (_UP, _DOWN, _FIRST, _SAME)


@dataclass(frozen=True, slots=True)
class Target:
    """Where one transition leads from one leaf: a scope, back, or nowhere (it stays)."""

    transition: Transition
    scope: Scope | None = None
    is_back: bool = False


@dataclass(slots=True)
class TargetFinder:
    """Finds the targets of the transitions of one track."""

    names: Names
    fields: Mapping[str, Field]
    vocabulary: Vocabulary
    faults: Faults

    def of(
        self, branch: Branch, transition: Transition, leaf: Scope, scope: Scope, at: Path
    ) -> Iterator[Target]:
        """Yield where a transition leads from one leaf; one target per level that data may name."""
        to = branch.to
        if to is None or branch.refuse:
            yield Target(transition)
        elif isinstance(to, LevelField):
            yield from self._level_by_field(to, transition, leaf, scope, at)
        elif to == _BACK:
            yield Target(transition, is_back=True)
        elif to in _BY_PLACE:
            target = self._level(to, leaf, scope, at)
            if target is not None:
                yield Target(transition, target)
        else:
            target = self.state(to, scope, at)
            if target is not None and not _leads_up(leaf, target):
                yield Target(transition, target)

    def state(self, name: str, scope: Scope, at: Path, *, is_opening: bool = False) -> Scope | None:
        """Return the state that a name written in a scope means, or note that there is none."""
        found = scope.find(name)
        if found is None:
            if is_opening and name in (*_BY_PLACE, _BACK):
                message = f"a case cannot begin with {name}: it stands in no state yet"
                self.faults.add("E116" if name == _BACK else "E115", message, at)
                return None
            known = [*scope.names_seen(), *(() if is_opening else (*_BY_PLACE, _BACK))]
            self.faults.add(
                "E113", f"there is no state `{name}`", at, hint=did_you_mean(name, known)
            )
        return found

    def _ladder(self, word: str, leaf: Scope, scope: Scope, at: Path) -> tuple[Scope, Scope] | None:
        """Return the innermost ladder around a declaration, and the level that the leaf is in."""
        inside = scope.level()
        ladder = inside.parent if inside is not None else None
        if ladder is None:
            self.faults.add(
                "E115",
                f"{word} has a meaning only inside a ladder",
                at,
                hint="name the state, or declare it inside `each_level` or a level",
            )
            return None
        return ladder, next(s for s in leaf.around() if s.parent is ladder)

    def _level(self, word: str, leaf: Scope, scope: Scope, at: Path) -> Scope | None:
        placed = self._ladder(word, leaf, scope, at)
        if placed is None:
            return None
        ladder, level = placed
        levels = list(ladder.children.values())
        index = levels.index(level)
        state = ladder.state
        assert state is not None
        if word == _FIRST:
            return levels[0]
        if word == _SAME:
            return level
        if word == _DOWN:
            if index:
                return levels[index - 1]
            below = state.before_first_level
            return self.state(below, ladder, (*ladder.at, "before_first_level")) if below else None
        if level.state is not None and level.state.must_resolve:
            return None  # A level that must resolve has no way up.
        if index + 1 < len(levels):
            return levels[index + 1]
        if state.after_last_level is None:
            self.faults.add(
                "E115",
                f"`{level.name}` is the last level, and next_level leads nowhere",
                at,
                hint=f"add `after_last_level:` beside the levels of `{ladder.name}`",
            )
            return None
        return self.state(state.after_last_level, ladder, (*ladder.at, "after_last_level"))

    def _level_by_field(
        self, to: LevelField, transition: Transition, leaf: Scope, scope: Scope, at: Path
    ) -> Iterator[Target]:
        """One way per level that the field may name, and a last one that asks for the field."""
        field_name = self.names.find("field", to.level, (*at, "level"))
        placed = self._field_ladder(leaf, scope, at)
        if field_name is None or placed is None:
            return
        ladder, level = placed
        domain = self.fields[field_name].domain
        if domain.kind is not Kind.LEVEL:
            self.faults.add("E122", f"`{to.level}` is not a field of type level", (*at, "level"))
            return
        levels = list(ladder.children.values())
        last = len(levels)
        if level is not None and level.state is not None and level.state.must_resolve:
            last = levels.index(level) + 1
        text = f"({transition.when.text}) and " if transition.when else ""
        for target in (one for one in levels[:last] if one.name in domain.values):
            condition = self._chosen(f"{text}{field_name} == {target.name}")
            yield Target(replace(transition, when=condition), target)
        requires = transition.requires or Requirements()
        asked = replace(requires, data=tuple(dict.fromkeys((*requires.data, field_name))))
        yield Target(
            replace(transition, requires=asked, refuse="that level is not one of this ladder")
        )

    def _chosen(self, text: str) -> Condition:
        """Read a condition whose names are canonical already."""
        fields = {name: field.domain for name, field in self.fields.items()}
        counts = {name: name for name in self.vocabulary.counts.values()}
        people = {name: name for name in self.vocabulary.people.values()}
        read = read_condition(
            text,
            replace(
                self.vocabulary,
                fields=fields,
                counts=counts,
                people=people,
                state=lambda name: name,
            ),
        )
        assert isinstance(read, Condition), read
        return read

    def _field_ladder(
        self, leaf: Scope, scope: Scope, at: Path
    ) -> tuple[Scope, Scope | None] | None:
        """The ladder that a level field speaks of: the one around, or the only one of the track."""
        if scope.level() is not None:
            return self._ladder("{level: …}", leaf, scope, at)
        root = list(scope.around())[-1]
        ladders = [inner for inner in root.scopes() if inner.is_ladder]
        if len(ladders) != 1:
            self.faults.add(
                "E115",
                f"the track has {len(ladders)} ladders, so that a level field is not clear here",
                at,
                hint="declare it inside the ladder that it means",
            )
            return None
        return ladders[0], next((s for s in leaf.around() if s.parent is ladders[0]), None)


def _leads_up(leaf: Scope, target: Scope) -> bool:
    """Return whether a way by name leads to a higher level from one that must resolve."""
    for level in leaf.around():
        if level.is_level and level.state is not None and level.state.must_resolve:
            assert level.parent is not None
            levels = list(level.parent.children.values())
            above = levels[levels.index(level) + 1 :]
            return any(higher.contains(target) for higher in above)
    return False
