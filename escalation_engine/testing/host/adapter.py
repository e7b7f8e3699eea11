"""What a host must offer to be tested on its process, and the engine itself as such a host."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from escalation_engine.chart.model import Chart
from escalation_engine.core import Fulfilled
from escalation_engine.errors import EventRefused
from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock
from escalation_engine.testing.journey import Doing
from escalation_engine.testing.stage import ScriptedHooks

__all__ = ["Adapter", "EngineHost", "Where"]

Where = str | Mapping[str, str] | None
"""The state of the main track, or each track with its state; None before the case is open."""

_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


class Adapter(Protocol):
    """One case in the host application; each journey gets a new one.

    What the host refuses it says by raising one of `refusals` (EventRefused unless the adapter has
    the attribute) or by returning False. It may have more methods: `record` and `fulfil`, which
    take a step as `send` does, `answer_guards`, which is told what the host's guards are to answer
    from then on, and `close`. A class attribute `values` has values for fields, by name.
    """

    def open(self, step: Doing, /) -> object:
        """Open the case by `step.event`, sent by `step.by` with `step.data`."""

    def send(self, step: Doing, /) -> object:
        """Send `step.event` to the case."""

    def advance(self, until: datetime, /) -> object:
        """Move the host's clock to an instant and let happen what is due. It begins with this."""

    def where(self) -> Where:
        """Return where the case is."""


class EngineHost:
    """The engine as a host, on a store in memory: to be tried as it is, or to be built upon.

    The first chart is the process; its guards answer as a journey says, and actions do nothing.
    """

    refusals: tuple[type[Exception], ...] = (EventRefused,)

    def __init__(self, *charts: Chart) -> None:
        self._chart = charts[0]
        self._scripted = ScriptedHooks(charts, dict.fromkeys(charts[0].guards, ("yes",)))
        self.clock = ManualClock(_BEFORE_ALL)
        self.engine = Engine("memory://", charts, hooks=self._scripted, clock=self.clock)
        self.case_id = ""

    def open(self, step: Doing, /) -> None:
        """Open the case."""
        opened = self.engine.open_case(self._chart.process, event=step.event, **step.said)
        self.case_id = opened.id

    def send(self, step: Doing, /) -> None:
        """Send an event to it."""
        self.engine.send(self.case_id, step.event, **step.said)

    def record(self, step: Doing, /) -> None:
        """Record facts and answers."""
        self.engine.record(self.case_id, checklists=step.answers, **step.said)

    def fulfil(self, step: Doing, /) -> None:
        """Fulfil a duty."""
        assert isinstance(step.input, Fulfilled)
        self.engine.fulfil(self.case_id, step.input.duty, **step.said)

    def advance(self, until: datetime, /) -> None:
        """Move the clock and tick."""
        self.clock.move_to(until)
        self.engine.tick()

    def where(self) -> Where:
        """Return each track with its state."""
        return dict(self.engine.case(self.case_id).states) if self.case_id else None

    def answer_guards(self, guards: Mapping[str, bool], /) -> None:
        """Let guards answer so from now on."""
        self._scripted.answer({name: ("yes" if yes else "no",) for name, yes in guards.items()})

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()


AdapterMaker = Callable[[], Adapter]
Values = Mapping[str, Sequence[object]]
