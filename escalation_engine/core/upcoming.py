"""What falls due next in a case, and why a clock stands where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from escalation_engine.calendar import Edition, Explanation
from escalation_engine.calendar import explain as explain_target
from escalation_engine.chart.model import Chart
from escalation_engine.core.arming import breaks_of
from escalation_engine.core.case import Case
from escalation_engine.core.input import Due
from escalation_engine.core.plan import plan_of
from escalation_engine.core.timetable import mark_of, target_of
from escalation_engine.core.watch import DUE
from escalation_engine.errors import BadInput

__all__ = ["due_at", "explain", "next_firing"]


def next_firing(chart: Chart, case: Case) -> Due | None:
    """Return the earliest threshold of a case, as the input that fires it; None: nothing is armed.

    At one instant timers go before clocks and clocks before duties, each in the chart's order.
    """
    earliest: Due | None = None
    for due in _firings(chart, case):
        if earliest is None or due.due_at < earliest.due_at:
            earliest = due
    return earliest


def _firings(chart: Chart, case: Case) -> Iterator[Due]:
    """Yield the first threshold of each that has one, in the order in which ties are settled."""
    for kind, known, watches in (
        ("timer", chart.timers, case.timers),
        ("clock", chart.clocks, case.clocks),
    ):
        if watches:
            for key in known:
                watch = watches.get(key)
                if watch is not None and watch.pending:
                    at, label = watch.pending[0]
                    yield Due(kind, key, watch.token, label, at)
    if case.duties:
        for name in chart.duties:
            owed = case.duties.get(name)
            if owed is not None and owed.due_at is not None:
                yield Due("duty", name, owed.token, DUE, owed.due_at)


def due_at(case: Case) -> datetime | None:
    """Return the instant of the earliest threshold of a case, None where nothing is armed."""
    found = [watch.pending[0].at for watch in case.timers.values() if watch.pending]
    found += [watch.pending[0].at for watch in case.clocks.values() if watch.pending]
    found += [owed.due_at for owed in case.duties.values() if owed.due_at is not None]
    return min(found, default=None)


def explain(
    chart: Chart, case: Case, *, clock: str, at: datetime, edition: Edition | None = None
) -> Explanation:
    """Return what has counted of a clock until `at`, what has not and why, and what comes next.

    `edition` has the dates to count on, as for `decide`.
    Raises BadInput for a clock that has not started, or whose instants no calendar reaches;
    NoOpenTime where its calendar opens no more.
    """
    watch = case.clocks.get(clock)
    if watch is None:
        known = ", ".join(case.clocks) or "no clock has started"
        raise BadInput("clock", f"`{clock}` has not started in case {case.id}", accepted=known)
    known_clock = chart.clocks[clock]
    try:
        return explain_target(
            plan_of(chart).timetable.calendar(known_clock.calendar, edition),
            watch.since,
            target_of(watch.target),
            at=max(at, watch.since),
            breaks=breaks_of(watch),
            marks=[mark_of(one.mark) for one in known_clock.warnings],
        )
    except (OverflowError, ValueError) as error:
        raise BadInput("clock", f"`{clock}` leads beyond every calendar: {error}") from error
