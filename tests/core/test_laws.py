"""Laws of `decide` that hold for any process and any story."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from escalation_engine.core import (
    Ask,
    Case,
    Decision,
    FrozenMap,
    Refusal,
    Reported,
    Sent,
    decide,
    options,
)
from escalation_engine.core.document import case_document, case_from, entry_document, entry_from
from tests.core.driving import NOW, replay
from tests.core.random_process import Story, chart_of, processes, stories, story

ROOT = Path(__file__).parents[2]
SEEDS = range(12)

# Shrinking would load thousands of processes and finds none that reads better than the first.
lawful = settings(
    max_examples=50,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def decided(told_by: Story) -> list[Decision]:
    """The decisions of a story."""
    return [told.found for told in told_by.play() if isinstance(told.found, Decision)]


def journal(told_by: Story) -> str:
    """A story as text: every decision's case and entry, every refusal with its reasons."""
    lines: list[Any] = []
    for told in told_by.play():
        found = told.found
        if isinstance(found, Decision):
            lines.append([case_document(found.case), entry_document(found.entry), found.effects])
        else:
            lines.append([str(reason) for reason in found.reasons] + [*found.accepted])
    return json.dumps(lines)


@lawful
@given(processes())
def test_every_random_process_loads(text: str):
    chart = chart_of(text)

    assert chart.main.states


@lawful
@given(stories())
def test_the_same_arguments_give_the_same_answer(told_by: Story):
    chart = chart_of(told_by.text)

    for told in told_by.play():
        again = decide(chart, told.case, told.input, now=NOW, answers=dict(told.answers))

        assert again == told.found
        assert repr(again) == repr(told.found)


def test_another_interpreter_with_other_hashes_gives_the_same_answers():
    ours = [journal(story(Random(seed))) for seed in SEEDS]  # noqa: S311 - stories, no secrets

    for hash_seed in ("1", "4711"):
        program = (
            "import sys, json; from random import Random;"
            "from tests.core.test_laws import SEEDS, journal, story;"
            "json.dump([journal(story(Random(seed))) for seed in SEEDS], sys.stdout)"
        )
        finished = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )

        assert json.loads(finished.stdout) == ours


@lawful
@given(stories())
def test_a_refusal_and_a_question_change_nothing(told_by: Story):
    chart = chart_of(told_by.text)

    for told in told_by.play():
        before = copy.deepcopy(told.case)
        shown = repr(told.case)
        answers: dict[Any, Any] = {}
        found = decide(chart, told.case, told.input, now=NOW, answers=answers)
        if isinstance(found, (Refusal, Ask)):
            assert (told.case, answers) == (before, {})
            assert repr(told.case) == shown


@lawful
@given(stories())
def test_a_closed_case_accepts_nothing(told_by: Story):
    for told in told_by.play():
        if not told.case.is_closed:
            continue
        if isinstance(told.input, Reported):
            assert isinstance(told.found, Decision)
            assert told.found.case == told.case._replace(revision=told.case.revision + 1)
        else:
            assert isinstance(told.found, Refusal)


@lawful
@given(stories())
def test_the_inputs_with_the_answers_of_a_journal_lead_to_the_same_case(told_by: Story):
    decisions = decided(told_by)
    if not decisions:
        return
    entries = [entry_from(json.loads(json.dumps(entry_document(d.entry)))) for d in decisions]

    assert replay(chart_of(told_by.text), entries) == decisions[-1].case


@lawful
@given(stories())
def test_all_answers_are_journaled(told_by: Story):
    for told in told_by.play():
        if isinstance(told.found, Decision):
            assert told.found.entry.answers == told.answers


@lawful
@given(stories())
def test_a_question_is_asked_once(told_by: Story):
    for told in told_by.play():
        questions = [ask.question for ask in told.asks]

        assert len(set(questions)) == len(questions)


@lawful
@given(stories())
def test_an_entry_says_what_the_case_became(told_by: Story):
    for decision in decided(told_by):
        case, entry, effects = decision

        assert (entry.revision, entry.at, entry.states) == (case.revision, case.at, case.states)
        assert entry.outcome == case.outcome
        assert entry.effects == tuple(effect.id for effect in effects)


@lawful
@given(stories())
def test_an_entry_tells_every_change(told_by: Story):
    for told in told_by.play():
        if not isinstance(told.found, Decision):
            continue
        before, (after, entry, _) = told.case, told.found

        for changes, old, new in (
            (entry.data, before.data, after.data),
            (entry.slots, before.slots, after.slots),
            (entry.counts, before.counts, after.counts),
        ):
            changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
            assert changed <= set(changes)
            assert all(changes[name][1] == new.get(name) for name in changed)


@lawful
@given(stories())
def test_a_case_stands_on_a_leaf_of_every_track(told_by: Story):
    chart = chart_of(told_by.text)

    for case in [decision.case for decision in decided(told_by)]:
        assert list(case.states) == [track.name for track in chart.tracks]
        assert all(track.states[case.states[track.name]].is_leaf for track in chart.tracks)


@lawful
@given(stories())
def test_what_is_no_option_is_refused(told_by: Story):
    chart = chart_of(told_by.text)

    for told in told_by.play():
        if not isinstance(told.input, Sent) or told.case.is_closed:
            continue
        answers = {**told.answers}
        while isinstance(
            found := options(chart, told.case, told.input.by, now=NOW, answers=answers), Ask
        ):
            answers[found.question] = told_by.answer(0, found.question)
        (option,) = [one for one in found if one.event == told.input.event]
        if not option.is_possible and set(answers) >= set(told.answers):
            assert isinstance(told.found, Refusal), option


@lawful
@given(stories())
def test_a_case_comes_back_from_its_document(told_by: Story):
    for decision in decided(told_by):
        text = json.dumps(case_document(decision.case))

        assert case_from(json.loads(text)) == decision.case


@lawful
@given(stories())
def test_a_case_is_frozen_all_the_way_down(told_by: Story):
    for decision in decided(told_by):
        for part in parts(decision.case):
            assert not isinstance(part, (list, set, bytearray)), part
            assert not isinstance(part, Mapping) or isinstance(part, FrozenMap), part
        assert isinstance(hash(decision.case), int)


def parts(value: object) -> Iterator[object]:
    """A value and everything inside it."""
    yield value
    if isinstance(value, Mapping):
        for item in value.values():
            yield from parts(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from parts(item)


CHANGES = {
    "set": lambda case: case.data.__setitem__("x", 9),
    "delete": lambda case: case.states.__delitem__("main"),
    "update": lambda case: case.data.update(x=9),
    "merge": lambda case: case.data.__ior__({"x": 9}),
    "pop": lambda case: case.states.pop("main"),
    "popitem": lambda case: case.states.popitem(),
    "clear": lambda case: case.data.clear(),
    "setdefault": lambda case: case.data.setdefault("z", 1),
    "attribute": lambda case: setattr(case, "outcome", "over"),
    "new attribute": lambda case: setattr(case, "anything", "over"),
    "identity": lambda case: setattr(case.identity, "id", "other"),
}


@pytest.fixture
def case() -> Case:
    return decided(story(Random(1)))[0].case  # noqa: S311 - a story, no secret


@pytest.mark.parametrize("way", CHANGES)
def test_a_case_cannot_be_changed(case: Case, way: str):
    shown = repr(case)

    with pytest.raises((TypeError, AttributeError)):
        CHANGES[way](case)

    assert repr(case) == shown
