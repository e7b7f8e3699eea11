"""Play a scenario on the real engine, step by step, and compare what happens with what it tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from escalation_engine.chart.model import Chart
from escalation_engine.core import Actor, Case, Digest, Effect, Entry, scope_of_digest
from escalation_engine.errors import (
    BadInput,
    EscalationError,
    EventRefused,
    HookError,
    Mark,
)
from escalation_engine.loader import load_family
from escalation_engine.runtime import Engine
from escalation_engine.store import open_store
from escalation_engine.testing.clock import ManualClock
from escalation_engine.testing.expecting import Seen, compare, compare_refusal, told
from escalation_engine.testing.mismatch import Mismatch
from escalation_engine.testing.naming import check_names
from escalation_engine.testing.own_cases import own_cases
from escalation_engine.testing.performing import Performing
from escalation_engine.testing.scenario import (
    START,
    Acting,
    AtStep,
    DeliverStep,
    DirectoryStep,
    Expected,
    FulfilStep,
    NoteStep,
    OpenStep,
    RecordStep,
    Scenario,
    SendStep,
    Step,
    TaskStep,
    WaitStep,
)
from escalation_engine.testing.stage import ScriptedDirectory, ScriptedHooks

__all__ = ["START", "Happened", "Played", "ScenarioFailed", "play"]


class ScenarioFailed(EscalationError, AssertionError):
    """A step went otherwise than told; `.mismatches` says where, what was expected and found."""

    def __init__(
        self,
        title: str,
        *,
        mark: Mark,
        state: str,
        so_far: Sequence[str],
        mismatches: Sequence[Mismatch],
    ) -> None:
        self.title = title
        self.mark = mark
        self.state = state
        self.so_far = tuple(so_far)
        self.mismatches = tuple(mismatches)
        lines = [f"{mark.file}:{mark.line}: {title}", *map(str, mismatches)]
        lines += [
            f"  the case stands in: {state}",
            f"  journal so far: {', '.join(so_far) or 'empty'}",
        ]
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class Happened:
    """What one step did; `case` is None before it is open, `refusal` why nothing changed.

    `digests` are those that fell due and list the case.
    """

    number: int
    step: Step
    case: Case | None
    entries: tuple[Entry, ...]
    effects: tuple[Effect, ...]
    refusal: EventRefused | None = None
    digests: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True)
class Played:
    """How a scenario ended. `case` is None where the opening was refused, as told."""

    chart: Chart
    case: Case | None
    journal: tuple[Entry, ...]
    effects: tuple[Effect, ...]


def play(
    scenario: Scenario,
    *,
    chart: Chart | None = None,
    engine_url: str = "memory://",
    on_step: Callable[[Happened], None] | None = None,
) -> Played:
    """Return how the scenario ends; `on_step` is called after each step that went as told.

    Time passes for its own case only, and those linked to it, whatever else the database holds.

    A `chart` is played instead of the scenario's own process, such as a tailoring of it.
    Raises ScenarioFailed at the first step that did not go as told, DefinitionError for a process
    file that cannot be loaded or a name that it does not define, StoreError.
    """
    script = scenario.script
    charts = load_family(scenario.process_file, parameters=script.parameters)
    if chart is not None:
        charts = (chart, *charts[1:])
    check_names(scenario, charts)
    hooks = ScriptedHooks(charts, script.guards)
    directory = None
    if script.directory is not None:
        directory = ScriptedDirectory(script.directory, script.people)
    clock = ManualClock(script.starts)
    people = {name: Actor(name, roles) for name, roles in script.people.items()}
    with closing(open_store(engine_url)) as store:
        own = own_cases(store)
        engine = Engine(own, charts, hooks=hooks, directory=directory, clock=clock)
        performing = Performing(
            charts[0], engine=engine, clock=clock, hooks=hooks, directory=directory, people=people
        )
        play = _Play(scenario, engine=engine, hooks=hooks, performing=performing)
        for number, step in enumerate(script.steps, start=1):
            happened = play.take(number, step)
            if on_step is not None:
                on_step(happened)
        return play.end()


class _Play:
    def __init__(
        self, scenario: Scenario, *, engine: Engine, hooks: ScriptedHooks, performing: Performing
    ) -> None:
        self._scenario = scenario
        self._engine = engine
        self._hooks = hooks
        self._performing = performing
        self._entries = 0
        self._effects = 0
        self._digests = 0

    def take(self, number: int, step: Step) -> Happened:
        """Take one step and compare. Raises ScenarioFailed."""
        self._hooks.answer(step.guards)
        at: tuple[str | int, ...] = ("steps", number - 1)
        title = f"step {number} ({_named(step)})"
        refusal = None
        try:
            self._performing.take(step)
        except EventRefused as refused:
            refusal = refused
        except (BadInput, HookError, LookupError) as error:
            raise self._failed(title, at, [Mismatch("it", "to be taken", str(error))]) from error
        expected = step.refused if isinstance(step, Acting) else None
        mismatches = compare_refusal(expected, refusal)
        if mismatches:
            raise self._failed(title, (*at, "refused"), mismatches) from refusal
        happened = self._happened(number, step, refusal)
        if step.then is not None:
            seen = self._seen(happened.entries, happened.effects, happened.digests)
            self._expect(title, (*at, "then"), step.then, seen)
        return happened

    def end(self) -> Played:
        """Compare the end. Raises ScenarioFailed."""
        case, journal, effects = self._now()
        expected = self._scenario.script.then
        if expected is not None:
            seen = self._seen(journal, effects, self._all_digests())
            self._expect("the end", ("then",), expected, seen)
        return Played(self._performing.chart, case, journal, effects)

    def _now(self) -> tuple[Case | None, tuple[Entry, ...], tuple[Effect, ...]]:
        case_id = self._performing.case_id
        if case_id is None:
            return None, (), ()
        effects = tuple(one.effect for one in self._engine.outbox(case_id))
        return self._engine.case(case_id), tuple(self._engine.journal(case_id)), effects

    def _happened(self, number: int, step: Step, refusal: EventRefused | None) -> Happened:
        (case, journal, effects), digests = self._now(), self._all_digests()
        new = journal[self._entries :], effects[self._effects :]
        self._entries, self._effects = len(journal), len(effects)
        fallen_due, self._digests = digests[self._digests :], len(digests)
        return Happened(number, step, case, *new, refusal, fallen_due)

    def _all_digests(self) -> tuple[Digest, ...]:
        """All digests so far that list the case, in order of their due times."""
        chart, case_id = self._performing.chart, self._performing.case_id
        scopes = [scope_of_digest(chart.process, name) for name in chart.digests]
        sent = [one.effect for scope in scopes for one in self._engine.outbox(scope)]
        listing = [
            effect
            for effect in sent
            if isinstance(effect, Digest) and case_id in [row.case_id for row in effect.rows]
        ]
        return tuple(sorted(listing, key=lambda digest: digest.due_at))

    def _seen(
        self,
        entries: tuple[Entry, ...],
        effects: tuple[Effect, ...],
        digests: tuple[Digest, ...],
    ) -> Seen:
        case, _, _ = self._now()
        return Seen(case, entries, effects, self._possible, digests)

    def _possible(self) -> frozenset[str]:
        """The events that somebody of the people could send."""
        with self._hooks.peeking():
            return frozenset(
                option.event
                for actor in self._performing.people.values()
                for option in self._engine.options(self._performing.opened(), by=actor)
                if option.is_possible
            )

    def _expect(
        self, title: str, at: tuple[str | int, ...], expected: Expected, seen: Seen
    ) -> None:
        mismatches = compare(expected, seen)
        if mismatches:
            raise self._failed(title, (*at, mismatches[0].what), mismatches)

    def _failed(
        self, title: str, at: tuple[str | int, ...], mismatches: Sequence[Mismatch]
    ) -> ScenarioFailed:
        case, journal, _ = self._now()
        return ScenarioFailed(
            f"{self._scenario.script.scenario}: {title} does not go as told",
            mark=self._scenario.mark(*at),
            state="nowhere: it is not open" if case is None else ", ".join(case.states.values()),
            so_far=[told(entry) for entry in journal],
            mismatches=mismatches,
        )


def _named(step: Step) -> str:
    match step:
        case OpenStep():
            return f"{step.by} opens by {step.open}"
        case SendStep():
            return f"{step.by} sends {step.send}"
        case RecordStep():
            return f"{step.by} records"
        case NoteStep():
            return f"{step.by} writes a {step.kind}"
        case DirectoryStep():
            return "the directory changes"
        case DeliverStep():
            return "the host delivers"
        case FulfilStep():
            return f"{step.by} fulfils {step.fulfil}"
        case TaskStep():
            return f"{step.by}: task {step.is_}"
        case WaitStep():
            return f"wait {step.wait}"
        case AtStep():
            return f"at {step.at.isoformat()}"
