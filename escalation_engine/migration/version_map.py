"""What of one version stands for what in another: names to names, and how time is carried over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from escalation_engine.core import EMPTY
from escalation_engine.core.carry_time import KEEP, RECOUNT, REMAINING, RESTART

__all__ = ["HOWS", "NAMED", "TIMED", "Carried", "Names", "VersionMap"]

HOWS = (KEEP, REMAINING, RECOUNT, RESTART)
"""The ways in which time is carried over."""

NAMED = ("data", "roles", "slots", "counts", "checklists", "tasks")
"""What is carried over by its name alone."""

TIMED = ("timers", "clocks", "duties")
"""What is carried over with its time."""

Names = Mapping[str, str | None]
"""Old name to new name; None: it is dropped."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The new name of a timer, clock or duty, and what becomes of its deadline."""

    to: str
    time: str = KEEP


@dataclass(frozen=True, slots=True)
class VersionMap:
    """Where everything of an old version goes in a new one; what is not named is dropped.

    `states` maps `TRACK.PATH` of each leaf to a state of the new version.
    """

    process: str
    old: int
    new: int
    states: Names = EMPTY
    names: Mapping[str, Names] = EMPTY
    timed: Mapping[str, Mapping[str, Carried | None]] = field(default_factory=dict)
