"""From definitions to the chart: names resolved, ladders and inheritance expanded, laws checked.

All faults are found together. Which file a definition came from, and how it was merged, is the
loader's business.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace

from escalation_engine.chart.body import BodyReader
from escalation_engine.chart.fault import ChartFaults, Faults, Path
from escalation_engine.chart.laws import check_one_setter
from escalation_engine.chart.model import MAIN, Chart, Event, Opening, Track
from escalation_engine.chart.moment import FindState
from escalation_engine.chart.names import Names, Part, own_names
from escalation_engine.chart.parameter import bound_by_taker
from escalation_engine.chart.promise import read_promises
from escalation_engine.chart.scope import Scope
from escalation_engine.chart.sources import check_citations
from escalation_engine.chart.terms import Terms, read_counting, read_terms
from escalation_engine.chart.times import Times, read_times
from escalation_engine.chart.track import Plan, TrackBuilder, plan_track
from escalation_engine.chart.validity import read_validity
from escalation_engine.chart.ways import WayFinder
from escalation_engine.definition import Process

__all__ = ["build_chart"]


def build_chart(
    definition: Process,
    *,
    taken: Mapping[str, Process],
    parameters: Mapping[str, object],
    hash: str,
    source: str,
    passed_over: Container[str] = (),
) -> Chart:
    """Return the chart of a process; `taken` maps a track's name to the track file it takes in.

    `hash` and `source` name the content and are passed through. Raises ChartFaults with every
    fault found, but for those whose codes are `passed_over`.
    """
    faults = Faults()
    names = own_names(Part(definition), None, faults)
    plans = _plans(definition, names, taken, faults)
    _let_main_name_all(names, plans)
    terms = _terms(definition, names, plans, parameters)
    tracks, openings, finders = _tracks(plans, terms)
    own, root = _own(names, plans, terms, finders)
    times = read_times(plans, finders, own, root)
    promises = read_promises(plans, finders, own, root)
    validity = read_validity(definition, names, terms.fields)
    _events(plans, terms, tracks, openings)
    check_one_setter(tracks, {plan.name: (plan.root, plan.names.faults) for plan in plans})
    check_citations(definition, faults)
    found = [fault for fault in faults.found if fault.code not in passed_over]
    if found:
        raise ChartFaults(found)
    chart = _chart(definition, terms, times, tracks, openings, hash=hash, source=source)
    return replace(chart, promises=promises, validity=validity)


def _chart(
    definition: Process,
    terms: Terms,
    times: Times,
    tracks: tuple[Track, ...],
    openings: Mapping[str, Opening],
    *,
    hash: str,
    source: str,
) -> Chart:
    return Chart(
        process=definition.process,
        version=definition.version,
        title=definition.title,
        kind=definition.kind,
        hash=hash,
        source=source,
        openings=openings,
        tracks=tracks,
        fields=terms.fields,
        roles=terms.roles,
        slots=terms.slots,
        guards=terms.guards,
        actions=terms.actions,
        messages=terms.messages,
        checklists=terms.checklists,
        tasks=terms.tasks,
        counts=terms.counts,
        events=terms.events,
        parameters=terms.parameters,
        calendars=times.calendars,
        timers=times.timers,
        clocks=times.clocks,
        duties=times.duties,
        digests=times.digests,
        linked=_linked(tracks, openings, times),
        description=definition.description or "",
    )


def _named_at(plan: Plan) -> Path:
    return () if plan.name == MAIN and not plan.at else ("tracks", plan.name)


def _plans(
    definition: Process, names: Names, taken: Mapping[str, Process], faults: Faults
) -> list[Plan]:
    plans = []
    if definition.states or not definition.tracks:
        plans.append(plan_track(MAIN, definition, names, (), must_be_idle=False))
    for name, written in definition.tracks.items():
        at: Path = ("tracks", name)
        if name in definition.states or (name == MAIN and definition.states):
            faults.add("E120", f"`{name}` is a track and a state at once", at, at_key=True)
        must_be_idle = written.at_end == "must_be_idle"
        if written.process is None:
            plans.append(plan_track(name, written, names, at, must_be_idle=must_be_idle))
            continue
        if written.states or written.on or written.opens or written.timers:
            faults.add(
                "E124",
                f"the track `{name}` is taken in: its states stand in its own file",
                at,
                at_key=True,
            )
        if name in taken:
            theirs = own_names(Part(taken[name], name, written), names, faults.of_part(name))
            plan = plan_track(name, taken[name], theirs, (), must_be_idle=must_be_idle)
            plans.append(replace(plan, title=written.title or plan.title))
    for plan in plans[1:]:
        if plan.written.opens:
            faults.add(
                "E114",
                "only the first track opens cases",
                (*_named_at(plan), "opens"),
                at_key=True,
                hint="a side track has a `start:`",
            )
    return plans


def _terms(
    definition: Process,
    names: Names,
    plans: list[Plan],
    parameters: Mapping[str, object],
) -> Terms:
    terms = Terms()
    for name in parameters:
        if name not in definition.parameters:
            names.find("parameter", name, ("parameters",), at_key=True)
    for part, part_plans in _by_part(names, plans):
        levels = tuple(
            dict.fromkeys(
                scope.name for plan in part_plans for scope in plan.root.scopes() if scope.is_level
            )
        )
        bound = parameters if part is names else bound_by_taker(part.part, names, terms.parameters)
        read_terms(part, terms, bound, levels)
    for part, part_plans in _by_part(names, plans):
        nowhere = FindState(lambda _: None, list)
        read_counting(part, terms, _finder(part_plans[0], plans) if part_plans else nowhere)
    return terms


def _by_part(names: Names, plans: list[Plan]) -> list[tuple[Names, list[Plan]]]:
    own = [plan for plan in plans if plan.names is names]
    others = [(plan.names, [plan]) for plan in plans if plan.names is not names]
    return [(names, own), *others]


def _finder(plan: Plan, plans: list[Plan]) -> FindState:
    """Look a state up from the root of one track, then in the others by their names."""
    elsewhere = _elsewhere(plans)

    def find(name: str) -> str | None:
        found = plan.root.find(name)
        return f"{plan.name}.{found.path}" if found else elsewhere(name)

    return FindState(find, plan.root.names_seen)


def _elsewhere(plans: list[Plan]) -> Callable[[str], str | None]:
    roots = {plan.name: plan.root for plan in plans}

    expects = plans[0].names.part.definition.expects if plans else None
    # A track file that is looked at alone cannot see the tracks of its taker.
    unseen = expects.tracks if expects is not None and not plans[0].names.part.track else ()

    def find(name: str) -> str | None:
        track, _, path = name.partition(".")
        if track in unseen and path:
            return name
        found = roots[track].find(path) if track in roots and path else None
        return f"{track}.{found.path}" if found else None

    return find


def _let_main_name_all(names: Names, plans: list[Plan]) -> None:
    """What is taken in can be named by its taker, with the track's name in front."""
    for plan in plans:
        if plan.names is not names:
            for kind, known in plan.names.known.items():
                for canonical in known.values():
                    names.known[kind].setdefault(canonical, canonical)


