"""Whatever becomes of a process file, loading it ends in faults or in a chart, and does no more.

Mutations are drawn by a fixed seed: what fails once fails again. `-m long` draws many more.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from escalation_engine.loader import CODES, check_text, load_stored
from escalation_engine.loader.faults import MAX_FINDINGS
from tests.loader.mutate import HOSTILE, MUTATIONS

PROCESSES = sorted((Path(__file__).parents[2] / "processes").glob("*.yaml"))
TEXTS = [path.read_text(encoding="utf-8") for path in PROCESSES]

BATCHES = range(10)
MUTATIONS_OF_A_BATCH = 100  # 5 kinds, 10 batches: 5000 in the default run
LONG_BATCHES = range(8)
MUTATIONS_OF_A_LONG_BATCH = 2500  # 5 kinds, 8 batches: 100,000 more; each batch ends in time
MOST_SECONDS = 5  # generous: the slowest takes a twentieth of one

FORBIDDEN = (
    "import", "open", "os.", "subprocess.", "socket.", "shutil.", "ctypes.", "pickle.",
    "urllib.", "http.", "sqlite3.", "tempfile.", "glob.", "webbrowser.", "pty.",
)  # fmt: skip


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("kind", MUTATIONS)
def test_a_mutated_process_is_a_chart_or_a_list_of_faults(kind: str, batch: int):
    first = batch * MUTATIONS_OF_A_BATCH

    assert broken_promises(kind, range(first, first + MUTATIONS_OF_A_BATCH)) == []


@pytest.mark.long
@pytest.mark.parametrize("batch", LONG_BATCHES)
@pytest.mark.parametrize("kind", MUTATIONS)
def test_many_more_mutated_processes_are_charts_or_lists_of_faults(kind: str, batch: int):
    first = len(BATCHES) * MUTATIONS_OF_A_BATCH + batch * MUTATIONS_OF_A_LONG_BATCH

    assert broken_promises(kind, range(first, first + MUTATIONS_OF_A_LONG_BATCH)) == []


def broken_promises(kind: str, numbers: range) -> list[str]:
    """What went otherwise than promised, with the mutation that shows it."""
    warmed_up()
    broken = []
    for number in numbers:
        text = mutated(kind, number)
        start = time.process_time()
        with watched() as seen:
            problem = problem_with(text)
        if time.process_time() - start > MOST_SECONDS:
            problem = "it took too long"
        if problem or seen:
            broken.append(f"{kind} {number}: {problem or f'{seen} happened'}")
    return broken


def mutated(kind: str, number: int) -> str:
    rng = random.Random(f"{kind} {number}")  # noqa: S311 - chosen to be repeatable
    return MUTATIONS[kind](rng.choice(TEXTS), rng)


def problem_with(text: str) -> str:
    """What is wrong with the answer to a text; empty where nothing is."""
    try:
        chart, findings = check_text(text, name="p.yaml")
    except Exception as error:  # noqa: BLE001 - any exception is the failure looked for
        return repr(error)
    if (chart is None) != bool(findings):
        return "neither faults nor a chart, or both"
    if chart is not None and load_stored(chart.source) != chart:
        return "the stored chart is another one"
    if len(findings) > MAX_FINDINGS:
        return "too many faults"
    lines = text.count("\n") + text.count("\r") + 1
    for finding in findings:
        _, line, column = finding.mark
        if finding.code not in CODES or not 1 <= line <= lines or column < 1:
            return f"not a finding: {finding}"
        if not finding.message or "pydantic" in str(finding) or "Input should" in finding.message:
            return f"not in words of ours: {finding}"
    return ""


# ---- nothing is done


SEEN: list[str] | None = None


def record(event: str, arguments: tuple[object, ...]) -> None:
    if SEEN is not None and event.startswith(FORBIDDEN) and not is_about_zones(event, arguments):
        SEEN.append(f"{event} {arguments[:1]}")


def is_about_zones(event: str, arguments: tuple[object, ...]) -> bool:
    """A time zone is looked up in the zone data, which `tzdata` holds as a package."""
    place = str(arguments[:1])
    looks_for_package = event == "os.listdir" and arguments[0] in sys.path
    return "zoneinfo" in place or "tzdata" in place or looks_for_package


@cache
def warmed_up() -> bool:
    """All that loading imports itself is there, and the hook listens: it cannot be taken off."""
    for text in (*TEXTS, "a: [", "states: {}", "a: b", TEXTS[0].replace("title:", "titel:")):
        problem_with(text)
    sys.addaudithook(record)
    return True


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect what the interpreter reports of imports, files, processes and connections."""
    global SEEN  # noqa: PLW0603 - an audit hook belongs to the interpreter
    seen: list[str] = []
    SEEN = seen
    try:
        yield seen
    finally:
        SEEN = None


def test_the_watch_sees_an_import_and_a_file_that_is_opened():
    warmed_up()
    sys.modules.pop("this_is_no_module", None)

    with watched() as seen:
        with pytest.raises(ModuleNotFoundError):
            __import__("this_is_no_module")
        Path(__file__).read_bytes()

    assert {entry.split()[0] for entry in seen} >= {"import", "open"}


@pytest.mark.parametrize("place", ["top", "value", "key", "item", "condition", "action"])
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_a_file_names_is_imported_or_called(hostile: str, place: str):
    warmed_up()
    modules = set(sys.modules)
    head = "process: p\nversion: 1\ntitle: P\nstart: a\n"
    text = {
        "top": hostile,
        "value": f"{head}states:\n  a: {hostile}\n",
        "key": f"{head}states:\n  ? {hostile}\n  : {{}}\n",
        "item": f"{head}states:\n  a:\n    on:\n      go:\n        - {hostile}\n",
        "condition": f"{head}states:\n  a:\n    on:\n      go:\n        when: {hostile}\n",
        "action": f"{head}states:\n  a:\n    on:\n      go:\n        do: {hostile}\n",
    }[place]

    with watched() as seen:
        problem = problem_with(text)

    assert (problem, seen, set(sys.modules) - modules) == ("", [], set())
