"""The house rules that a machine can check: the tools' verdicts, and the shape of the package.

What a tool knows is left to the tool: ruff sorts `__all__` (RUF022), keeps `print` out of all but
the command line (T201) and `except Exception` at marked edges (BLE001); see pyproject.toml.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "escalation_engine"
MODULES = sorted(PACKAGE.rglob("*.py"))

TOOLS = {
    "ruff check": ["-m", "ruff", "check", "--output-format=concise"],
    "ruff format": ["-m", "ruff", "format", "--check", "--output-format=concise"],
    "mypy": ["-m", "mypy"],
    "import-linter": [
        "-c",
        "from importlinter.cli import lint_imports_command as lint; lint()",
        "--no-logo",
    ],
}

LINES_OF_A_MODULE = 300
LINES_OF_A_FUNCTION = 40
COLUMNS_OF_A_FIRST_LINE = 100
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "base", "manager", "misc"}

THE_CLOCK = PACKAGE / "runtime" / "clock.py"
CLOCK_READING = re.compile(
    r"(^|\.)("
    r"datetime\.(now|utcnow|today)|date\.today|func\.(now|current_timestamp)"
    r"|time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|localtime|gmtime)"
    r")$"
)
EXEMPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?:[:\[]\s*[\w, -]*?[\w]\]?)?(?P<rest>\s.*|)$")


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_finds_nothing(tool: str):
    finished = subprocess.run(
        [sys.executable, *TOOLS[tool]],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 0, f"{tool}:\n{finished.stdout}{finished.stderr}"


def test_every_module_says_in_one_line_what_it_is_for():
    offenders = [where(module) for module in MODULES if not first_line_fits(module)]

    assert offenders == []


def test_every_module_fits_its_reader():
    lengths = {where(module): len(lines(module)) for module in MODULES}

    assert {name: count for name, count in lengths.items() if count > LINES_OF_A_MODULE} == {}


def test_every_function_fits_a_screen():
    lengths = {
        f"{where(module)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: count for name, count in lengths.items() if count > LINES_OF_A_FUNCTION} == {}


def test_every_module_is_named_by_its_idea():
    offenders = [
        where(module)
        for module in MODULES
        if VAGUE_NAMES & set(module.relative_to(PACKAGE).with_suffix("").parts)
    ]

    assert offenders == []


def test_one_module_reads_the_clock():
    offenders = [
        f"{where(module)}:{line} {what}"
        for module in MODULES
        if module != THE_CLOCK
        for line, what in clock_readings(tree(module))
    ]

    assert offenders == []


def test_every_exemption_gives_its_reason():
    offenders = [
        f"{where(module)}:{number} {line.strip()}"
        for module in MODULES
        for number, line in enumerate(lines(module), start=1)
        if (found := EXEMPTION.search(line)) and len(re.findall(r"\w+", found["rest"])) < 2
    ]

    assert offenders == []


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "clock = datetime.now",
        "date.today()",
        "time.time()",
        "from time import monotonic",
        "select(func.now())",
    ],
)
def test_a_reading_of_the_clock_is_seen(source: str):
    assert list(clock_readings(ast.parse(source)))


@pytest.mark.parametrize("source", ["clock.now()", "time.sleep(1)", "datetime.time(9)", "now = 1"])
def test_other_uses_of_such_names_are_not_taken_for_it(source: str):
    assert list(clock_readings(ast.parse(source))) == []


def first_line_fits(module: Path) -> bool:
    docstring = ast.get_docstring(tree(module)) or ""
    first = docstring.partition("\n")[0]
    return 0 < len(first) <= COLUMNS_OF_A_FIRST_LINE


def clock_readings(parsed: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every mention of a function that reads the clock, called or passed on."""
    for node in ast.walk(parsed):
        match node:
            case ast.Attribute():
                names = [ast.unparse(node)]
            case ast.ImportFrom(module="time"):
                names = [f"time.{alias.name}" for alias in node.names]
            case _:
                continue
        yield from ((node.lineno, name) for name in names if CLOCK_READING.search(name))


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def lines(module: Path) -> list[str]:
    return module.read_text(encoding="utf-8").splitlines()


def where(module: Path) -> str:
    return str(module.relative_to(ROOT))
