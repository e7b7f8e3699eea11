"""Timers: armed on entering their scope, gone on leaving it, asleep while there is a way back."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_engine.chart.model import StateKind, Track
from escalation_engine.chart.time_model import Timer
from escalation_engine.core.arming import (
    amount_text,
    armed,
    is_known,
    journal,
    next_token,
    open_pauses,
    repaused,
    without,
)
from escalation_engine.core.draft import Draft
from escalation_engine.core.prepared import Prepared
from escalation_engine.core.value import FrozenMap
from escalation_engine.core.watch import ASLEEP, Pausing, Watch

__all__ = [
    "arm",
    "cancel_timers",
    "forget_sleepers",
    "move_timers",
    "pause_timers",
    "re_arm",
    "remove",
]


def move_timers(draft: Draft, branch: Prepared) -> None:
    """Cancel or suspend timers of the scopes left, arm or resume those of the scopes entered."""
    track = branch.track
    table = draft.plan.timetable.timers
    for path in branch.leaves:
        for timer in table.get((track.name, path), ()):
            watch = draft.timers.get(timer.key)
            if watch is None:
                continue
            if branch.remembering and watch.status != ASLEEP:
                _suspend(draft, timer, watch)
            elif watch.status != ASLEEP:
                remove(draft, timer.key, "cancelled")
    entered = (("",) if not branch.source else ()) + branch.enters
    for path in entered:
        for timer in table.get((track.name, path), ()):
            if branch.is_back:
                _return(draft, timer)
            else:
                arm(draft, timer)
    if branch.leaves or branch.enters:
        forget_sleepers(draft, track)
        if track.states[draft.states[track.name]].kind is StateKind.END:
            cancel_timers(draft, track.name)


def pause_timers(draft: Draft) -> None:
    """Begin and end the pauses of the timers that are armed."""
    for key, watch in draft.timers.items():
        timer = draft.chart.timers[key]
        if timer.paused_in and watch.status != ASLEEP:
            _keep(draft, key, repaused(draft, timer, watch))


def cancel_timers(draft: Draft, track: str | None = None) -> None:
    """Cancel the timers of one track, or all of them."""
    for key in draft.timers:
        if track is None or draft.chart.timers[key].track == track:
            remove(draft, key, "cancelled")


def remove(draft: Draft, key: str, what: str, *, detail: str = "") -> None:
    """Take a timer out of the case, for a reason that is journaled."""
    watch = draft.timers[key]
    journal(draft, "timer", key, what, was=watch.due_at, detail=detail)
    draft.timers = FrozenMap({name: one for name, one in draft.timers.items() if name != key})


def re_arm(draft: Draft, timer: Timer, watch: Watch) -> None:
    """Count a repeated timer anew from now; it warns in its first round only."""
    text = amount_text(draft, timer.every) if timer.every is not None else ""
    if not is_known(text):
        remove(draft, timer.key, "cancelled", detail="it has no interval to repeat in")
        return
    fresh = watch._replace(since=draft.now, target=text, breaks=open_pauses(draft, timer))
    fresh = fresh._replace(fired=tuple([one.mark for one in timer.warnings]), due_at=None)
    _keep(draft, timer.key, armed(draft, timer, fresh, what="armed", detail=text))


def arm(draft: Draft, timer: Timer) -> None:
    """Let a timer count from now, where its amount is known."""
    text = amount_text(draft, timer.after)
    if not is_known(text):
        if timer.key in draft.timers:
            remove(draft, timer.key, "cancelled")
        if timer.after.depends_on or timer.after.agreed_in:
            journal(draft, "timer", timer.key, "not_armed", detail=text or "it is not set")
        return
    watch = Watch("", draft.now, text, breaks=open_pauses(draft, timer))
    _keep(draft, timer.key, armed(draft, timer, watch, what="armed", detail=text))


def _suspend(draft: Draft, timer: Timer, watch: Watch) -> None:
    breaks = (*without(watch.breaks, draft.now), Pausing(draft.now, None, ASLEEP))
    journal(draft, "timer", timer.key, "suspended", was=watch.due_at)
    asleep = watch._replace(
        token=next_token(draft), pending=(), breaks=breaks, status=ASLEEP, due_at=None
    )
    _keep(draft, timer.key, asleep)


def _return(draft: Draft, timer: Timer) -> None:
    """On the way back: go on with the remainder, or start again. What has fired stays fired."""
    watch = draft.timers.get(timer.key)
    if timer.restarts:
        arm(draft, timer)
    elif watch is not None and watch.status == ASLEEP:
        breaks = without(watch.breaks, draft.now) + open_pauses(draft, timer)
        awake = watch._replace(status="running", breaks=breaks)
        _keep(draft, timer.key, armed(draft, timer, awake, what="resumed"))


def forget_sleepers(draft: Draft, track: Track) -> None:
    """Cancel what sleeps in scopes to which no way back leads any more."""
    sleeping = [
        key
        for key, watch in draft.timers.items()
        if watch.status == ASLEEP and draft.chart.timers[key].track == track.name
    ]
    if not sleeping:
        return
    within = _within_reach(draft, track)
    for key in sleeping:
        if draft.chart.timers[key].scope not in within:
            remove(draft, key, "cancelled")


def _within_reach(draft: Draft, track: Track) -> set[str]:
    """Return the scopes of all leaves that one or several ways back lead to from here."""
    found: set[str] = set()
    waiting: Sequence[str] = track.scopes(draft.states[track.name])
    seen: set[str] = set()
    while waiting:
        leaves = {
            leaf
            for path in waiting
            if track.states[path].remembers
            and (leaf := draft.remembered.get(f"{track.name}.{path}")) is not None
        } - seen
        seen |= leaves
        waiting = [path for leaf in leaves for path in track.scopes(leaf)]
        found.update(waiting)
    return found


def _keep(draft: Draft, key: str, watch: Watch) -> None:
    if draft.timers.get(key) is not watch:
        draft.timers = FrozenMap({**draft.timers, key: watch})
