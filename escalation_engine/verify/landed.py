"""Whether cases that are open come to an end on a chart: the exploration begun from each of them.

Time that is left is rounded up to the step in which the proof counts a kind of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation_engine.calendar import Edition, WorkingDays, WorkingTime
from escalation_engine.calendar.measure import measure
from escalation_engine.calendar.working import open_between
from escalation_engine.chart.model import Chart
from escalation_engine.core import DUE, Case, FrozenMap, Owed, Watch
from escalation_engine.core.arming import BEYOND, breaks_of, is_known
from escalation_engine.core.plan import plan_of
from escalation_engine.core.timetable import target_of
from escalation_engine.core.watch import Pausing, Threshold
from escalation_engine.verify.configuration import Configuration, Outstanding
from escalation_engine.verify.epoch import EPOCH
from escalation_engine.verify.explore import MOST_CONFIGURATIONS, explore_from
from escalation_engine.verify.graph import Rest
from escalation_engine.verify.model import Model, model_of

__all__ = ["Landed", "can_end"]


@dataclass(frozen=True, slots=True)
class Landed:
    """A case as it stands on the chart at an instant, and what may still be reported to it.

    `edition` has the dates that it counts on.
    """

    case: Case
    at: datetime
    edition: Edition | None = None
    outstanding: Outstanding = ()


def can_end(
    chart: Chart, landed: Sequence[Landed], *, most: int = MOST_CONFIGURATIONS
) -> list[bool | None]:
    """Return for each case whether an end or a final decision point can be reached from it.

    None: not decided, as there are more than `most` configurations.
    """
    if not landed:
        return []
    model = model_of(chart)
    starts = [_start(model, one) for one in landed]
    graph, nodes = explore_from(model, starts, most=most)
    ends = {
        node for node in range(len(graph.nodes)) if graph.rest(node) in (Rest.CLOSED, Rest.FINAL)
    }
    surely = graph.reaching(ends)
    perhaps = surely | graph.reaching(graph.unseen)
    return [True if node in surely else None if node in perhaps else False for node in nodes]


def _start(model: Model, landed: Landed) -> Configuration:
    """Return the configuration of a case: as it is, with its time counted from one instant."""
    case, chart = landed.case, model.chart
    timers = {
        key: _moved(model, ("timer", key), watch, landed)
        for key, watch in case.timers.items()
        if key in chart.timers
    }
    clocks = {
        name: _moved(model, ("clock", name), watch, landed)
        for name, watch in case.clocks.items()
        if name in chart.clocks
    }
    duties = {
        name: _owed(model, name, owed, landed)
        for name, owed in case.duties.items()
        if name in chart.duties
    }
    moved = case._replace(
        at=EPOCH,
        timers=FrozenMap(timers),
        clocks=FrozenMap(clocks),
        duties=FrozenMap(duties),
        edition="",
        receipt=None,
    )
    return Configuration(moved, () if case.is_closed else landed.outstanding)


def _moved(model: Model, name: tuple[str, str], watch: Watch, landed: Landed) -> Watch:
    """Return a watch that stands at the fixed instant as this one stands now."""
    sort, key = name
    of = model.chart.timers[key] if sort == "timer" else model.chart.clocks[key]
    labels = {DUE, *(one.mark for one in of.warnings)}
    pending = [
        Threshold(EPOCH + _left(model, name, one.at, landed), one.label)
        for one in watch.pending
        if one.label in labels
    ]
    breaks = [Pausing(EPOCH, None, one.reason) for one in watch.breaks if one.end is None]
    return watch._replace(
        since=EPOCH - _used(model, of.calendar, watch, landed),
        pending=tuple(pending),
        breaks=tuple(breaks),
        fired=tuple([one for one in watch.fired if one in labels]),
        ended_at=None if watch.ended_at is None else EPOCH,
        due_at=None,
    )


def _left(model: Model, name: tuple[str, str], at: datetime, landed: Landed) -> timedelta:
    """Return how much of its kind of time is left until an instant, in whole steps."""
    kind = model.kinds.of.get(name, "")
    left = max(at - landed.at, timedelta())
    if kind.startswith("working ") and left:
        table = plan_of(model.original).timetable
        calendar = table.calendar(kind.removeprefix("working "), landed.edition)
        with suppress(*BEYOND):
            left = open_between(calendar, landed.at, at)
    unit = model.kinds.units.get(kind)
    return left if unit is None else -(-left // unit) * unit


def _used(model: Model, calendar: str, watch: Watch, landed: Landed) -> timedelta:
    """Return how much of a target is used: what counts when a pause ends."""
    if not is_known(watch.target):
        return timedelta()
    target = target_of(watch.target)
    elapsed = max(landed.at - watch.since, timedelta())
    if not isinstance(target, timedelta | WorkingTime | WorkingDays):
        return elapsed
    known = plan_of(model.original).timetable.calendar(calendar, landed.edition)
    try:
        used = measure(known, watch.since, target, breaks_of(watch)).used(
            max(landed.at, watch.since)
        )
    except BEYOND:
        return elapsed
    return timedelta(days=used) if isinstance(used, int) else used


def _owed(model: Model, name: str, owed: Owed, landed: Landed) -> Owed:
    due_at = owed.due_at
    if due_at is not None:
        due_at = EPOCH + _left(model, ("duty", name), due_at, landed)
    since = EPOCH + max(owed.since - landed.at, timedelta())
    return owed._replace(due_at=due_at, since=since, last_done=None, origin=None)
