"""Clocks: targets across states that start, pause, move and stop, and what a cycle came to."""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation_engine.calendar import (
    Period,
    Target,
    WorkingDays,
    WorkingTime,
    due,
    write_duration,
)
from escalation_engine.chart.body_model import Extend
from escalation_engine.chart.model import MomentKind
from escalation_engine.chart.time_model import Clock
from escalation_engine.core.arming import (
    BEYOND,
    amount_text,
    armed,
    is_known,
    journal,
    open_pauses,
    recalled,
    repaused,
    without,
)
from escalation_engine.core.body import run
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.timetable import Moments, target_of
from escalation_engine.core.value import FrozenMap
from escalation_engine.core.watch import DUE, STOPPED, Cycle, Pausing, Threshold, Watch
from escalation_engine.errors import Reason

__all__ = ["breach", "extend_clock", "move_clocks", "origin_of", "retarget_clocks", "stop_clock"]


def move_clocks(draft: Draft, moments: Moments) -> None:
    """Stop, then start clocks by what has happened; begin and end their pauses."""
    table = draft.plan.timetable
    for name, stops in table.stops.items():
        watch = draft.clocks.get(name)
        if watch is not None and watch.ended_at is None and not moments.isdisjoint(stops):
            stop_clock(draft, draft.chart.clocks[name], watch)
    for name, starts in table.starts.items():
        if not moments.isdisjoint(starts):
            _start(draft, draft.chart.clocks[name])
    for name, watch in draft.clocks.items():
        clock = draft.chart.clocks[name]
        if clock.paused_in and watch.ended_at is None:
            _keep(draft, clock, repaused(draft, clock, watch))


def _start(draft: Draft, clock: Clock) -> None:
    watch = draft.clocks.get(clock.name)
    if watch is None:
        _begin(draft, clock, cycle=1, extensions=0)
    elif watch.ended_at is None:
        return
    elif clock.on_reopen == "restart":
        _begin(draft, clock, cycle=watch.cycle + 1, extensions=watch.count)
    else:
        _reopen(draft, clock, watch)


def _begin(draft: Draft, clock: Clock, *, cycle: int, extensions: int) -> None:
    since, text = origin_of(draft, clock, draft.now)
    watch = Watch("", since, text, breaks=open_pauses(draft, clock), count=extensions, cycle=cycle)
    if is_known(text):
        what, detail = "armed", text
    else:
        what, detail = "not_armed", text or "it is not set"
    _keep(draft, clock, armed(draft, clock, watch, what=what, detail=detail))


def origin_of(draft: Draft, clock: Clock, since: datetime) -> tuple[datetime, str]:
    """Return what a clock counts from and its target, which is empty while its fact is not set."""
    text = amount_text(draft, clock.target)
    if not clock.counts_from:
        return since, text
    known = draft.data.get(clock.counts_from)
    found = draft.plan.timetable.start_of(clock.calendar, str(known)) if known else None
    return (since, "") if found is None else (found, text)


def _reopen(draft: Draft, clock: Clock, watch: Watch) -> None:
    """Go on as if it had been paused, or (`continue`) as if it had never been stopped."""
    breaks = watch.breaks
    if clock.on_reopen == "continue":
        breaks = tuple([each for each in breaks if each.reason != STOPPED])
    breaks = without(breaks, draft.now) + open_pauses(draft, clock)
    finished = draft.cycles.get(clock.name, ())[:-1]  # The last one has not ended after all.
    draft.cycles = FrozenMap({**draft.cycles, clock.name: finished})
    status = "breached" if DUE in watch.fired else "running"
    again = watch._replace(breaks=breaks, status=status, ended_at=None)
    _keep(draft, clock, armed(draft, clock, again, what="reopened"))


def stop_clock(draft: Draft, clock: Clock, watch: Watch, *, unmet: str = "met") -> None:
    """Stop a clock with its verdict: what is due by now and not before now has been met.

    `unmet` is the verdict where nothing was breached: an end that met nothing cancels the clock.
    """
    if any(one.label == DUE and one.at < draft.now for one in watch.pending):
        breach(draft, clock, watch)
        watch = draft.clocks[clock.name]
    verdict = "breached" if DUE in watch.fired else unmet
    breaks = (*without(watch.breaks, draft.now), Pausing(draft.now, None, STOPPED))
    journal(draft, "clock", clock.name, STOPPED, was=watch.due_at, detail=verdict)
    stopped = watch._replace(
        pending=(),
        breaks=breaks,
        status=verdict if verdict == "breached" else STOPPED,
        ended_at=draft.now,
    )
    _keep(draft, clock, stopped)
    cycle = Cycle(watch.cycle, watch.since, watch.target, draft.now, verdict, due_at=watch.due_at)
    finished = (*draft.cycles.get(clock.name, ()), cycle)
    draft.cycles = FrozenMap({**draft.cycles, clock.name: finished})
    if verdict == "met":
        draft.happened += ((MomentKind.CLOCK_MET, clock.name),)


