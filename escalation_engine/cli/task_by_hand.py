"""Tasks by hand: which list, which task, and what is done with it."""

from __future__ import annotations

from escalation_engine.cli.prompt import ask_text, choose
from escalation_engine.cli.screen import show
from escalation_engine.cli.words import Words
from escalation_engine.core import Actor, Case, Task
from escalation_engine.runtime import Engine

__all__ = ["change_task_by_hand"]

_NEW = "a new task"


def change_task_by_hand(words: Words, engine: Engine, case: Case, *, by: Actor) -> None:
    """Ask what is done with which task, and do it. Raises what the engine raises."""
    names = list(words.chart.tasks)
    if not names:
        show("This process has no lists of tasks.")
        return
    titles = [tasks.title for tasks in words.chart.tasks.values()]
    tasks = names[0] if len(names) == 1 else choose("List", names, titles=titles)
    if tasks is None:
        return
    listed = {task.text: task for task in case.tasks.get(tasks, ())}
    standing = [words.task(tasks, *_shown(task)) for task in listed.values()]
    chosen = choose("Task", [*listed, _NEW], titles=[*standing, _NEW]) if listed else _NEW
    if chosen is None:
        return
    if chosen == _NEW:
        text = ask_text("What is to be done")
        engine.add_task(case.id, tasks, text, owner=_owner(), by=by)
        return
    _change(engine, case, tasks, listed[chosen], by)


def _change(engine: Engine, case: Case, tasks: str, task: Task, by: Actor) -> None:
    ways = ["reopen" if task.is_done else "finish", "give"]
    match choose("What", ways, titles=[ways[0], "give to another owner"]):
        case "finish":
            engine.finish_task(case.id, tasks, task.number, by=by)
        case "reopen":
            engine.reopen_task(case.id, tasks, task.number, by=by)
        case "give":
            engine.give_task(case.id, tasks, task.number, owner=_owner(), by=by)


def _owner() -> str | None:
    return ask_text("Owner, a person or a role", is_optional=True) or None


def _shown(task: Task) -> tuple[str, str | None, str]:
    return task.text, task.owner, "done" if task.is_done else "open"
