"""Loading a process of 100 states beside PyYAML's C loader, which only builds plain data from it.

Run with `python -m tests.benchmarks.load`. The ratio is what counts: both run in turns in one
process, so that a busy machine slows both. At most 4.0 must hold. Below it, how the time grows.
"""

from __future__ import annotations

import timeit
from statistics import median

import yaml

from escalation_engine import load_text
from tests.benchmarks.large import ladder_text, process_text

LIMIT = 4.0


def measure(text: str, rounds: int = 15) -> tuple[float, float, float]:
    """Return the median milliseconds of ours and of theirs, and the median of the ratios."""

    def ours() -> None:
        load_text(text)

    def theirs() -> None:
        yaml.load(text, Loader=yaml.CSafeLoader)

    timed = []
    for _ in range(rounds):
        mine, other = (timeit.timeit(run, number=1) * 1e3 for run in (ours, theirs))
        timed.append((mine, other, mine / other))
    mine, other, ratio = (median(column) for column in zip(*timed, strict=True))
    return mine, other, ratio


def show(what: str, text: str, rounds: int = 15) -> float:
    """Measure one text, print a line about it and return the ratio."""
    mine, other, ratio = measure(text, rounds)
    lines = text.count("\n")
    print(
        f"{what:14} {lines:6} lines   load {mine:8.1f} ms   CSafeLoader {other:7.1f} ms"
        f"   ratio {ratio:5.2f}"
    )
    return ratio


if __name__ == "__main__":
    reached = show("100 states", process_text(100))
    for states in (200, 400, 800):
        show(f"{states} states", process_text(states), rounds=3)
    for levels in (125, 250, 500, 1000):
        show(f"{levels} levels", ladder_text(levels), rounds=1)
    print(f"100 states: ratio {reached:.2f} (limit {LIMIT:.2f})")
