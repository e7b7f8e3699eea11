"""What `escalate --help` costs, as whole processes, against an empty Typer application.

Run it by hand: `.venv/bin/python tests/benchmarks/cli_help.py`. The bound is a ratio of 1.3.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from time import perf_counter

RUNS = 40
BOUND = 1.3

EMPTY = """
import typer

app = typer.Typer(add_completion=False)

@app.command()
def one() -> None:
    "Do one thing."

@app.command()
def two() -> None:
    "Do another."

app()
"""
OURS = "from escalation_engine.cli.main import run; run()"


def seconds(script: str) -> float:
    """The time of one process that prints its help."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", script, "--help"], check=True, capture_output=True)
    return perf_counter() - start


def main() -> None:
    """Measure both in turn, so that what disturbs one disturbs the other, and print the ratio."""
    seconds(EMPTY), seconds(OURS)
    pairs = [(seconds(EMPTY), seconds(OURS)) for _ in range(RUNS)]
    empty, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    sys.stdout.write(
        f"empty Typer application {empty * 1000:.0f} ms, escalate {ours * 1000:.0f} ms\n"
        f"ratio {ours / empty:.2f} (median of {RUNS} runs; bound {BOUND})\n"
    )


if __name__ == "__main__":
    main()
