"""What people do about tasks: add one, finish it, give it to another owner, open it again."""

from __future__ import annotations

from datetime import datetime

from escalation_engine.core import Actor, Case, TaskChanged
from escalation_engine.runtime.edge import (
    checked_actor,
    checked_count,
    checked_instant,
    checked_name,
    checked_text,
    optional_name,
    required_text,
)
from escalation_engine.runtime.timekeeping import Timekeeper

__all__ = ["TaskKeeper"]


class TaskKeeper(Timekeeper):
    """The part of the engine that is about lists of tasks."""

    def add_task(
        self,
        case_id: str,
        tasks: str,
        text: str,
        *,
        by: Actor,
        owner: str | None = None,
        note: str | None = None,
        channel: str | None = None,
        occurred_at: datetime | None = None,
        key: str | None = None,
    ) -> Case:
        """Return the case with a new task on the list `tasks`; `owner` is a person or a role.

        Raises EventRefused, KeyReused, CaseNotFound, BadInput, Conflict.
        """
        added = TaskChanged(
            checked_name("tasks", tasks),
            "added",
            checked_actor(by),
            text=required_text("text", text),
            owner=optional_name("owner", owner),
            note=checked_text("note", note),
            channel=optional_name("channel", channel),
            occurred_at=checked_instant("occurred_at", occurred_at),
        )
        return self._change_task(case_id, added, key)

    def finish_task(
        self,
        case_id: str,
        tasks: str,
        number: int,
        *,
        by: Actor,
        note: str | None = None,
        channel: str | None = None,
        occurred_at: datetime | None = None,
        key: str | None = None,
    ) -> Case:
        """Return the case with the task of this number done; its owner may always finish it.

        Raises EventRefused, KeyReused, CaseNotFound, BadInput, Conflict.
        """
        finished = TaskChanged(
            checked_name("tasks", tasks),
            "finished",
            checked_actor(by),
            checked_count("number", number, kind="number of a task"),
            note=checked_text("note", note),
            channel=optional_name("channel", channel),
            occurred_at=checked_instant("occurred_at", occurred_at),
        )
        return self._change_task(case_id, finished, key)

    def reopen_task(
        self,
        case_id: str,
        tasks: str,
        number: int,
        *,
        by: Actor,
        note: str | None = None,
        channel: str | None = None,
        key: str | None = None,
    ) -> Case:
        """Return the case with a task open again that was done.

        Raises EventRefused, KeyReused, CaseNotFound, BadInput, Conflict.
        """
        reopened = TaskChanged(
            checked_name("tasks", tasks),
            "reopened",
            checked_actor(by),
            checked_count("number", number, kind="number of a task"),
            note=checked_text("note", note),
            channel=optional_name("channel", channel),
        )
        return self._change_task(case_id, reopened, key)

    def give_task(
        self,
        case_id: str,
        tasks: str,
        number: int,
        *,
        owner: str | None,
        by: Actor,
        note: str | None = None,
        channel: str | None = None,
        key: str | None = None,
    ) -> Case:
        """Return the case with a task owned by another person or role; None: by nobody.

        Raises EventRefused, KeyReused, CaseNotFound, BadInput, Conflict.
        """
        given = TaskChanged(
            checked_name("tasks", tasks),
            "given",
            checked_actor(by),
            checked_count("number", number, kind="number of a task"),
            owner=optional_name("owner", owner),
            note=checked_text("note", note),
            channel=optional_name("channel", channel),
        )
        return self._change_task(case_id, given, key)

    def _change_task(self, case_id: str, changed: TaskChanged, key: str | None) -> Case:
        key = optional_name("key", key)
        return self._deciding.change(checked_name("case_id", case_id), changed, key=key)
