"""Duties: what is owed whatever the state, once or by a schedule; done, missed or skipped."""

from __future__ import annotations

from datetime import datetime

from escalation_engine.calendar import due
from escalation_engine.chart.model import MomentKind
from escalation_engine.chart.time_model import Duty
from escalation_engine.core.arming import amount_text, instants, is_known, journal, next_token
from escalation_engine.core.body import run
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.recurring import next_occurrence, occurrences
from escalation_engine.core.timetable import Moments, target_of
from escalation_engine.core.value import FrozenMap
from escalation_engine.core.watch import DUE, Owed, Threshold
from escalation_engine.errors import Reason

__all__ = [
    "come_due",
    "end_duties",
    "fulfil",
    "move_duties",
    "open_due",
    "refuse_owed",
    "replan_duties",
    "unset_needs",
]


def move_duties(draft: Draft, moments: Moments) -> None:
    """Fulfil and open duties by what has happened; begin and end those that recur."""
    table, duties = draft.plan.timetable, draft.chart.duties
    for name, done_by in table.done_by.items():
        if not moments.isdisjoint(done_by) and _is_performable(draft, duties[name]):
            unset = unset_needs(draft, duties[name])
            if unset:
                journal(draft, "duty", name, "incomplete", detail=", ".join(unset))
            else:
                fulfil(draft, duties[name])
    for name, opens in table.opens.items():
        if not moments.isdisjoint(opens):
            _open(draft, duties[name])
    for duty in table.recurring:
        _run_while_active(draft, duty)


def _is_performable(draft: Draft, duty: Duty) -> bool:
    """What recurs may be done ahead of its time; what is owed once, while it is, or late."""
    owed = draft.duties.get(duty.name)
    return owed is not None and (duty.every is not None or owed.status in ("open", "missed"))


def unset_needs(draft: Draft, duty: Duty) -> list[str]:
    """Return the fields that have to be set first."""
    return [name for name in duty.needs if draft.data.get(name) is None]


def fulfil(draft: Draft, duty: Duty) -> None:
    """Perform a duty. Raises Refused where it is not owed."""
    owed = draft.duties.get(duty.name)
    if owed is None or not _is_performable(draft, duty):
        raise Refused(Reason("not_owed", f"`{duty.title}` is not owed now", duty.name))
    due_at, since, origin = owed.due_at, owed.since, owed.origin or owed.since
    if duty.every is None:
        due_at = None
    elif duty.counts_from_last:
        origin = draft.now
        if due_at is not None:
            due_at = next_occurrence(draft, duty, draft.now, origin=origin)
    elif due_at is not None and owed.status != "open" and since <= draft.now:
        # Done ahead of its time, it covers the occurrence to come, and no further one.
        since, due_at = due_at, next_occurrence(draft, duty, due_at, origin=origin)
    done = Owed(
        owed.token, "done", due_at, since, draft.now, owed.done + 1, owed.missed, owed.origin
    )
    if duty.every is not None:
        done = done._replace(origin=origin)
    journal(draft, "duty", duty.name, "done", at=due_at, was=owed.due_at)
    if due_at != owed.due_at:
        done = done._replace(token=next_token(draft))
    _keep(draft, duty, done)


def _open(draft: Draft, duty: Duty) -> None:
    before = draft.duties.get(duty.name)
    if before is not None and before.status == "open":
        return
    due_at = open_due(draft, duty, draft.now)
    journal(draft, "duty", duty.name, "opened", at=due_at)
    counted = (before.last_done, before.done, before.missed) if before else (None, 0, 0)
    _keep(draft, duty, Owed(next_token(draft), "open", due_at, draft.now, *counted))


def open_due(draft: Draft, duty: Duty, since: datetime) -> datetime | None:
    """Return when a duty that is owed once is due; None without a limit."""
    text = amount_text(draft, duty.due) if duty.due is not None else ""
    if not is_known(text):
        return None
    calendar = draft.calendar(duty.calendar)

    def count() -> tuple[Threshold, ...]:
        found = due(calendar, since, target_of(text))
        return (Threshold(found, DUE),) if found is not None else ()

    found = instants(draft, duty.name, count)
    return found[0].at if found else None


