"""Task lists in a proof: somebody may always add what a gate asks for, and finish it."""

from __future__ import annotations

from escalation_engine.loader import load_text
from escalation_engine.verify import verify

PLAN = """\
process: plan
version: 1
title: An action plan
tasks:
  action_plan: {title: Action plan, reset_on: entering work}
start: talk
states:
  talk:
    on:
      begin: {to: work, requires: {tasks: action_plan}}
  work:
    on:
      close: {to: over, requires: {tasks: action_plan, tasks_done: action_plan}}
  over: {kind: end, outcome: over}
"""


def test_a_gate_about_tasks_can_be_met():
    report = verify(load_text(PLAN))

    assert [finding.code for finding in report.findings if finding.code.startswith("E")] == []


def test_that_is_assumed_in_words():
    report = verify(load_text(PLAN))

    assert "tasks can be put on `action_plan` and finished by those who may" in report.assumptions
