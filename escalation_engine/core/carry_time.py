"""Timers, clocks and duties of a case that comes to stand on another version.

What has been judged stays judged: a breach never moves, a stopped clock keeps its verdict.
"""

from __future__ import annotations

from escalation_engine.calendar import due, mark_due
from escalation_engine.chart.model import Clock, Duty, Timer
from escalation_engine.core.arming import (
    amount_text,
    armed,
    breaks_of,
    instants,
    is_known,
    journal,
    next_token,
    open_pauses,
    without,
)
from escalation_engine.core.clocks import origin_of
from escalation_engine.core.draft import Draft
from escalation_engine.core.duties import open_due
from escalation_engine.core.input import Migrated
from escalation_engine.core.recurring import next_occurrence, renewed
from escalation_engine.core.timers import arm, forget_sleepers
from escalation_engine.core.timetable import mark_of, target_of
from escalation_engine.core.value import FrozenMap
from escalation_engine.core.watch import ASLEEP, DUE, Cycle, Owed, Threshold, Watch

__all__ = ["KEEP", "RECOUNT", "REMAINING", "RESTART", "carry_time"]

KEEP = "keep_deadline"
"""It is due when it was due."""
REMAINING = "keep_remaining"
"""What was left of it begins now, on the calendar of the new version."""
RECOUNT = "recount"
"""The new amount counts, from where the old one began."""
RESTART = "restart"
"""The new amount counts from now."""


def carry_time(draft: Draft, said: Migrated) -> None:
    """Carry over what runs; arm the timers that the input names."""
    _carry_timers(draft, said)
    _carry_clocks(draft, said)
    _carry_duties(draft, said)


def _carry_timers(draft: Draft, said: Migrated) -> None:
    before, draft.timers = draft.before.timers, FrozenMap()
    active = {
        (track.name, path)
        for track in draft.chart.tracks
        for path in ("", *track.scopes(draft.states[track.name]))
    }
    for key, watch in before.items():
        new, how, amount = said.timing.get(f"timer {key}", ("", "", ""))
        timer = draft.chart.timers.get(new)
        if timer is None:
            journal(draft, "timer", key, "dropped", was=watch.due_at)
        elif (timer.track, timer.scope) in active:
            _carry_timer(draft, timer, watch, how, amount)
        elif watch.status == ASLEEP:
            _keep_timer(draft, timer, watch._replace(token=next_token(draft)))
        else:
            journal(draft, "timer", key, "cancelled", was=watch.due_at)
    for key in said.arms:
        arm(draft, draft.chart.timers[key])
    for track in draft.chart.tracks:
        forget_sleepers(draft, track)


def _carry_timer(draft: Draft, timer: Timer, watch: Watch, how: str, amount: str) -> None:
    if watch.status == ASLEEP:  # It has come to a state in which the timer runs.
        awake = without(watch.breaks, draft.now) + open_pauses(draft, timer)
        watch = watch._replace(status="running", breaks=awake)
        how = RECOUNT if how == KEEP else how
    if how == RESTART:
        arm(draft, timer)
        return
    text = amount_text(draft, timer.after)
    if how == RECOUNT and not is_known(text):
        journal(draft, "timer", timer.key, "dropped", was=watch.due_at, detail=text or "not set")
        return
    _keep_timer(draft, timer, _carried(draft, timer, watch, how, amount or text))


def _carried(draft: Draft, of: Timer | Clock, watch: Watch, how: str, amount: str) -> Watch:
    """Return a watch that runs, as the new version counts it."""
    marks = {one.mark for one in of.warnings}
    watch = watch._replace(fired=tuple([it for it in watch.fired if it in marks or it == DUE]))
    if how == RECOUNT:
        detail = f"{watch.target or 'none'} to {amount or 'none'}"
        return armed(draft, of, watch._replace(target=amount), what="recounted", detail=detail)
    if how == REMAINING:
        fresh = watch._replace(since=draft.now, target=amount, breaks=open_pauses(draft, of))
        return armed(draft, of, fresh, what="recounted", detail=amount)
    return _kept(draft, of, watch)


