"""How large, deep and hostile a text may be, and that none does any harm."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_engine.loader.characters import MAX_DIRECTIVES, MAX_FILE_BYTES
from escalation_engine.loader.codes import CODES
from escalation_engine.loader.faults import MAX_FINDINGS
from escalation_engine.loader.yaml import MAX_DEPTH, MAX_NODES, MAX_SCALAR_CHARACTERS, parse
from tests.loader.reading import faults


def nested(depth: int) -> str:
    """A mapping around lists; the whole is `depth` deep."""
    return "a: " + "[" * (depth - 1) + "]" * (depth - 1) + "\n"


def test_the_deepest_allowed_file_is_read():
    assert faults(nested(MAX_DEPTH)) == []


def test_one_level_more_is_refused():
    assert faults(nested(MAX_DEPTH + 1)) == [("E104", 1, 3 + MAX_DEPTH)]


def test_depth_counts_what_aliases_stand_for():
    chain = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, MAX_DEPTH))

    assert faults(chain) == [("E104", MAX_DEPTH, 12)]


@pytest.mark.parametrize(("nodes", "codes"), [(MAX_NODES, []), (MAX_NODES + 1, ["E104"])])
def test_nodes_are_bounded(nodes: int, codes: list[str]):
    items = nodes - 3  # the mapping, the key, the list

    assert [code for code, *_ in faults("a: [" + "b," * items + "]")] == codes


def test_an_alias_counts_as_all_that_it_stands_for():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]

    assert [(code, line) for code, line, _ in faults("\n".join(lines))] == [("E104", 5)]


def test_a_long_text_is_refused_and_reading_goes_on():
    text = f"a: {'x' * (MAX_SCALAR_CHARACTERS + 1)}\nb: *c\n"

    assert faults(text) == [("E104", 1, 4), ("E105", 2, 4)]


@pytest.mark.parametrize("letter", ["x", "é"])
def test_a_large_file_is_refused(letter: str):
    text = "#" + letter * MAX_FILE_BYTES

    assert faults(text) == faults(text.encode()) == [("E104", 1, 1)]


def test_findings_are_bounded():
    _, findings = parse("a: 1\n" * 1000, "p.yaml")

    assert (len(findings), findings[-1].code) == (MAX_FINDINGS, "E104")


def test_directives_are_bounded():
    text = "".join(f"%TAG !t{i}! x\n" for i in range(MAX_DIRECTIVES + 1)) + "---\na: 1\n"

    assert faults(text) == [("E104", 1, 1)]


HOSTILE = {
    "brackets": "[" * 100_000,
    "braces": "{" * 100_000,
    "dashes": "- " * 100_000,
    "explicit keys": "? " * 100_000,
    "keys in keys": "{? " * 100_000,
    "one long line": "a: " + "b " * 5_000_000,
    "many anchors": "a: [" + "&a b, " * 170_000 + "]",
    "long alias": "a: *" + "x" * 1_000_000,
    "long tag": "a: !" + "%41" * 300_000,
    "many aliases": "a: [" + "*a, " * 200_000 + "]",
    "many directives": "".join(f"%TAG !t{i}! x\n" for i in range(60_000)) + "--- a\n",
    "directives behind": "a: b\n...\n" + "".join(f"%TAG !t{i}! x\n" for i in range(60_000)),
    "zero bytes": "\0" * 1_000_000,
    "surrogates": "\ud800" * 300_000,
    "line breaks": "\n" * 1_000_000,
    "documents": "---\n" * 250_000,
    "colons": ":" * 1_000_000,
    "flow keys": "{" + "a: b," * 200_000,
    "escapes": 'a: "' + "\\n" * 500_000 + '"',
    "no end": 'a: "' + "x" * 1_000_000,
    "number keys": "".join(f"{i}: x\n" for i in range(100_000)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_refused_in_bounded_time(text: str):
    start = time.process_time()
    _, findings = parse(text, "p.yaml")
    seconds = time.process_time() - start

    assert 1 <= len(findings) <= MAX_FINDINGS
    assert seconds < 5  # generous: each takes well under a second


FRAGMENTS = st.sampled_from(
    ["a", "b: ", ": ", "- ", "? ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\t", "&x ", "*x", "!t "]
    + ["'", '"', "|", ">", "%", "@", "`", "#", "---\n", "...\n", "<<", "1", "~", "é", "\r\n", "\\"]
    + ["\0", "\ufeff", "%YAML 1.2\n", "%TAG ! x\n", "\ud800", "!!str "]
)


@settings(deadline=None)
@given(text=st.lists(FRAGMENTS, max_size=30).map("".join) | st.binary(max_size=40))
def test_no_text_at_all_raises(text: str | bytes):
    tree, findings = parse(text, "p.yaml")

    assert tree is not None or findings
    assert all(finding.code in CODES for finding in findings)
    assert all(finding.mark.line >= 1 and finding.mark.column >= 1 for finding in findings)


def test_without_libyaml_nothing_is_read_by_another_parser():
    script = (
        "import sys; sys.modules['yaml._yaml'] = None\n"
        "from escalation_engine.errors import OperatorError\n"
        "from escalation_engine.loader.yaml import parse\n"
        "try: parse('a: 1', 'p.yaml')\n"
        "except OperatorError as error: sys.exit(str(error))\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert "without libyaml" in run.stderr
