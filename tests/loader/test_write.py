"""What is written as YAML is read back as it was, and reads well."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from escalation_engine.loader.write import write_document
from escalation_engine.loader.yaml import parse

TRICKY = [
    "on", "no", "09:00", "true", "~", "null", "", "1e5", "0x1", "- a", "a: b", "#x", " x", "x ",
    "a\nb", "a\n", "\n", "|", "?", "!x", "*x", "<<", "=", "1_000", "---", "a\n---\nb", " a\nb",
    "a \nb", "\ta", "\u2028", "\ufeff", "\x85", "\x00", "\U0001f600", "'", '"', "\\",
]  # fmt: skip
texts = st.sampled_from(TRICKY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)


@given(st.dictionaries(texts, values, min_size=1, max_size=4))
@example({text or "empty": text for text in TRICKY})
def test_a_document_reads_back_as_it_was_written(document: dict[str, object]):
    tree, findings = parse(write_document(document), "written.yaml")

    assert (tree, findings) == (document, [])


def test_words_of_older_yaml_need_no_quotes():
    assert write_document({"on": "no", "at": "09:00"}) == "on: no\nat: 09:00\n"


def test_what_is_short_stands_on_one_line():
    written = write_document({"a": {"by": ["client", "desk"], "to": {"level": 1}}, "b": []})

    assert written == "a:\n  by: [client, desk]\n  to: {level: 1}\nb: []\n"


def test_what_is_long_gets_a_line_for_each_item():
    names = [f"a_rather_long_name_{number}" for number in range(6)]

    assert write_document({"by": names}).splitlines()[:2] == ["by:", f"  - {names[0]}"]


def test_several_lines_are_a_block():
    assert write_document({"text": "one\ntwo\n"}) == "text: |\n  one\n  two\n"