def _kept(draft: Draft, of: Timer | Clock, watch: Watch) -> Watch:
    """Return the watch due as it was; of the marks those that the new version has, and to come."""
    kind, key = ("timer", of.key) if isinstance(of, Timer) else ("clock", of.name)
    marks = [one.mark for one in of.warnings]
    pending = [one for one in watch.pending if one.label == DUE or one.label in marks]
    known = {*watch.fired, *(one.label for one in pending)}
    fresh = [mark for mark in marks if mark not in known]
    if fresh and watch.pending:
        pending += instants(draft, key, lambda: _marks(draft, of, watch, fresh))
        pending.sort(key=lambda one: (one.at, one.label == DUE))
    journal(draft, kind, key, "kept", at=watch.due_at, was=watch.due_at)
    return watch._replace(token=next_token(draft), pending=tuple(pending))


def _marks(
    draft: Draft, of: Timer | Clock, watch: Watch, marks: list[str]
) -> tuple[Threshold, ...]:
    calendar, target, breaks = (
        draft.calendar(of.calendar),
        target_of(watch.target),
        breaks_of(watch),
    )
    found = [(mark_due(calendar, watch.since, target, mark_of(it), breaks), it) for it in marks]
    last = watch.due_at
    return tuple(
        [
            Threshold(at, mark)
            for at, mark in found
            if at is not None and at > draft.now and (last is None or at <= last)
        ]
    )


def _carry_clocks(draft: Draft, said: Migrated) -> None:
    before, cycles = draft.before.clocks, draft.before.cycles
    clocks: dict[str, Watch] = {}
    finished: dict[str, tuple[Cycle, ...]] = {}
    for name, watch in before.items():
        new, how, amount = said.timing.get(f"clock {name}", ("", "", ""))
        clock = draft.chart.clocks.get(new)
        if clock is None:
            journal(draft, "clock", name, "dropped", was=watch.due_at)
            continue
        if name in cycles:
            finished[new] = cycles[name]
        is_judged = watch.ended_at is not None or DUE in watch.fired
        clocks[new] = watch if is_judged else _carry_clock(draft, clock, watch, how, amount)
    draft.clocks, draft.cycles = FrozenMap(clocks), FrozenMap(finished)


def _carry_clock(draft: Draft, clock: Clock, watch: Watch, how: str, amount: str) -> Watch:
    if how in (RECOUNT, RESTART):
        since, amount = origin_of(draft, clock, watch.since)
        watch = watch._replace(since=since)
    if how == RESTART:
        breaks = open_pauses(draft, clock)
        fresh = watch._replace(since=draft.now, target=amount, breaks=breaks, fired=())
        return armed(draft, clock, fresh, what="restarted", detail=amount)
    return _carried(draft, clock, watch, how, amount)


def _carry_duties(draft: Draft, said: Migrated) -> None:
    duties: dict[str, Owed] = {}
    for name, owed in draft.before.duties.items():
        new, how, amount = said.timing.get(f"duty {name}", ("", "", ""))
        duty = draft.chart.duties.get(new)
        if duty is None:
            journal(draft, "duty", name, "dropped", was=owed.due_at)
        elif owed.due_at is None:
            duties[new] = owed
        else:
            duties[new] = _carry_duty(draft, duty, owed, how, amount)
    draft.duties = FrozenMap(duties)


def _carry_duty(draft: Draft, duty: Duty, owed: Owed, how: str, amount: str) -> Owed:
    due_at, since, origin = owed.due_at, owed.since, owed.origin
    if how == REMAINING:
        found = instants(draft, duty.name, lambda: _after(draft, duty, amount))
        due_at = found[0].at if found else None
    elif how == RESTART:
        since, origin = draft.now, draft.now if duty.every is not None else None
    if how == RESTART and duty.every is not None:
        due_at = next_occurrence(draft, duty, draft.now, origin=draft.now)
    elif how == RECOUNT and duty.every is not None:
        due_at = renewed(draft, duty, owed)
    elif how in (RESTART, RECOUNT):
        due_at = open_due(draft, duty, since)
    what = {KEEP: "kept", RESTART: "restarted"}.get(how, "recounted")
    journal(draft, "duty", duty.name, what, at=due_at, was=owed.due_at)
    return owed._replace(token=next_token(draft), due_at=due_at, since=since, origin=origin)


def _after(draft: Draft, duty: Duty, amount: str) -> tuple[Threshold, ...]:
    found = due(draft.calendar(duty.calendar), draft.now, target_of(amount))
    return (Threshold(found, DUE),) if found is not None else ()


def _keep_timer(draft: Draft, timer: Timer, watch: Watch) -> None:
    draft.timers = FrozenMap({**draft.timers, timer.key: watch})
