"""The JSON Schema that editors use says the same as the loader, and is the one in `schemas/`."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from escalation_engine.loader import check_text, process_schema, tailoring_schema
from escalation_engine.loader.schema import merged_schema
from escalation_engine.loader.yaml import parse
from tests.loader.mutate import MUTATIONS
from tests.loader.planted import Planted, all_planted, in_process, unmarked

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "schemas" / "process.schema.json"
SHIPPED = sorted((ROOT / "processes").glob("*.yaml"))
TAILORINGS = [path for path in SHIPPED if "\ntailoring: " in path.read_text("utf-8")]
TAILORINGS += sorted((ROOT / "processes" / "tailorings").glob("*.yaml"))
PROCESSES = [path for path in SHIPPED if path not in TAILORINGS]
COMMAND = "escalate schema > schemas/process.schema.json"

FORM = {"E110", "E111", "E112"}
"""Codes that are about the form; the last two are about the meaning as well."""


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(process_schema())


@cache
def tailoring_validator() -> Draft202012Validator:
    return Draft202012Validator(tailoring_schema())


def is_valid(text: str) -> bool:
    tree, _ = parse(text, "p.yaml")
    is_tailoring = tree is not None and "tailoring" in tree
    return (tailoring_validator() if is_tailoring else validator()).is_valid(tree)


def test_the_committed_schema_is_the_generated_one():
    assert json.loads(COMMITTED.read_text("utf-8")) == process_schema(), f"run: {COMMAND}"


def test_the_committed_schema_of_tailorings_is_the_generated_one():
    committed = json.loads(COMMITTED.with_name("tailoring.schema.json").read_text("utf-8"))

    assert committed == tailoring_schema(), (
        "run: escalate schema tailoring > schemas/tailoring.schema.json"
    )


def test_the_schema_of_tailorings_is_a_schema():
    Draft202012Validator.check_schema(tailoring_schema())


@pytest.mark.parametrize(
    "rest",
    [
        "parameters: {time_box: 4 hours}",
        "parameters: {time_box: {title: Time box, default: 2 hours}}",
        "roles: {desk: null, porter: {title: Porter}, front: {was: first_line}}",
        "states: {work: {levels: {third: {place: after second, states: {a: null}}}}}",
        "states: {work: {each_level: {on: {go: [{to: x}]}}}, rest: {was: idle}}",
        "guards: {g: {was: h}, i: Is it?}",
    ],
)
def test_what_a_tailoring_may_say_is_valid(rest: str):
    assert is_valid(f"tailoring: acme\nextends: desk@3\n{rest}\n")


@pytest.mark.parametrize(
    "rest",
    [
        "rolls: {}",
        "process: acme",
        "roles: {desk: {place: first}}",
        "states: {work: {place: first}}",
        "states: {work: {levels: {a: {place: 1}}}}",
        "parameters: {time_box: [4 hours]}",
    ],
)
def test_what_a_tailoring_may_not_say_is_invalid(rest: str):
    assert not is_valid(f"tailoring: acme\nextends: desk@3\n{rest}\n")


def test_it_is_a_schema_of_the_draft_that_it_names():
    Draft202012Validator.check_schema(process_schema())

    assert process_schema()["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_it_has_a_name_of_its_own():
    assert process_schema()["$id"] == "urn:escalation-engine:schema:process:1"


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_every_shipped_process_is_valid(path: Path):
    tree, _ = parse(path.read_bytes(), path.name)

    assert [error.message for error in validator().iter_errors(tree)] == []


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_every_shipped_process_names_the_schema_for_editors(path: Path):
    first, _, _ = path.read_text("utf-8").partition("\n")

    assert first == "# yaml-language-server: $schema=../schemas/process.schema.json"


@pytest.mark.parametrize("path", TAILORINGS, ids=lambda path: path.stem)
def test_every_shipped_tailoring_is_valid_and_names_its_schema(path: Path):
    text = path.read_text("utf-8")
    up = "../" * (len(path.relative_to(ROOT).parts) - 1)

    assert is_valid(text)
    assert text.startswith(f"# yaml-language-server: $schema={up}schemas/tailoring.schema.json\n")


# ---- it says the same as the loader


@pytest.mark.parametrize(
    "planted",
    [planted for planted in all_planted() if planted.code == "E110"],
    ids=lambda planted: planted.claim,
)
def test_an_unknown_key_is_invalid(planted: Planted):
    assert not is_valid(unmarked(planted.text)[0])


TOLD_BY_THE_LOADER_ALONE = {
    "a broken number for a whole one",  # to JSON Schema, 1.0 is an integer
    "a name with a line break",  # Python's `$` passes over one, an editor's does not
    "neither field nor slot",
    "field and slot",
    "no regular expression",
    "a pattern beyond all bounds",
    "an end without outcome",
    "a track without states",
    "nothing opens",
    "nothing behind a key of a tailoring",  # a parser for JSON sees null there
}


@pytest.mark.parametrize(
    "planted",
    [
        planted
        for planted in all_planted()
        if planted.code in ("E111", "E112") and planted.claim not in TOLD_BY_THE_LOADER_ALONE
    ],
    ids=lambda planted: planted.claim,
)
def test_a_wrong_value_or_a_missing_key_is_invalid(planted: Planted):
    assert not is_valid(unmarked(planted.text)[0])


@pytest.mark.parametrize(
    "planted",
    [planted for planted in all_planted() if planted.code > "E112" and planted.code != "E128"],
    ids=lambda planted: f"{planted.code} {planted.claim}",
)
def test_what_is_wrong_in_meaning_alone_is_valid_in_form(planted: Planted):
    assert is_valid(unmarked(planted.text)[0])


@pytest.mark.parametrize("kind", ["data", "names", "lines"])
def test_of_mutated_processes_the_loader_takes_only_valid_ones(kind: str):
    texts = [path.read_text("utf-8") for path in PROCESSES]
    taken = 0
    for number in range(150):
        rng = random.Random(f"schema {kind} {number}")  # noqa: S311 - chosen to be repeatable
        text = MUTATIONS[kind](rng.choice(texts), rng)
        _, findings = check_text(text)
        if parse(text, "p.yaml")[1]:
            continue  # not YAML as we read it
        is_well_formed = not any(finding.code in FORM for finding in findings)
        taken += is_well_formed

        assert is_valid(text) or not is_well_formed, f"{kind} {number}"
        assert is_valid(text) <= (not any(finding.code == "E110" for finding in findings))
    assert taken > 5


SHORT_FORMS = {
    "a guard as a text": "guards: {g: Is it so?}",
    "an action as a text": "actions: {call: Call}",
    "a message as a text": "messages: {m: It is done}",
    "an item as a text": "checklists: {c: {items: {i: Done?}}}",
    "an event as a text": "events: {go: It goes on}",
    "one name for a list": "on: {go: {by: owner, send: go, if: g}}\nguards: {g: G?}",
    "one action for a mapping": "on: {go: {do: call}}\nactions: {call: Call}",
    "a list of actions": "on: {go: {do: [call]}}\nactions: {call: Call}",
    "one branch for a list": "on: {go: {to: a}}",
    "several branches": "on: {go: [{to: a}]}",
    "one opening for a list": "opens: {ring: {to: a}}",
    "several openings": "opens: {ring: [{to: a, needs: x}]}\ndata: {x: {}}",
    "one moment for a list": "counts: {c: {up_on: event go}}\non: {go: {to: a}}",
    "one linked case for a list": "on: {go: {open_case: {process: q, with: [x]}}}\ndata: {x: {}}",
    "a reason for inferred": "inferred: Somebody must",
    "a level target": "on: {go: {to: {level: x}}}\ndata: {x: {type: level}}",
    "a mark for warnings": "timers: {t: {after: 1 hour, warn: 75%}}",
    "several marks for warnings": "timers: {t: {after: 1 hour, warn: [50%, 75%]}}",
    "one state that pauses": "timers: {t: {after: 1 hour, warn: 75%, paused_in: a}}",
    "one range of hours": "calendars: {c: {timezone: UTC, hours: {mon: 09:00-17:00}}}",
    "ranges of hours": "calendars: {c: {timezone: UTC, hours: {mon: [09:00-12:00, 13:00-17:00]}}}",
    "added days": "calendars: {c: {timezone: UTC, hours: {mon: 09:00-17:00}, added: [2026-06-15]}}",
    "one state of a duty": "duties: {d: {every: Friday 16:00, while: in a}}\n"
    "calendars: {c: {timezone: UTC, hours: {mon: 09:00-17:00}}}",
    "a value that is taken": "on: {go: {set: {x: {slot: owner}}}}\ndata: {x: {type: person}}",
}


@pytest.mark.parametrize("rest", SHORT_FORMS.values(), ids=SHORT_FORMS.keys())
def test_a_short_form_is_valid_and_is_loaded(rest: str):
    start = "" if rest.startswith("opens") else "start: a\n"
    states = "states: {a: {levels: {one: {}}}}\n"
    text = f"process: p\nversion: 1\ntitle: P\n{start}{states}{rest}\n"

    assert (is_valid(text), check_text(text)[1]) == (True, ())


def test_a_level_may_take_away_what_each_level_says():
    text = in_process(
        """
