"""What can be wrong with a calendar, a duration or a schedule, and the words for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from escalation_engine.errors import CallerError

__all__ = ["CalendarFault", "NoOpenTime", "TextError", "did_you_mean", "listed"]

_LISTED_AT_MOST = 12
_LONGEST_GUESS = 60  # difflib is quadratic; nobody misspells a longer name


@dataclass(frozen=True, slots=True)
class CalendarFault:
    """One thing that is wrong with a calendar. `at` is the path of keys to it in the calendar."""

    at: tuple[str, ...]
    message: str
    hint: str = ""


class TextError(ValueError):
    """A short text cannot be read: `.message` at character `.offset` from 0, `.hint` what to do."""

    def __init__(self, message: str, *, offset: int = 0, hint: str = "") -> None:
        self.message = message
        self.offset = offset
        self.hint = hint
        super().__init__(f"{message}; {hint}" if hint else message)


class NoOpenTime(CallerError):
    """The calendar is closed from `.since` to the end of the fifth year after it."""

    def __init__(self, calendar: str, since: datetime) -> None:
        self.calendar = calendar
        self.since = since
        super().__init__(
            f"calendar {calendar!r} has no open time within five years of {since.isoformat()}; "
            "accepted: a calendar with hours, or an earlier instant"
        )


def did_you_mean(name: str, accepted: Iterable[str]) -> str:
    """Return a hint with the nearest accepted name, whatever its case; empty when none is near."""
    if len(name) > _LONGEST_GUESS:
        return ""
    by_folded = {each.casefold(): each for each in sorted(accepted)}
    near = get_close_matches(name.casefold(), by_folded, n=1)
    return f"did you mean `{by_folded[near[0]]}`?" if near else ""


def listed(accepted: Iterable[str]) -> str:
    """Return the accepted names as prose, cut when there are many."""
    names = [f"`{name}`" for name in accepted]
    more = len(names) - _LISTED_AT_MOST
    if more > 0:
        names = [*names[:_LISTED_AT_MOST], f"{more} more"]
    return ", ".join(names)
