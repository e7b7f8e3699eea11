"""The one pure function that holds all behaviour: what an input does to a case.

It reads no clock, asks no host and remembers nothing: the same arguments give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from escalation_engine.calendar import Edition
from escalation_engine.chart.fault import did_you_mean
from escalation_engine.chart.model import Body, Branch, Chart, Track, Transition
from escalation_engine.core.bring import bring
from escalation_engine.core.case import Case
from escalation_engine.core.decision import Answers, Ask, Decision, Refusal
from escalation_engine.core.draft import ENGINE_ACTOR, SILENCE, Draft, Refused, Said, Unanswered
from escalation_engine.core.effect import Alarm
from escalation_engine.core.firing import fall_due, misfired
from escalation_engine.core.forgotten import forgotten
from escalation_engine.core.fulfil import fulfilled, recalculated
from escalation_engine.core.input import (
    Corrected,
    Due,
    Forgotten,
    Fulfilled,
    Input,
    Migrated,
    Noted,
    Opened,
    Recalculated,
    Recorded,
    Reported,
    Sent,
    TaskChanged,
)
from escalation_engine.core.machine import chooses
from escalation_engine.core.migrate import migrated
from escalation_engine.core.plan import plan_of
from escalation_engine.core.prepared import Prepared, prepare, prepare_move
from escalation_engine.core.record import record
from escalation_engine.core.step import (
    choose,
    come_to_rest,
    path_to,
    refuse_without_data,
    take,
)
from escalation_engine.core.tasks import change_task
from escalation_engine.core.value import FrozenMap, freeze
from escalation_engine.core.why import (
    accepted_events,
    where,
    why_closed,
    why_not_taken,
    why_unknown,
)
from escalation_engine.errors import Reason

__all__ = ["decide"]


def decide(
    chart: Chart,
    case: Case,
    input: Input,
    *,
    now: datetime,
    answers: Answers,
    edition: Edition | None = None,
) -> Decision | Refusal | Ask:
    """Return what `input` leads to, when the host has answered `answers`.

    A Decision holds the next case, its journal entry and the effects to deliver after commit. A
    Refusal has changed nothing. An Ask names the one answer that is missing: ask the host, add it
    to `answers`, and call again with everything else the same.

    `case` of an Opened input is blank: revision 0 and no states. `now` is aware; a case never goes
    back in time, so that an earlier `now` counts as the latest instant the case has seen. `edition`
    has the dates that calendars count on, without one those that are installed; instants that are
    among the answers are taken from there.
    """
    said: Said = input if isinstance(input, (Sent, Opened, Recorded)) else _said_by(input)
    at = case.at
    draft = Draft(
        plan_of(chart), case, input, said=said, now=now if now > at else at, given=answers,
        edition=edition,
    )  # fmt: skip
    try:
        if bool(case.states) is isinstance(input, Opened):
            raise Refused(_out_of_turn(case))
        _TAKE[type(input)](draft, input)
    except Unanswered as unanswered:
        return Ask(unanswered.question, draft.case())
    except Refused as refused:
        if isinstance(input, Reported):
            return _unreported(draft, refused)
        if isinstance(input, Due) and refused.reasons[0].kind not in _NEVER_HAPPENED:
            return misfired(draft, input, refused)
        return _refusal(draft, refused.reasons)
    return draft.decision()


def _out_of_turn(case: Case) -> Reason:
    """A case is opened once, and before anything else."""
    if case.states:
        return Reason("already_open", f"case {case.id} has been opened")
    return Reason("not_open", f"case {case.id} has not been opened yet")


def _said_by(input: Input) -> Sent:
    match input:
        case Reported() | Due():
            return SILENCE
        case Fulfilled():
            return Sent(
                "", input.by, input.data, input.note, input.channel, input.evidence,
                input.on_behalf_of,
            )  # fmt: skip
        case TaskChanged():
            return Sent("", input.by, note=input.note, channel=input.channel)
        case _:
            return Sent("", input.by)


def _refusal(draft: Draft, reasons: tuple[Reason, ...]) -> Refusal:
    case, input = draft.before, draft.input
    if isinstance(input, Migrated):  # The chart does not know where the case stands.
        return Refusal(_NAMES[Migrated], ", ".join(case.states.values()), reasons)
    what = getattr(input, "event", None) or _NAMES[type(input)]
    places = ", ".join(state.path for state in where(draft.chart, case)) or "no case yet"
    accepted = accepted_events(draft.chart, case)
    return Refusal(str(what), places, reasons, accepted)


def _unreported(draft: Draft, refused: Refused) -> Decision:
    """A report that the process does not take is journaled all the same, and changes nothing."""
    fresh = Draft(
        draft.plan,
        draft.before,
        draft.input,
        said=SILENCE,
        now=draft.now,
        given=draft.given,
        edition=draft.dates,
    )
    fresh.answers = draft.answers  # A replay comes to the same refusal by them.
    return fresh.decision("; ".join(reason.message for reason in refused.reasons))


def _opened(draft: Draft, opened: Opened) -> None:
    chart = draft.chart
    opening = chart.openings.get(opened.event)
    if opening is None:
        hint = did_you_mean(opened.event, chart.openings)
        raise Refused(
            Reason("unknown_event", f"`{opened.event}` opens no case; {hint}", opened.event)
        )
    defaults = {
        name: freeze(field.default)
        for name, field in chart.fields.items()
        if field.default is not None and name not in opened.data
    }
    for name, value in defaults.items():
        draft.set_data(name, value)
    draft.edition = opened.edition
    bring(draft, opened.data, needs=opening.needs, brings=opening.brings)
    branches = draft.plan.openings[opened.event]
    branch = next((one for one in branches if chooses(one, draft)), None)
    if branch is None:
        raise Refused(*why_not_taken(draft, opened.event, opening.branches))
    chosen = [branch, *(_start(track, opened.event) for track in chart.tracks[1:])]
    draft.states = FrozenMap({one.track.name: "" for one in chosen})
    take(draft, chosen)
    come_to_rest(draft, chosen)


def _start(track: Track, event: str) -> Prepared:
    """A side track begins where it begins, whatever opened the case."""
    return prepare(track, Branch(event, "", 1, _AS_WRITTEN, track.start, enters=track.enters))


_AS_WRITTEN = Transition(event="", declared_in="", number=0, to="")


def _sent(draft: Draft, sent: Sent) -> None:
    if draft.outcome is not None:
        raise Refused(why_closed(draft))
    event = draft.chart.events.get(sent.event)
    if event is None:
        raise Refused(why_unknown(draft, sent.event))
    if sent.data or event.needs:
        if sent.event not in accepted_events(draft.chart, draft.before):
            raise Refused(*why_not_taken(draft, sent.event))
        bring(draft, sent.data, needs=event.needs, brings=event.brings)
    _take_event(draft, sent.event)


def _take_event(draft: Draft, event: str) -> None:
    chosen = choose(draft, event)
    if not chosen:
        raise Refused(*why_not_taken(draft, event))
    take(draft, chosen)
    come_to_rest(draft, chosen)


def _reported(draft: Draft, reported: Reported) -> None:
    if reported.event is None:
        return
    if draft.before.is_closed:
        raise Refused(why_closed(draft))
    if reported.event not in draft.chart.events:
        raise Refused(why_unknown(draft, reported.event))
    note = reported.detail or draft.chart.events[reported.event].title
    draft.said = Sent(reported.event, ENGINE_ACTOR, note=note)
    refuse_without_data(draft, reported.event)
    if reported.recipient is not None:
        text = reported.detail or "nobody was reached"
        draft.effects += (
            Alarm(draft.next_effect_id(), "nobody_reached", reported.recipient, text),
        )
    _take_event(draft, reported.event)


def _noted(draft: Draft, noted: Noted) -> None:
    if draft.before.is_closed:
        raise Refused(why_closed(draft))
    draft.visibility = noted.visibility
    come_to_rest(draft, ())


def _corrected(draft: Draft, corrected: Corrected) -> None:
    if draft.before.is_closed:
        raise Refused(why_closed(draft))
    track = next((one for one in draft.chart.tracks if one.name == corrected.track), None)
    state = track.states.get(corrected.to) if track else None
    if track is None or state is None:
        known = track.states if track else [one.name for one in draft.chart.tracks]
        name = corrected.to if track else corrected.track
        message = f"there is no `{name}` to move the case to; {did_you_mean(name, known)}"
        raise Refused(Reason("unknown_state", message, name))
    if not corrected.reason.strip():
        raise Refused(Reason("missing_reason", "a correction needs a reason", "reason"))
    source = draft.states[track.name]
    target = state.path if state.is_leaf else state.start
    leaves, enters = path_to(track, source, target, "")
    moved = Transition("", "", 0, corrected.to, body=Body(reason=corrected.reason))
    branch = prepare_move(
        track,
        Branch("", source, 0, moved, target, leaves=leaves, enters=enters),
        source=source,
        target=target,
        leaves=leaves,
        enters=enters,
    )
    take(draft, (branch,))
    come_to_rest(draft, (branch,))


_NEVER_HAPPENED = {"stale", "not_open"}

_NAMES: dict[type, str] = {
    Due: "due",
    Forgotten: "forget",
    Fulfilled: "fulfil",
    TaskChanged: "task",
    Recalculated: "recalculate",
    Migrated: "migrate",
    Opened: "open",
    Reported: "report",
    Recorded: "record",
    Noted: "note",
    Corrected: "correct",
}

_TAKE: dict[type, Callable[[Draft, Any], None]] = {
    Opened: _opened,
    Sent: _sent,
    Due: fall_due,
    Forgotten: forgotten,
    Fulfilled: fulfilled,
    TaskChanged: change_task,
    Recalculated: recalculated,
    Migrated: migrated,
    Recorded: record,
    Noted: _noted,
    Reported: _reported,
    Corrected: _corrected,
}
