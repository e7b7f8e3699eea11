"""How long something takes, by kinds of time, and in words: "4 working hours + 24 hours"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from escalation_engine.calendar import WorkingTime, due, write_duration
from escalation_engine.chart.model import Amount
from escalation_engine.core.timetable import target_of
from escalation_engine.verify.epoch import EPOCH
from escalation_engine.verify.model import Model

__all__ = ["Span", "write_span"]

Span = Mapping[str, timedelta]
"""How long something takes, by kinds of time."""


def write_span(model: Model, span: Span) -> str:
    """Return a span in words, one part for each kind of time."""
    parts = [_write(model, kind, passed) for kind, passed in sorted(span.items()) if passed]
    return " + ".join(parts) or "no time at all"


def _write(model: Model, kind: str, passed: timedelta) -> str:
    if kind == "elapsed":
        return write_duration(passed)
    if kind.startswith("working "):
        return write_duration(WorkingTime(passed))
    sort, _, key = kind.partition(":")
    amount = _amount(model, sort, key)
    if amount is None or not amount.texts:
        return f"what is agreed for `{key}`"
    lengths = {text: _length(model, text) for text in amount.texts}
    text = max(lengths, key=lengths.__getitem__)
    times = round(passed / lengths[text])
    return f"{times} times {text}" if times > 1 else text


def _amount(model: Model, sort: str, key: str) -> Amount | None:
    if sort == "timer":
        return model.chart.timers[key].after
    if sort == "clock":
        return model.chart.clocks[key].target
    return model.chart.duties[key].every or model.chart.duties[key].due


def _length(model: Model, text: str) -> timedelta:
    """Return how long an amount takes in the model, in which calendars are always open."""
    try:
        end = due(model.plan.timetable.calendar("", None), EPOCH, target_of(text))
    except ValueError:  # A schedule: the model counts its times, each as an hour.
        return timedelta(hours=1)
    return end - EPOCH if end is not None else timedelta(hours=1)