states:
  a:
    levels: {one: {title: null, on: {go: null, stay: {by: null}}, states: {s: null}}}
    each_level:
      title: T
      on: {go: {to: a}, stay: {by: [owner]}}
      states: {s: {}, t: {}}
"""
    )

    assert (is_valid(text), check_text(text)[1]) == (True, ())


def test_nothing_but_a_level_may_say_null():
    assert not is_valid(in_process("states: {a: {title: null}}"))


# ---- it serves an editor


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside a schema, with the path to it."""
    if isinstance(schema, list):
        for number, part in enumerate(schema):
            yield from parts(part, f"{path}/{number}")
    if isinstance(schema, dict):
        yield path, schema
        for word in ("properties", "$defs"):
            for name, part in schema.get(word, {}).items():
                yield from parts(part, f"{path}/{word}/{name}")
        for word in ("items", "additionalProperties", "propertyNames", "anyOf"):
            yield from parts(schema.get(word), f"{path}/{word}")


ALL_PARTS = dict(parts(process_schema()))


def test_every_key_is_described():
    lacking = [
        f"{path}/{name}"
        for path, part in ALL_PARTS.items()
        for name, value in part.get("properties", {}).items()
        if len(value.get("description", "").split()) < 2
    ]

    assert lacking == []


def test_every_mapping_refuses_keys_that_it_does_not_know():
    open_ones = [
        path
        for path, part in ALL_PARTS.items()
        if part.get("type") == "object" and "additionalProperties" not in part
    ]

    assert open_ones == []


