"""A desk's process, a script for it, and the command line called as a shell calls it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from escalation_engine.cli.main import app

DESK = """
process: desk
version: 1
title: A desk
data:
  issue: {type: string, title: What the problem is}
  urgency: {enum: [low, high], title: How urgent it is}
  rooms: {type: integer, title: Rooms affected, changes: anytime}
roles:
  desk: {title: Service desk}
  expert: {title: Expert}
  client: {title: Client, side: client}
guards: {easy: Can the desk do it alone?}
actions: {call_vendor: Call the vendor}
messages: {done: {subject: Your request is done, text: "{data.issue}"}}
checklists:
  closing:
    title: Before closing
    items:
      told: {text: The client was told, answers: [yes, no, na], passes: [yes, na], reason_for: [na]}
counts: {tries: {title: Tries, up_on: event solve}}
events:
  solve: {title: The issue is solved, may_bring: [urgency]}
opens:
  ring: {to: open, needs: [issue], by: [desk]}
states:
  open:
    title: In work
    assignee: desk
    on:
      solve:
        - {to: done, if: easy, by: [desk], visibility: client}
        - {to: expert, requires: {note: true}}
      vendor: {do: call_vendor}
  expert:
    title: With an expert
    assignee: expert
    on:
      close: {to: done, requires: {checklist: [closing], evidence: true}, visibility: client}
  done: {kind: end, outcome: solved, entry: {notify: {client: done}}}
"""

SCRIPT = """
scenario: The expert solves it
process: desk.yaml
people: {ann: [desk], eve: [expert]}
guards: {easy: {no: Too hard}}
steps:
  - {open: ring, by: ann, data: {issue: No tone}, reference: T-1}
  - {send: solve, by: ann, refused: missing_note}
  - {send: solve, by: ann, note: Needs an expert}
  - {record: {checklists: {closing: {told: yes}}}, by: eve}
  - {send: close, by: eve, evidence: mail, then: {state: done}}
then: {outcome: solved}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "desk.yaml"
    path.write_text(DESK)
    return path


@pytest.fixture
def script(desk: Path) -> Path:
    path = desk.with_name("solved.yaml")
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def escalate(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Call a command with what is typed, line by line; the result has stdout and exit_code."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object, typed: tuple[str, ...] = ()) -> Any:
        told = "".join(f"{line}\n" for line in typed)
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=told)

    return call