def breach(draft: Draft, clock: Clock, watch: Watch, *, runs_body: bool = True) -> None:
    """Breach a clock, once in a cycle, as of the instant at which it was due."""
    due_at = next(one.at for one in watch.pending if one.label == DUE)
    detail = "late" if due_at < draft.now else ""
    journal(draft, "clock", clock.name, "breached", at=due_at, detail=detail)
    breached = watch._replace(
        pending=(), fired=(*watch.fired, DUE), status="breached", due_at=due_at
    )
    _keep(draft, clock, breached)
    draft.happened += ((MomentKind.CLOCK_BREACHED, clock.name),)
    if runs_body:
        run(draft, clock.breach)


def retarget_clocks(draft: Draft) -> None:
    """Count anew what depends on a fact that has changed since the last look."""
    old = draft.timed_data
    for name, watch in draft.clocks.items():
        clock = draft.chart.clocks[name]
        fields = (clock.target.depends_on, clock.target.agreed_in, clock.counts_from)
        changed = [one for one in fields if one and draft.data.get(one) != old.get(one)]
        if changed and watch.ended_at is None:
            _retarget(draft, clock, watch, changed)


def _retarget(draft: Draft, clock: Clock, watch: Watch, changed: list[str]) -> None:
    since, text = origin_of(draft, clock, watch.since)
    if (since, text) == (watch.since, watch.target):
        return
    if clock.on_change == "from_change" and clock.counts_from not in changed:
        since = draft.now
    moved = watch._replace(since=since, target=text)
    detail = f"{watch.target or 'none'} to {text or 'none'}"
    _keep(draft, clock, armed(draft, clock, moved, what="retargeted", detail=detail))


def extend_clock(draft: Draft, extend: Extend) -> None:
    """Make a clock due later, or raise Refused where that has been done too often."""
    clock = draft.chart.clocks[extend.clock]
    watch = draft.clocks.get(extend.clock)
    if watch is None or watch.ended_at is not None or not is_known(watch.target):
        message = f"`{clock.title}` does not run, so it cannot be extended"
        raise Refused(Reason("not_running", message, clock.name))
    if extend.at_most is not None and watch.count >= extend.at_most:
        message = f"`{clock.title}` has been extended as often as it may be ({extend.at_most})"
        raise Refused(Reason("extended_before", message, clock.name))
    by = amount_text(draft, extend.by)
    if not is_known(by):
        message = f"it is not set by how much `{clock.title}` is extended"
        raise Refused(Reason("missing_data", message, clock.name))
    try:
        text = _longer(draft, clock, watch, target_of(by))
    except BEYOND as error:
        message = f"`{clock.title}` cannot be extended by {by}: {error}"
        raise Refused(Reason("not_possible", message, clock.name)) from error
    if text is None:
        message = f"`{clock.title}` is paused, and {by} is of another kind than its target"
        raise Refused(Reason("paused", message, clock.name))
    moved = watch._replace(target=text, count=watch.count + 1)
    detail = f"{watch.target} to {text}"
    _keep(draft, clock, armed(draft, clock, moved, what="extended", detail=detail))


def _longer(draft: Draft, clock: Clock, watch: Watch, by: Target) -> str | None:
    """Return the sum of two amounts of one kind; of two kinds the instant that they come to."""
    match target_of(watch.target), by:
        case timedelta() as elapsed, timedelta() as longer_by:
            return write_duration(elapsed + longer_by)
        case WorkingTime(one), WorkingTime(other):
            return write_duration(WorkingTime(one + other))
        case WorkingDays(one_day), WorkingDays(other_day):
            return write_duration(WorkingDays(one_day + other_day))
        case Period(months, weeks, days), Period(more_months, more_weeks, more_days):
            longer = Period(months + more_months, weeks + more_weeks, days + more_days)
            return write_duration(longer)
    since = watch.due_at
    if since is None:
        return None

    def count() -> tuple[Threshold, ...]:
        found = due(draft.calendar(clock.calendar), since, by)
        return (Threshold(found, DUE),) if found is not None else ()

    found = recalled(draft, clock.name, count)
    return found[0].at.isoformat() if found else None


def _keep(draft: Draft, clock: Clock, watch: Watch) -> None:
    if draft.clocks.get(clock.name) is not watch:
        draft.clocks = FrozenMap({**draft.clocks, clock.name: watch})
