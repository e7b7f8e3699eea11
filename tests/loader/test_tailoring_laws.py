"""What holds for every tailoring, whatever it says."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from escalation_engine.chart import Chart
from escalation_engine.loader import Loaded, load_text, read, read_text
from escalation_engine.loader.changes import Changes, are_independent
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.leaves import OriginKind, leaves
from escalation_engine.loader.tailoring import tailored
from escalation_engine.loader.write import write_definition
from escalation_engine.loader.yaml import parse
from tests.core.random_process import processes
from tests.loader.planted import BASES

PROCESSES = sorted((Path(__file__).parents[2] / "processes").glob("*.yaml"))
EDITS = [
    "title: ACME",
    "parameters: {time_box: 2 hours}",
    "roles: {porter: {title: Porter}}",
    "roles: {second_line: {title: Experts}}",
    "roles: {second_line: {alternates: [chief]}}",
    "roles: {first_line: {side: front}}",
    "states: {work: {levels: {extra: {place: after first}}}}",
    "states: {work: {levels: {other: {place: after second}}}}",
    "states: {work: {levels: {more: {place: first, title: More}}}}",
    "states: {work: {levels: {last_one: {}}}}",
    "states: {work: {levels: {first: {timers: {box: null}}}}}",
    "states: {work: {levels: {second: {timers: {box: {after: 1 hour}}}}}}",
    "states: {work: {each_level: {timers: {box: {title: Time is up}}}}}",
    "states: {work: {each_level: {states: {active: {title: Busy}}}}}",
    "states: {work: {each_level: {timers: {box: {paused_in: null}}}}}",
    "states: {over: {entry: null}}",
    "states: {over: {outcome: closed}}",
    "states: {pause: {title: Pause, on: {go_on: {to: work}}}}",
    "states: {decision: {title: What now?}}",
    "data: {note: {type: string}}",
]


def plain(chart: Chart) -> Chart:
    """The chart without what tells one file from another."""
    return replace(chart, process="", title="", hash="", source="")


def changes_of(text: str) -> Changes:
    tree, _ = parse(text, "p.yaml")
    assert tree is not None
    found = tailored(tree, Faults("p.yaml"), [BASES])
    assert found is not None
    return found.changes


def chained(folder: Path, first: str, second: str) -> Chart:
    (folder / "one.yaml").write_text(f"tailoring: one\nextends: desk@3\n{first}\n")
    text = f"tailoring: two\nextends: one@3\n{second}\n"
    return read_text(text, search=[folder, BASES]).chart


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_a_tailoring_with_nothing_is_its_base(path: Path):
    base = read(path).chart
    text = f"tailoring: same\nextends: {base.process}@{base.version}\n"

    assert plain(read_text(text, search=[path.parent]).chart) == plain(base)


@settings(max_examples=25, deadline=None)
@given(processes())
def test_a_tailoring_with_nothing_is_any_base(tmp_path_factory: pytest.TempPathFactory, text: str):
    folder = tmp_path_factory.mktemp("base")
    (folder / "random.yaml").write_text(text)

    same = read_text("tailoring: same\nextends: random@1\n", search=[folder]).chart

    assert plain(same) == plain(load_text(text))


def independent_pairs() -> list[tuple[str, str]]:
    head = "tailoring: acme\nextends: desk@3\n"
    changes = {edit: changes_of(f"{head}{edit}\n") for edit in EDITS}
    return [
        (one, other)
        for one, other in combinations(EDITS, 2)
        if are_independent(changes[one], changes[other])
    ]


def test_most_tailorings_are_independent():
    assert len(independent_pairs()) > len(list(combinations(EDITS, 2))) / 2


@pytest.mark.parametrize(("one", "other"), independent_pairs())
def test_independent_tailorings_commute(tmp_path: Path, one: str, other: str):
    assert plain(chained(tmp_path, one, other)) == plain(chained(tmp_path, other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("title: A", "title: B"),
        ("roles: {second_line: null}", "roles: {second_line: {title: B}}"),
        ("states: {work: {levels: {a: {place: first}}}}",
         "states: {work: {levels: {b: {place: first}}}}"),
        ("states: {work: {levels: {a: {}}}}", "states: {work: {levels: {b: {place: last}}}}"),
        ("states: {work: {each_level: {on: {climb: {by: [chief]}}}}}",
         "states: {work: {levels: {first: {on: {climb: {by: [engine]}}}}}}"),
        ("roles: {front: {was: first_line}}", "title: B"),
    ],
)  # fmt: skip
def test_these_tailorings_are_not_independent(one: str, other: str):
    head = "tailoring: acme\nextends: desk@3\n"

    assert not are_independent(changes_of(f"{head}{one}\n"), changes_of(f"{head}{other}\n"))


@pytest.mark.parametrize("edit", EDITS)
def test_every_leaf_has_exactly_one_origin(edit: str):
    loaded = read_text(f"tailoring: acme\nextends: desk@3\n{edit}\n", search=[BASES])

    found = list(leaves(loaded))

    assert len({leaf.path for leaf in found}) == len(found)
    assert all((leaf.mark is None) == (leaf.kind is OriginKind.DEFAULT) for leaf in found)


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_the_leaves_are_all_that_is_written_and_all_defaults(path: Path):
    loaded = read(path)

    found = {leaf.path: leaf.value for leaf in leaves(loaded) if leaf.kind is OriginKind.WRITTEN}

    written = dict(scalars(loaded.origins.tree, ()))
    for track, tree in loaded.origins.taken.items():
        written |= scalars(tree, ("tracks", track, "process"))
    assert found == written
    assert all(loaded.origins.place_of(path) for path in found)


def test_a_default_and_a_removal_are_origins():
    text = "tailoring: acme\nextends: desk@3\nstates: {over: {entry: null}}\n"
    loaded = read_text(text, name="acme.yaml", search=[BASES])

    found = {leaf.path: leaf.origin for leaf in leaves(loaded)}

    assert found["states", "over", "entry"] == "removed at acme.yaml:3:24"
    assert found["roles", "chief", "when_nobody"] == "default"
    assert found["roles", "chief", "title"].endswith("desk.yaml:14:18")


def scalars(node: Any, path: tuple[str | int, ...]):
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        if isinstance(value, dict | list) and value:
            yield from scalars(value, (*path, key))
        elif value != {}:
            yield (*path, key), value


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_what_is_written_out_loads_as_the_same(path: Path):
    assert_loads_as_itself(read(path))


@pytest.mark.parametrize("edit", EDITS)
def test_a_tailored_process_written_out_loads_as_the_same(edit: str):
    assert_loads_as_itself(read_text(f"tailoring: acme\nextends: desk@3\n{edit}\n", search=[BASES]))


@settings(max_examples=25, deadline=None)
@given(processes())
def test_any_process_written_out_loads_as_the_same(text: str):
    assert_loads_as_itself(read_text(text))


def assert_loads_as_itself(loaded: Loaded) -> None:
    again = load_text(write_definition(loaded.origins.tree), search=[PROCESSES[0].parent])

    assert again == loaded.chart
    assert json.loads(again.source) == json.loads(loaded.chart.source)
