"""Every benchmark in one table: `python -m tests.benchmarks`. Ends with 1 where a limit is broken.

A ratio is between two times taken in turns in one run, so that a busy machine slows both. A very
busy one still favours what is small and written in C: look again when it is idle. Other libraries
are measured by `python -m tests.benchmarks.peers`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from statistics import median
from typing import NamedTuple

from tests.benchmarks import (
    batches,
    cli_help,
    decide,
    due_tick,
    load,
    postgres_send,
    send,
    verify_ladder,
    working_time,
)
from tests.benchmarks.large import process_text

DECIDE_AT_MOST = 1.0


class Row(NamedTuple):
    """One comparison. The ratio must be at least `limit` where `is_least`, else at most."""

    name: str
    ours: str
    peer: str
    ratio: float
    limit: float
    is_least: bool = False

    @property
    def is_kept(self) -> bool:
        """The ratio is on the right side of its limit."""
        return self.ratio >= self.limit if self.is_least else self.ratio <= self.limit

    def __str__(self) -> str:
        limit = f"{'>=' if self.is_least else '<='} {self.limit:.2f}"
        told = "" if self.is_kept else "   BROKEN"
        return f"{self.name:24} {self.ours:>10} {self.peer:>32} {self.ratio:7.2f} {limit:>9}{told}"


def rows() -> Iterator[Row | str]:
    """Each comparison as it is done, or why it is left out."""
    ours, peer, ratio = decide.measure()
    yield Row("decide", f"{ours:.1f} µs", f"stock trigger {peer:.1f} µs", ratio, DECIDE_AT_MOST)
    ours, peer, ratio = load.measure(process_text(100))
    yield Row("load, 100 states", f"{ours:.0f} ms", f"CSafeLoader {peer:.0f} ms", ratio, load.LIMIT)
    for name, keyed in (("send", False), ("send, with a key", True)):
        ours, peer, ratio, _ = send.measure(keyed=keyed)
        bare = f"bare sqlite3 {peer:.0f} µs"
        yield Row(name, f"{ours:.0f} µs", bare, ratio, send.AT_LEAST, is_least=True)
    yield from postgres_rows()
    yield due_tick_row()
    yield cli_help_row()
    yield from verify_rows()
    yield from calendar_rows()


def postgres_rows() -> Iterator[Row]:
    """Sends on PostgreSQL beside bare psycopg, and firings in batches on both databases."""
    for name, keyed in (("send, PostgreSQL", False), ("send, PostgreSQL, key", True)):
        ours, peer, ratio, _ = postgres_send.measure(keyed=keyed)
        bare = f"bare psycopg {peer:.0f} µs"
        yield Row(name, f"{ours:.0f} µs", bare, ratio, postgres_send.AT_LEAST, is_least=True)
    for name, is_on in (("batch, SQLite", False), ("batch, PostgreSQL", True)):
        ours, peer, ratio = batches.measure(is_on_postgresql=is_on)
        alone = f"one by one {peer:.0f} µs"
        yield Row(name, f"{ours:.0f} µs", alone, ratio, batches.AT_LEAST, is_least=True)


def due_tick_row() -> Row:
    """A tick with 100 due among many open cases beside one among few."""
    many, few, ratio = due_tick.measure()
    peer = f"among {due_tick.FEW:,} {few:.0f} ms"
    return Row(f"tick, {due_tick.MANY:,} open", f"{many:.0f} ms", peer, ratio, due_tick.AT_MOST)


def verify_rows() -> Iterator[Row]:
    """Proving a small ladder beside loading it; a level of a large one beside one of a smaller."""
    ours, peer = verify_ladder.small()
    limit = verify_ladder.SMALL_AT_MOST
    yield Row("verify, 3 levels", f"{ours:.1f} ms", f"load {peer:.1f} ms", ours / peer, limit)
    ours, peer = verify_ladder.growth()
    told = f"a level of 100 {peer:.2f} ms"
    limit = verify_ladder.GROWTH_AT_MOST
    yield Row("verify, a level of 1,000", f"{ours:.2f} ms", told, ours / peer, limit)


def cli_help_row() -> Row:
    """Our help beside that of an empty application, as whole processes."""
    pairs = [
        (cli_help.seconds(cli_help.EMPTY) * 1e3, cli_help.seconds(cli_help.OURS) * 1e3)
        for _ in range(cli_help.RUNS)
    ]
    peer, ours = (median(times) for times in zip(*pairs, strict=True))
    bare = f"empty Typer application {peer:.0f} ms"
    return Row("cli --help", f"{ours:.0f} ms", bare, ours / peer, cli_help.BOUND)


def calendar_rows() -> Iterator[Row | str]:
    """Adding open time beside pandas and beside a bare bisection."""
    if find_spec("pandas") is None:
        yield "calendar: left out, as pandas is not installed (pip install pandas)"
        return
    times = working_time.measure()
    ours, pandas, bisect = (times[name] for name in ("add_open", "pandas", "bisect"))
    told = f"{ours:,.0f} ns"
    yield Row(
        "calendar, times faster",
        told,
        f"pandas {pandas:,.0f} ns",
        pandas / ours,
        working_time.PANDAS_AT_LEAST,
        is_least=True,
    )
    yield Row(
        "calendar, times slower",
        told,
        f"bisect {bisect:,.0f} ns",
        ours / bisect,
        working_time.BISECT_AT_MOST,
    )


def main() -> None:
    """Print the table line by line, as the benchmarks take their time."""
    print(f"{'name':24} {'ours':>10} {'peer':>32} {'ratio':>7} {'limit':>9}", flush=True)
    is_kept = True
    for row in rows():
        print(row, flush=True)
        is_kept = is_kept and (isinstance(row, str) or row.is_kept)
    sys.exit(not is_kept)


if __name__ == "__main__":
    main()
