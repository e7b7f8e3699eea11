"""Lists of tasks that are named while a case runs: each task is open until somebody finishes it."""

from __future__ import annotations

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.chart.model import TaskList
from escalation_engine.core.case import Task
from escalation_engine.core.decision import TaskChange
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.gate import unmet_sender
from escalation_engine.core.input import TaskChanged
from escalation_engine.core.step import come_to_rest
from escalation_engine.core.value import FrozenMap
from escalation_engine.core.why import why_closed
from escalation_engine.errors import Reason

__all__ = ["add_task", "change_task"]


def change_task(draft: Draft, said: TaskChanged) -> None:
    """Change one task, or raise Refused where it is not there, not so, or not the sender's."""
    if draft.before.is_closed:
        raise Refused(why_closed(draft))
    wanted = draft.chart.tasks.get(said.tasks)
    if wanted is None:
        hint = did_you_mean(said.tasks, draft.chart.tasks)
        message = f"there is no list of tasks `{said.tasks}`; {hint}"
        raise Refused(Reason("unknown_task", message, said.tasks))
    if said.what == "added":
        _refuse_others(draft, wanted)
        add_task(draft, said.tasks, said.text or "", owner=said.owner)
    else:
        task = _task(draft, wanted, said.number)
        if said.what != "finished" or not _is_owner(draft, task):
            _refuse_others(draft, wanted)
        _keep(draft, wanted.name, _changed(draft, task, said), said.what)
    come_to_rest(draft, ())


def add_task(draft: Draft, tasks: str, text: str, *, owner: str | None = None) -> None:
    """Put a task on a list; the first has number 1."""
    listed = draft.tasks.get(tasks, ())
    number = listed[-1].number + 1 if listed else 1
    added = Task(number, text, owner, draft.said.by.id, draft.now.isoformat())
    _keep(draft, tasks, added, "added")


def _task(draft: Draft, wanted: TaskList, number: int) -> Task:
    listed = draft.tasks.get(wanted.name, ())
    for task in listed:
        if task.number == number:
            return task
    known = ", ".join(str(task.number) for task in listed) or "none"
    message = f"`{wanted.title}` has no task {number}; there are: {known}"
    raise Refused(Reason("unknown_task", message, wanted.name))


def _changed(draft: Draft, task: Task, said: TaskChanged) -> Task:
    """Return the task as it is then. Raises Refused where it stands like that already."""
    match said.what:
        case "given":
            return task._replace(owner=said.owner)
        case "finished" if task.is_done:
            message = f"`{task.text}` has been finished by {task.done_by}"
            raise Refused(Reason("task_done", message, said.tasks))
        case "finished":
            return task._replace(done_by=draft.said.by.id, done_at=draft.now.isoformat())
        case _ if not task.is_done:
            raise Refused(Reason("task_open", f"`{task.text}` is open", said.tasks))
    return task._replace(done_by=None, done_at=None)


def _is_owner(draft: Draft, task: Task) -> bool:
    """The owner of a task is a person, or everybody of a role."""
    sender = draft.said.by
    return task.owner is not None and (task.owner == sender.id or task.owner in sender.roles)


def _refuse_others(draft: Draft, wanted: TaskList) -> None:
    if wanted.by is not None and (reasons := tuple(unmet_sender(draft, wanted.by, None))):
        raise Refused(*reasons)


def _keep(draft: Draft, tasks: str, task: Task, what: str) -> None:
    others = [one for one in draft.tasks.get(tasks, ()) if one.number != task.number]
    listed = tuple(sorted([*others, task], key=lambda one: one.number))
    draft.tasks = FrozenMap({**draft.tasks, tasks: listed})
    draft.task_changes += (TaskChange(tasks, task.number, what, task.text, task.owner),)
