"""A writer: `python -m tests.runtime.pressing URL NAME TIMES CASE…` presses each case in turn."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from escalation_engine.core import Actor
from escalation_engine.errors import Conflict
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine

__all__ = ["COUNTER", "press"]

COUNTER = """
process: counter
version: 1
title: A counter
start: counting
counts: {presses: {title: How often it was pressed, up_on: event press}}
states: {counting: {on: {press: {}}}}
"""


def press(engine: Engine, name: str, times: int, case_ids: Sequence[str]) -> None:
    """Press each in turn; who was crowded out ten times sends again, as its host would."""
    for number in range(times):
        case_id, note = case_ids[number % len(case_ids)], f"{name}-{number}"
        while True:
            try:
                engine.send(case_id, "press", by=Actor(name), note=note, key=note)
            except Conflict:
                continue
            break


def main() -> None:
    """Press as the arguments say."""
    url, name, times, *case_ids = sys.argv[1:]
    with Engine(url, [load_text(COUNTER)]) as engine:
        press(engine, name, int(times), case_ids)


if __name__ == "__main__":
    main()
