"""Somebody does what a duty owes, or has everything that is armed counted anew."""

from __future__ import annotations

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.chart.model import Duty
from escalation_engine.core.arming import armed, journal, next_token
from escalation_engine.core.bring import bring
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.duties import fulfil, open_due, unset_needs
from escalation_engine.core.input import Fulfilled, Recalculated
from escalation_engine.core.recurring import renewed
from escalation_engine.core.step import come_to_rest
from escalation_engine.core.timing import keep_time
from escalation_engine.core.value import FrozenMap
from escalation_engine.core.watch import ASLEEP, Owed
from escalation_engine.core.why import why_closed
from escalation_engine.errors import Reason

__all__ = ["fulfilled", "recalculated"]


def fulfilled(draft: Draft, said: Fulfilled) -> None:
    """Perform the duty, or raise Refused where it is not owed or what it needs is incomplete."""
    if draft.before.is_closed:
        raise Refused(why_closed(draft))
    duty = draft.chart.duties.get(said.duty)
    if duty is None:
        hint = did_you_mean(said.duty, draft.chart.duties)
        message = f"there is no duty `{said.duty}`; {hint}"
        raise Refused(Reason("unknown_duty", message, said.duty))
    _refuse_others(draft, duty)
    # What recurs is told afresh each time: last week's facts fulfil nothing.
    needs = duty.needs if duty.every is not None else ()
    bring(draft, said.data, needs=needs, brings=duty.needs)
    unset = unset_needs(draft, duty)
    if unset:
        fields = draft.chart.fields
        raise Refused(
            *(
                Reason("missing_data", f"`{name}` ({fields[name].title}) is not set", name)
                for name in unset
            )
        )
    fulfil(draft, duty)
    keep_time(draft)
    come_to_rest(draft, ())


def _refuse_others(draft: Draft, duty: Duty) -> None:
    """A duty is fulfilled by whoever owes it; where that is not said, by anybody."""
    if not duty.owed_by:
        return
    owing = draft.plan.people(duty.owed_by)
    if not draft.passes(owing.roles, owing.slots, engine=owing.engine):
        message = f"{draft.said.by.id} may not: `{duty.title}` is owed by {duty.owed_by}"
        raise Refused(Reason("wrong_role", message, duty.owed_by))


def recalculated(draft: Draft, said: Recalculated) -> None:
    """Count everything that is armed anew from where it began; what has fired stays fired.

    From here on the case counts on the dates of the edition that is named.
    """
    if draft.before.is_closed:
        raise Refused(why_closed(draft))
    if not said.reason.strip():
        raise Refused(Reason("missing_reason", "a recalculation needs a reason", "reason"))
    _adopt(draft, said.edition or draft.edition)
    for key, watch in draft.timers.items():
        if watch.status != ASLEEP:
            timer = draft.chart.timers[key]
            found = armed(draft, timer, watch, what="recalculated", detail=said.reason)
            draft.timers = FrozenMap({**draft.timers, key: found})
    for name, watch in draft.clocks.items():
        if watch.ended_at is None:
            clock = draft.chart.clocks[name]
            found = armed(draft, clock, watch, what="recalculated", detail=said.reason)
            draft.clocks = FrozenMap({**draft.clocks, name: found})
    for name, owed in draft.duties.items():
        if owed.due_at is not None:
            _recalculate_duty(draft, name, owed, said.reason)
    come_to_rest(draft, ())


def _adopt(draft: Draft, edition: str) -> None:
    if edition != draft.edition:
        detail = f"{draft.edition} to {edition}" if draft.edition else edition
        journal(draft, "calendars", "edition", "adopted", detail=detail)
        draft.edition = edition


def _recalculate_duty(draft: Draft, name: str, owed: Owed, reason: str) -> None:
    duty = draft.chart.duties[name]
    due_at = open_due(draft, duty, owed.since) if duty.every is None else renewed(draft, duty, owed)
    journal(draft, "duty", name, "recalculated", at=due_at, was=owed.due_at, detail=reason)
    fresh = owed._replace(token=next_token(draft), due_at=due_at)
    draft.duties = FrozenMap({**draft.duties, name: fresh})
