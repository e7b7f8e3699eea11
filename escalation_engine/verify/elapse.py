"""Time passing in a configuration: a step of one kind, or up to what falls due next.

The case stands still; what runs comes nearer to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from escalation_engine.core import DUE, Case, Due, FrozenMap, Owed, Watch
from escalation_engine.verify.epoch import EPOCH
from escalation_engine.verify.model import Model
from escalation_engine.verify.span import Name

__all__ = ["Firing", "firings", "steps"]


class Firing(NamedTuple):
    """Something that can fall due next: the case as it stands then, the input, how long it took."""

    case: Case
    due: Due
    kind: str
    passed: timedelta


def firings(model: Model, case: Case) -> Iterator[Firing]:
    """Yield what can fall due next: the first of each kind of time."""
    units = model.kinds.units
    first: dict[str, tuple[datetime, Due]] = {}
    for name, at, label in _thresholds(model, case):
        kind = model.kinds.of[name]
        if kind in units and at > EPOCH:
            continue
        if kind not in first or at < first[kind][0]:
            first[kind] = at, Due(*name, "", label, EPOCH)
    for kind, (at, due) in first.items():
        passed = at - EPOCH
        moved = case if kind in units else _nearer(model, case, kind, passed)
        yield Firing(moved, due, kind, timedelta(0) if kind in units else passed)


def steps(model: Model, case: Case) -> Iterator[tuple[str, Case]]:
    """Yield the case after one step of each kind of time that is counted in steps."""
    if not model.kinds.units:
        return
    nearest: dict[str, datetime] = {}
    for name, at, _ in _thresholds(model, case):
        kind = model.kinds.of[name]
        if kind in model.kinds.units:
            nearest[kind] = min(at, nearest.get(kind, at))
    for kind, at in nearest.items():
        if at > EPOCH:
            yield kind, _nearer(model, case, kind, model.kinds.units[kind])


def _thresholds(model: Model, case: Case) -> Iterator[tuple[Name, datetime, str]]:
    """Yield the next threshold of each watch, in the order in which ties are settled."""
    armed: list[tuple[Name, datetime, str]] = []
    for sort, watches in (("timer", case.timers), ("clock", case.clocks)):
        for key, watch in watches.items():
            if watch.pending:
                armed.append(((sort, key), *watch.pending[0]))
    for key, owed in case.duties.items():
        if owed.due_at is not None:
            armed.append((("duty", key), owed.due_at, DUE))
    if len(armed) > 1:
        armed.sort(key=lambda one: model.kinds.positions[one[0]])
    yield from armed


def _nearer(model: Model, case: Case, kind: str, by: timedelta) -> Case:
    """Return the case with everything of one kind so much nearer."""
    of = model.kinds.of
    if not by:
        return case
    return case._replace(
        timers=_all_nearer(
            case.timers, {key for key in case.timers if of["timer", key] == kind}, by
        ),
        clocks=_all_nearer(
            case.clocks, {key for key in case.clocks if of["clock", key] == kind}, by
        ),
        duties=FrozenMap(
            {
                name: _owed_nearer(owed, by) if of["duty", name] == kind else owed
                for name, owed in case.duties.items()
            }
        ),
    )


def _all_nearer(watches: Mapping[str, Watch], moved: set[str], by: timedelta) -> FrozenMap:
    return FrozenMap(
        {
            key: _watch_nearer(watch, by) if key in moved and watch.pending else watch
            for key, watch in watches.items()
        }
    )


def _watch_nearer(watch: Watch, by: timedelta) -> Watch:
    pending = tuple([one._replace(at=max(EPOCH, one.at - by)) for one in watch.pending])
    return watch._replace(since=watch.since - by, pending=pending)


def _owed_nearer(owed: Owed, by: timedelta) -> Owed:
    if owed.due_at is None:
        return owed
    return owed._replace(due_at=max(EPOCH, owed.due_at - by))
