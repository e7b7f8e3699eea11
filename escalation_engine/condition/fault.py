"""What is wrong with a condition, for the author of the YAML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

__all__ = ["ConditionFault", "FaultKind", "Faults", "Unreadable", "did_you_mean", "listed"]

_FAULTS_AT_MOST = 20
_LISTED_AT_MOST = 12
_LONGEST_GUESS = 60  # difflib is quadratic; nobody misspells a longer name


class FaultKind(StrEnum):
    """What sort of fault it is; each equals its plain string."""

    SYNTAX = "syntax"
    UNKNOWN_NAME = "unknown_name"
    TYPE = "type"
    VALUE = "value"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class ConditionFault:
    """One fault. `offset` is the character of the condition's text where it lies, from 0."""

    kind: FaultKind
    message: str
    offset: int
    hint: str = ""


class Unreadable(Exception):
    """A fault after which the text cannot be read on. Never leaves this package."""

    def __init__(self, kind: FaultKind, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.fault = ConditionFault(kind, message, offset, hint)


class Faults:
    """Collects the faults of one condition; after the twentieth it stops looking for hints."""

    def __init__(self) -> None:
        self._found: list[ConditionFault] = []

    def add(
        self,
        kind: FaultKind,
        message: str,
        offset: int,
        hint: str = "",
        *,
        name: str = "",
        accepted: Iterable[str] = (),
    ) -> None:
        """Add a fault; without a hint, the accepted name that is nearest to `name` becomes one."""
        if len(self._found) < _FAULTS_AT_MOST:
            hint = hint or did_you_mean(name, accepted)
            self._found.append(ConditionFault(kind, message, offset, hint))

    @property
    def found(self) -> tuple[ConditionFault, ...]:
        """The faults in the order of the text."""
        return tuple(sorted(self._found, key=lambda fault: fault.offset))


def did_you_mean(name: str, accepted: Iterable[str]) -> str:
    """Return a hint that names the nearest accepted name, or an empty string."""
    if len(name) > _LONGEST_GUESS:
        return ""
    near = get_close_matches(name, sorted(accepted), n=1)
    return f"did you mean `{near[0]}`?" if near else ""


def listed(accepted: Iterable[object]) -> str:
    """Return the accepted names as prose, cut when there are many; `nothing` for none."""
    names = [f"`{name}`" for name in accepted]
    more = len(names) - _LISTED_AT_MOST
    if more > 0:
        names = [*names[:_LISTED_AT_MOST], f"{more} more"]
    return ", ".join(names) if names else "nothing"
