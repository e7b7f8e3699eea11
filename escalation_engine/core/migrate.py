"""A case comes to stand on another version of its process: every part is carried over, or dropped.

The chart is the new one; what of the old one matters, the input says. No gate is asked and no body
runs: nothing has happened in the procedure. What does not fit is dropped, and journaled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from escalation_engine.chart.model import StateKind
from escalation_engine.core.carry_time import carry_time
from escalation_engine.core.case import Answered, Holder
from escalation_engine.core.decision import TaskChange
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.input import Migrated
from escalation_engine.core.step import come_to_rest
from escalation_engine.core.timing import keep_time
from escalation_engine.core.value import EMPTY, FrozenMap, freeze
from escalation_engine.core.why import why_closed
from escalation_engine.errors import Reason

__all__ = ["migrated"]

_NOTHING: Mapping[str, str] = EMPTY


def migrated(draft: Draft, said: Migrated) -> None:
    """Carry the case over as the input says, and look at what `always` leads on to.

    Raises Refused where the case is closed or stands on another definition, or has no place.
    """
    _refuse(draft, said)
    identity = draft.before.identity
    draft.before = draft.before._replace(
        identity=replace(identity, definition=said.definition, version=said.version)
    )
    draft.states = FrozenMap({track.name: said.states[track.name] for track in draft.chart.tracks})
    draft.remembered = FrozenMap(said.remembered)
    _carry_data(draft, said.names.get("data", _NOTHING))
    _carry_people(draft, said.names.get("slots", _NOTHING), said.names.get("roles", _NOTHING))
    _carry_counts(draft, said.names.get("counts", _NOTHING))
    _carry_checklists(draft, said.names.get("checklists", _NOTHING))
    _carry_tasks(draft, said.names.get("tasks", _NOTHING))
    draft.edition = said.edition
    draft.timed_data = draft.data  # A field of another name is no changed fact.
    carry_time(draft, said)
    if draft.plan.has_time:
        keep_time(draft)
    come_to_rest(draft, ())


def _refuse(draft: Draft, said: Migrated) -> None:
    case = draft.before
    if case.is_closed:
        raise Refused(why_closed(draft))
    if not said.reason.strip():
        raise Refused(Reason("missing_reason", "a migration needs a reason", "reason"))
    if case.identity.definition != said.was:
        message = (
            f"the case does not stand on {said.was[:12]} but on {case.identity.definition[:12]}"
        )
        raise Refused(Reason("other_version", message, said.was))
    for track in draft.chart.tracks:
        leaf = said.states.get(track.name, "")
        state = track.states.get(leaf)
        if state is None or not state.is_leaf:
            message = f"there is no place for the case in the track `{track.name}`: `{leaf}`"
            raise Refused(Reason("no_place", message, f"{track.name}.{leaf}"))
        if track is draft.chart.main and state.kind is StateKind.END:
            message = f"`{leaf}` is an end, and a case comes to its end by an event"
            raise Refused(Reason("no_place", message, f"{track.name}.{leaf}"))


def _carry_data(draft: Draft, names: Mapping[str, str]) -> None:
    before, fields = draft.data, draft.chart.fields
    for name in before:
        if names.get(name) != name:
            draft.set_data(name, None)
    for name, value in before.items():
        field = fields.get(names.get(name, ""))
        if field is None:
            continue
        fits = not draft.plan.misfit(field, value)
        draft.set_data(field.name, value if fits else None)
    for name, field in fields.items():
        if field.default is not None and name not in draft.data:
            draft.set_data(name, freeze(field.default))


def _carry_people(draft: Draft, slots: Mapping[str, str], roles: Mapping[str, str]) -> None:
    known = draft.chart.roles

    def holder(one: Holder) -> Holder:
        role, acting = roles.get(one.role or ""), roles.get(one.acting or "")
        return Holder(
            role if role in known else None, one.person, acting if acting in known else None
        )

    def held(holders: tuple[Holder, ...]) -> tuple[Holder, ...]:
        carried = [holder(one) for one in holders]
        return tuple([one for one in carried if one.role or one.person])

    def carried(before: Mapping[str, tuple[Holder, ...]]) -> dict[str, tuple[Holder, ...]]:
        return {
            new: held(holders)
            for slot, holders in before.items()
            if (new := slots.get(slot, "")) in draft.chart.slots
        }

    before, after = draft.slots, carried(draft.slots)
    draft.slots = FrozenMap(after)
    draft.previous = FrozenMap(carried(draft.previous))
    draft.told = held(draft.told)
    changes = {
        slot: (before.get(slot, ()), after.get(slot, ()))
        for slot in dict.fromkeys((*before, *after))
        if before.get(slot, ()) != after.get(slot, ())
    }
    draft.slot_changes = FrozenMap(changes) if changes else EMPTY


def _carry_counts(draft: Draft, names: Mapping[str, str]) -> None:
    before, known = draft.counts, draft.chart.counts
    after = {new: it for name, it in before.items() if (new := names.get(name, "")) in known}
    draft.counts = FrozenMap(after)
    draft.counted = FrozenMap(
        {new: who for name, who in draft.counted.items() if (new := names.get(name, "")) in known}
    )
    changes = {
        name: (before.get(name, 0), after.get(name, 0))
        for name in dict.fromkeys((*before, *after))
        if before.get(name, 0) != after.get(name, 0)
    }
    draft.count_changes = FrozenMap(changes) if changes else EMPTY


def _carry_checklists(draft: Draft, names: Mapping[str, str]) -> None:
    """Keep the answers of items that are still asked, where the answer may still be given."""
    found: dict[str, Mapping[str, Answered]] = {}
    for name, answers in draft.checklists.items():
        checklist = draft.chart.checklists.get(names.get(name, ""))
        items: Mapping[str, Any] = checklist.items if checklist is not None else {}
        kept = {
            item: answered
            for item, answered in answers.items()
            if item in items and answered.answer in items[item].answers
        }
        draft.answered += tuple([(name, item, "") for item in answers if item not in kept])
        if checklist is not None and kept:
            found[checklist.name] = FrozenMap(kept)
    draft.checklists = FrozenMap(found)


def _carry_tasks(draft: Draft, names: Mapping[str, str]) -> None:
    before, known = draft.tasks, draft.chart.tasks
    dropped = [name for name in before if names.get(name) not in known]
    draft.task_changes += tuple(
        TaskChange(name, task.number, "taken_away", task.text, task.owner)
        for name in dropped
        for task in before[name]
    )
    draft.tasks = FrozenMap(
        {names[name]: listed for name, listed in before.items() if name not in dropped}
    )
