"""Lets somebody look on at what engines decide in this process, such as the coverage of tests.

Nobody looks on in production, and then it costs one comparison. An observer changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from escalation_engine.chart.model import Chart
from escalation_engine.core import Case, Decision, Input, Refusal

__all__ = ["Observer", "has_decided", "has_ticked", "observed_by"]


class Observer(Protocol):
    """Looks on at every engine of this Python process."""

    def decided(
        self, chart: Chart, case: Case, input: Input, found: Decision | Refusal, *, now: datetime
    ) -> None:
        """Is told what became of an input to a case, which is the case before it."""

    def ticked(self, now: datetime) -> None:
        """Is told that an engine has looked for what is due."""


_observers: list[Observer] = []


@contextmanager
def observed_by(observer: Observer) -> Iterator[None]:
    """Let an observer look on for a while."""
    _observers.append(observer)
    try:
        yield
    finally:
        _observers.remove(observer)


def has_decided(
    chart: Chart, case: Case, input: Input, found: Decision | Refusal, *, now: datetime
) -> None:
    """Tell the observers of a decision or refusal."""
    for observer in _observers:
        observer.decided(chart, case, input, found, now=now)


def has_ticked(now: datetime) -> None:
    """Tell the observers of a tick."""
    for observer in _observers:
        observer.ticked(now)
