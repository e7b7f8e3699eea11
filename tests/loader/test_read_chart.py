"""What `expand` prints reads back as the same chart; what was changed in it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from escalation_engine.chart import Chart
from escalation_engine.errors import BadInput, DefinitionError
from escalation_engine.loader import load, load_text
from escalation_engine.loader.read_chart import read_chart
from escalation_engine.loader.write import write_chart
from tests.core.random_process import processes

PROCESSES = Path(__file__).parents[2] / "processes"
SHIPPED = sorted([*PROCESSES.glob("*.yaml"), *PROCESSES.glob("tailorings/*.yaml")])


@pytest.fixture(scope="module")
def desk() -> Chart:
    return load(PROCESSES / "help_desk.yaml")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_chart_that_is_printed_reads_back_as_itself(path: Path):
    chart = load(path)

    again = read_chart(write_chart(chart))

    assert again == chart
    assert (again.hash, again.source) == (chart.hash, chart.source)


def test_bound_parameters_read_back(tmp_path: Path):
    chart = load(PROCESSES / "help_desk.yaml", parameters={"tier_time_box": "4 working hours"})

    assert read_chart(write_chart(chart)) == chart


@settings(max_examples=25, deadline=None)
@given(processes())
def test_any_chart_that_is_printed_reads_back_as_itself(text: str):
    chart = load_text(text)

    assert read_chart(write_chart(chart)) == chart


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("to: next_level", "to: first_level", "tracks.main"),
        ("tier_time_box: null", "tier_time_box: 1 hour", "parameters.tier_time_box"),
        ("chart: help_desk", "chart: other", "chart"),
        ("\ntracks:", "\nodd: 1\ntracks:", "odd"),
    ],
)
def test_a_flat_form_that_was_changed_is_refused(desk: Chart, old: str, new: str, where: str):
    written = write_chart(desk)
    assert old in written

    with pytest.raises(BadInput, match=where):
        read_chart(written.replace(old, new, 1))


@pytest.mark.parametrize("text", ["a: 1\n", "source: {language: 99}\n", "source: {language: 1}\n"])
def test_what_is_no_chart_is_refused(text: str):
    with pytest.raises(BadInput):
        read_chart(text)


def test_what_is_no_yaml_is_told_with_its_place():
    with pytest.raises(DefinitionError, match="E101"):
        read_chart("a: [\n")
