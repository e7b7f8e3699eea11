"""Delays that matter: just before, at and just after everything that a process lets fall due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from escalation_engine.calendar import NoLimit, TextError, due, parse_duration
from escalation_engine.chart.model import Amount, Chart
from escalation_engine.core import Case
from escalation_engine.core.plan import plan_of
from escalation_engine.testing.journey.moves import MOMENT, due_times

__all__ = ["delays_of"]

_PLAIN = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))


def delays_of(chart: Chart, *, case: Case | None, since: datetime) -> tuple[timedelta, ...]:
    """Return the delays in order: from where the case stands, else of all that the chart names."""
    if case is not None:
        since = case.at
        due_at = [instant for instant, _ in due_times(case)]
    else:
        due_at = list(_due(chart, since))
    shifts = (-MOMENT, timedelta(), MOMENT)
    found = {instant - since + shift for instant in due_at for shift in shifts}
    return tuple(sorted(delay for delay in {*found, *_PLAIN} if delay > timedelta()))


def _due(chart: Chart, since: datetime) -> Iterator[datetime]:
    timetable = plan_of(chart).timetable
    for amount, calendar in _amounts(chart):
        for text in amount.texts:
            try:
                duration = parse_duration(text)
                if not isinstance(duration, NoLimit):
                    yield due(timetable.calendar(calendar, None), since, duration)
            except TextError:
                continue


def _amounts(chart: Chart) -> Iterator[tuple[Amount, str]]:
    for timer in chart.timers.values():
        yield timer.after, timer.calendar
        if timer.every is not None:
            yield timer.every, timer.calendar
    for clock in chart.clocks.values():
        yield clock.target, clock.calendar
    for duty in chart.duties.values():
        if duty.due is not None:
            yield duty.due, duty.calendar
