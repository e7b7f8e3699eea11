"""A whole decision beside one bare trigger of the stock machine, on the same ladder.

Run with `python -m tests.benchmarks.decide`. The ratio is what counts: both run in turns in one
process, so that a busy machine slows both. At most 1.0 must hold, 0.5 is the aim.
"""

from __future__ import annotations

import timeit
from datetime import UTC, datetime
from statistics import median
from typing import Any

from transitions import Machine

from escalation_engine import load_text
from escalation_engine.core import (
    EMPTY,
    Actor,
    Answer,
    Case,
    GuardQuestion,
    Identity,
    Question,
    Sent,
    Verdict,
    decide,
)

LADDER = """
process: ladder
version: 1
title: A ladder for the benchmark
start: support
roles: {tier: {title: Tier}}
guards: {resolvable_here: Can it be resolved here?, is_staffed: Is somebody there?}
actions: {tell_dashboard: Update the dashboard}
states:
  support:
    levels: {tier1: {}, tier2: {}, tier3: {}, onsite: {}}
    each_level:
      start: qualification
      states:
        qualification:
          on:
            qualify:
              - {to: work, if: [resolvable_here, is_staffed], do: tell_dashboard}
              - {to: next_level}
        work:
          on:
            resolve: {to: closed}
    after_last_level: closed
  closed: {kind: end, outcome: resolved}
"""
NOW = datetime(2026, 6, 8, 9, 0, tzinfo=UTC)


class Ticket:
    """The model of the stock machine: no more than a state."""

    state = ""


def stock_machine(leaf: str) -> Machine:
    """Return the same ladder in `transitions` as it comes: two conditions before each way on."""
    steps = ("qualification", "work")
    leaves = [f"support.tier{tier}.{step}" for tier in (1, 2, 3) for step in steps]
    machine = Machine(
        model=None, states=leaves, initial=leaf, auto_transitions=False, send_event=True
    )
    for tier in (1, 2, 3):
        here = f"support.tier{tier}"
        yes: list[Any] = [lambda _: True, lambda _: True]
        machine.add_transition("qualify", f"{here}.qualification", f"{here}.work", conditions=yes)
        above = f"support.tier{tier % 3 + 1}.qualification"
        machine.add_transition("qualify", f"{here}.qualification", above)
    return machine


def measure(rounds: int = 15, number: int = 10_000) -> tuple[float, float, float]:
    """Return the median microseconds of a decision and of a trigger, and of their ratio."""
    chart = load_text(LADDER)
    leaf = "support.tier1.qualification"
    identity = Identity("case-1", chart.process, chart.version, chart.hash, NOW)
    case = Case(identity, 1, NOW, {"main": leaf}, EMPTY)
    answers: dict[Question, Answer] = {
        GuardQuestion(0, "resolvable_here"): Verdict(True, "it can"),
        GuardQuestion(0, "is_staffed"): Verdict(True, "they are"),
    }
    sent = Sent("qualify", Actor("ann", {"tier"}))
    ticket = Ticket()
    qualify = stock_machine(leaf).events["qualify"]

    def decision() -> None:
        decide(chart, case, sent, now=NOW, answers=answers)

    def trigger() -> None:
        ticket.state = leaf
        qualify.trigger(ticket)

    timed = []
    for _ in range(rounds):
        ours = timeit.timeit(decision, number=number) / number * 1e6
        theirs = timeit.timeit(trigger, number=number) / number * 1e6
        timed.append((ours, theirs, ours / theirs))
    ours, theirs, ratio = (median(column) for column in zip(*timed, strict=True))
    return ours, theirs, ratio


if __name__ == "__main__":
    ours, theirs, ratio = measure()
    print(
        f"decide {ours:6.2f} µs   stock trigger {theirs:6.2f} µs   ratio {ratio:.2f} (limit 1.00)"
    )
