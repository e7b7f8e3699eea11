"""A rework desk, and hosts for it: one that keeps the process, and some that do not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from escalation_engine import load_text
from escalation_engine.testing import Doing, EngineHost

REWORK = """\
process: rework
version: 1
title: Work that is checked
data: {result: {type: string, title: What was done}}
roles:
  worker: {title: Worker}
  checker: {title: Checker}
guards: {simple: Is it simple?}
opens: {ask: {to: sorting, by: [worker]}}
states:
  sorting:
    on:
      sort:
        - {to: work, if: simple}
        - {to: waiting}
  waiting:
    timers: {patience: {after: 4 hours, send: begin}}
    on: {begin: {to: work}}
  work:
    on: {finish: {to: check, by: [worker], requires: {data: [result]}}}
  check:
    on:
      confirm: {to: closed, by: [checker]}
      reject: {to: work, by: [checker], requires: {note: true}, clear: [result]}
  closed: {kind: end, outcome: done}
"""

CHART = load_text(REWORK)


class GoodHost(EngineHost):
    """A host that keeps the process, because the engine does."""

    def __init__(self) -> None:
        super().__init__(CHART)


class ThirdRework(GoodHost):
    """Closes without a check on the third rework."""

    def __init__(self) -> None:
        super().__init__()
        self.rejected = 0
        self.closes = False

    def send(self, step: Doing, /) -> None:
        """Send an event, and forget the check when it has been done three times."""
        super().send(step)
        self.rejected += step.event == "reject"
        self.closes = self.rejected >= 3 and step.event == "finish"

    def where(self) -> str | Mapping[str, str] | None:
        """Return the state, or a lie."""
        return "closed" if self.closes else super().where()


class Lenient:
    """A host without the engine, which takes every event from everybody."""

    refusals = (PermissionError,)

    def __init__(self) -> None:
        self.state: str | None = None

    def open(self, step: Doing, /) -> None:
        """Open the case for anybody."""
        self.state = "sorting"

    def send(self, step: Doing, /) -> bool:
        """Move by the event alone."""
        moves = {"sort": "work", "finish": "check", "confirm": "closed", "reject": "work"}
        if self.state == "closed" or step.event not in moves:
            raise PermissionError(step.event)
        self.state = moves[step.event]
        return True

    def advance(self, until: datetime, /) -> None:
        """Know nothing of time."""

    def where(self) -> str | None:
        """Return the state."""
        return self.state


def written(folder: Path) -> Path:
    """Write the process into a folder."""
    path = folder / "rework.yaml"
    path.write_text(REWORK, encoding="utf-8")
    return path
