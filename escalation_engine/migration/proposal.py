"""A mapping proposed from two charts: what has the same name, or says by `was:` what it was called.

A deadline that runs is kept unless somebody decides otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from escalation_engine.chart.model import Chart, StateKind, Timer, Track
from escalation_engine.core import FrozenMap
from escalation_engine.migration.renames import Renames
from escalation_engine.migration.version_map import NAMED, Carried, VersionMap

__all__ = ["matching_tracks", "propose"]

_SECTIONS = {"data": "fields"}


def propose(old: Chart, new: Chart) -> VersionMap:
    """Return where everything of `old` goes in `new`; None where there is no place for it."""
    renames = Renames(new)
    tracks = matching_tracks(old, new)
    paths = {
        track.name: _paths(track, tracks.get(track.name), new, renames) for track in old.tracks
    }
    states = {
        f"{track.name}.{path}": _leaf(track, path, tracks.get(track.name), new, paths[track.name])
        for track in old.tracks
        for path, state in track.states.items()
        if state.is_leaf and not (track is old.main and state.kind is StateKind.END)
    }
    names = {section: FrozenMap(_names(section, old, new, renames)) for section in NAMED}
    timed = {
        "timers": _timers(old, new, tracks, paths, renames),
        "clocks": _carried(_renamed("clocks", old.clocks, new.clocks, renames)),
        "duties": _carried(
            {
                name: one
                if one and (old.duties[name].every is None) == (new.duties[one].every is None)
                else None
                for name, one in _renamed("duties", old.duties, new.duties, renames).items()
            }
        ),
    }
    return VersionMap(
        new.process, old.version, new.version, FrozenMap(states), FrozenMap(names), FrozenMap(timed)
    )


def matching_tracks(old: Chart, new: Chart) -> dict[str, str]:
    """Return for each track that stays its name in the new version; main stays main."""
    renames = Renames(new)
    found = {old.main.name: new.main.name}
    for track in new.tracks[1:]:
        for name in (track.name, renames.old_track(track)):
            if name != old.main.name and any(one.name == name for one in old.tracks):
                found.setdefault(name, track.name)
    return found


def _names(section: str, old: Chart, new: Chart, renames: Renames) -> dict[str, str | None]:
    attribute = _SECTIONS.get(section, section)
    return _renamed(section, getattr(old, attribute), getattr(new, attribute), renames)


def _renamed(
    section: str, old: Iterable[str], new: Iterable[str], renames: Renames
) -> dict[str, str | None]:
    known = list(new)
    was = {renames.old_name(section, name): name for name in known}
    return {name: name if name in known else was.get(name) for name in old}


def _carried(names: Mapping[str, str | None]) -> FrozenMap:
    return FrozenMap({name: Carried(to) if to else None for name, to in names.items()})


def _paths(track: Track, to: str | None, new: Chart, renames: Renames) -> dict[str, str]:
    """Return for each scope that stays its new path, compound states too."""
    if to is None:
        return {}
    target = _track(new, to)
    was = {renames.old_path(target, path): path for path in target.states}
    found = {path: path if path in target.states else was.get(path) for path in track.states}
    return {path: one for path, one in found.items() if one is not None}


def _leaf(
    track: Track, path: str, to: str | None, new: Chart, paths: Mapping[str, str]
) -> str | None:
    """Return the new leaf of an old one: by its own name, or a scope around that is a leaf now."""
    if to is None:
        return None
    target, was = _track(new, to), track.states[path]
    for scope in track.scopes(path):
        found = target.states.get(paths.get(scope, ""))
        if found is None or (scope != path and not found.is_leaf):
            continue
        leaf = found if found.is_leaf else target.states[found.start]
        if (leaf.kind is StateKind.END) == (was.kind is StateKind.END):
            return f"{to}.{leaf.path}"
    return None


def _timers(
    old: Chart,
    new: Chart,
    tracks: Mapping[str, str],
    paths: Mapping[str, Mapping[str, str]],
    renames: Renames,
) -> FrozenMap:
    by_scope: dict[tuple[str, str], dict[str, Timer]] = {}
    for timer in new.timers.values():
        track = _track(new, timer.track)
        name = timer.key.rpartition(":")[2]
        here = by_scope.setdefault((timer.track, timer.scope), {})
        here[name] = timer
        here.setdefault(renames.old_timer(track, timer.scope, name), timer)
    found: dict[str, Carried | None] = {}
    for key, timer in old.timers.items():
        scope = paths[timer.track].get(timer.scope, "") if timer.scope else ""
        is_there = bool(scope) == bool(timer.scope)
        there = by_scope.get((tracks.get(timer.track, ""), scope), {}) if is_there else {}
        one = there.get(key.rpartition(":")[2])
        found[key] = Carried(one.key) if one is not None else None
    return FrozenMap(found)


def _track(chart: Chart, name: str) -> Track:
    return next(one for one in chart.tracks if one.name == name)
