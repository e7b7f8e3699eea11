"""One track of a chart: its scopes as states, and the ways of its leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from escalation_engine.chart.body import BodyReader
from escalation_engine.chart.fault import Faults, Path, did_you_mean
from escalation_engine.chart.laws import check_always, check_back, remembers
from escalation_engine.chart.model import (
    Assignment,
    Body,
    Field,
    Opening,
    State,
    StateKind,
    Track,
    Transition,
)
from escalation_engine.chart.names import Names
from escalation_engine.chart.scope import Scope
from escalation_engine.chart.structure import root_scope
from escalation_engine.chart.target import TargetFinder
from escalation_engine.chart.ways import WayFinder
from escalation_engine.condition import Vocabulary
from escalation_engine.condition.vocabulary import Domain
from escalation_engine.definition import Opening as WrittenOpening
from escalation_engine.definition import Process
from escalation_engine.definition import State as WrittenState
from escalation_engine.definition import Track as WrittenTrack

__all__ = ["Plan", "TrackBuilder", "plan_track"]


@dataclass(slots=True)
class Plan:
    """A track before it is built: where it is written, and whose names it may use.

    `at` is where its states stand in its own file, `taker_at` where its taker names it.
    """

    name: str
    root: Scope
    names: Names
    written: WrittenTrack | Process
    must_be_idle: bool
    at: Path
    title: str = ""


def plan_track(
    name: str, written: WrittenTrack | Process, names: Names, at: Path, *, must_be_idle: bool
) -> Plan:
    """Return the plan of a track with its scopes; faults in its structure are noted."""
    root = root_scope(written, at, names.faults)
    if not root.children:
        what = f"the track `{name}`" if at else f"the {getattr(written, 'kind', 'track')}"
        hint = "add `states: {NAME: …}`"
        names.faults.add("E112", f"{what} has no states", at, at_key=True, hint=hint)
    return Plan(name, root, names, written, must_be_idle, at, written.title or name)


@dataclass(slots=True)
class TrackBuilder:
    """Builds one track of a chart from its plan."""

    plan: Plan
    reader: BodyReader
    fields: Mapping[str, Field]
    counts: Mapping[str, str]
    levels: tuple[str, ...]
    elsewhere: Callable[[str], str | None]

    def ways(self) -> WayFinder:
        """Return the finder of this track's ways."""
        plan, names = self.plan, self.plan.names
        domains: dict[str, Domain] = {
            written: self.fields[canonical].domain
            for written, canonical in names.known["field"].items()
            if canonical in self.fields
        }
        parameters = {
            written: self.reader.parameters.get(canonical)
            for written, canonical in names.known["parameter"].items()
        }
        vocabulary = Vocabulary(
            fields=domains,
            counts=names.known["count"],
            parameters=parameters,
            people=names.people(),
            levels=self.levels,
            calendars=names.known["calendar"],
        )
        targets = TargetFinder(names, self.fields, vocabulary, names.faults)
        return WayFinder(
            plan.name, names, self.reader, vocabulary, targets, self.elsewhere, names.faults
        )

    def build(self, openings: Mapping[str, Opening], finder: WayFinder) -> Track:
        """Return the track; `openings` are empty for side tracks."""
        plan, faults = self.plan, self.plan.names.faults
        root = plan.root
        begins = self._begins(openings, faults)
        start = begins[0] if begins and not openings else None
        leaves = list(root.leaves())
        enters = (
            tuple(reversed([scope.path for scope in start.around() if scope.parent]))
            if start
            else ()
        )
        track = Track(
            name=plan.name,
            title=plan.title,
            start=start.path if start else "",
            enters=enters,
            must_be_idle=plan.must_be_idle,
            states={scope.path: self._state(scope) for scope in root.scopes()},
            branches={leaf.path: {} if _is_end(leaf) else finder.of_leaf(leaf) for leaf in leaves},
            always={
                leaf.path: ways
                for leaf in leaves
                if not _is_end(leaf) and (ways := finder.always(leaf))
            },
        )
        check_always(track, root, faults)
        check_back(root, begins, faults)
        return track

    def _begins(self, openings: Mapping[str, Opening], faults: Faults) -> list[Scope]:
        plan, root = self.plan, self.plan.root
        if openings:
            targets = [way.target for opening in openings.values() for way in opening.branches]
            return [found for target in targets if target and (found := root.find(target))]
        start = plan.written.start
        if start is None:
            return [root.start()] if root.children else []
        found = root.find(start)
        if found is None:
            faults.add(
                "E113",
                f"there is no state `{start}`",
                (*plan.at, "start"),
                hint=did_you_mean(start, root.names_seen()),
            )
            return []
        return [found.start()]

    def _state(self, scope: Scope) -> State:
        written = scope.state
        assert written is not None
        level = scope.level()
        level_name = level.name if level else None
        entry = self._body(written, "entry", scope.at, level_name)
        holders = self._holders(written, scope.at)
        return State(
            path=scope.path,
            parent=scope.parent.path if scope.parent else "",
            title=written.title or scope.name.replace("_", " "),
            kind=StateKind(written.kind or "work"),
            is_leaf=scope.is_leaf,
            start="" if scope.is_leaf else scope.start().path,
            outcome=written.outcome or "",
            level=level.name if level else "",
            remembers=remembers(written),
            must_resolve=written.must_resolve,
            entry=replace(entry, assign=(*holders, *entry.assign)),
            exit=self._body(written, "exit", scope.at, level_name),
            description=written.description or "",
            guidance=written.guidance or "",
            source=written.source or (),
            inferred=str(written.inferred or ""),
        )

    def _body(self, written: WrittenState, key: str, at: Path, level: str | None) -> Body:
        body = written.entry if key == "entry" else written.exit
        return self.reader.body(body, (*at, key), level) if body else Body()

    def _holders(self, written: WrittenState, at: Path) -> list[Assignment]:
        made = []
        for slot in ("owner", "assignee"):
            holder = getattr(written, slot)
            if holder is not None:
                assignment = self.reader.assignment(slot, holder, (*at, slot))
                if assignment is not None:
                    made.append(assignment)
        return made

    def openings(self, finder: WayFinder) -> dict[str, Opening]:
        """Return the opening events of the main track, with what each needs and may bring."""
        written = self.plan.written
        opens: dict[str, tuple[WrittenOpening, ...]] = dict(written.opens)
        if written.start is not None and not opens:
            opens = {"open": (WrittenOpening(to=written.start),)}
            everything = frozenset(self.fields)
            ways = finder.opening("open", opens["open"], self.plan.root, (*self.plan.at, "start"))
            return {"open": Opening("open", ways, (), everything, "open")}
        made = {}
        for event, branches in opens.items():
            at: Path = (*self.plan.at, "opens", event)
            ways = finder.opening(event, branches, self.plan.root, at)
            made[event] = self._opening(event, branches, tuple(way.transition for way in ways), at)
            made[event] = replace(made[event], branches=ways)
        return made

    def _opening(
        self,
        event: str,
        written: tuple[WrittenOpening, ...],
        read: tuple[Transition, ...],
        at: Path,
    ) -> Opening:
        names = self.plan.names
        declared = names.part.definition.events.get(event) if names.part.definition.events else None
        needs: list[str] = []
        may: list[str] = []
        for index, branch in enumerate(written):
            needs += names.find_all("field", branch.needs, (*at, index, "needs"))
            may += names.find_all("field", branch.may_bring, (*at, index, "may_bring"))
        if declared is not None:
            needs += names.find_all("field", declared.needs, ("events", event, "needs"))
            may += names.find_all("field", declared.may_bring, ("events", event, "may_bring"))
        required = [
            name for transition in read if transition.requires for name in transition.requires.data
        ]
        title = (declared.title if declared else None) or event.replace("_", " ")
        brings = frozenset([*needs, *may, *required])
        return Opening(event, (), tuple(dict.fromkeys(needs)), brings, title)


def _is_end(leaf: Scope) -> bool:
    """An end is absolute: it inherits nothing."""
    return leaf.state is not None and leaf.state.kind == "end"
