"""The planted defects in our own language, and the code by which each is told."""

from __future__ import annotations

from escalation_engine.core import Case
from escalation_engine.errors import DefinitionError, HooksMismatch
from escalation_engine.loader import read_text
from escalation_engine.runtime import Engine
from escalation_engine.verify import verify

__all__ = ["PLANTED", "told"]

HEAD = """
process: planted
version: 1
title: A plan with one defect
start: start
roles: {desk: {title: Desk}}
guards: {is_staffed: Is somebody there?}
events: {lapse: {title: Time is up}}
states:
  done: {kind: end, outcome: done}
"""
WORK = "  work: {on: {go: {to: done}}}\n"
START = "  start: {on: {go: {to: work, if: is_staffed}, leave: {to: done}}}\n"
ROOM = """\
  start:
    on:
      go: [{to: work, if: is_staffed}, {to: done}]
      park: {to: here}
"""
SOUND_START = "  start: {on: {go: [{to: work, if: is_staffed}, {to: done}]}}\n"

PLANTED = {
    "dead_end": ROOM + WORK + "  here: {}\n",
    "loop": ROOM + WORK + "  here: {on: {go: {to: there}}}\n  there: {on: {go: {to: here}}}\n",
    "unreachable": SOUND_START + WORK + "  orphan: {on: {go: {to: done}}}\n",
    "unknown_target": SOUND_START + "  work: {on: {go: {to: done}, again: {to: wrok}}}\n",
    "event_twice": "  start: {on: {go: {to: work}, go: {to: done}}}\n" + WORK,
    "missing_hook": SOUND_START + WORK,
    "misspelt_key": SOUND_START + "  work: {on: {go: {too: done}}}\n",
    "spinning": ROOM + WORK + "  here: {always: {to: there}}\n  there: {always: {to: here}}\n",
    "lost_event": START + WORK,
    "no_owner": SOUND_START + WORK.replace("on:", "kind: decision, on:"),
    "refused_timer": SOUND_START
    + WORK.replace("on:", "timers: {box: {after: 1 hour, send: lapse}}, on:"),
}
"""From the name of a defect to its states."""


class Desk:
    """A host that has every guard."""

    def is_staffed(self, case: Case) -> bool:
        """Answer yes."""
        return True


def told(name: str) -> str:
    """Return the codes of a planted defect, and whether loading, starting or the proof has them."""
    try:
        loaded = read_text(HEAD + PLANTED[name], name="planted.yaml")
    except DefinitionError as error:
        return f"refused at load ({_codes(error.findings)})"
    try:
        host = object() if name == "missing_hook" else Desk()
        Engine("memory://", [loaded.chart], hooks=host).close()
    except HooksMismatch:
        return "refused at start"
    report = verify(loaded)
    errors = [finding for finding in report.findings if finding.code.startswith("E")]
    return f"refused by `check` ({_codes(errors)})" if errors else "not told"


def _codes(findings: object) -> str:
    assert isinstance(findings, list | tuple)
    return ", ".join(sorted({finding.code for finding in findings}))
