"""Timers, clocks and duties as lines: how they stand in a case, and what an entry did to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from escalation_engine.cli.words import Words
from escalation_engine.core import Case, Due
from escalation_engine.core.watch import DUE, TimeChange
from escalation_engine.runtime.standing import Standing, standings

__all__ = ["change_rows", "due_text", "instant_text", "standing_rows"]

_UNREMARKABLE = {("timer", "running"), ("clock", "running"), ("duty", "open")}


def standing_rows(words: Words, case: Case) -> Iterator[tuple[str, str]]:
    """Yield kind and text of all that runs or has run in a case, what is due first at the top."""
    for one in sorted(standings(case), key=_soonest):
        status = "" if (one.kind, one.status) in _UNREMARKABLE else f", {one.status}"
        due = "" if one.due_at is None else f", due {instant_text(one.due_at)}"
        yield one.kind, f"{words.timed(one.kind, one.key)}{status}{due}"


def change_rows(words: Words, changes: Iterable[TimeChange]) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each journaled change."""
    for change in changes:
        what = change.what.replace("_", " ")
        instants = [instant_text(at) for at in (change.was, change.at) if at is not None]
        when = f", due {' → '.join(instants)}" if instants else ""
        detail = f" ({change.detail})" if change.detail and change.detail != DUE else ""
        yield change.kind, f"{words.timed(change.kind, change.key)}: {what}{detail}{when}"


def due_text(words: Words, due: Due) -> str:
    """Return what has fallen due, in a few words."""
    mark = "" if due.label == DUE else f", {due.label}"
    return f"due: {words.timed(due.kind, due.key)}{mark}"


def instant_text(instant: datetime) -> str:
    """Return an instant to the minute, or to the second where it has one."""
    return instant.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


def _soonest(standing: Standing) -> tuple[bool, str]:
    due_at = standing.due_at
    return due_at is None, "" if due_at is None else due_at.isoformat()
