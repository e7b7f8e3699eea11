"""What happens to real cases is among what the exploration has reached: nothing is left out."""

from __future__ import annotations

from random import Random

import pytest

from escalation_engine.core import Corrected, Decision, Input, Opened, Reported
from escalation_engine.verify import explore
from tests.core.random_process import Story, chart_of, random_process, story

STORIES = 40


@pytest.mark.parametrize("seed", [4, 8])
def test_every_story_of_a_random_process_stays_within_what_was_explored(seed: int):
    drawn = Random(seed)  # noqa: S311 - the same stories in each run, nothing secret
    text = random_process(drawn)
    graph = explore(chart_of(text))
    reached = {tuple(node.case.states.values()) for node in graph.nodes}

    assert graph.is_whole
    for _ in range(STORIES):
        inputs = _inputs(drawn)
        played = Story(text, inputs, drawn.randint(0, 10**6)).play()
        seen = {
            tuple(told.found.case.states.values())
            for told in played
            if isinstance(told.found, Decision)
        }
        assert seen <= reached


def _inputs(drawn: Random) -> tuple[Input, ...]:
    """Inputs as people send them: corrections and unasked reports are no part of a process."""
    opened, *others = (*story(drawn).inputs, *story(drawn).inputs[1:])
    assert isinstance(opened, Opened)
    return (opened, *(one for one in others if not isinstance(one, (Corrected, Reported))))
