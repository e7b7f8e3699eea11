"""Texts that are made to take all time or memory take little of either."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from escalation_engine.loader import check_text
from tests.benchmarks.large import ladder_text

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 8  # generous: each takes a second at most
MOST_MEGABYTES = 500  # of everything, the interpreter with its libraries included
HEAD = "process: p\nversion: 1\ntitle: P\nstart: a\n"
PATTERN = f"{HEAD}states: {{a: {{}}}}\ndata: {{x: {{pattern: '%s'}}}}"
TRACKS = "process: p\nversion: 1\ntitle: P\ntracks: {t: {process: %s}}\n"


def ladders(depth: int, levels: int, each: str = "{}") -> str:
    """Ladders inside ladders: written out, levels ** depth states."""
    names = ", ".join(f"l{number}: {{}}" for number in range(levels))
    for _ in range(depth):
        each = f"{{states: {{s: {{levels: {{{names}}}, each_level: {each}}}}}}}"
    return f"{HEAD}states:\n  a: {each}\n"


def aliases(width: int) -> str:
    """Each line holds the one before it several times."""
    lines = ["states: {a: {}}", "data:", "  a0: &a0 {items: {type: string}}"]
    for number in range(1, 12):
        parts = ", ".join(f"p{part}: *a{number - 1}" for part in range(width))
        lines.append(f"  a{number}: &a{number} {{properties: {{{parts}}}}}")
    return HEAD + "\n".join(lines)


BOMBS = {
    "a line of 10 MB": "a: " + "b" * 10 * 2**20,
    "a text of 10 MB": "a: |\n" + "  bbbbbbbbb\n" * 2**20,
    "aliases of aliases": aliases(10),
    "as many nodes as allowed": "data: {" + ", ".join(f"f{n}: {{}}" for n in range(33_000)) + "}",
    "as many faults as nodes": "data: {" + ", ".join(f"f{n}: 1" for n in range(49_000)) + "}",
    "ladders inside ladders": ladders(8, 10),
    "one deep ladder": ladders(15, 2),
    "a wide ladder of wide levels": ladders(1, 5000, f"{{source: [{'a, ' * 500}]}}"),
    "many levels with a fault": ladders(1, 20_000, "{no: 1}"),
    "a long name": f"process: {'p' * 60_000}\nstates: {{? {'s' * 60_000}\n: {'x' * 60_000}}}",
    "a long citation": f"{HEAD}states: {{a: {{source: [{'s' * 60_000}]}}}}",
    "brackets in a condition": f"{HEAD}states: {{a: {{on: {{go: {{when: '{'(' * 1999}'}}}}}}}}",
    "brackets in a pattern": PATTERN % ("(" * 60_000),
    "closed brackets in a pattern": PATTERN % ("(" * 30_000 + ")" * 30_000),
    "a version of many digits": TRACKS % f"a@{'9' * 60_000}",
    "a track of a long name": TRACKS % ("a" * 60_000),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_in_little_time(bomb: str):
    start = time.process_time()
    _, findings = check_text(bomb)
    seconds = time.process_time() - start

    assert findings
    assert seconds < MOST_SECONDS
    assert max(len(str(finding)) for finding in findings) < 4000


def test_all_bombs_one_after_the_other_take_little_memory():
    # Python's own count: the system's holds the memory of whoever started the process as well.
    script = (
        "import tracemalloc\n"
        "from escalation_engine.loader import check_text\n"
        "from tests.loader.test_bombs import BOMBS\n"
        "tracemalloc.start()\n"
        "for bomb in BOMBS.values(): check_text(bomb)\n"
        "print(tracemalloc.get_traced_memory()[1])\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert int(run.stdout) / 2**20 < MOST_MEGABYTES


def test_a_track_file_is_looked_for_by_a_name_that_no_file_can_have(tmp_path: Path):
    _, findings = check_text(BOMBS["a track of a long name"], search=[tmp_path])

    assert [finding.code for finding in findings] == ["E124"]


def test_a_thousand_levels_load_in_a_few_seconds():
    text = ladder_text(1000)
    start = time.process_time()
    _, findings = check_text(text)
    seconds = time.process_time() - start

    assert (findings, seconds < MOST_SECONDS) == ((), True)


@pytest.mark.parametrize("fault", ["", "unknown: 1"], ids=["without a fault", "with one in each"])
def test_loading_grows_about_as_the_number_of_levels(fault: str):
    def seconds_for(levels: int) -> float:
        text = ladder_text(levels).replace("each_level:", f"each_level:\n      {fault}")
        timed = []
        for _ in range(3):
            start = time.process_time()
            check_text(text)
            timed.append(time.process_time() - start)
        return min(timed)

    assert seconds_for(1600) < 8 * seconds_for(400)  # 4 if it were linear, 16 if quadratic
