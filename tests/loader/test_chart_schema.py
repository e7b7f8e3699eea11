"""The schema of a printed chart knows every key that is printed, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from escalation_engine.chart.expand import chart_document
from escalation_engine.loader import chart_schema, load, load_text
from tests.chart.test_expand import EVERYTHING
from tests.core.random_process import processes

ROOT = Path(__file__).parents[2]
PROCESSES = sorted((ROOT / "processes").glob("*.yaml"))


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(chart_schema())


def faults(document: dict[str, Any]) -> list[str]:
    return [error.message for error in validator().iter_errors(document)]


def test_it_is_a_schema_of_the_draft_that_it_names():
    Draft202012Validator.check_schema(chart_schema())

    assert chart_schema()["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_the_committed_schema_is_the_generated_one():
    committed = (ROOT / "schemas" / "chart.schema.json").read_text("utf-8")

    assert json.loads(committed) == chart_schema(), (
        "run: escalate schema chart > schemas/chart.schema.json"
    )


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_every_shipped_process_prints_a_chart_of_the_schema(path: Path):
    assert faults(chart_document(load(path))) == []


def test_all_that_a_chart_can_hold_is_of_the_schema():
    assert faults(chart_document(load_text(EVERYTHING))) == []


@settings(max_examples=25, deadline=None)
@given(processes())
def test_any_chart_is_of_the_schema(text: str):
    assert faults(chart_document(load_text(text))) == []


def mappings(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield path
    for key, item in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        yield from mappings(item, (*path, key))


# Mappings whose keys are names of the process, and what a host or a file may fill at will.
NAMED = {
    "actions", "added", "arguments", "assign", "calendars", "checklists", "clocks", "counting",
    "counts", "data", "default", "different_from", "digests", "do", "duties", "events", "guards",
    "hours", "items", "messages", "on", "opens", "parameters", "promises", "roles", "schema",
    "set", "slots", "source", "special", "states", "tasks", "timers", "tracks", "translations",
    "values", "with", "yearly", "adds_task", "send",
}  # fmt: skip


def test_no_part_of_a_chart_takes_a_key_that_is_not_printed():
    document = json.loads(json.dumps(chart_document(load_text(EVERYTHING))))
    fixed = [
        path
        for path in mappings(document)
        if not NAMED & {path[-1] if path else None}
        and not {"schema", "source", "set", "do", "assign"} & set(path)
        and (len(path) < 2 or path[-2] not in ("set", "do"))
    ]
    taken = []
    for path in fixed:
        changed = json.loads(json.dumps(document))
        part = changed
        for key in path:
            part = part[key]
        part["not_printed"] = True
        if not faults(changed):
            taken.append(path)

    assert len(fixed) > 100
    assert taken == []