def _builder(plan: Plan, plans: list[Plan], terms: Terms) -> TrackBuilder:
    names = plan.names
    reader = BodyReader(names, terms.fields, terms.actions, terms.parameters, names.faults)
    levels = tuple(dict.fromkeys(s.name for s in plan.root.scopes() if s.is_level))
    return TrackBuilder(plan, reader, terms.fields, names.known["count"], levels, _elsewhere(plans))


def _tracks(
    plans: list[Plan], terms: Terms
) -> tuple[tuple[Track, ...], dict[str, Opening], list[WayFinder]]:
    openings: dict[str, Opening] = {}
    tracks: list[Track] = []
    finders: list[WayFinder] = []
    for plan in plans:
        builder = _builder(plan, plans, terms)
        finder = builder.ways()
        finders.append(finder)
        is_main = not tracks
        mine = builder.openings(finder) if is_main else {}
        if is_main and not mine:
            plan.names.faults.add(
                "E112",
                "nothing opens a case",
                plan.at,
                at_key=True,
                hint="add `opens: {EVENT: {to: STATE}}` or `start: STATE`",
            )
        openings |= mine
        tracks.append(builder.build(mine, finder))
    return tuple(tracks), openings, finders


def _own(
    names: Names, plans: list[Plan], terms: Terms, finders: list[WayFinder]
) -> tuple[WayFinder, Scope]:
    """The finder of the process itself, and where it looks from."""
    for plan, finder in zip(plans, finders, strict=True):
        if plan.names is names:
            return finder, plan.root
    whole = names.part.definition  # All its tracks are taken in.
    alone = Plan(MAIN, Scope("", "", (), None, whole), names, whole, must_be_idle=False, at=())
    return _builder(alone, plans, terms).ways(), alone.root


def _events(
    plans: list[Plan], terms: Terms, tracks: tuple[Track, ...], openings: Mapping[str, Opening]
) -> None:
    """Every event that some track takes or some body sends, with what it may bring."""
    required: dict[str, set[str]] = {}
    for track in tracks:
        for branches in track.branches.values():
            for event, ways in branches.items():
                fields = required.setdefault(event, set())
                for way in ways:
                    for gate in (way.transition.requires, way.transition.asks):
                        fields.update(gate.data if gate else ())
    seen: set[int] = set()
    for plan in plans:
        names, definition = plan.names, plan.names.part.definition
        if id(names) in seen:
            continue
        seen.add(id(names))
        for written, canonical in names.known["event"].items():
            body = definition.events.get(written)
            if canonical in openings and canonical not in required:
                continue
            at: Path = ("events", written)
            needs = names.find_all("field", body.needs, (*at, "needs")) if body else ()
            may = names.find_all("field", body.may_bring, (*at, "may_bring")) if body else ()
            brings = frozenset([*needs, *may, *required.get(canonical, ())])
            title = (body.title if body else None) or written.replace("_", " ")
            if body is not None or canonical not in terms.events:
                terms.events[canonical] = Event(canonical, title, needs, brings)


def _linked(
    tracks: tuple[Track, ...], openings: Mapping[str, Opening], times: Times
) -> frozenset[str]:
    bodies = times.bodies()
    bodies += [way.transition.body for opening in openings.values() for way in opening.branches]
    for track in tracks:
        for branches in track.branches.values():
            bodies += [way.transition.body for ways in branches.values() for way in ways]
        bodies += [way.transition.body for ways in track.always.values() for way in ways]
        bodies += [body for state in track.states.values() for body in (state.entry, state.exit)]
    return frozenset(link.process for body in bodies for link in body.open_case)
