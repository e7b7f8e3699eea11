"""Journeys: drawn along the process, replayed by the engine, kept as scenarios and read back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from escalation_engine import Actor, load, load_text
from escalation_engine.core import Decision, Opened, Refusal, Sent
from escalation_engine.errors import BadInput
from escalation_engine.testing import (
    Doing,
    EngineHost,
    Journey,
    Model,
    Waiting,
    case_data,
    delays,
    events,
    journeys,
    play,
    read_journey,
    read_scenario,
)
from escalation_engine.testing.host import walk
from escalation_engine.testing.journey import Moves, scenario_text
from escalation_engine.testing.journey.tour import tour_of
from escalation_engine.testing.scenario import START
from escalation_engine.testing.strategies import deep_journeys
from tests.testing.hosts import CHART, written

# Those without reports and linked cases, which a journey does not have.
NAMES = ["complaint", "contract_escalation", "help_desk"]
PROCESSES = [Path(__file__).parents[2] / "processes" / f"{name}.yaml" for name in NAMES]
CHARTS = {path.stem: load(path) for path in PROCESSES}
brief = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("name", NAMES)
def test_the_engine_goes_wherever_the_model_goes(name: str):
    chart = CHARTS[name]

    @brief
    @given(journeys(chart))
    def goes(journey: Journey):
        walk(journey, chart, EngineHost(chart))

    goes()


@pytest.mark.parametrize("name", NAMES)
def test_a_journey_that_was_kept_is_a_scenario_that_goes_as_told(name: str, tmp_path: Path):
    chart, process = CHARTS[name], next(path for path in PROCESSES if path.stem == name)
    kept = tmp_path / "journey.yaml"

    @brief
    @given(journeys(chart, most_steps=12).filter(lambda journey: journey.steps))
    def goes(journey: Journey):
        kept.write_text(
            scenario_text(journey, chart, process=process, folder=tmp_path, title="A journey")
        )
        play(read_scenario(kept))
        assert told(read_journey(kept), chart) == told(journey, chart)

    goes()


def told(journey: Journey, chart) -> list[tuple[str, str]]:
    """Every step with where it leads; what guards answer shows in that."""
    model = Model(chart, starts=journey.starts)
    lines = []
    for step in journey.steps:
        model.take(step)
        said = repr(step.until if isinstance(step, Waiting) else step.input)
        lines.append((said, str(dict(model.states))))
    return lines


def test_most_steps_are_accepted_and_some_are_refused():
    accepted, refused = counted(CHARTS["help_desk"])

    assert accepted > 2 * refused > 0


def counted(chart) -> tuple[int, int]:
    """How many steps of random journeys are accepted, and how many refused."""
    found: list[Decision | Refusal] = []

    @brief
    @given(journeys(chart))
    def draws(journey: Journey):
        model = Model(chart, starts=journey.starts)
        for step in journey.steps:
            found.extend(model.take(step))

    draws()
    accepted = sum(isinstance(one, Decision) for one in found)
    return accepted, len(found) - accepted


def test_swarms_lead_deep_into_loops():
    depths: list[int] = []

    chart = CHARTS["help_desk"]

    @settings(brief, max_examples=100)
    @given(deep_journeys(Moves(chart), starts=START, kinds=()))
    def draws(journey: Journey):
        model = Model(chart, starts=journey.starts)
        for step in journey.steps:
            model.take(step)
        depths.append(model.case.counts.get("reworks", 0) if model.case else 0)

    draws()

    assert max(depths) >= 3


def test_a_journey_shrinks_to_the_shortest_that_fails():
    def is_rejected(journey: Journey) -> bool:
        model = Model(CHART, starts=journey.starts)
        for step in journey.steps:
            found = model.take(step)
            if isinstance(step, Doing) and step.event == "reject":
                return isinstance(found[-1], Decision)
        return False

    shrunk = find(journeys(CHART), is_rejected, settings=settings(database=None, deadline=None))

    assert [str(step) for step in shrunk.steps] == [
        "ask by a_worker",
        "sort by a_worker (simple: yes)",
        "finish by a_worker {result: a}",
        "reject by a_checker with a note",
    ]


def test_every_event_is_drawn_and_data_fit_their_fields():
    drawn: set[str] = set()

    @settings(brief, max_examples=100)
    @given(events(CHART), case_data(CHARTS["help_desk"]))
    def draws(event: str, data: dict[str, object]):
        drawn.add(event)
        assert data.get("decision", "reassign") in {
            "reassign", "engage_vendor", "close_unresolved",
        }  # fmt: skip

    draws()

    assert drawn == {"ask", "sort", "begin", "finish", "confirm", "reject"}


def test_values_of_the_hosts_own_go_into_fields_beyond_guessing():
    text = "{pattern: '^[A-Z]{3}-[0-9]{4}$', type: string, title: Number}"
    chart = load_text(
        f"process: desk\nversion: 1\ntitle: A desk\ndata: {{number: {text}}}\n"
        "opens: {ring: {to: open, needs: [number]}}\nstates: {open: {on: {stay: {}}}}\n"
    )

    assert Moves(chart).values.of("number") == ()
    assert Moves(chart, values={"number": ["ABC-1234"]}).values.of("number") == ("ABC-1234",)


def test_delays_lie_just_before_at_and_just_after_what_falls_due():
    hour, moment = timedelta(hours=4), timedelta(seconds=1)
    drawn: set[timedelta] = set()

    @settings(brief, max_examples=100)
    @given(delays(CHART), st.none())
    def draws(delay: timedelta, _: None):
        drawn.add(delay)

    draws()

    assert {hour - moment, hour, hour + moment} <= drawn


def test_delays_of_a_case_count_from_where_it_stands():
    model = Model(CHART, starts=START)
    worker = Actor("w", {"worker"})
    model.take(Doing(Opened("ask", worker)))
    model.take(Waiting(START + timedelta(hours=1)))
    model.take(Doing(Sent("sort", worker), {"simple": False}))
    drawn: set[timedelta] = set()

    @settings(brief, max_examples=100)
    @given(delays(CHART, case=model.case), st.none())
    def draws(delay: timedelta, _: None):
        drawn.add(delay)

    draws()

    assert timedelta(hours=4) in drawn


@pytest.mark.parametrize("name", NAMES)
def test_a_tour_takes_every_branch_but_those_it_names(name: str):
    tour = tour_of(CHARTS[name])

    assert tour.is_complete
    assert {str(missed) for missed in tour.missed} == OUT_OF_REACH.get(name, set())


OUT_OF_REACH = {
    "help_desk": {
        "manager_decision: decide, branch 5",  # its gate wants the level that would choose another
        "idle: escalate, branch 1",  # the time box is switched off
        "idle: escalate, branch 2",
        "engaged: vendor_needed, branch 1",  # refused in words
        *(
            f"main.support.{level}:time_box fires"
            for level in ("tier1", "tier2", "tier3", "onsite")
        ),
    },
    "contract_escalation": {
        "path.project_manager: escalate, branch 2",  # refused in words
        "path.account_manager: escalate, branch 2",
        "path.commercial_director: escalate, branch 2",
    },
}


def test_a_tour_waits_for_timers_and_lets_guards_say_no():
    tour = tour_of(CHART)

    assert tour.missed == ()
    assert any(
        isinstance(step, Waiting) and step.until == START + timedelta(hours=4)
        for journey in tour.journeys
        for step in journey.steps
    )


def test_a_search_that_is_cut_short_says_so():
    tour = tour_of(CHARTS["help_desk"], most_steps=20)

    assert not tour.is_complete
    assert tour.missed


def test_a_step_that_is_none_of_a_journey_is_refused_when_it_is_read(tmp_path: Path):
    written(tmp_path)
    story = tmp_path / "story.yaml"
    story.write_text(
        "scenario: A note\nprocess: rework.yaml\npeople: {w: [worker]}\n"
        "steps:\n  - {open: ask, by: w}\n  - {note: Written down, by: w}\n"
    )

    with pytest.raises(BadInput, match=r"step 2 .* none of a journey"):
        read_journey(story)
