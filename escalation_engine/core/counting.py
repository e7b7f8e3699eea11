"""Counts, checklists and task lists follow the moments that they wait for: up first, then reset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from escalation_engine.chart.model import Count, MomentKind
from escalation_engine.core.decision import TaskChange
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.value import FrozenMap
from escalation_engine.errors import Reason

__all__ = ["count"]


def count(draft: Draft, moments: Iterable[tuple[MomentKind, str]]) -> None:
    """Raise counts once each, then reset counts, checklists and task lists."""
    seen = list(moments)
    plan, chart = draft.plan, draft.chart
    for name in _waiting(plan.counts_up, seen):
        _raise(draft, chart.counts[name])
    for name in _waiting(plan.counts_reset, seen):
        draft.set_count(name, 0)
        if name in draft.counted:
            kept = {key: who for key, who in draft.counted.items() if key != name}
            draft.counted = FrozenMap(kept)
    for name in _waiting(plan.checklists_reset, seen):
        if name in draft.checklists:
            left = {key: answers for key, answers in draft.checklists.items() if key != name}
            draft.checklists = FrozenMap(left)
    for name in _waiting(plan.tasks_reset, seen):
        taken_away = draft.tasks.get(name, ())
        if taken_away:
            draft.tasks = FrozenMap({key: kept for key, kept in draft.tasks.items() if key != name})
            draft.task_changes += tuple(
                TaskChange(name, task.number, "taken_away", task.text, task.owner)
                for task in taken_away
            )


def _waiting(
    waiting: Mapping[tuple[MomentKind, str], tuple[str, ...]], moments: list[tuple[MomentKind, str]]
) -> list[str]:
    return list(dict.fromkeys(name for moment in moments for name in waiting.get(moment, ())))


def _raise(draft: Draft, count: Count) -> None:
    value = draft.counts.get(count.name, 0) + 1
    if count.once_per_person:
        who = draft.counted.get(count.name, ())
        if draft.said.by.id in who:
            return
        draft.counted = FrozenMap({**draft.counted, count.name: (*who, draft.said.by.id)})
    if count.at_most is not None and value > count.at_most:
        message = f"`{count.title}` stands at its limit of {count.at_most}"
        raise Refused(Reason("count_exhausted", message, count.name))
    draft.set_count(count.name, value)
