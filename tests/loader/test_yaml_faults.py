"""What is no YAML, or none that a process may use, and what its author may have meant."""

from __future__ import annotations

import pytest

from escalation_engine.loader.yaml import parse
from tests.loader.reading import faults, only_fault, read


def test_faults_other_than_syntax_come_together_in_file_order():
    text = "a: 1\na: 2\n1: x\nb: !tag y\nc: *none\n<<: {d: 1}\n? [e]\n: f\ng: 1\n---\n"

    assert faults(text) == [
        ("E102", 2, 1),
        ("E106", 3, 1),
        ("E103", 4, 4),
        ("E105", 5, 4),
        ("E105", 6, 1),
        ("E106", 7, 3),
        ("E108", 10, 1),
    ]


def test_a_syntax_fault_ends_the_file_and_keeps_what_was_found_before():
    tree, findings = parse("a: 1\na: 2\nb: [\nc: 3\nc: 4\n", "p.yaml")

    assert (tree, [finding.code for finding in findings]) == (None, ["E102", "E101"])


def test_of_a_doubled_key_the_first_is_kept_for_further_checks():
    tree, findings = parse("a: 1\nb:\n  a: 2\na: 3\n", "p.yaml")

    assert (tree, "line 1" in findings[0].hint) == ({"a": 1, "b": {"a": 2}}, True)


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "~\n", "\ufeff"])
def test_an_empty_file_says_so(text: str):
    assert "empty" in only_fault(text).message


@pytest.mark.parametrize("text", ["- a\n", "name:value\n", "'text'\n", "3\n"])
def test_a_file_without_a_mapping_is_refused(text: str):
    assert faults(text) == [("E107", 1, 1)]


@pytest.mark.parametrize(
    "key", ["1", "0x1f", "1.5", "true", "null", "~", "[a]", "{a: b}", "{name}"]
)
def test_a_key_that_is_not_a_text_is_refused_with_a_hint_to_quote(key: str):
    fault = only_fault(f"{key}: x\n")

    assert (fault.code, "quotes" in fault.hint) == ("E106", True)


def test_a_recursive_alias_is_refused():
    fault = only_fault("a: &x\n  - b: *x\n")

    assert (fault.code, fault.mark.line, "line 1" in fault.hint) == ("E105", 2, True)


def test_an_anchor_defined_twice_is_refused():
    assert faults("a: &x 1\nb: &x 2\n") == [("E105", 2, 4)]


@pytest.mark.parametrize("head", ["%YAML 1.1", "%TAG ! tag:x,2000:"])
def test_other_directives_are_refused(head: str):
    assert faults(f"{head}\n---\na: 1\n") == [("E103", 1, 1)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: ***\n", "'***'"),
        ("a: **bold** text\n", "quotes"),
        ("a: *.csv\n", "quotes"),
        ("a: *name\n", "quotes"),
        ("a: &\n", "begins with & in quotes"),
        ("a: [b, c\nd: e\n", "close each ["),
        ("a: {b: c\nd: e\n", "each {"),
        ("a: [b: c: d]\n", "': '"),
        ("a: [open] and more\n", "whole text in quotes"),
        ("a: {name} is late\n", "whole text in quotes"),
        ('a: "x" == "y"\n', "whole text in quotes"),
        ("a: b: c\n", "': ' in quotes"),
        ("a:\n\tb: c\n", "spaces"),
        ("\ta: b\n", "spaces"),
        ("a: b\n\tc: d\n", "spaces"),
        ("a: %x\n", "begins with % in quotes"),
        ("a: @x\n", "begins with @ in quotes"),
        ("a: `x`\n", "begins with ` in quotes"),
        ("a: ? b\n", "'?'"),
        ("a: ? \n", "'?'"),
        ("a: - b\n", "line of its own"),
        ("a: 'b\nc: d\n", "never closed"),
        ('a: "\\d"\n', "single quotes"),
        ("a: >b\n", "| or >"),
        ("a: !x!y\n", "!"),
        ("a: b\nc\n", "':'"),
        ("- a\nb: c\n", "'- '"),
        ("a: 1\n...\nb: 2\n", "end of the document"),
    ],
)
def test_a_hint_says_what_the_author_may_have_meant(text: str, word: str):
    assert word in only_fault(text).hint


@pytest.mark.parametrize(
    ("text", "column"),
    [("é: \x00", 4), ("é: \x07", 4), ("é: \ud800", 4), ("é: '\u2028'", 5), ("é: \ufeff", 4)]
    + [("é: \x85", 4), ("é: \x0c", 4), ("é: \x7f", 4), ("é: \uffff", 4)],
)
def test_a_character_that_is_not_allowed_is_pointed_at(text: str, column: int):
    assert faults(text) == [("E109", 1, column)]


def test_every_byte_that_is_not_utf8_is_pointed_at():
    assert faults("é: ".encode() + b"\xff\nb: \xe9\n") == [("E109", 1, 4), ("E109", 2, 4)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_are_refused(encoding: str):
    _, findings = parse("a: b\n".encode(encoding), "p.yaml")

    assert {finding.code for finding in findings} == {"E109"}


def test_the_same_character_escaped_in_double_quotes_is_read():
    assert read('a: "\\u2028\\u0000"\n') == {"a": "\u2028\0"}
