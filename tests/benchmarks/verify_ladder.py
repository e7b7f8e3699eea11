"""Proving ladders: a small one beside loading it, and how time grows with a thousand levels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import process_time

from escalation_engine import load_text
from escalation_engine.verify import verify

__all__ = ["GROWTH_AT_MOST", "SMALL_AT_MOST", "growth", "ladder", "small"]

SMALL_AT_MOST = 2.0
"""Proving three levels takes at most so many times as long as loading them."""

GROWTH_AT_MOST = 2.5
"""A level among a thousand takes at most so many times as long as one among a hundred."""

_HEAD = """\
process: ladder
version: 1
title: A ladder
data: {issue: {type: string}, resolution: {type: string}}
roles: {desk: {title: Desk}, chief: {title: Chief}, client: {title: Client, side: client}}
guards: {able: Can this level do it?}
opens: {ask: {to: support, needs: [issue], by: [desk]}}
states:
  support:
    levels:
"""
_TAIL = """\
    each_level:
      start: look
      timers: {box: {after: 4 hours, send: escalate}}
      on: {escalate: {to: next_level, by: [assignee, engine], clear: [resolution]}}
      states:
        look: {on: {take: [{to: work, if: able, by: [assignee]}, {to: next_level}]}}
        work: {on: {resolve: {to: quality, by: [assignee], requires: {data: [resolution]}}}}
        quality: {on: {confirm: {to: closed, by: [client]}, reject: {to: manager, by: [client]}}}
    after_last_level: manager
  manager: {kind: decision, assignee: chief, on: {close: {to: lost, by: [assignee]}}}
  closed: {kind: end, outcome: fixed}
  lost: {kind: end, outcome: lost}
"""


def ladder(levels: int) -> str:
    """Return a process with so many levels."""
    return (
        _HEAD
        + "".join(f"      tier{number}: {{assignee: desk}}\n" for number in range(1, levels + 1))
        + _TAIL
    )


def small() -> tuple[float, float]:
    """Return milliseconds: proving three levels, and loading them; the best of several."""
    text = ladder(3)
    chart = load_text(text)
    proving = min(_milliseconds(partial(verify, chart)) for _ in range(7))
    return proving, min(_milliseconds(partial(load_text, text)) for _ in range(7))


def growth() -> tuple[float, float]:
    """Return milliseconds for a level: among a thousand, and among a hundred."""
    found = []
    for levels in (1000, 100):
        chart = load_text(ladder(levels))
        verify(chart)
        found.append(min(_milliseconds(partial(verify, chart)) for _ in range(2)) / levels)
    return found[0], found[1]


def _milliseconds(run: Callable[[], object]) -> float:
    began = process_time()
    run()
    return (process_time() - began) * 1e3
