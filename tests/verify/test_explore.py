"""The exploration reaches all that can be reached, by the shortest way, and nothing else."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import pytest

from escalation_engine.chart.model import Moment
from escalation_engine.condition import Condition
from escalation_engine.core import Case, Decision
from escalation_engine.verify import Kind, explore
from tests.verify.desk import LADDER, TWO_TRACKS, chart_of, explored, leaves


def test_both_answers_of_a_guard_are_explored():
    reached = leaves(explored(LADDER))

    assert ("support.one.work",) in reached
    assert ("support.two.look",) in reached


def test_every_combination_of_two_tracks_is_reached():
    reached = leaves(explored(TWO_TRACKS))

    assert {("open", "idle"), ("open", "busy"), ("closed", "idle"), ("closed", "busy")} == reached


def test_a_path_is_the_shortest_there_is():
    graph = explored(LADDER)
    gone = next(i for i, node in enumerate(graph.nodes) if node.case.outcome == "lost")

    assert len(graph.path(gone)) == 4  # open it, and pass it on three times


def test_what_nobody_reads_makes_no_difference():
    alone = len(explored(LADDER).nodes)
    more = LADDER.replace(
        "data: {fix: {type: string}}",
        "data: {fix: {type: string}, color: {enum: [red, green], changes: anytime}}",
    )

    assert len(explored(more).nodes) == alone


def test_a_count_saturates_where_nothing_tells_it_apart_any_more():
    graph = explored(
        """
        counts: {tries: {up_on: event again}}
        start: a
        states:
          a: {on: {again: {to: a}, give_up: {to: b, when: tries > 2}}}
          b: {kind: end, outcome: done}
        """
    )

    assert max(node.case.counts.get("tries", 0) for node in graph.nodes) == 3


def test_an_integer_is_cut_at_the_constants_it_meets():
    graph = explored(
        """
        data: {size: {type: integer, minimum: 0, maximum: 1000}}
        events: {go: {needs: [size]}}
        start: a
        states:
          a:
            on:
              go:
                - {to: large, when: size > 10}
                - {to: middle, when: size == 10}
                - {to: small}
          large: {kind: end, outcome: large}
          middle: {kind: end, outcome: middle}
          small: {kind: end, outcome: small}
        """
    )

    assert leaves(graph) == {("a",), ("large",), ("middle",), ("small",)}
    assert graph.transitions == 4


def test_two_timers_of_one_kind_fall_due_in_their_order():
    graph = explored(
        """
        start: a
        states:
          a:
            timers: {late: {after: 3 hours, send: slow}, soon: {after: 2 hours, send: quick}}
            on: {slow: {to: never, by: [engine]}, quick: {to: b}}
          b: {kind: end, outcome: done}
          never: {kind: end, outcome: odd}
        """
    )

    assert ("never",) not in leaves(graph)


def test_two_timers_of_two_kinds_fall_due_in_any_order():
    graph = explored(
        """
        calendars: {office: {timezone: UTC, hours: {mon-fri: 09:00-17:00}}}
        start: a
        states:
          a:
            timers:
              wall: {after: 3 hours, send: slow}
              work: {after: 2 working hours, send: quick}
            on: {slow: {to: c, by: [engine]}, quick: {to: b, by: [engine]}}
          b: {kind: end, outcome: done}
          c: {kind: end, outcome: done}
        """
    )

    assert {("b",), ("c",)} < leaves(graph)


def test_an_exploration_that_meets_its_limit_says_so():
    graph = explore(chart_of(LADDER), most=3)

    assert not graph.is_whole


@pytest.mark.parametrize("text", [LADDER, TWO_TRACKS])
def test_the_same_chart_is_explored_the_same_way(text: str):
    one, other = explored(text), explored(text)

    assert one.nodes == other.nodes
    assert one.edges == other.edges


@dataclass
class CountsMoves:
    """A watcher that remembers whether the number of decisions is odd."""

    conditions: Sequence[Condition] = field(default=())
    moments: Sequence[Moment] = field(default=())

    def begin(self, decision: Decision) -> Hashable:
        return True

    def follow(self, memory: Hashable, before: Case, decision: Decision) -> Hashable:
        return memory is False


def test_what_a_watcher_remembers_is_part_of_the_configuration():
    graph = explore(chart_of(TWO_TRACKS), watchers=[CountsMoves()])
    ends = {node.memories for node in graph.nodes if node.case.is_closed}

    assert ends == {(True,), (False,)}


def test_time_alone_is_told_from_what_people_do():
    graph = explored(
        """
        start: a
        states:
          a: {timers: {box: {after: 1 hour, send: stop}}, on: {stop: {to: b}}}
          b: {kind: end, outcome: done}
        """
    )

    assert {edge.kind for edge in graph.edges[1]} == {Kind.PEOPLE, Kind.TIME}


def test_answers_without_end_to_one_input_are_not_decided():
    graph = explored(
        """
        guards: {sure: Is it sure?}
        start: a
        states:
          a: {on: {go: {to: b}, on: [{send: on, if: sure}, {send: on}]}}
          b: {kind: end, outcome: done}
        """
    )

    assert not graph.is_whole
