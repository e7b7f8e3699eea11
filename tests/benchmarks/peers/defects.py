"""Eleven defects, planted one by one: which library tells which before the first event.

Each is said once as a plan; each library gets it in its own form, with the strictest checks that it
offers, and one instance is made. What was raised, warned or logged by then counts; nothing else.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.benchmarks.peers import planted_ours, planted_peers
from tests.benchmarks.peers.contender import release
from tests.benchmarks.peers.plan import DEFECTS, CannotBeWritten, Defect

__all__ = ["LIBRARIES", "Library", "answer", "answers"]


@dataclass(frozen=True, slots=True)
class Library:
    """What makes an instance out of a plan, and how its answers are read."""

    name: str
    package: str
    make: Callable[[Defect], None]


LIBRARIES = (
    Library("transitions", "transitions", planted_peers.in_transitions),
    Library("python-statemachine", "python-statemachine", planted_peers.in_python_statemachine),
    Library("sismic", "sismic", planted_peers.in_sismic),
    Library("SpiffWorkflow", "SpiffWorkflow", planted_peers.in_spiff),
    Library("xstate-statemachine", "xstate-statemachine", planted_peers.in_xstate),
)


class Heard(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.said.append(record.getMessage())


def answer(make: Callable[[Defect], None], defect: Defect) -> str:
    """Return how a library takes a defect, in a word or two."""
    heard, root = Heard(), logging.getLogger()
    root.addHandler(heard)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            make(defect)
    except CannotBeWritten:
        return "–"
    except Exception:  # noqa: BLE001 - each library has its own
        return "refused"
    finally:
        root.removeHandler(heard)
    return "warned" if heard.said or caught else "not told"


def answers() -> Mapping[str, list[str]]:
    """Return for each defect what ours says, and then each library that is installed."""
    present = [library for library in LIBRARIES if release(library.package)]
    return {
        defect.title: [
            planted_ours.told(defect.name),
            *(answer(library.make, defect) for library in present),
        ]
        for defect in DEFECTS
    }
