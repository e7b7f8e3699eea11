"""Reading YAML: the data that a text holds, and the place of each part of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_engine.errors import Mark
from escalation_engine.loader.tree import MarkedList, MarkedMap, locate, locate_key
from escalation_engine.loader.yaml import parse
from tests.loader.reading import read


def test_plain_scalars_follow_the_core_schema_and_quoted_ones_are_text():
    tree = read("a: on\nb: 09:00\nc: true\nd: 3\ne: '3'\nf: \"true\"\ng: |\n  1\nh: 1.5\n")

    values = ["on", "09:00", True, 3, "3", "true", "1\n", 1.5]
    assert list(tree.items()) == list(zip("abcdefgh", values, strict=True))


def test_an_empty_value_is_null_but_not_a_written_null():
    tree = read("a:\nb: null\nc: ~\nd: ''\ne: {f, g: null}\n")

    inner = tree["e"]
    assert isinstance(inner, MarkedMap)
    assert (set(tree.empty_keys), set(inner.empty_keys)) == ({"a"}, {"f"})


def test_an_alias_shares_the_object_of_its_anchor():
    tree = read("a: &x {b: 1}\nc: *x\n")

    assert tree["c"] is tree["a"]


def test_an_anchored_text_is_a_key_and_a_value():
    assert read("&x a: &y b\n*y : *x\n") == {"a": "b", "b": "a"}


def test_a_version_directive_of_1_2_is_read():
    assert read("%YAML 1.2\n---\na: 1\n...\n") == {"a": 1}


def test_a_quoted_merge_sign_is_an_ordinary_key():
    assert read('"<<": 1\n') == {"<<": 1}


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
LEAVES = (
    TEXTS
    | st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
DATA = st.dictionaries(
    TEXTS,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
        max_leaves=20,
    ),
    max_size=5,
)


@settings(deadline=None)
@given(data=DATA, flow=st.sampled_from([True, False, None]), unicode=st.booleans())
def test_what_pyyaml_dumps_in_quotes_is_read_back_equal(
    data: dict[str, object], flow: bool | None, unicode: bool
):
    class Quoting(yaml.SafeDumper):
        """Quotes texts, and only texts: the resolvers of PyYAML are those of YAML 1.1."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    Quoting.add_representer(
        str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    )
    text = yaml.dump(data, Dumper=Quoting, default_flow_style=flow, allow_unicode=unicode)
    if unicode:  # the dumper writes these as they are; in a file they have to be escaped
        text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        text = text.replace("\x85", "\\x85").replace("\ufeff", "\\ufeff")

    assert read(text) == data


def test_marks_count_characters_from_one():
    tree = read("größe:\n  - 😀ü: [ä, ö]\n")

    assert locate(tree, ["größe", 0, "😀ü", 1]) == Mark("p.yaml", 2, 13)


def test_an_empty_value_has_the_place_behind_its_colon():
    assert locate(read("ab:\ncd: 1\n"), ["ab"]) == Mark("p.yaml", 1, 4)


def test_an_alias_has_a_place_of_its_own():
    tree = read("a: &x [1]\nb: *x\n")

    assert (locate(tree, ["b"]).line, locate(tree, ["b", 0]).line) == (2, 1)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_line_breaks_and_a_byte_order_mark_move_no_place(line_break: str, start: str):
    text = start + line_break.join(["a: 1", "b:", "  c: 2", ""])

    tree = read(text.encode())

    assert [locate_key(tree, ["a"])[1:], locate_key(tree, ["b", "c"])[1:]] == [(1, 1), (3, 3)]


def with_unique_keys(shape: object, numbers: Iterator[int]) -> object:
    if isinstance(shape, list):
        return [with_unique_keys(item, numbers) for item in shape]
    if isinstance(shape, dict):
        return {f"kéy{next(numbers)}y": with_unique_keys(item, numbers) for item in shape.values()}
    return shape


def all_keys(tree: object) -> Iterator[tuple[str, Mark]]:
    if isinstance(tree, MarkedMap):
        yield from tree.key_marks.items()
        for value in tree.values():
            yield from all_keys(value)
    if isinstance(tree, MarkedList):
        for item in tree:
            yield from all_keys(item)


@settings(deadline=None)
@given(shape=DATA, flow=st.sampled_from([True, False, None]))
def test_each_key_is_found_where_its_mark_points(shape: dict[str, object], flow: bool | None):
    data = with_unique_keys(shape, iter(range(1_000_000)))
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True).replace("\x85", "")
    tree, _ = parse(text.replace("\u2028", "").replace("\u2029", ""), "p.yaml")
    lines = text.replace("\u2028", "").replace("\u2029", "").split("\n")

    pointed = {
        key: lines[mark.line - 1][mark.column - 1 :].lstrip('"? ')[: len(key)]
        for key, mark in all_keys(tree)
    }

    assert pointed == {key: key for key in pointed}