def test_every_mapping_by_name_says_what_a_name_is():
    nameless = [
        path
        for path, part in ALL_PARTS.items()
        if isinstance(part.get("additionalProperties"), dict) and "propertyNames" not in part
    ]

    # The parts of an object are named as JSON has them.
    assert {path.rpartition("/")[2] for path in nameless} == {"properties"}


def test_null_stands_only_in_what_is_laid_over_each_level():
    holders = {path.split("/")[2] for path, part in ALL_PARTS.items() if part == {"type": "null"}}

    assert all(holder.endswith("OfLevel") for holder in holders)


def test_every_reference_leads_somewhere():
    wanted = {part["$ref"].rpartition("/")[2] for part in ALL_PARTS.values() if "$ref" in part}

    assert wanted <= set(process_schema()["$defs"])


def test_no_two_alternatives_are_of_one_kind():
    """So it is always clear which of them an author meant, and a message speaks of that one."""
    definitions = merged_schema()["$defs"]
    unclear = []
    for path, part in parts(merged_schema()):
        kinds: list[str] = []
        for arm in part.get("anyOf", ()):
            meant = definitions[arm["$ref"].rpartition("/")[2]] if "$ref" in arm else arm
            kinds += meant["type"] if isinstance(meant["type"], list) else [meant["type"]]
        if len(kinds) > len(set(kinds)):
            unclear.append(path)

    assert unclear == []
