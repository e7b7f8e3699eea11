"""Who holds a slot: roles resolved through the host's directory, alternates, and the way back."""

from __future__ import annotations

from escalation_engine.chart.model import Assignment, HolderKind
from escalation_engine.core.case import Holder
from escalation_engine.core.decision import Found, HolderQuestion
from escalation_engine.core.draft import Draft, Refused, Unanswered
from escalation_engine.core.effect import Alarm
from escalation_engine.errors import Reason

__all__ = ["assign"]


def assign(draft: Draft, assignment: Assignment) -> None:
    """Move a slot. Raises Unanswered until the directory has answered, Refused where it must."""
    slot = assignment.slot
    match assignment.kind:
        case HolderKind.NOBODY:
            draft.set_holders(slot, ())
            return
        case HolderKind.BACK:
            before = draft.previous.get(slot)
            if before is None:
                message = f"nobody held `{slot}` before"
                raise Refused(Reason("nobody_before", message, slot))
            draft.set_holders(slot, before)
            return
        case HolderKind.ROLE:
            holder = _holder_of(draft, assignment.name)
        case HolderKind.SENDER:
            holder = _sender(draft)
        case HolderKind.PERSON:
            person = draft.data.get(assignment.name)
            if person is None:
                message = f"`{assignment.name}` is not set, so nobody can hold `{slot}`"
                raise Refused(Reason("missing_data", message, assignment.name))
            holder = Holder(None, str(person))
    holders = draft.slots.get(slot, ())
    if not draft.chart.slots[slot].many:
        draft.set_holders(slot, (holder,))
    elif holder not in holders:
        draft.set_holders(slot, (*holders, holder))


def _sender(draft: Draft) -> Holder:
    """The sender, with the role in which it acts where that is clear."""
    roles = [name for name in draft.chart.roles if name in draft.said.by.roles]
    return Holder(roles[0] if len(roles) == 1 else None, draft.said.by.id)


def _holder_of(draft: Draft, role: str) -> Holder:
    """Ask for the role, then for its alternates in turn; an alarm where nobody is available.

    Alternates of each other end the chain where it would repeat (a role is asked once).
    """
    asked: list[str] = []
    waiting = [role]
    while waiting:
        name = waiting.pop(0)
        if name in asked:
            continue
        asked.append(name)
        question = HolderQuestion(draft.microstep, name)
        answer = draft.given.get(question)
        if answer is None:
            raise Unanswered(question)
        draft.answers[question] = answer
        if isinstance(answer, Found):
            return Holder(role, answer.person, None if name == role else name)
        waiting = [*draft.chart.roles[name].alternates, *waiting]
    title = draft.chart.roles[role].title
    text = f"nobody is available as {title} (asked: {', '.join(asked)})"
    if draft.chart.roles[role].refuses_when_nobody:
        raise Refused(Reason("nobody_available", text, role))
    draft.effects += (Alarm(draft.next_effect_id(), "nobody_available", role, text),)
    return Holder(role, None)
