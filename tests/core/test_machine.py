"""The fence around `transitions`: both triggers choose alike, and each known trap is shut."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from transitions import Machine
from transitions.extensions import HierarchicalMachine

from escalation_engine import load
from escalation_engine.chart import Chart
from escalation_engine.chart.model import Track
from escalation_engine.core.machine import ALWAYS, Cursor, build_machine
from escalation_engine.core.plan import plan_of
from tests.core.driving import drive
from tests.core.random_process import chart_of, random_process

PROCESSES = sorted((Path(__file__).parents[2] / "processes").glob("*.yaml"))
RANDOM = Random(20_26)  # noqa: S311 - the same charts and facts in every run, no secrets


@dataclass(frozen=True)
class Known:
    """Facts of a case that are all known, the host's answers included."""

    data: Mapping[str, Any]
    counts: Mapping[str, int]
    guards: Mapping[str, bool]
    states: frozenset[str]
    people: frozenset[str]
    channel: str | None = None
    asked: list[str] = field(default_factory=list)

    def guard(self, name: str) -> bool:
        self.asked.append(name)
        return self.guards[name]

    def sender_is(self, name: str) -> bool:
        return name in self.people

    def is_in(self, state: str) -> bool:
        return state in self.states

    def is_during(self, calendar: str) -> bool | None:
        return None

    def is_event(self, name: str) -> bool:
        return False

    def happens(self, moment: str, /) -> bool:
        return False


