"""A flaw: what a rule has found, with the element that causes it and the shortest way to it.

Rules return flaws. Where the element stands in a file, and how a flaw reads, is found later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from escalation_engine.chart.model import Branch, State, Track
from escalation_engine.verify.graph import Edge

__all__ = ["Element", "Flaw", "branch_element", "state_element"]


class Element(NamedTuple):
    """A part of a process: a track, a state, one branch of an event, or a timer.

    Without a track it is the process, or what `section` and `name` name: a clock, a duty; or what
    stands at a `path` of keys in its text.
    """

    track: str = ""
    state: str = ""
    event: str = ""
    number: int = 0
    section: str = ""
    name: str = ""
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, or was shown: `code` names the rule, `path` is a shortest way to see it."""

    code: str
    message: str
    element: Element = Element()
    hint: str = ""
    path: tuple[Edge, ...] = ()


def state_element(track: Track, state: State | str) -> Element:
    """Return a state as an element."""
    return Element(track.name, state if isinstance(state, str) else state.path)


def branch_element(track: Track, branch: Branch) -> Element:
    """Return a branch as an element: where its transition is declared."""
    one = branch.transition
    return Element(track.name, one.declared_in, one.event, one.number)
