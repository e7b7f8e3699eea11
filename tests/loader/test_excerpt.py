"""The line of a fault with a caret under its column."""

from __future__ import annotations

import pytest

from escalation_engine.loader.excerpt import EXCERPT_WIDTH, excerpt, shown
from tests.loader.reading import only_fault


def test_a_finding_shows_the_line_and_a_caret():
    finding = only_fault("process: x\nstates: *** now\n")

    assert finding.excerpt == "    states: *** now\n            ^"


def test_a_caret_lines_up_behind_tabs_and_wide_characters():
    line = "\t日本e\u0301: x"

    _, caret = excerpt([line], 1, line.index("x") + 1).split("\n")

    assert caret == "    \t" + " " * 7 + "^"


@pytest.mark.parametrize("column", [1, 50, 99, 5000, 9999, 10_001])
def test_a_long_line_is_clipped_around_the_column(column: int):
    line = "".join(chr(0x4E00 + i) for i in range(10_000))

    shown_line, _ = excerpt([line], 1, column).split("\n")

    part = shown_line.strip()
    assert len(part) <= EXCERPT_WIDTH
    assert line[min(column, 10_000) - 1] in part


@pytest.mark.parametrize(("line", "column"), [(0, 1), (2, 1), (3, 1)])
def test_without_a_line_there_is_no_excerpt(line: int, column: int):
    assert excerpt(["a: 1", "  "], line, column) == ""


def test_an_excerpt_sends_no_control_characters_to_a_terminal():
    assert "\x1b" not in only_fault("a: \x1b[2J\n").excerpt


def test_a_long_text_is_clipped_in_messages():
    assert len(shown("x" * 10_000)) < 70