def _run_while_active(draft: Draft, duty: Duty) -> None:
    is_active = not duty.active_in or any(draft.is_in(state) for state in duty.active_in)
    owed = draft.duties.get(duty.name)
    if not is_active:
        if owed is not None and owed.due_at is not None:
            journal(draft, "duty", duty.name, "suspended", was=owed.due_at)
            # What is owed already stays owed; nothing more falls due.
            _keep(draft, duty, owed._replace(token=next_token(draft), due_at=None))
        return
    if owed is not None and owed.due_at is not None:
        return
    # What was done ahead of its time stays covered, and what counts from then goes on to.
    after = draft.now if owed is None else max(draft.now, owed.since)
    keeps_origin = owed is not None and (duty.counts_from_last or owed.since > draft.now)
    origin = (owed.origin if owed is not None and keeps_origin else None) or draft.now
    due_at = next_occurrence(draft, duty, after, origin=origin)
    if due_at is None:
        if owed is None and draft.data is not draft.timed_data:
            journal(draft, "duty", duty.name, "not_armed", detail="it is not set")
        return
    journal(draft, "duty", duty.name, "armed", at=due_at)
    token = next_token(draft)
    if owed is None:
        status = "open" if duty.is_first_at_once else "waiting"
        _keep(draft, duty, Owed(token, status, due_at, draft.now, origin=origin))
    else:
        again = owed._replace(token=token, due_at=due_at, since=after, origin=origin)
        _keep(draft, duty, again)


def replan_duties(draft: Draft) -> None:
    """Plan anew what recurs as a fact says, when that fact has changed since the last look.

    It counts from where it counted, and begins with the first due time that is still to come.
    """
    old = draft.timed_data
    for duty in draft.plan.timetable.recurring:
        owed, every = draft.duties.get(duty.name), duty.every
        if owed is None or owed.due_at is None or every is None:
            continue
        fields = (every.depends_on, every.agreed_in)
        if all(draft.data.get(one) == old.get(one) for one in fields if one):
            continue
        origin, after = owed.origin or owed.since, max(draft.now, owed.since)
        due_at = next_occurrence(draft, duty, after, origin=origin)
        if due_at != owed.due_at:
            journal(draft, "duty", duty.name, "retargeted", at=due_at, was=owed.due_at)
            _keep(draft, duty, owed._replace(token=next_token(draft), due_at=due_at))


def come_due(draft: Draft, duty: Duty, owed: Owed, *, runs_body: bool = True) -> None:
    """A due time has come: what was open has been missed, and what recurs is open again."""
    assert owed.due_at is not None
    if duty.every is None:
        missed = owed._replace(status="missed", due_at=None, missed=owed.missed + 1)
        journal(draft, "duty", duty.name, "missed", at=owed.due_at)
        _keep(draft, duty, missed)
        _miss(draft, duty, runs_body=runs_body)
        return
    until = owed.due_at if duty.catch_up == "each" else draft.now
    origin = owed.origin or owed.since
    later = occurrences(draft, duty, owed.due_at, origin=origin, until=until)
    coming = (owed.due_at, *later)
    passed = [at for at in coming if at <= until]
    following = next((at for at in coming if at > until), None)
    was_open = owed.status == "open"
    overslept = len(passed) - 1
    missed_count = int(was_open) + (overslept if duty.catch_up != "skip" else 0)
    if missed_count:
        detail = f"{missed_count} times" if missed_count > 1 else ""
        journal(draft, "duty", duty.name, "missed", at=passed[-1], detail=detail)
    if overslept and duty.catch_up == "skip":
        journal(draft, "duty", duty.name, "skipped", at=passed[-1], detail=f"{overslept} times")
    journal(draft, "duty", duty.name, "opened", at=following, was=owed.due_at)
    opened = owed._replace(
        token=next_token(draft),
        status="open",
        due_at=following,
        since=passed[-1],
        missed=owed.missed + missed_count,
    )
    _keep(draft, duty, opened)
    if missed_count:
        _miss(draft, duty, runs_body=runs_body)


def _miss(draft: Draft, duty: Duty, *, runs_body: bool) -> None:
    draft.happened += ((MomentKind.DUTY_MISSED, duty.name),)
    if runs_body:
        run(draft, duty.missed)


def refuse_owed(draft: Draft) -> list[Reason]:
    """Return the duties that have to be done before the case may end."""
    return [
        Reason("duty", f"`{duty.title}` has to be done first", duty.name)
        for duty in draft.chart.duties.values()
        if duty.must_be_done
        and (owed := draft.duties.get(duty.name)) is not None
        and (owed.status == "open" or (duty.every is None and owed.status == "missed"))
    ]


def end_duties(draft: Draft) -> None:
    """The case has ended: what is overdue has been missed, what was never performed is skipped."""
    for name, owed in draft.duties.items():
        duty = draft.chart.duties[name]
        came_due = owed.since if duty.every is not None else owed.due_at
        status, missed = owed.status, owed.missed
        if status == "open" and came_due is not None and came_due < draft.now:
            status, missed = "missed", missed + 1
        elif status in ("open", "waiting"):
            status = "done" if owed.done else "skipped"
        if status != owed.status:
            journal(draft, "duty", name, status, was=owed.due_at, detail="the case has ended")
        _keep(draft, duty, owed._replace(status=status, due_at=None, missed=missed))
        if missed > owed.missed:
            _miss(draft, duty, runs_body=True)


def _keep(draft: Draft, duty: Duty, owed: Owed) -> None:
    draft.duties = FrozenMap({**draft.duties, duty.name: owed})
