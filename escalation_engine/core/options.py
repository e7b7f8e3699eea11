"""What can happen to a case now, and for the rest: why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from escalation_engine.calendar import Edition
from escalation_engine.chart.model import Branch, Chart, Event, HolderKind, MomentKind, Track
from escalation_engine.core.bring import may_set
from escalation_engine.core.case import Case
from escalation_engine.core.decision import Answers, Ask
from escalation_engine.core.draft import Draft, Unanswered
from escalation_engine.core.gate import unmet_requirements, unmet_sender
from escalation_engine.core.input import Actor, Sent
from escalation_engine.core.plan import plan_of
from escalation_engine.core.why import why_not_taken
from escalation_engine.errors import Reason

__all__ = ["Option", "options"]

_CAN_COME_ALONG = {"missing_note", "missing_evidence", "missing_on_behalf_of"}


@dataclass(frozen=True, slots=True)
class Option:
    """One event as it stands for one actor.

    With `is_possible` nothing stands in the way of the event itself once everything in `needs` is
    brought (data fields, and the words note, evidence, on_behalf_of); `may_bring` is optional.
    `depends_on` names the data that decide between several `targets`. What the event sets off (sent
    events, a directory with nobody there, side tracks that are not at rest) is not looked into.
    Otherwise `reasons` say why not.
    """

    event: str
    title: str
    is_possible: bool
    needs: tuple[str, ...] = ()
    may_bring: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(slots=True)
class _Outlook:
    """How one branch stands before the event's data are known."""

    branch: Branch
    target: str
    needs: list[str]
    blocked_by: list[Reason]


def options(
    chart: Chart,
    case: Case,
    by: Actor,
    *,
    now: datetime,
    answers: Answers,
    edition: Edition | None = None,
) -> tuple[Option, ...] | Ask:
    """Return every event of the chart as an option for `by`, possible ones first.

    Guards are asked as for a real event, so that an Ask comes back until all are answered. A closed
    case has no options.
    """
    if case.is_closed:
        return ()
    found = []
    for event in chart.events.values():
        draft = Draft(
            plan_of(chart),
            case,
            Sent(event.name, by),
            said=Sent(event.name, by),
            now=max(case.at, now),
            given=answers,
            edition=edition,
        )
        try:
            found.append(_option(draft, event))
        except Unanswered as unanswered:
            return Ask(unanswered.question, case)
    return tuple(sorted(found, key=lambda option: not option.is_possible))


def _option(draft: Draft, event: Event) -> Option:
    possible: list[_Outlook] = []
    blocked: list[Reason] = []
    perhaps: list[Reason] = []
    depends_on: set[str] = set()
    for track in draft.chart.tracks:
        leaf = draft.states[track.name]
        branches = track.branches.get(leaf, {}).get(event.name, ())
        if not branches:
            continue
        open_branches, pending, is_sure = _open_branches(draft, branches, event)
        depends_on |= pending
        outlooks = [_outlook(draft, track, branch, event) for branch in open_branches]
        ways_on = [outlook for outlook in outlooks if not outlook.blocked_by]
        if not ways_on:  # A gate of one track refuses the whole event; a track may well not choose.
            in_the_way = [reason for outlook in outlooks for reason in outlook.blocked_by]
            if is_sure:
                blocked += in_the_way
            else:
                perhaps += in_the_way
        possible += ways_on
    if not possible and not blocked:
        blocked = perhaps or why_not_taken(draft, event.name)
    blocked += _unmet_by_event(draft, event)
    if blocked:
        return Option(event.name, event.title, False, reasons=tuple(dict.fromkeys(blocked)))
    return _possible(event, possible, depends_on)


def _possible(event: Event, possible: list[_Outlook], depends_on: set[str]) -> Option:
    in_all = [name for name in possible[0].needs if all(name in one.needs for one in possible)]
    needs = tuple(dict.fromkeys([*event.needs, *in_all]))
    return Option(
        event.name,
        event.title,
        is_possible=True,
        needs=needs,
        may_bring=tuple(sorted(event.brings.difference(needs))),
        depends_on=tuple(sorted(depends_on)),
        targets=tuple(dict.fromkeys(outlook.target for outlook in possible)),
    )


def _open_branches(
    draft: Draft, branches: Iterable[Branch], event: Event
) -> tuple[list[Branch], set[str], bool]:
    """Return the branches that may be chosen, the data to come that decide between them, and
    whether one of them is sure to be chosen.
    """
    found: list[Branch] = []
    depends_on: set[str] = set()
    for branch in branches:
        when, is_certain = branch.transition.when, True
        if when is not None:
            pending = when.fields & event.brings
            holds = when.holds_with_pending(draft, pending)
            if "channel" in when.constants:
                pending |= {"channel"}  # It is not known before the event comes.
            if holds is False or (holds is None and not pending):
                continue
            is_certain = holds is True
            depends_on |= pending if not is_certain else set()
        if all(draft.guard(name) is wanted for name, wanted in branch.transition.guards):
            found.append(branch)
            if is_certain:
                return found, depends_on, True
    return found, depends_on, False


def _outlook(draft: Draft, track: Track, branch: Branch, event: Event) -> _Outlook:
    transition = branch.transition
    reasons: list[Reason] = []
    if transition.by is not None:
        reasons += unmet_sender(draft, transition.by, transition.recorded_by)
    if transition.requires is not None:
        reasons += unmet_requirements(draft, transition.requires)
    if transition.refuse:
        reasons.append(Reason("refused", transition.refuse))
    for assignment in transition.body.assign:
        if assignment.kind is HolderKind.BACK and assignment.slot not in draft.previous:
            message = f"nobody held `{assignment.slot}` before"
            reasons.append(Reason("nobody_before", message, assignment.slot))
    target = branch.target or draft.states[track.name]
    if branch.is_back:
        remembered = draft.remembered.get(f"{track.name}.{transition.declared_in}")
        target = remembered or target
        if remembered is None:
            reasons.append(Reason("nothing_to_return_to", "there is no state to go back to"))
    needs, blocked_by = [], []
    for reason in reasons:
        comes_along = reason.kind in _CAN_COME_ALONG or (
            reason.kind == "missing_data" and reason.subject in event.brings
        )
        if comes_along:
            needs.append(reason.subject)
        else:
            blocked_by.append(reason)
    return _Outlook(branch, target, needs, blocked_by)


def _unmet_by_event(draft: Draft, event: Event) -> list[Reason]:
    """What stands in the way whatever branch is taken: counts at their limit, fields of others."""
    reasons = []
    for name in draft.plan.counts_up.get((MomentKind.EVENT, event.name), ()):
        count = draft.chart.counts[name]
        if count.once_per_person and draft.said.by.id in draft.counted.get(name, ()):
            continue
        if count.at_most is not None and draft.counts.get(name, 0) >= count.at_most:
            message = f"`{count.title}` stands at its limit of {count.at_most}"
            reasons.append(Reason("count_exhausted", message, name))
    for name in event.needs:
        reasons += may_set(draft, draft.chart.fields[name])
    return reasons
