"""Bodies: data set and cleared, slots moved, and the effects that are done after commit."""

from __future__ import annotations

import re
from collections.abc import Collection

from escalation_engine.chart.model import Body, Given, GivenKind, Recipient, Wording
from escalation_engine.core.bring import UNTOLD, fixed
from escalation_engine.core.case import Holder
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.effect import Act, Notify, OpenLinked
from escalation_engine.core.holding import assign
from escalation_engine.core.value import EMPTY, FrozenMap, freeze
from escalation_engine.errors import Reason

__all__ = ["act", "change", "hold", "run", "tell", "tell_holders"]

_PLACEHOLDER = re.compile(r"\{(case|data)\.([^{}]+)\}")


def run(draft: Draft, body: Body, *, held: Collection[str] = ()) -> None:
    """Run a whole body; slots in `held` stay as the transition has assigned them."""
    change(draft, body)
    hold(draft, body, held=held)
    act(draft, body)
    tell(draft, body)
    draft.queue += body.send
    draft.extensions += body.extend


def change(draft: Draft, body: Body) -> None:
    """Set and clear data."""
    fields = draft.chart.fields
    for name, given in body.set:
        value = freeze(_value(draft, given))
        reason = fixed(draft, fields[name], value)
        if value is not None and given.kind is not GivenKind.LITERAL:
            problem = draft.plan.misfit(fields[name], value)
            if problem:
                told = f"`{name}`: {UNTOLD}" if _is_sensitive(draft, name, given) else None
                reason = Reason("invalid_data", told or f"`{name}` {problem}", name)
        if reason is not None:
            raise Refused(reason)
        draft.set_data(name, value)
    for name in body.clear:
        reason = fixed(draft, fields[name], None)
        if reason is not None:
            raise Refused(reason)
        draft.set_data(name, None)


def _is_sensitive(draft: Draft, name: str, given: Given) -> bool:
    """What is sensitive stays so in a refusal, wherever it is copied from or to."""
    source = draft.chart.fields.get(str(given.content)) if given.kind is GivenKind.FIELD else None
    return draft.chart.fields[name].sensitive or (source is not None and source.sensitive)


def hold(draft: Draft, body: Body, *, held: Collection[str] = ()) -> None:
    """Move slots."""
    for assignment in body.assign:
        if assignment.slot not in held:
            assign(draft, assignment)


def act(draft: Draft, body: Body) -> None:
    """Queue the host's actions and the linked cases."""
    for name, arguments in body.do:
        values = EMPTY
        if arguments:
            values = FrozenMap({argument: _value(draft, given) for argument, given in arguments})
        draft.effects += (Act(draft.next_effect_id(), name, values),)
    for link in body.open_case:
        data = {
            theirs: draft.data[ours] for theirs, ours in link.data.items() if ours in draft.data
        }
        opened = OpenLinked(
            draft.next_effect_id(), link.process, link.event, freeze(data), freeze(link.send)
        )
        draft.effects += (opened,)


def _value(draft: Draft, given: Given) -> object:
    match given.kind:
        case GivenKind.LITERAL:
            return given.content
        case GivenKind.FIELD:
            return draft.data.get(str(given.content))
        case GivenKind.SLOT:
            holders = draft.slots.get(str(given.content), ())
            return next((holder.person or holder.role for holder in holders), None)
        case GivenKind.SENDER:
            return draft.said.by.id
        case GivenKind.NOW:
            return draft.now.isoformat()
        case GivenKind.CHANNEL:
            return draft.said.channel
        case GivenKind.NOTE:
            return draft.said.note
        case GivenKind.EVIDENCE:
            return draft.said.evidence


def tell(draft: Draft, body: Body) -> None:
    """Queue the messages, each to everybody whom its recipient means."""
    for recipient, message in body.notify:
        for holder in _recipients(draft, recipient):
            name = recipient.slot or holder.role or holder.person or ""
            _tell(draft, name, holder, message)
            if holder not in draft.told:
                draft.told = (*draft.told, holder)


def tell_holders(draft: Draft, slots: Collection[str], subject: str, text: str) -> None:
    """Queue a message in the engine's own words to the holders of slots, each told once."""
    told: list[Holder] = []
    for slot in slots:
        for holder in draft.slots.get(slot, ()):
            if holder in told:
                continue
            told.append(holder)
            role = draft.chart.roles.get(holder.acting or holder.role or "")
            contacts = tuple((one.channel, one.address) for one in role.contacts) if role else ()
            id = draft.next_effect_id()
            notify = Notify(id, slot, *holder[:2], "", subject, text, contacts=contacts)
            draft.effects += (notify,)
            if holder not in draft.told:
                draft.told = (*draft.told, holder)


def _recipients(draft: Draft, recipient: Recipient) -> tuple[Holder, ...]:
    if recipient.role:
        return (Holder(recipient.role, None),)
    if recipient.slot:
        return draft.slots.get(recipient.slot, ())
    return draft.told


def _tell(draft: Draft, name: str, holder: Holder, message: str) -> None:
    chart = draft.chart
    role = chart.roles.get(holder.acting or holder.role or "")
    known = chart.messages[message]
    translations = {
        language: (_fill(draft, wording.subject), _fill(draft, wording.text))
        for language, wording in known.translations.items()
    }
    wording: Wording = known.wording
    draft.effects += (
        Notify(
            draft.next_effect_id(),
            name,
            holder.role,
            holder.person,
            message,
            _fill(draft, wording.subject),
            _fill(draft, wording.text),
            FrozenMap(translations) if translations else EMPTY,
            tuple((contact.channel, contact.address) for contact in role.contacts) if role else (),
            "client" if role is not None and role.side == "client" else "internal",
        ),
    )


def _fill(draft: Draft, text: str) -> str:
    def value(match: re.Match[str]) -> str:
        group, name = match.groups()
        if group == "data":
            found = draft.data.get(name)
        else:
            identity = draft.before.identity
            found = {
                "id": identity.id,
                "reference": identity.reference,
                "process": draft.chart.title,
                "state": _state_title(draft),
                "outcome": draft.outcome,
            }[name]
        return "" if found is None else str(found)

    return _PLACEHOLDER.sub(value, text)


def _state_title(draft: Draft) -> str:
    track = draft.chart.main
    state = track.states.get(draft.states.get(track.name, ""))
    return state.title if state else ""
