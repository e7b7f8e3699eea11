"""`process_tests`: the tests of a host application that its process file gives for free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from escalation_engine.chart.model import Chart
from escalation_engine.loader import load
from escalation_engine.testing.host.adapter import AdapterMaker
from escalation_engine.testing.host.differing import HostDiffers
from escalation_engine.testing.host.keeping import keep
from escalation_engine.testing.host.refusing import refusing
from escalation_engine.testing.host.walking import walk
from escalation_engine.testing.journey import Journey, Moves
from escalation_engine.testing.journey.shrinking import shortest
from escalation_engine.testing.journey.tour import Tour, tour_of
from escalation_engine.testing.scenario import START
from escalation_engine.testing.strategies import deep_journeys

__all__ = ["process_tests"]


def process_tests(
    process: Path | str,
    adapter: AdapterMaker,
    *,
    parameters: Mapping[str, object] | None = None,
    starts: datetime = START,
    examples: int | None = None,
    keep_in: Path | str = ".escalation",
) -> type[ProcessTests]:
    """Return a class of tests for pytest, to be given a name that begins with Test.

    The process file is read when the first test runs. `adapter` makes a new host with one case;
    `examples` is the number of random journeys, else Hypothesis's own. A journey on which the host
    leaves the process is kept in the folder `keep_in`.
    """

    class Tests(ProcessTests):
        about = Proof(
            Path(process),
            adapter,
            parameters=parameters,
            starts=starts,
            examples=examples,
            keep_in=Path(keep_in),
        )

    Tests.__doc__ = f"The host keeps the process in {process}."
    return Tests


class Proof:
    """What the tests of one host share: the chart, the tour, and how a journey is walked."""

    def __init__(
        self,
        process: Path,
        adapter: AdapterMaker,
        *,
        parameters: Mapping[str, object] | None,
        starts: datetime,
        examples: int | None,
        keep_in: Path,
    ) -> None:
        self.process = process
        self.adapter = adapter
        self.starts = starts
        self.examples = examples
        self.keep_in = keep_in
        self._parameters = parameters

    @cached_property
    def chart(self) -> Chart:
        """The chart of the process. Raises DefinitionError."""
        return load(self.process, parameters=self._parameters)

    @cached_property
    def tour(self) -> Tour:
        """The journeys that take every transition."""
        return tour_of(self.chart, starts=self.starts, values=self.values, kinds=self.kinds)

    @cached_property
    def moves(self) -> Moves:
        """The steps worth trying."""
        return Moves(self.chart, starts=self.starts, values=self.values)

    @property
    def values(self) -> Mapping[str, Sequence[object]] | None:
        """The host's own values for fields."""
        found: Mapping[str, Sequence[object]] | None = getattr(self.adapter, "values", None)
        return found

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the host can do beside taking events."""
        host = self.adapter if isinstance(self.adapter, type) else self.adapter()
        return tuple(kind for kind in ("record", "fulfil") if hasattr(host, kind))

    def walk(self, journey: Journey) -> None:
        """Walk a new host through a journey. Raises HostDiffers."""
        walk(journey, self.chart, self.adapter())

    def walk_all(self, all_of: Iterable[Journey]) -> None:
        """Walk through each journey. Raises HostDiffers with the shortest that shows the fault."""
        __tracebackhide__ = True  # pytest shows the difference, not how it was found
        try:
            for journey in all_of:
                self.walk(journey)
        except HostDiffers as differs:
            raise self._kept(self._shortest(differs)) from differs.__cause__

    def walk_at_random(self) -> None:
        """Walk through random journeys. Raises HostDiffers with the shortest that fails."""
        __tracebackhide__ = True
        drawn = deep_journeys(self.moves, starts=self.starts, kinds=self.kinds)
        chosen: dict[str, Any] = {} if self.examples is None else {"max_examples": self.examples}
        chosen["phases"] = [Phase.reuse, Phase.generate]  # a journey is shrunk as such
        chosen["suppress_health_check"] = [HealthCheck.too_slow, HealthCheck.data_too_large]

        @settings(deadline=None, print_blob=False, report_multiple_bugs=False, **chosen)
        @given(drawn)
        def walked(journey: Journey) -> None:
            self.walk(journey)

        try:
            walked()
        except HostDiffers as differs:
            raise self._kept(self._shortest(differs)) from None

    def _shortest(self, differs: HostDiffers) -> HostDiffers:
        found = differs

        def fails(journey: Journey) -> Journey | None:
            nonlocal found
            try:
                self.walk(journey)
            except HostDiffers as other:
                if len(other.journey.steps) <= len(found.journey.steps):
                    found = other
                return other.journey
            return None

        shortest(differs.journey, self.moves, fails)
        return found

    def _kept(self, differs: HostDiffers) -> HostDiffers:
        made_by = self.adapter
        name = getattr(made_by, "__qualname__", "")
        host = f"{made_by.__module__}:{name}" if name.isidentifier() else ""
        return keep(differs, self.chart, process=self.process, folder=self.keep_in, host=host)


class ProcessTests:
    """The tests of one host on one process; see `process_tests`."""

    about: Proof

    def test_every_transition_leads_where_the_process_says(self) -> None:
        """Walk the tour: a few short journeys that take each transition."""
        self.about.walk_all(self.about.tour.journeys)

    def test_the_host_refuses_what_the_process_refuses(self) -> None:
        """Walk the tour, and try in each new state what is refused there."""
        self.about.walk_all(refusing(self.about.tour, self.about.moves))

    def test_random_journeys_go_as_the_process_says(self) -> None:
        """Walk random journeys; one that fails shrinks to the shortest."""
        self.about.walk_at_random()
