"""The planted defects, each as a small plan that is sound but for that one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["DEFECTS", "CannotBeWritten", "Defect", "Way"]


class CannotBeWritten(Exception):
    """A library has no words for what the defect is about."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way on: by an event, or at once where there is none, under a guard where one is named."""

    target: str
    event: str | None = "go"
    guard: str | None = None


@dataclass(frozen=True, slots=True)
class Defect:
    """A plan with a defect. It begins in `start`; `done` is its end.

    `asks_for` names a concept that a library must know: "owner", "timer event", "key".
    """

    name: str
    title: str
    ways: Mapping[str, list[Way]]
    asks_for: str = ""
    hooks: tuple[str, ...] = field(default=("is_staffed",))


SOUND = {"start": [Way("work")], "work": [Way("done")]}

DEFECTS = (
    Defect(
        "dead_end",
        "a state that nothing leads out of",
        {"start": [Way("work"), Way("stuck", "park")], "work": [Way("done")], "stuck": []},
    ),
    Defect(
        "loop",
        "two states that lead to each other alone",
        {
            "start": [Way("work"), Way("here", "park")],
            "work": [Way("done")],
            "here": [Way("there")],
            "there": [Way("here")],
        },
    ),
    Defect("unreachable", "a state that nothing leads to", {**SOUND, "orphan": [Way("done")]}),
    Defect(
        "unknown_target",
        "a target that is not there",
        {"start": [Way("work")], "work": [Way("done"), Way("wrok", "again")]},
    ),
    Defect(
        "event_twice",
        "one event twice in a state, without a guard",
        {"start": [Way("work"), Way("done")], "work": [Way("done")]},
    ),
    Defect(
        "missing_hook",
        "a guard that the host does not have",
        {"start": [Way("work", guard="is_missing"), Way("done", "leave")], "work": [Way("done")]},
    ),
    Defect("misspelt_key", "a key of a transition misspelt", SOUND, asks_for="key"),
    Defect(
        "spinning",
        "two states that pass on to each other at once, for ever",
        {
            "start": [Way("work"), Way("here", "park")],
            "work": [Way("done")],
            "here": [Way("there", None)],
            "there": [Way("here", None)],
        },
    ),
    Defect(
        "lost_event",
        "an event that comes to nothing when its guard says no",
        {"start": [Way("work", guard="is_staffed"), Way("done", "leave")], "work": [Way("done")]},
    ),
    Defect("no_owner", "a decision point that nobody answers for", SOUND, asks_for="owner"),
    Defect(
        "refused_timer",
        "a timer whose event the state does not take",
        SOUND,
        asks_for="timer event",
    ),
)
