"""Small processes for the tests of the proof, and what is read off an exploration."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from escalation_engine import load_text
from escalation_engine.chart import Chart
from escalation_engine.verify import Graph, explore

__all__ = ["LADDER", "TWO_TRACKS", "chart_of", "explored", "leaves"]

HEADER = "process: desk\nversion: 1\ntitle: A desk\n"

LADDER = """
    guards: {able: Can this level do it?}
    data: {fix: {type: string}}
    roles: {desk: {title: Desk}, chief: {title: Chief}}
    opens: {ask: {to: support, by: [desk]}}
    states:
      support:
        levels: {one: {assignee: desk}, two: {assignee: desk}, three: {assignee: chief}}
        each_level:
          start: look
          on: {escalate: {to: next_level, by: [assignee], clear: [fix]}}
          states:
            look: {on: {take: [{to: work, if: able, by: [assignee]}, {to: next_level}]}}
            work: {on: {fix: {to: done, by: [assignee], requires: {data: [fix]}}}}
        after_last_level: gone
      done: {kind: end, outcome: fixed}
      gone: {kind: end, outcome: lost}
"""

TWO_TRACKS = """
    tracks:
      ticket:
        start: open
        states:
          open: {on: {close: {to: closed}, help: {send: call}}}
          closed: {kind: end, outcome: done}
      vendor:
        start: idle
        states:
          idle: {kind: idle, on: {call: {to: busy}}}
          busy: {on: {answer: {to: idle}}}
"""


def chart_of(text: str, **bound: Any) -> Chart:
    """Return the chart of a process, of which the head may be left out."""
    written = dedent(text)
    whole = written if written.lstrip().startswith("process:") else HEADER + written
    return load_text(whole, parameters=bound)


def explored(text: str, **bound: Any) -> Graph:
    """Return everything that can be reached."""
    return explore(chart_of(text, **bound))


def leaves(graph: Graph) -> set[tuple[str, ...]]:
    """Return the combinations of active leaves that are reached, one for each track."""
    return {tuple(node.case.states.values()) for node in graph.nodes if node.case.states}
