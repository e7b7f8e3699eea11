"""Facts and checklist answers that are recorded without an event."""

from __future__ import annotations

from typing import Any

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.chart.model import Item, MomentKind
from escalation_engine.core.bring import unfit
from escalation_engine.core.case import Answered
from escalation_engine.core.counting import count
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.gate import incomplete_items, unmet_sender
from escalation_engine.core.input import Recorded
from escalation_engine.core.step import come_to_rest
from escalation_engine.core.tasks import add_task
from escalation_engine.core.timing import keep_time
from escalation_engine.core.value import FrozenMap, freeze
from escalation_engine.core.why import why_closed
from escalation_engine.errors import Reason

__all__ = ["record"]


def record(draft: Draft, recorded: Recorded) -> None:
    """Keep what is recorded, or raise Refused with everything that is wrong with it."""
    if draft.before.is_closed:
        raise Refused(why_closed(draft))
    fields = draft.chart.fields
    reasons: list[Reason] = []
    anytime = [name for name, field in fields.items() if field.changes == "anytime"]
    for name, value in recorded.data.items():
        if name not in anytime:
            known = f"only an event changes `{name}`" if name in fields else f"there is no `{name}`"
            accepted = did_you_mean(name, anytime) if anytime else "no field changes without one"
            reasons.append(Reason("unexpected_data", f"{known}; {accepted}", name))
        else:
            reasons += unfit(draft, fields[name], value)
    for checklist, answers in recorded.checklists.items():
        for item, (answer, reason) in answers.items():
            reasons += _unanswerable(draft, checklist, item, answer, reason)
    if reasons:
        raise Refused(*reasons)
    for name, value in recorded.data.items():
        draft.set_data(name, freeze(value))
    completed = [name for name in recorded.checklists if _answer(draft, recorded, name)]
    moments = [(MomentKind.CHECKLIST, name) for name in completed]
    count(draft, moments)
    if draft.plan.has_time:
        keep_time(draft, moments=moments)
    come_to_rest(draft, ())


def _unanswerable(
    draft: Draft, checklist: str, item: str, answer: str, reason: str | None
) -> list[Reason]:
    known = draft.chart.checklists.get(checklist)
    if known is None:
        hint = did_you_mean(checklist, draft.chart.checklists)
        return [
            Reason("unexpected_data", f"there is no checklist `{checklist}`; {hint}", checklist)
        ]
    found: Item | None = known.items.get(item)
    name = f"{checklist}.{item}"
    if found is None:
        hint = did_you_mean(item, known.items)
        return [Reason("unexpected_data", f"`{checklist}` has no item `{item}`; {hint}", name)]
    reasons = []
    if answer not in found.answers:
        accepted = ", ".join(found.answers)
        message = f"`{found.text}` is answered with one of {accepted}, not with {answer!r:.80}"
        reasons.append(Reason("invalid_data", message, name))
    if answer in found.reason_for and not (reason or "").strip():
        message = f"`{found.text}` answered with {answer} needs a reason"
        reasons.append(Reason("missing_reason", message, name))
    if found.by is not None:
        reasons += unmet_sender(draft, found.by, found.recorded_by)
    return reasons


def _answer(draft: Draft, recorded: Recorded, checklist: str) -> bool:
    """Keep the answers; return whether they have completed the checklist."""
    was_complete = not incomplete_items(draft, checklist)
    answers: dict[str, Any] = dict(draft.checklists.get(checklist, {}))
    for item, (answer, reason) in recorded.checklists[checklist].items():
        answers[item] = Answered(
            answer,
            recorded.by.id,
            draft.now.isoformat(),
            reason,
            recorded.on_behalf_of,
            recorded.evidence,
        )
        draft.answered += ((checklist, item, answer),)
        _add_task(draft, draft.chart.checklists[checklist].items[item], answer)
    draft.checklists = FrozenMap({**draft.checklists, checklist: FrozenMap(answers)})
    return not was_complete and not incomplete_items(draft, checklist)


def _add_task(draft: Draft, item: Item, answer: str) -> None:
    """Put the item on a task list where its answer says so, unless it stands there open."""
    tasks = item.adds_task.get(answer)
    if tasks is None:
        return
    if all(task.is_done or task.text != item.text for task in draft.tasks.get(tasks, ())):
        add_task(draft, tasks, item.text)
