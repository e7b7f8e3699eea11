"""A scaffold loads as it stands, changes nothing, and loads with its comments taken away."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from escalation_engine.chart.difference import differences
from escalation_engine.loader import load_text, read, read_text
from escalation_engine.loader.scaffold import write_scaffold

PROCESSES = sorted((Path(__file__).parents[2] / "processes").glob("*.yaml"))
OPEN = """\
process: open
version: 1
title: Open
parameters:
  limit: {type: duration, title: How long}
  who: {type: role, title: Who decides}
  kind: {enum: [fast, slow]}
  phone: {type: contact}
roles: {desk: {title: Desk}}
start: a
states: {a: {}}
"""


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_a_scaffold_loads_as_it_stands_and_changes_nothing(path: Path):
    base = read(path, parameters=bound(path))
    text = write_scaffold(base, name="acme")

    tailored = load_text(text, search=[path.parent], parameters=bound(path))

    told = differences(base.chart, replace(tailored, process=base.chart.process))
    assert [one for one in told if one.element != "parameter"] == []


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_a_scaffold_loads_with_its_comments_taken_away(path: Path):
    base = read(path, parameters=bound(path))
    role = next(iter(base.definition.roles))
    text = write_scaffold(base, name="acme").replace("ROLE", role)

    uncommented = re.sub(r"(?m)^# (?=(title|parameters|roles|states|tracks):| )", "", text)

    tailored = load_text(uncommented, search=[path.parent], parameters=bound(path))

    assert tailored.process == "acme"


def bound(path: Path) -> dict[str, object]:
    """Nothing: every process that is shipped loads by itself."""
    return {}


def test_what_a_base_leaves_open_is_bound_to_something_that_fits(tmp_path: Path):
    (tmp_path / "open.yaml").write_text(OPEN)
    base = read_text(OPEN, parameters={"limit": "none", "who": "desk", "kind": "fast"})

    text = write_scaffold(base, name="acme")
    chart = load_text(text, search=[tmp_path])

    assert chart.parameters == {"limit": None, "who": "desk", "kind": "fast", "phone": None}
    assert "  limit: none  # to be set: How long (duration)" in text.splitlines()
