"""The shipped processes keep what they promise in every story that is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_engine.loader import load
from escalation_engine.runtime.replay import decisions
from escalation_engine.testing.playing import play
from escalation_engine.testing.scenario import read_scenario
from escalation_engine.verify import Verdict, watched

PROCESSES = Path(__file__).parents[2] / "processes"
PROMISING = [path for path in sorted(PROCESSES.glob("*.yaml")) if load(path).promises]
SCENARIOS = [
    script for path in PROMISING for script in (PROCESSES / "scenarios" / path.stem).glob("*.yaml")
]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_story_breaks_a_promise(path: Path):
    played = play(read_scenario(path), engine_url="memory://")

    case = played.case
    assert case is not None
    found = decisions(played.chart, case.identity, played.journal)
    broken = [
        f"{one.name} after entry {one.revision}: {one.why}"
        for one in watched(played.chart, found, now=case.at)
        if one.verdict is Verdict.BROKEN
    ]
    assert broken == []


def test_the_first_three_processes_promise_something():
    assert {"complaint", "contract_escalation", "help_desk"} <= {path.stem for path in PROMISING}
