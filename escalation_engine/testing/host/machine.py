"""A host under Hypothesis's own state machine: for rules of its own beside the process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from escalation_engine.chart.model import Chart
from escalation_engine.testing.host.adapter import AdapterMaker
from escalation_engine.testing.host.walking import Walk
from escalation_engine.testing.journey import Journey, Moves
from escalation_engine.testing.scenario import START
from escalation_engine.testing.strategies import next_steps

__all__ = ["HostMachine", "as_state_machine"]


class HostMachine(RuleBasedStateMachine):
    """One case in a host, beside the model; subclass it to add rules and invariants."""

    chart: Chart
    adapter: AdapterMaker
    starts: datetime
    moves: Moves
    kinds: tuple[str, ...]

    def __init__(self) -> None:
        super().__init__()
        self.host = type(self).adapter()
        self.walk = Walk(self.chart, self.host, Journey(self.chart.process, self.starts))

    @initialize(data=st.data())
    def opens(self, data: st.DataObject) -> None:
        """The case is opened, or an opening is refused."""
        self._go_on(data)

    @rule(data=st.data())
    def goes_on(self, data: st.DataObject) -> None:
        """An event is sent, something is recorded or fulfilled, or time passes."""
        self._go_on(data)

    @rule()
    def rests(self) -> None:
        """Nothing happens. A machine must always have a step, and a closed case has none."""

    def teardown(self) -> None:
        """Close the host."""
        close = getattr(self.host, "close", None)
        if close is not None:
            close()

    def _go_on(self, data: st.DataObject) -> None:
        steps = next_steps(self.walk.model, self.moves, kinds=self.kinds)
        self.walk.take(data.draw(steps, label="step"))


def as_state_machine(
    chart: Chart,
    adapter: AdapterMaker,
    *,
    starts: datetime = START,
    values: Mapping[str, Sequence[object]] | None = None,
    kinds: tuple[str, ...] = ("record", "fulfil"),
) -> type[HostMachine]:
    """Return a RuleBasedStateMachine that takes a host through the process; a step that differs
    raises HostDiffers.

    Journeys find deep faults sooner and shrink faster; this is for hosts with rules of their own.
    """
    attributes = {
        "chart": chart,
        "adapter": staticmethod(adapter),
        "starts": starts,
        "moves": Moves(chart, starts=starts, values=values),
        "kinds": kinds,
    }
    return type("HostMachine", (HostMachine,), attributes)
