"""What is about time in a chart, from calendars to promises, as parts of its plain document."""

from __future__ import annotations

from collections.abc import Callable

from escalation_engine.chart.expand_terms import moments, named, only_said, plain
from escalation_engine.chart.model import (
    Amount,
    Body,
    Chart,
    Clock,
    Digest,
    Duty,
    NamedCalendar,
    Promise,
    PromiseForm,
    Timer,
    Warning,
)
from escalation_engine.condition import Condition

__all__ = ["amount", "times"]

Document = dict[str, object]
WriteBody = Callable[[Body], Document]


def times(chart: Chart, body: WriteBody) -> Document:
    """Return the parts of the document that are about time, by their keys; `body` writes one."""
    return {
        "calendars": {name: _calendar(found) for name, found in chart.calendars.items()},
        "timers": {key: _timer(timer, body) for key, timer in chart.timers.items()},
        "clocks": {name: _clock(clock, body) for name, clock in chart.clocks.items()},
        "duties": {name: _duty(duty, body) for name, duty in chart.duties.items()},
        "digests": {name: _digest(digest) for name, digest in chart.digests.items()},
        "promises": {name: _promise(promise) for name, promise in chart.promises.items()},
    }


def amount(written: Amount | None) -> object:
    """Return the text alone where there is nothing else."""
    if written is None:
        return None
    if written == Amount(written.text):
        return written.text
    return only_said(
        {
            "depends_on": written.depends_on,
            "values": plain(written.table or {}),
            "otherwise": written.text,
            "agreed_in": written.agreed_in,
        }
    )


def _calendar(calendar: NamedCalendar) -> Document:
    spec = calendar.spec
    return {"title": calendar.title, "timezone": spec.timezone, "hours": plain(spec.hours)} | (
        only_said(
            {
                "holidays": spec.holidays,
                "added": {str(day): name for day, name in spec.added.items()},
                "removed": [str(removed) for removed in spec.removed],
                "special": {str(day): plain(ranges) for day, ranges in spec.special.items()},
                "yearly": plain(spec.yearly),
                "counting": plain(spec.counting),
            }
        )
    )


def _timer(timer: Timer, body: WriteBody) -> Document:
    is_repeated = timer.every is not None or timer.times != 1
    repeat = {
        "every": amount(timer.every),
        "until": "forever" if timer.times is None else timer.times,
    }
    return only_said(
        {
            "title": timer.title,
            "track": timer.track,
            "in": timer.scope,
            "after": amount(timer.after),
            "send": timer.send,
            "warn": _warnings(timer.warnings, body),
            "paused_in": list(timer.paused_in),
            "repeat": repeat if is_repeated else None,
            "calendar": timer.calendar,
            "on_return": "restart" if timer.restarts else "",
        }
    )


def _warnings(warnings: tuple[Warning, ...], body: WriteBody) -> list[object]:
    """One that has no body is its mark alone."""
    return [
        warning.mark if warning.body is None else {"mark": warning.mark, "does": body(warning.body)}
        for warning in warnings
    ]


def _clock(clock: Clock, body: WriteBody) -> Document:
    return only_said(
        {
            "title": clock.title,
            "starts": moments(clock.starts),
            "stops": moments(clock.stops),
            "target": amount(clock.target),
            "from": clock.counts_from,
            "calendar": clock.calendar,
            "paused_in": list(clock.paused_in),
            "warn": _warnings(clock.warnings, body),
            "breach": body(clock.breach),
            "on_reopen": "" if clock.on_reopen == "resume" else clock.on_reopen,
            "on_change": "" if clock.on_change == "from_origin" else clock.on_change,
        }
    )


def _duty(duty: Duty, body: WriteBody) -> Document:
    return only_said(
        {
            "title": duty.title,
            "every": amount(duty.every),
            "opens": moments(duty.opens),
            "due": amount(duty.due),
            "while": [f"in {state}" for state in duty.active_in],
            "calendar": duty.calendar,
            "on_holiday": duty.on_holiday,
            "owed_by": duty.owed_by,
            "for": duty.owed_to,
            "needs": list(duty.needs),
            "done_by": moments(duty.done_by),
            "missed": body(duty.missed),
            "first": "at_once" if duty.is_first_at_once else "",
            "counted_from": "last_done" if duty.counts_from_last else "",
            "at_end": "must_be_done" if duty.must_be_done else "",
            "catch_up": "" if duty.catch_up == "coalesce" else duty.catch_up,
        }
    )


def _digest(digest: Digest) -> Document:
    return only_said(
        {
            "title": digest.title,
            "every": amount(digest.every),
            "calendar": digest.calendar,
            "on_holiday": digest.on_holiday,
            "cases": str(digest.cases),
            "shows": list(digest.shows),
            "per": named(role=digest.per.role, slot=digest.per.slot),
            "send_by": digest.send_by,
        }
    )


def _promise(promise: Promise) -> Document:
    is_counted = promise.form is PromiseForm.AT_MOST
    subject, begins, ends = str(promise.subject), _asked(promise.after), _asked(promise.until)
    said: Document = {"say": promise.title}
    said |= {"at_most": promise.limit, "of": subject} if is_counted else {}
    return (
        said
        | ({} if is_counted else {promise.form.value: subject})
        | only_said(
            {
                "then": _asked(promise.then),
                "unless": _asked(promise.unless),
                # Only a chart made by hand has a limit where nothing is counted.
                "limit": None if is_counted else promise.limit or None,
                "within": amount(promise.within),
                "calendar": promise.calendar,
                "after": "" if promise.repeats else begins,
                "until": "" if promise.repeats else ends,
                "between": [begins, ends] if promise.repeats else [],
                "source": list(promise.source),
                "inferred": promise.inferred,
            }
        )
    )


def _asked(condition: Condition | None) -> str:
    return "" if condition is None else str(condition)
