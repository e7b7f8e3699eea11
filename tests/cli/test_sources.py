"""`escalate sources`: what of a text a process has, and what it has besides."""

from __future__ import annotations

import pytest

TRACED = """
process: traced
version: 1
title: Traced
sources:
  S1: {title: A text, statements: [1, 2, 3, 4], repeats: {"4": 2}, furniture: [heading]}
start: working
states:
  working:
    source: [S1.2]
    on:
      finish: {to: checked, source: [S1.2]}
      give_up: {to: over, inferred: Somebody may}
  checked: {source: [S1.1], on: {agree: {to: over, source: [S1.3]}}}
  over: {kind: end, outcome: over}
"""


@pytest.fixture
def write(tmp_path):
    def write(text: str):
        path = tmp_path / "traced.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_each_statement_is_told_with_its_elements_and_each_inference_with_its_reason(
    escalate, write
):
    result = escalate("sources", write(TRACED))

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "S1  A text",
        "  1        checked",
        "  2        working; working on finish",
        "  3        checked on agree",
        "  4        repeats 2",
        "  heading  asks for nothing",
        "",
        "Printed before what leads to it",
        "  checked (S1.1), after working",
        "Inferred",
        "  working on give_up: Somebody may",
    ]


def test_a_statement_without_an_element_is_told_and_fails(escalate, write):
    result = escalate("sources", write(TRACED.replace(", source: [S1.3]", "")))

    assert result.exit_code == 1
    assert "  3        no element" in result.stdout


def test_a_loop_is_not_printed_too_early(escalate, write):
    loop = "  checked: {source: [S1.1], on: {again: {to: working, source: [S1.3]}, "
    text = TRACED.replace("  checked: {source: [S1.1], on: {", loop)

    assert "Printed" not in escalate("sources", write(text)).stdout


def test_a_process_without_sources_tells_nothing(escalate, desk):
    assert escalate("sources", desk).stdout == ""