def facts(chart: Chart, random: Random) -> Known:
    """Draw facts that fit the chart."""
    data = {}
    for name, known in chart.fields.items():
        values = known.domain.values or (0, 1, 2, 3)
        if random.random() < 0.8:
            data[name] = random.choice(values)
    states = [f"{track.name}.{path}" for track in chart.tracks for path in track.states]
    people = [*chart.roles, *chart.slots, "customer", "client"]
    return Known(
        data,
        {name: random.randint(0, 4) for name in chart.counts},
        {name: random.random() < 0.5 for name in chart.guards},
        frozenset(random.sample(states, len(states) // 2)),
        frozenset(random.sample(people, len(people) // 2)),
        random.choice([None, "phone", "email", "letter"]),
    )


@pytest.fixture(scope="module")
def charts() -> list[Chart]:
    """The library's own processes and some random ones."""
    return [load(path) for path in PROCESSES] + [chart_of(random_process(RANDOM)) for _ in range(8)]


def machines(charts: list[Chart]) -> Iterator[tuple[Chart, Track, Machine, Machine]]:
    """Each track with its planned machine and its stock one."""
    for chart in charts:
        for track in chart.tracks:
            yield chart, track, build_machine(track), build_machine(track, stock=True)


def look(machine: Machine, leaf: str, event: str, known: Known) -> tuple[object, ...]:
    """Trigger an event on a fresh cursor and return everything that can be seen of it."""
    cursor = Cursor(leaf, known)
    known.asked.clear()
    trigger = machine.events.get(event)
    took = trigger.trigger(cursor) if trigger is not None else False
    branch = cursor.branch.branch if cursor.branch is not None else None
    return took, cursor.state, branch, tuple(known.asked)


def assert_agreement(charts: list[Chart], times: int) -> None:
    """Assert that both triggers choose alike, `times` times over."""
    built = list(machines(charts))
    taken = 0
    for _ in range(times):
        chart, track, planned, stock = RANDOM.choice(built)
        leaf = RANDOM.choice(list(track.branches))
        event = RANDOM.choice([*chart.events, ALWAYS, *track.branches[leaf]])
        known = facts(chart, RANDOM)

        ours, theirs = look(planned, leaf, event, known), look(stock, leaf, event, known)
        assert ours == theirs, (chart.title, leaf, event, known)
        taken += bool(ours[0])

    assert taken > times // 10  # It would agree on nothing otherwise.


def test_the_planned_trigger_chooses_as_the_stock_one_does(charts: list[Chart]):
    assert_agreement(charts, 20_000)


@pytest.mark.long
def test_the_planned_trigger_chooses_as_the_stock_one_does_a_hundred_thousand_times(
    charts: list[Chart],
):
    assert_agreement(charts, 100_000)


def test_no_callback_is_a_string(charts: list[Chart]):
    for chart, track, *both in machines(charts):
        for machine in both:
            named = [one for one in callbacks(machine) if isinstance(one, str)]

            assert named == [], (chart.title, track.name)


def test_no_callback_has_consequences(charts: list[Chart]):
    for chart, track, *both in machines(charts):
        for machine in both:
            consequences = list(callbacks(machine, conditions=False))

            assert consequences == [], (chart.title, track.name)


def callbacks(machine: Machine, *, conditions: bool = True) -> Iterator[object]:
    """Everything that the library would call, by name or not."""
    for name in ("prepare_event", "before_state_change", "after_state_change", "finalize_event"):
        yield from getattr(machine, name)
    yield from machine.on_exception
    yield from machine.on_final
    for state in machine.states.values():
        yield from (*state.on_enter, *state.on_exit)
    for event in machine.events.values():
        for transitions in event.transitions.values():
            for transition in transitions:
                yield from (*transition.prepare, *transition.before, *transition.after)
                if conditions:
                    yield from (condition.func for condition in transition.conditions)


def test_there_are_no_automatic_transitions(charts: list[Chart]):
    for chart, track, *both in machines(charts):
        for machine in both:
            assert not machine.auto_transitions
            assert set(machine.events) <= {*chart.events, ALWAYS}, track.name
            assert not [name for name in machine.events if name.startswith("to_")]


def test_no_machine_queues_and_none_is_hierarchical(charts: list[Chart]):
    for _, _, *both in machines(charts):
        for machine in both:
            assert not machine.has_queue
            assert not isinstance(machine, HierarchicalMachine)


def test_a_machine_has_the_leaves_of_its_track_as_flat_states(charts: list[Chart]):
    for _, track, *both in machines(charts):
        for machine in both:
            leaves = {path for path, state in track.states.items() if state.is_leaf}

            assert set(machine.states) == leaves


def test_a_machine_shared_by_eight_threads_gives_each_its_own_answer(charts: list[Chart]):
    built = [(chart, track, planned) for chart, track, planned, _ in machines(charts)]
    errands = []
    for _ in range(8 * 500):
        chart, track, machine = RANDOM.choice(built)
        leaf = RANDOM.choice(list(track.branches))
        errands.append((machine, leaf, RANDOM.choice(list(chart.events)), facts(chart, RANDOM)))
    alone = [look(*errand) for errand in errands]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda errand: look(*errand), errands, chunksize=1))

    assert together == alone


def test_a_stock_machine_shared_by_eight_threads_gives_each_its_own_answer(charts: list[Chart]):
    chart = charts[0]
    machine = build_machine(chart.main, stock=True)
    leaves = list(chart.main.branches)
    errands = [
        (machine, RANDOM.choice(leaves), RANDOM.choice(list(chart.events)), facts(chart, RANDOM))
        for _ in range(1000)
    ]
    alone = [look(*errand) for errand in errands]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda errand: look(*errand), errands)) == alone


def test_a_machine_knows_no_model_after_ten_thousand_decisions():
    desk = drive("start: a\nstates: {a: {on: {go: {to: b}}}, b: {on: {go: {to: a}}}}")
    case = desk.open()

    for _ in range(10_000):
        case = desk.sent(case, "go").case

    ((_, machine),) = plan_of(desk.chart).machines
    assert (machine.models, machine.initial, case.revision) == ([], None, 10_001)


def test_an_application_that_logs_at_debug_hears_nothing_of_the_library(
    caplog: pytest.LogCaptureFixture,
):
    with caplog.at_level(logging.DEBUG):
        desk = drive("start: a\nstates: {a: {on: {go: {to: b}}}, b: {}}")
        desk.open("go")

    assert [record for record in caplog.records if record.name.startswith("transitions")] == []


def test_one_chart_has_one_plan_whatever_the_number_of_cases():
    desk = drive("start: a\nstates: {a: {on: {go: {to: b}}}, b: {}}")

    desk.open("go")
    desk.open("go")

    assert plan_of(desk.chart) is plan_of(desk.chart)
