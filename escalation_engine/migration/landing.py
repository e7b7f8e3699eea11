"""Where one case lands on another version: the input that carries it there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation_engine.calendar import Calendar, Edition, WorkingDays, WorkingTime, write_duration
from escalation_engine.calendar.measure import measure
from escalation_engine.chart.model import Chart, StateKind, Track
from escalation_engine.core import Actor, Case, FrozenMap, Migrated, Watch
from escalation_engine.core.arming import BEYOND, amount_in, breaks_of, is_known
from escalation_engine.core.carry_time import KEEP, REMAINING
from escalation_engine.core.plan import plan_of
from escalation_engine.core.timetable import target_of
from escalation_engine.core.watch import ASLEEP, Owed
from escalation_engine.migration.proposal import matching_tracks
from escalation_engine.migration.version_map import NAMED, VersionMap

__all__ = ["NoPlace", "landing"]


@dataclass(frozen=True, slots=True)
class NoPlace:
    """The case stands in a state of the old version for which the new one has none."""

    state: str
    problem: str


def landing(
    mapping: VersionMap,
    old: Chart,
    new: Chart,
    case: Case,
    *,
    by: Actor,
    reason: str,
    now: datetime,
    edition: Edition | None,
) -> Migrated | NoPlace:
    """Return the input that takes a case from its chart to the new one, or why there is none.

    `edition` has the dates that the case has counted on so far.
    """
    states = _states(mapping, old, new, case)
    if isinstance(states, NoPlace):
        return states
    remembered = _remembered(mapping, old, new, case)
    timing = dict(_timing(mapping, old, new, case, now=now, edition=edition))
    return Migrated(
        by,
        reason,
        definition=new.hash,
        version=new.version,
        was=old.hash,
        was_version=old.version,
        states=FrozenMap(states),
        remembered=FrozenMap(remembered),
        names=FrozenMap({section: found for section, found in _names(mapping, case) if found}),
        timing=FrozenMap(timing),
        arms=tuple(_arms(mapping, old, new, case, states)),
    )


def _states(mapping: VersionMap, old: Chart, new: Chart, case: Case) -> dict[str, str] | NoPlace:
    """Return the leaf of each track of the new version; a new track begins where it begins."""
    came_from = {to: name for name, to in matching_tracks(old, new).items()}
    found: dict[str, str] = {}
    for track in new.tracks:
        was = came_from.get(track.name)
        if was is None or was not in case.states:
            found[track.name] = track.start
            continue
        name = f"{was}.{case.states[was]}"
        target = mapping.states.get(name)
        if target is None:
            return NoPlace(name, f"`{name}` has no place in version {new.version}")
        leaf = _leaf_of(track, target)
        if leaf is None:
            return NoPlace(name, f"`{name}` leads to `{target}`, which is no state of it")
        if track is new.main and track.states[leaf].kind is StateKind.END:
            return NoPlace(name, f"`{name}` leads to the end `{target}`: end the case by an event")
        found[track.name] = leaf
    return found


def _leaf_of(track: Track, target: str) -> str | None:
    name, _, path = target.partition(".")
    state = track.states.get(path) if name == track.name else None
    if state is None:
        return None
    return state.path if state.is_leaf else state.start


def _remembered(
    mapping: VersionMap, old: Chart, new: Chart, case: Case
) -> Iterator[tuple[str, str]]:
    """Yield what ways back lead to, where both the state and the leaf have their place."""
    tracks = {track.name: track for track in new.tracks}
    names = matching_tracks(old, new)
    for scope, leaf in case.remembered.items():
        was, _, path = scope.partition(".")
        track = tracks.get(names.get(was, ""))
        if track is None:
            continue
        target = mapping.states.get(scope) or f"{track.name}.{path}"
        state = track.states.get(target.partition(".")[2])
        back = mapping.states.get(f"{was}.{leaf}")
        found = _leaf_of(track, back) if back else None
        if state is not None and state.remembers and found is not None:
            yield f"{track.name}.{state.path}", found


def _names(mapping: VersionMap, case: Case) -> Iterator[tuple[str, FrozenMap]]:
    """Yield of each section the names that this case has, with their new ones."""
    holders = [one for held in (*case.slots.values(), *case.previous.values()) for one in held]
    roles = [role for one in (*holders, *case.told) for role in (one.role, one.acting) if role]
    has: Mapping[str, Iterable[str]] = {
        "data": case.data,
        "roles": roles,
        "slots": {**case.slots, **case.previous},
        "counts": {**case.counts, **case.counted},
        "checklists": case.checklists,
        "tasks": case.tasks,
    }
    for section in NAMED:
        names = mapping.names.get(section, {})
        yield section, FrozenMap({name: to for name in has[section] if (to := names.get(name))})


def _timing(
    mapping: VersionMap,
    old: Chart,
    new: Chart,
    case: Case,
    *,
    now: datetime,
    edition: Edition | None,
) -> Iterator[tuple[str, tuple[str, str, str]]]:
    table = plan_of(old).timetable
    calendars = {
        "timer": {key: one.calendar for key, one in old.timers.items()},
        "clock": {key: one.calendar for key, one in old.clocks.items()},
        "duty": {key: one.calendar for key, one in old.duties.items()},
    }
    running: tuple[tuple[str, str, Mapping[str, Watch] | Mapping[str, Owed]], ...] = (
        ("timer", "timers", case.timers),
        ("clock", "clocks", case.clocks),
        ("duty", "duties", case.duties),
    )
    for kind, section, watches in running:
        known = getattr(new, section)
        for key, watch in watches.items():
            carried = mapping.timed.get(section, {}).get(key)
            if carried is None or carried.to not in known:
                continue
            how, amount = carried.time, ""
            if how == REMAINING:
                calendar = table.calendar(calendars[kind][key], edition)
                amount = _left(calendar, watch, now) or ""
                how = how if amount else KEEP
            yield f"{kind} {key}", (carried.to, how, amount)


def _left(calendar: Calendar, watch: Watch | Owed, now: datetime) -> str | None:
    """Return what is left, in the kind of time that it is counted in; None where that is not said.

    Periods and fixed instants have a date and no amount; what is overdue has nothing left.
    """
    if isinstance(watch, Owed) or watch.status == ASLEEP or not is_known(watch.target):
        return None
    target = target_of(watch.target)
    try:
        match target:
            case timedelta() | WorkingTime() | WorkingDays():
                left = measure(calendar, watch.since, target, breaks_of(watch)).amounts(now)[1]
            case _:
                return None
    except BEYOND:
        return None
    if not left:
        return None
    if isinstance(left, int):
        return write_duration(WorkingDays(left))
    whole = timedelta(seconds=int(left.total_seconds()))
    return write_duration(WorkingTime(whole) if isinstance(target, WorkingTime) else whole)


def _arms(
    mapping: VersionMap, old: Chart, new: Chart, case: Case, states: Mapping[str, str]
) -> Iterator[str]:
    """Yield the timers that begin: those that the old version had not, or had switched off.

    One that had fired in the state where the case stands does not fire again.
    """
    active = {
        f"{track.name}.{path}"
        for track in old.tracks
        if track.name in case.states
        for path in ("", *track.scopes(case.states[track.name]))
    }
    was_on = {
        carried.to
        for key, carried in mapping.timed.get("timers", {}).items()
        if carried is not None
        and (timer := old.timers.get(key)) is not None
        and (
            key in case.timers
            or (
                f"{timer.track}.{timer.scope}" in active
                and is_known(amount_in(case.data, timer.after))
            )
        )
    }
    for track in new.tracks:
        scopes = {"", *track.scopes(states[track.name])}
        is_over = track.states[states[track.name]].kind is StateKind.END
        for timer in new.timers.values():
            is_here = timer.track == track.name and timer.scope in scopes
            if is_here and not is_over and timer.key not in was_on:
                yield timer.key
