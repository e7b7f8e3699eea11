"""Something falls due: a threshold of a timer, clock or duty fires, once, and is never lost.

What it leads to may be refused. Then the firing is consumed all the same, with an alarm.
"""

from __future__ import annotations

from escalation_engine.chart.model import StateKind
from escalation_engine.chart.time_model import Clock, Timer
from escalation_engine.core.arming import journal
from escalation_engine.core.body import run, tell_holders
from escalation_engine.core.clocks import breach
from escalation_engine.core.decision import Ask, Decision
from escalation_engine.core.draft import ENGINE_ACTOR, Draft, Refused, Unanswered
from escalation_engine.core.duties import come_due
from escalation_engine.core.effect import Alarm
from escalation_engine.core.input import Due, Sent
from escalation_engine.core.step import choose, come_to_rest, refuse_without_data, take
from escalation_engine.core.timers import re_arm, remove
from escalation_engine.core.timing import keep_time
from escalation_engine.core.value import FrozenMap
from escalation_engine.core.watch import DUE, Threshold, Watch
from escalation_engine.errors import Reason

__all__ = ["fall_due", "misfired"]


def fall_due(draft: Draft, due: Due) -> None:
    """Let it happen, or raise Refused: as stale where it is not pending, else by the process."""
    _refuse_stale(draft, due)
    if due.kind == "timer":
        timer = draft.chart.timers[due.key]
        _consume_timer(draft, timer, due)
        if due.label != DUE:
            _warn(draft, timer, due)
        elif timer.send:
            _send(draft, timer)
            return
    elif due.kind == "clock":
        clock = draft.chart.clocks[due.key]
        _consume_clock(draft, clock, due, runs_body=True)
        if due.label != DUE:
            _warn(draft, clock, due)
    else:
        come_due(draft, draft.chart.duties[due.key], draft.duties[due.key])
    _settle(draft)


def misfired(draft: Draft, due: Due, refused: Refused) -> Decision | Ask:
    """Consume a firing that the process has refused: journaled with its reasons, and an alarm.

    The breach and the missed duty stay facts: what waits for their moment gets it, unless that is
    what was refused.
    """
    fresh = _second_attempt(draft)
    title = _consume(fresh, due)
    if fresh.happened:
        try:
            _settle(fresh)
        except Unanswered as unanswered:
            return Ask(unanswered.question, fresh.case())
        except Refused:
            fresh = _second_attempt(draft)
            _consume(fresh, due)
    problem = "; ".join(reason.message for reason in refused.reasons)
    text = f"`{title}` has fired and was refused: {problem}"
    fresh.effects += (Alarm(fresh.next_effect_id(), "firing_refused", due.key, text),)
    return fresh.decision(problem)


def _second_attempt(draft: Draft) -> Draft:
    """Return a draft that has the answers of the first one, except the instants that it armed."""
    fresh = Draft(
        draft.plan,
        draft.before,
        draft.input,
        said=draft.said,
        now=draft.now,
        given=FrozenMap({**draft.given, **draft.answers}),
        edition=draft.dates,
    )
    fresh.armed_in = "misfired"
    fresh.answers.update(draft.answers)  # A replay comes to the same refusal by them.
    return fresh


def _consume(draft: Draft, due: Due) -> str:
    """Use a firing up without what it leads to; return the title of what has fired."""
    if due.kind == "timer":
        timer = draft.chart.timers[due.key]
        _consume_timer(draft, timer, due)
        return timer.title
    if due.kind == "clock":
        clock = draft.chart.clocks[due.key]
        _consume_clock(draft, clock, due, runs_body=False)
        return clock.title
    duty = draft.chart.duties[due.key]
    come_due(draft, duty, draft.duties[due.key], runs_body=False)
    return duty.title


def _refuse_stale(draft: Draft, due: Due) -> None:
    if due.due_at > draft.now:
        message = f"`{due.key}` falls due at {due.due_at.isoformat()}, which has not come"
        raise Refused(Reason("stale", message, due.key))
    if due.kind == "duty":
        owed = draft.duties.get(due.key)
        if owed is not None and (owed.token, owed.due_at) == (due.token, due.due_at):
            return
    else:
        watch = (draft.timers if due.kind == "timer" else draft.clocks).get(due.key)
        if watch is not None and watch.token == due.token and _threshold(due) in watch.pending:
            return
    message = f"`{due.key}` ({due.label}) is not pending any more"
    raise Refused(Reason("stale", message, due.key))


def _threshold(due: Due) -> Threshold:
    return Threshold(due.due_at, due.label)


def _consume_timer(draft: Draft, timer: Timer, due: Due) -> None:
    watch = draft.timers[timer.key]
    if due.label != DUE:
        draft.timers = FrozenMap({**draft.timers, timer.key: _marked(draft, "timer", watch, due)})
        return
    fired = watch.count + 1
    if timer.every is not None and (timer.times is None or fired < timer.times):
        journal(draft, "timer", timer.key, "fired", at=due.due_at)
        re_arm(draft, timer, watch._replace(count=fired))
    else:
        remove(draft, timer.key, "fired")


def _consume_clock(draft: Draft, clock: Clock, due: Due, *, runs_body: bool) -> None:
    watch = draft.clocks[clock.name]
    if due.label == DUE:
        breach(draft, clock, watch, runs_body=runs_body)
    else:
        draft.clocks = FrozenMap({**draft.clocks, clock.name: _marked(draft, "clock", watch, due)})


def _marked(draft: Draft, kind: str, watch: Watch, due: Due) -> Watch:
    journal(draft, kind, due.key, "fired", at=due.due_at, detail=due.label)
    pending = tuple([one for one in watch.pending if one != _threshold(due)])
    return watch._replace(pending=pending, fired=(*watch.fired, due.label))


def _warn(draft: Draft, of: Timer | Clock, due: Due) -> None:
    body = next(one.body for one in of.warnings if one.mark == due.label)
    if body is not None:
        run(draft, body)
        return
    watch = draft.timers[due.key] if isinstance(of, Timer) else draft.clocks[due.key]
    state = draft.chart.main.states[draft.states[draft.chart.main.name]].title
    when = f", due at {watch.due_at.isoformat()}" if watch.due_at is not None else ""
    text = f"{of.title}: {due.label} reached in {state}{when}"
    tell_holders(draft, ("assignee", "owner"), f"{of.title}: {due.label}", text)


def _send(draft: Draft, timer: Timer) -> None:
    """The engine takes the event, with the timer's title as its note."""
    draft.said = Sent(timer.send, ENGINE_ACTOR, note=timer.title)
    chosen = choose(draft, timer.send)
    if not chosen:
        message = f"nothing takes `{timer.send}`, which `{timer.title}` sends"
        raise Refused(Reason("wrong_state", message, timer.send))
    if any(one.track.states[one.target].kind is not StateKind.DECISION for one in chosen):
        refuse_without_data(draft, timer.send)
    take(draft, chosen)
    come_to_rest(draft, chosen)


def _settle(draft: Draft) -> None:
    keep_time(draft)
    come_to_rest(draft, ())
