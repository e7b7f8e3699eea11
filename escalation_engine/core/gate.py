"""Gates: who may, and what must be there. They refuse with everything that is missing."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.chart.model import Item, Passing, Requirements, Transition
from escalation_engine.core.draft import Draft
from escalation_engine.core.watch import DUE
from escalation_engine.errors import Reason

__all__ = ["incomplete_items", "unmet_gates", "unmet_requirements", "unmet_sender"]


def unmet_gates(
    draft: Draft, transition: Transition, *, asks_nothing: bool = False
) -> list[Reason]:
    """Return why a transition is refused now; `asks_nothing` leaves out its requirements."""
    reasons: list[Reason] = []
    if transition.by is not None:
        reasons += unmet_sender(draft, transition.by, transition.recorded_by)
    if transition.requires is not None and not asks_nothing:
        reasons += unmet_requirements(draft, transition.requires)
    if transition.refuse and not reasons:
        reasons.append(Reason("refused", transition.refuse))
    return reasons


def unmet_sender(draft: Draft, by: Passing, recorded_by: Passing | None) -> Iterator[Reason]:
    """Yield why the sender does not pass: alone, or as the one who records another's word."""
    if draft.passes(by.roles, by.slots, engine=by.engine):
        return
    who = draft.said.by.id
    wanted = ", ".join(by.names)
    if recorded_by is None or not draft.passes(
        recorded_by.roles, recorded_by.slots, engine=recorded_by.engine
    ):
        if recorded_by is not None:
            wanted += f", or recorded by {', '.join(recorded_by.names)}"
        yield Reason("wrong_role", f"{who} may not: it is for {wanted}", wanted)
        return
    if not draft.said.on_behalf_of:
        message = f"{who} records the word of {wanted} and does not say whose (on_behalf_of)"
        yield Reason("missing_on_behalf_of", message, "on_behalf_of")
    if not draft.said.evidence:
        message = f"{who} records the word of {wanted}, which takes evidence"
        yield Reason("missing_evidence", message, "evidence")


def unmet_requirements(draft: Draft, requires: Requirements) -> Iterator[Reason]:
    """Yield everything that is missing, in the order of the language reference."""
    for name in requires.data:
        if draft.data.get(name) is None:
            title = draft.chart.fields[name].title
            yield Reason("missing_data", f"`{name}` ({title}) is not set", name)
    if requires.note and not (draft.said.note or "").strip():
        yield Reason("missing_note", "it takes a note", "note")
    if requires.evidence and not (draft.said.evidence or "").strip():
        yield Reason("missing_evidence", "it takes evidence", "evidence")
    for name in requires.checklists:
        for item in incomplete_items(draft, name):
            message = f"`{item.text}` is not answered with {' or '.join(sorted(item.passes))}"
            yield Reason("checklist", message, f"{name}.{item.name}")
    for name in requires.duties:
        owed = draft.duties.get(name)
        if owed is None or owed.status != "done":
            title = draft.chart.duties[name].title
            yield Reason("duty", f"`{title}` has not been done", name)
    yield from _unmet_tasks(draft, requires)
    if requires.past:
        has_passed, why_not = _past_due(draft, requires.past)
        if not has_passed:
            yield Reason("not_due", why_not, requires.past)
    for left, right in requires.different_from:
        yield from _same_person(draft, left, right)
    for name in requires.guards:
        verdict = draft.verdict(name)
        if not verdict.yes:
            title = draft.chart.guards[name].title
            because = f": {verdict.reason}" if verdict.reason else ""
            yield Reason("guard", f"the answer to `{title}` is no{because}", name)


def _unmet_tasks(draft: Draft, requires: Requirements) -> Iterator[Reason]:
    lists = draft.chart.tasks
    for name in requires.tasks:
        if not draft.tasks.get(name):
            yield Reason("tasks", f"no task stands on `{lists[name].title}`", name)
    for name in requires.tasks_done:
        for task in draft.tasks.get(name, ()):
            if not task.is_done:
                message = f"`{task.text}` on `{lists[name].title}` is not done"
                yield Reason("tasks", message, name)


def incomplete_items(draft: Draft, checklist: str) -> list[Item]:
    """Return the items of a checklist that have no passing answer yet."""
    answers = draft.checklists.get(checklist, {})
    return [
        item
        for item in draft.chart.checklists[checklist].items.values()
        if item.name not in answers or answers[item.name].answer not in item.passes
    ]


def _same_person(draft: Draft, left: str, right: str) -> Iterator[Reason]:
    """Separation of duty compares persons; a slot that only a role holds counts as unmet."""
    others = _persons(draft, right)
    ours = _persons(draft, left)
    if left == "sender":  # Whose word is recorded acts as much as the one who records it.
        ours = [draft.said.by.id, *filter(None, [draft.said.on_behalf_of])]
    name = right.removeprefix("data.")
    if None in others or None in ours or not others:
        yield Reason(
            "different_from", f"no person is known for `{name}`, so nobody can differ", name
        )
        return
    for person in ours:
        if person in others:
            yield Reason("different_from", f"{person} must not be the one in `{name}`", name)


def _persons(draft: Draft, name: str) -> list[str | None]:
    if name.startswith("data."):
        value = draft.data.get(name.removeprefix("data."))
        return [None if value is None else str(value)]
    return [holder.person for holder in draft.slots.get(name, ())]


def _past_due(draft: Draft, clock: str) -> tuple[bool, str]:
    """Return whether the due instant of a clock has passed, and in words why not."""
    watch = draft.clocks.get(clock)
    title = draft.chart.clocks[clock].title
    if watch is None:
        return False, f"`{title}` has not started"
    if DUE in watch.fired or (watch.due_at is not None and watch.due_at < draft.now):
        return True, ""
    if watch.due_at is None:
        return False, f"`{title}` is not due while it pauses or has no limit"
    return False, f"`{title}` is due at {watch.due_at.isoformat()}, which has not passed"
