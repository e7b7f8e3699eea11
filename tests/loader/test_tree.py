"""The marked tree is plain data, and finds the place of a path."""

from __future__ import annotations

import copy
import json

import pytest
from pydantic import TypeAdapter

from escalation_engine.errors import Mark
from escalation_engine.loader.tree import MarkedList, MarkedMap, kind_of, locate, locate_key


def place(line: int, column: int) -> Mark:
    return Mark("p.yaml", line, column)


@pytest.fixture
def tree() -> MarkedMap:
    """Marks as in the file `states:` / `  - name: open`."""
    item = MarkedMap(place(2, 5))
    item.put("name", "open", key_mark=place(2, 5), value_mark=place(2, 11))
    states = MarkedList(place(2, 3))
    states.add(item, item_mark=place(2, 5))
    top = MarkedMap(place(1, 1))
    top.put("states", states, key_mark=place(1, 1), value_mark=place(2, 3))
    return top


def test_a_tree_equals_plain_data(tree: MarkedMap):
    assert tree == {"states": [{"name": "open"}]}


def test_a_tree_is_taken_by_json_and_strict_pydantic(tree: MarkedMap):
    adapter = TypeAdapter(dict[str, list[dict[str, str]]])

    validated = adapter.validate_python(tree, strict=True)

    assert validated == json.loads(json.dumps(tree)) == {"states": [{"name": "open"}]}


def test_a_deep_copy_keeps_its_places(tree: MarkedMap):
    twin = copy.deepcopy(tree)

    assert locate(twin, ["states", 0, "name"]) == place(2, 11)


def test_a_tree_takes_no_stray_attributes(tree: MarkedMap):
    with pytest.raises(AttributeError):
        tree.origin = "base"  # type: ignore[attr-defined]


def test_a_full_path_finds_its_value(tree: MarkedMap):
    assert locate(tree, ["states", 0, "name"]) == place(2, 11)


def test_a_full_path_finds_its_key(tree: MarkedMap):
    assert locate_key(tree, ["states", 0, "name"]) == place(2, 5)


def test_an_item_of_a_list_is_its_own_key(tree: MarkedMap):
    assert locate_key(tree, ["states", 0]) == place(2, 5)


def test_components_that_the_tree_does_not_have_are_skipped(tree: MarkedMap):
    path: list[str | int] = ["union_tag", "states", "list[state]", 0, "state", "name", 7, "[key]"]

    assert locate(tree, path) == place(2, 11)


@pytest.mark.parametrize("missing", [1, -1, "0", "colour"])
def test_a_path_that_ends_early_gives_the_last_place(tree: MarkedMap, missing: str | int):
    assert locate(tree, ["states", missing]) == place(2, 3)


def test_a_path_that_reaches_nothing_gives_the_place_of_the_tree(tree: MarkedMap):
    assert (locate(tree, []), locate_key(tree, ["colour"])) == (place(1, 1), place(1, 1))


def test_a_key_set_without_marks_has_the_place_of_its_mapping(tree: MarkedMap):
    tree["late"] = 1

    assert (locate(tree, ["late"]), locate_key(tree, ["late"])) == (place(1, 1), place(1, 1))


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "null"), (True, "a boolean"), (1, "a number"), (1.5, "a number"), ("x", "a text")]
    + [([], "a list"), ({}, "a mapping")],
)
def test_kinds_of_values_have_an_authors_names(value: object, name: str):
    assert kind_of(value) == name
