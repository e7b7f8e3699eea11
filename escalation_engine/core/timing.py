"""What a microstep does to timers, clocks and duties, in the order that the language rules.

Timers of scopes left and entered; clocks stop, start, move and are extended; duties are done and
open; pauses begin and end. A breach or a missed duty is a moment in its turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from escalation_engine.chart.model import MomentKind
from escalation_engine.core.clocks import extend_clock, move_clocks, retarget_clocks, stop_clock
from escalation_engine.core.counting import count
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.duties import end_duties, move_duties, refuse_owed, replan_duties
from escalation_engine.core.prepared import Prepared
from escalation_engine.core.timers import cancel_timers, move_timers, pause_timers

__all__ = ["end_time", "keep_time"]

_BY_TIME = (MomentKind.CLOCK_BREACHED, MomentKind.CLOCK_MET, MomentKind.DUTY_MISSED)


def keep_time(
    draft: Draft,
    chosen: Sequence[Prepared] = (),
    moments: Iterable[tuple[MomentKind, str]] = (),
) -> None:
    """Let the branches that were taken, the moments and the changed data have their effect."""
    for branch in chosen:
        move_timers(draft, branch)
    pause_timers(draft)
    draft.happened += tuple(moments)
    if draft.data is not draft.timed_data:
        retarget_clocks(draft)
        replan_duties(draft)
    while True:
        by_time = [one for one in draft.happened if one[0] in _BY_TIME]
        if by_time and draft.plan.has_moments:
            count(draft, by_time)
        happened, draft.happened = frozenset(draft.happened), ()
        move_clocks(draft, happened)
        move_duties(draft, happened)
        if not draft.happened:
            break
    draft.timed_data = draft.data
    extensions, draft.extensions = draft.extensions, ()
    for extend in extensions:
        extend_clock(draft, extend)


def end_time(draft: Draft) -> None:
    """The case has ended: timers are cancelled, clocks stop, duties are settled.

    Raises Refused where a duty has to be done first.
    """
    reasons = refuse_owed(draft)
    if reasons:
        raise Refused(*reasons)
    cancel_timers(draft)
    for name, watch in draft.clocks.items():
        if watch.ended_at is None:
            stop_clock(draft, draft.chart.clocks[name], watch, unmet="cancelled")
    end_duties(draft)
