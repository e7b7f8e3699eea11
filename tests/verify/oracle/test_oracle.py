"""The verifier against an interpreter that shares nothing with it but the specification."""

from __future__ import annotations

import pytest

from tests.verify.oracle.comparing import Compared, compare
from tests.verify.oracle.exploring import TooLarge, explore
from tests.verify.oracle.generating import generate
from tests.verify.oracle.judging import Verdict, judge
from tests.verify.oracle.reducing import reduced
from tests.verify.oracle.tree import read
from tests.verify.oracle.written import Condition, Mapping, write
from tests.verify.replay import ended_where_it_says

STEPS = 10


def process_of(states: Mapping, **more: object) -> Mapping:
    return {
        "process": "small", "version": 1, "title": "Small", "roles": {"desk": {"title": "Desk"}},
        **more, "opens": {"ask": {"to": next(iter(states))}}, "states": states,
    }  # fmt: skip


def oracle(process: Mapping) -> list[Verdict]:
    return judge(explore(read(process)), write(process))


def codes(process: Mapping) -> set[str]:
    return {one.code for one in oracle(process)} - {"W401"}


DONE: Mapping = {"kind": "end", "outcome": "done"}


def test_the_oracle_finds_nothing_wrong_with_a_way_that_ends():
    assert codes(process_of({"a": {"on": {"go": {"to": "done"}}}, "done": DONE})) == set()


def test_the_oracle_knows_where_a_case_is_stuck_and_how_far_that_is():
    a = {"on": {"go": {"to": "b"}, "end": {"to": "done"}}}

    assert [one.distance for one in oracle(process_of({"a": a, "b": {}, "done": DONE}))][:1] == [1]


def test_the_oracle_counts_silence_only_where_a_timer_leads_on():
    timers = {"limit": {"after": "1 hour", "send": "go"}}
    waits: Mapping = {"a": {"on": {"go": {"to": "done"}}}, "done": DONE}
    moves: Mapping = {"a": {"timers": timers, "on": {"go": {"to": "done"}}}, "done": DONE}

    assert [one.code for one in oracle(process_of(waits))] == ["W401"]
    assert oracle(process_of(moves)) == []


def test_the_oracle_lets_a_count_run_out():
    count = {"tries": {"up_on": "event again"}}
    again = [{"to": "a", "when": Condition(("<", "tries", 2))}, {"to": "done"}]

    explored = explore(
        read(process_of({"a": {"on": {"again": again}}, "done": DONE}, counts=count))
    )

    assert sorted(explored.distance.values()) == [0, 1, 2, 3]


def test_the_oracle_reads_unset_as_unknown():
    data = {"paid": {"type": "boolean"}}
    go = [
        {"to": "done", "when": Condition(("flag", "paid"))},
        {"to": "done", "when": Condition(("not", ("flag", "paid")))},
    ]

    assert "E301" in codes(process_of({"a": {"on": {"go": go}}, "done": DONE}, data=data))


def compared(seed: int) -> Compared | None:
    try:
        return compare(generate(seed))
    except TooLarge:
        return None


def assert_agreed(seed: int) -> None:
    found = compared(seed)
    if found is not None and not found.agree:
        raise AssertionError(f"seed {seed}\n{compare(reduced(generate(seed)))}")


@pytest.mark.parametrize("start", range(0, 200, STEPS))
def test_verifier_and_oracle_find_the_same(start: int):
    for seed in range(start, start + STEPS):
        assert_agreed(seed)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("start", range(200, 10_200, 100))
def test_verifier_and_oracle_find_the_same_in_ten_thousand_processes(start: int):
    for seed in range(start, start + 100):
        assert_agreed(seed)


@pytest.mark.parametrize("start", range(0, 50, STEPS))
def test_every_counterexample_of_a_generated_process_replays_on_the_engine(start: int):
    for seed in range(start, start + STEPS):
        found = compared(seed)
        for flaw in found.report.flaws if found is not None else ():
            if found is not None and flaw.path:
                is_lost = flaw.code == "E301"
                assert ended_where_it_says(found.graph, flaw.path, is_lost=is_lost), (seed, flaw)
