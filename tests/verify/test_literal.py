"""The texts as literally written are not sound: the checker names the sentence that is missing.

The shipped processes mend each of these, and say `inferred` where they do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_engine.loader import read
from escalation_engine.verify import verify

LITERAL = Path(__file__).parent / "literal"
PROCESSES = Path(__file__).parents[2] / "processes"

FOUND = {
    # A client who is not satisfied: the text goes on for the satisfied one only.
    "help_desk": {"E301 at judge": 5, "W401 at process": 1},
    # A complaint that first contact cannot resolve, and a discussion after which nothing is said.
    "complaint": {"E301 at attempt": 2, "E201 at avenues": 4, "W401 at process": 1},
    # Three people, and nothing after the last of them.
    "contract_escalation": {"E201 at unresolved_with_commercial_director": 6, "W401 at process": 1},
}
"""Code and place of each finding, with the length of the shortest path to it."""


@pytest.mark.parametrize("name", FOUND)
def test_a_text_as_literally_written_has_the_fault_that_it_has(name: str):
    path = LITERAL / f"{name}.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()

    found = {
        f"{it.code} at {lines[it.mark.line - 1].strip().partition(':')[0]}": len(it.path)
        for it in verify(read(path)).findings
        if not it.code.startswith("W6")  # how it is written is not what is wrong with it
    }

    assert found == FOUND[name]


@pytest.mark.parametrize("name", FOUND)
def test_the_shipped_process_mends_it(name: str):
    report = verify(read(PROCESSES / f"{name}.yaml"))

    assert report.findings == ()
    assert report.is_sound
    assert report.fair


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("help_desk", "The same level goes on, since it knows the issue best"),
        ("contract_escalation", "The text names nobody after the commercial director"),
        ("complaint", "At first contact, too, it is the customer who is satisfied"),
    ],
)
def test_what_mends_it_is_marked_as_inferred(name: str, words: str):
    assert words in (PROCESSES / f"{name}.yaml").read_text(encoding="utf-8")
