"""When the thresholds of a timer or clock are reached: asked of the journal first, then counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from escalation_engine.calendar import (
    Break,
    NoOpenTime,
    Pause,
    Stop,
    due,
    mark_due,
)
from escalation_engine.chart.body_model import Amount
from escalation_engine.chart.time_model import Clock, Timer, Warning
from escalation_engine.core.decision import InstantQuestion, Instants
from escalation_engine.core.draft import Draft
from escalation_engine.core.effect import Alarm
from escalation_engine.core.timetable import mark_of, target_of
from escalation_engine.core.watch import ASLEEP, DUE, STOPPED, Pausing, Threshold, TimeChange, Watch
from escalation_engine.errors import BadInput

__all__ = [
    "BEYOND",
    "amount_in",
    "amount_text",
    "armed",
    "breaks_of",
    "instants",
    "is_known",
    "journal",
    "next_token",
    "open_pauses",
    "recalled",
    "repaused",
    "without",
]


BEYOND = (NoOpenTime, BadInput, OverflowError, ValueError)
"""What counting raises where no instant is found: a calendar that is closed, the end of years."""


def amount_text(draft: Draft, amount: Amount) -> str:
    """Return the canonical text of an amount for this case, empty where a fact is not set."""
    return amount_in(draft.data, amount)


def amount_in(data: Mapping[str, object], amount: Amount) -> str:
    """Return the same for the data of a case."""
    if amount.agreed_in:
        return str(data.get(amount.agreed_in) or "")
    if not amount.depends_on:
        return amount.text
    value = data.get(amount.depends_on)
    return (amount.table or {}).get(str(value), amount.text)


def is_known(text: str) -> bool:
    """Return whether a text is an amount of time with a limit that can be read."""
    try:
        return bool(text) and text != "none" and target_of(text) is not None
    except ValueError:
        return False


def armed(draft: Draft, of: Timer | Clock, watch: Watch, *, what: str, detail: str = "") -> Watch:
    """Return the watch with its thresholds counted anew and another token; it is journaled."""
    kind, key = ("timer", of.key) if isinstance(of, Timer) else ("clock", of.name)
    pending: tuple[Threshold, ...] = ()
    if is_known(watch.target) and DUE not in watch.fired:
        pending = instants(draft, key, lambda: _thresholds(draft, of.calendar, of.warnings, watch))
    due_at = next((one.at for one in pending if one.label == DUE), None)
    if DUE in watch.fired:
        due_at = watch.due_at  # A breach never moves.
    journal(draft, kind, key, what, at=due_at, was=watch.due_at, detail=detail)
    return watch._replace(token=next_token(draft), pending=pending, due_at=due_at)


def instants(
    draft: Draft, key: str, count: Callable[[], tuple[Threshold, ...]]
) -> tuple[Threshold, ...]:
    """Return what `recalled` does; what no calendar reaches is never due, and raises an alarm."""

    def counted() -> tuple[Threshold, ...]:
        try:
            return count()
        except BEYOND as error:
            kind = "no_open_time" if isinstance(error, NoOpenTime) else "beyond_the_calendar"
            text = f"`{key}` falls due never: {error}"
            draft.effects += (Alarm(draft.next_effect_id(), kind, key, text),)
            return ()

    return recalled(draft, key, counted)


def recalled(
    draft: Draft, key: str, count: Callable[[], tuple[Threshold, ...]]
) -> tuple[Threshold, ...]:
    """Return what was counted when this was decided first, or else count; kept for the journal."""
    draft.serial += 1
    question = InstantQuestion(draft.microstep, key, draft.serial, draft.armed_in)
    answer = draft.given.get(question)
    if answer is None:
        answer = Instants(count())
    assert isinstance(answer, Instants)
    draft.answers[question] = answer
    return answer.thresholds


def _thresholds(
    draft: Draft, calendar_name: str, warnings: Sequence[Warning], watch: Watch
) -> tuple[Threshold, ...]:
    """What is still to come in this cycle. A mark goes before a due instant that equals it."""
    calendar = draft.calendar(calendar_name)
    target, breaks = target_of(watch.target), breaks_of(watch)
    found: list[Threshold] = []
    end = due(calendar, watch.since, target, breaks)
    if end is not None and end < draft.now:
        # Due before it was known: who is warned of what has happened already?
        return (Threshold(end, DUE),)
    for warning in warnings:
        if warning.mark not in watch.fired:
            at = mark_due(calendar, watch.since, target, mark_of(warning.mark), breaks)
            if at is not None:
                found.append(Threshold(at, warning.mark))
    if end is not None:
        found.append(Threshold(end, DUE))
    return tuple(sorted(found, key=lambda threshold: threshold.at))


def breaks_of(watch: Watch) -> list[Break]:
    """Return the breaks of a watch as the calendar knows them."""
    return [
        Stop(each.start, each.end)
        if each.reason == STOPPED
        else Pause(each.start, each.end, each.reason)
        for each in watch.breaks
    ]


def open_pauses(draft: Draft, of: Timer | Clock) -> tuple[Pausing, ...]:
    """Return the pauses that hold where the case stands now, one for each reason."""
    return tuple([Pausing(draft.now, None, reason) for reason in _reasons(draft, of.paused_in)])


def _reasons(draft: Draft, states: Sequence[str]) -> list[str]:
    reasons = []
    for name in states:
        if draft.is_in(name):
            track_name, _, path = name.partition(".")
            track = next(one for one in draft.chart.tracks if one.name == track_name)
            title = track.states[path].title
            # A state may be called as the engine's own reasons are.
            reasons.append(title if title not in ("", STOPPED, ASLEEP) else name)
    return list(dict.fromkeys(reasons))


def repaused(draft: Draft, of: Timer | Clock, watch: Watch) -> Watch:
    """Return the watch with pauses begun and ended as its states have become active or not."""
    wanted = _reasons(draft, of.paused_in)
    holding = [each.reason for each in watch.breaks if _is_pause(each)]
    begun = [reason for reason in wanted if reason not in holding]
    ended = [reason for reason in holding if reason not in wanted]
    if not begun and not ended:
        return watch
    breaks = _ended(watch.breaks, ended, draft.now)
    breaks += tuple([Pausing(draft.now, None, reason) for reason in begun])
    what = "paused" if wanted else "resumed"
    detail = ", ".join(begun or ended)
    return armed(draft, of, watch._replace(breaks=breaks), what=what, detail=detail)


def _is_pause(each: Pausing) -> bool:
    return each.end is None and each.reason not in (STOPPED, ASLEEP)


def _ended(
    breaks: tuple[Pausing, ...], reasons: Sequence[str], now: datetime
) -> tuple[Pausing, ...]:
    return tuple(
        [
            each._replace(end=now) if each.end is None and each.reason in reasons else each
            for each in breaks
        ]
    )


def without(breaks: tuple[Pausing, ...], now: datetime) -> tuple[Pausing, ...]:
    """Return the breaks with all that last ended now."""
    return tuple([each._replace(end=now) if each.end is None else each for each in breaks])


def journal(
    draft: Draft,
    kind: str,
    key: str,
    what: str,
    *,
    at: datetime | None = None,
    was: datetime | None = None,
    detail: str = "",
) -> None:
    """Keep a change for the journal."""
    draft.timing += (TimeChange(kind, key, what, at, was, detail),)


def next_token(draft: Draft) -> str:
    """Return a token that no other arming of this case has had."""
    return f"{draft.before.revision + 1}.{len(draft.timing)}"
