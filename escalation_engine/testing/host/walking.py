"""Walk a host through a journey beside the model, and stop where the two part.

The model is the core's own `decide`; a step that the process refuses the host must refuse as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from escalation_engine.chart.model import Chart
from escalation_engine.core import Case, Decision, Fulfilled, Input, Opened, Recorded, Refusal
from escalation_engine.errors import EventRefused
from escalation_engine.runtime.observing import has_decided, has_ticked
from escalation_engine.testing.host.adapter import Adapter, Where
from escalation_engine.testing.host.differing import HostDiffers, Way, decided, standing
from escalation_engine.testing.journey import Doing, Journey, JourneyStep, Model, Waiting
from escalation_engine.verify import Verdict, watched

__all__ = ["Walk", "walk"]


@dataclass(slots=True)
class Walk:
    """A host beside the model, on their way; `steps` are those taken so far."""

    chart: Chart
    host: Adapter
    journey: Journey
    model: Model = field(init=False)
    ways: list[Way] = field(init=False, default_factory=list)
    steps: list[JourneyStep] = field(init=False, default_factory=list)
    _decisions: list[tuple[Case, Decision]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.model = Model(self.chart, starts=self.journey.starts)
        self.host.advance(self.journey.starts)

    def take(self, step: JourneyStep) -> None:
        """Take a step on both sides. Raises HostDiffers, also where both break a promise."""
        self.steps.append(step)
        if isinstance(step, Waiting):
            self._wait(step)
        else:
            self._do(step)
        if self.chart.promises:
            self._watch_promises()

    def differs(self, expected: str, found: str) -> HostDiffers:
        """Return the difference, with the way up to here."""
        journey = Journey(self.journey.process, self.journey.starts, tuple(self.steps))
        missing = len(self.steps) - len(self.ways)
        ways = [*self.ways, *(Way(str(step), "?") for step in self.steps[-missing:] if missing)]
        return HostDiffers(journey, ways=ways, expected=expected, found=found)

    def _watch_promises(self) -> None:
        for one in watched(self.chart, self._decisions, now=self.model.now):
            if one.verdict is Verdict.BROKEN:
                promised = f"it promises `{one.name}`: {one.say}"
                raise self.differs(promised, f"it breaks this, as the process lets it: {one.why}")

    def _agreed(self, case: Case, found: Decision | Refusal, said: Input, now: datetime) -> None:
        """Keep what host and process agree on, for promises and whoever looks on."""
        if isinstance(found, Decision):
            self._decisions.append((case, found))
        has_decided(self.chart, case, said, found, now=now)

    def _wait(self, step: Waiting) -> None:
        """Stop at each instant at which something is due, so that both sides fire it then."""
        self._tell(step)
        while (due_at := self.model.next_due()) is not None and due_at < step.until:
            self._advance(Waiting(max(due_at, self.model.now), step.guards))
        self._advance(step)
        self.ways.append(Way(str(step), standing(self.model.states)))

    def _advance(self, step: Waiting) -> None:
        case = self.model.case_or_blank()
        found = self.model.take(step)
        _, problem = self._attempt(lambda: self.host.advance(step.until))
        if problem:
            raise self.differs(f"it goes to {standing(self.model.states)}", problem)
        self._compare(f"it stands in {standing(self.model.states)} at {step.until.isoformat()}")
        for one in found:
            if isinstance(one, Decision):
                self._agreed(case, one, one.entry.input, one.entry.at)
                case = one.case
        has_ticked(self.model.now)

    def _do(self, step: Doing) -> None:
        self._tell(step)
        case = self.model.case_or_blank()
        *_, found = self.model.take(step)
        self.ways.append(Way(str(step), decided(found)))
        is_taken, problem = self._attempt(lambda: self._act(step))
        expected = decided(found)
        if isinstance(found, Decision):
            if problem:
                raise self.differs(f"it goes to {expected}", problem)
        elif is_taken:
            where = _told(self.host.where())
            raise self.differs(expected, f"it takes `{step.event}` and stands in {where}")
        elif problem and not problem.startswith(_REFUSES):
            raise self.differs(expected, problem)
        self._compare(f"it stands in {standing(self.model.states)}")
        self._agreed(case, found, step.input, self.model.now)

    def _act(self, step: Doing) -> object:
        match step.input:
            case Opened():
                return self.host.open(step)
            case Recorded():
                return self._more("record")(step)
            case Fulfilled():
                return self._more("fulfil")(step)
            case _:
                return self.host.send(step)

    def _more(self, name: str) -> Callable[[Doing], object]:
        method = getattr(self.host, name, None)
        if method is None:
            raise TypeError(f"the adapter has no method `{name}`, which this journey needs")
        found: Callable[[Doing], object] = method
        return found

    def _tell(self, step: JourneyStep) -> None:
        tell = getattr(self.host, "answer_guards", None)
        if tell is not None and step.guards:
            tell(step.guards)

    def _attempt(self, act: Callable[[], object]) -> tuple[bool, str]:
        """Return whether the host has done it, and in words why not."""
        refusals: tuple[type[Exception], ...] = getattr(self.host, "refusals", (EventRefused,))
        try:
            answer = act()
        except refusals as refused:
            return False, f"{_REFUSES}: {str(refused).splitlines()[0] if str(refused) else ''}"
        except Exception as error:  # noqa: BLE001 - whatever the host raises is its answer
            return False, f"it fails with {type(error).__name__}: {error}"
        return (False, _REFUSES) if answer is False else (True, "")

    def _compare(self, expected: str) -> None:
        where = self.host.where()
        if not _is_there(self.model, where):
            raise self.differs(expected, f"it stands in {_told(where)}")


_REFUSES = "it refuses"


def walk(journey: Journey, chart: Chart, host: Adapter) -> None:
    """Take all steps of the journey. Raises HostDiffers where the host leaves the process."""
    try:
        walking = Walk(chart, host, journey)
        for step in journey.steps:
            walking.take(step)
    finally:
        close = getattr(host, "close", None)
        if close is not None:
            close()


def _is_there(model: Model, where: Where) -> bool:
    if where is None or model.case is None:
        return where is None and model.case is None
    if isinstance(where, str):
        return where == model.case.state
    return all(model.states.get(track) == state for track, state in where.items())


def _told(where: Where) -> str:
    if where is None:
        return "no case: it is not open"
    return where if isinstance(where, str) else ", ".join(where.values())
