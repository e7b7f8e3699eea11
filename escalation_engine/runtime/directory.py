"""Who holds a role now: the host's directory, and one that is a mapping, for tests and scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from escalation_engine.chart.model import Role
from escalation_engine.core import Case, Found, Holder, Unavailable
from escalation_engine.errors import HookError

__all__ = ["Directory", "StaticDirectory", "find_holder", "holder_now"]


class Directory(Protocol):
    """The host's answer to who holds a role now. It may be asked often and must change nothing."""

    def holder(self, role: str, case: Case) -> str | Unavailable | None:
        """Return the id of a person; None or Unavailable when nobody is there now.

        `case` carries the facts that the role is chosen by, such as a region.
        """


class StaticDirectory:
    """A directory that never changes: role to person. A role that it does not name has nobody."""

    def __init__(self, people: Mapping[str, str | Unavailable | None]) -> None:
        self._people = dict(people)

    def holder(self, role: str, case: Case) -> str | Unavailable | None:  # noqa: ARG002  the protocol's
        """Return who holds `role`, whatever the case is about."""
        return self._people.get(role)


def find_holder(directory: Directory | None, role: str, case: Case) -> Found | Unavailable:
    """Return the directory's answer; without a directory the role itself holds the slot.

    Raises HookError when the directory raises or answers something else.
    """
    if directory is None:
        return Found(None)
    try:
        answer = directory.holder(role, case)
    except Exception as error:
        raise HookError("directory.holder", f"raised {type(error).__name__}: {error}") from error
    match answer:
        case None:
            return Unavailable()
        case Unavailable():
            return answer
        case str() if answer.strip():
            return Found(answer)
    raise HookError(
        "directory.holder",
        f"answered {answer!r} for role {role!r}; accepted: a person's id, Unavailable or None",
    )


def holder_now(
    directory: Directory | None, roles: Mapping[str, Role], role: str, case: Case
) -> Holder:
    """Return who holds a role of a case now, an alternate where nobody is there, else the role.

    Each role of the chain is asked once. Raises HookError.
    """
    asked: list[str] = []
    waiting = [role]
    while waiting:
        name = waiting.pop(0)
        if name in asked:
            continue
        asked.append(name)
        found = find_holder(directory, name, case)
        if isinstance(found, Found):
            return Holder(role, found.person, None if name == role else name)
        waiting = [*roles[name].alternates, *waiting]
    return Holder(role, None)
