"""What a reader types works: files are written, Python runs, commands print what is shown.

The blocks of a page are taken one after another in a folder of their own, next to `processes/`.
YAML that is no whole process is laid over the first whole process of its page, and loads with it.
Whole processes and tailorings are proven as well.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from escalation_engine.cli.main import app
from escalation_engine.errors import DefinitionError, Severity
from escalation_engine.loader import load_text, read_text
from escalation_engine.loader.yaml import parse
from escalation_engine.testing import read_scenario
from escalation_engine.verify import verify
from tests.docs.pages import PAGES, ROOT, Block, blocks, named

WHOLE_PROCESS = re.compile(r"(#.*\n)*(version: \d+\n)?(process|tailoring):")
SCENARIO = re.compile(r"(#.*\n)*scenario:")
ANYTHING = "…"
DATABASE = "DATABASE_URL"
"""A page that names this variable gets a PostgreSQL database in it."""

each_page = pytest.mark.parametrize("page", PAGES, ids=named)


@each_page
def test_the_blocks_of_a_page_run_as_written(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    if DATABASE in page.read_text(encoding="utf-8"):
        monkeypatch.setenv(DATABASE, request.getfixturevalue("postgres_url"))
    shutil.copytree(ROOT / "processes", tmp_path / "processes")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    module = ModuleType("page")
    monkeypatch.setitem(sys.modules, "page", module)
    printed = ""

    for block in blocks(page):
        if block.file:
            Path(block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            printed = run_python(block, module)
        elif block.language == "console":
            run_console(block)
        elif block.marker == "output":
            check_output(block, block.text, printed)


# What a page shows on purpose, by the name of the process: each of these is told in its text.
MEANT_TO_BE_FOUND = {
    "calling_back": ["E301"],  # README.md shows what a proof finds
    "repairs": ["E501"],  # docs/how-to/promises.md shows how a broken promise is told
    "north_desk": ["E501", "E501"],  # over the promises of the reference, which show forms only
}


@each_page
def test_the_yaml_of_a_page_loads(page: Path, tmp_path: Path):
    base = ""
    for block in blocks(page):
        if block.language != "yaml":
            continue
        if SCENARIO.match(block.text):
            script = tmp_path / "scenario.yaml"
            script.write_text(block.text, encoding="utf-8")
            read_scenario(script)
            continue
        is_whole = WHOLE_PROCESS.match(block.text) is not None
        text = block.text if is_whole else laid_over(base, block)
        if block.is_faulty:
            with pytest.raises(DefinitionError):
                load_text(text, search=[tmp_path])
            continue
        loaded = read_text(text, name=f"{named(page)}:{block.line}", search=[tmp_path])
        chart = loaded.chart
        (tmp_path / f"{chart.process}.yaml").write_text(text, encoding="utf-8")
        if is_whole and chart.kind == "process":
            found = [it for it in verify(loaded).findings if it.severity is Severity.ERROR]
            meant = MEANT_TO_BE_FOUND.get(chart.process, [])
            assert [it.code for it in found] == meant, "\n".join(map(str, found))
        base = base or text


def laid_over(base: str, block: Block) -> str:
    """The page's first whole process with the block's keys laid over it."""
    below, _ = parse(base, "the first process")
    above, findings = parse(block.text, f"{named(block.page)}:{block.line}")
    assert below is not None, f"{named(block.page)}:{block.line} has no process to lie over"
    assert above is not None, findings
    return json.dumps(merged(below, above))


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Mapping over mapping merges, anything else replaces."""
    both = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], Mapping) and isinstance(above[key], Mapping):
            both[key] = merged(below[key], above[key])
    return both


def run_python(block: Block, module: ModuleType) -> str:
    """Run the block in the page's module, and return what it printed."""
    source = "\n" * (block.line - 1) + block.text  # a traceback names the page's own line
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(source, str(block.page), "exec"), module.__dict__)  # noqa: S102 - our own pages
    return printed.getvalue()


def run_console(block: Block) -> None:
    """Run each line that begins with `$ `, and compare what follows it with what is printed."""
    typed = "".join(f"{line}\n" for line in re.split(r" ?\| ?", block.after("typed: ")))
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.replace("\\\n", "").partition("\n")
        check_output(block, expected, run_command(shlex.split(os.path.expandvars(command)), typed))


def run_command(words: list[str], typed: str) -> str:
    match words:
        case ["escalate", *arguments]:
            return run_escalate(arguments, typed)
        case ["python", *arguments]:
            finished = subprocess.run(
                [sys.executable, *arguments],
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            return finished.stdout
    raise AssertionError(f"the documents show only escalate and python, not {words[0]}")


def run_escalate(arguments: list[str], typed: str) -> str:
    """Run a command in this process, and return what its terminal would show."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed), redirect_stderr(printed):
        patch.setattr(sys, "argv", ["escalate", *arguments])
        patch.setattr(sys, "stdin", Terminal(typed))
        with suppress(SystemExit):
            app()
    return printed.getvalue()


class Terminal(io.StringIO):
    """Gives what a person types, and shows it, as a terminal does."""

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # as StringIO has it
        line = super().readline(size)
        sys.stdout.write(line)
        return line


def check_output(block: Block, expected: str, found: str) -> None:
    """Compare line by line; a line `…` stands for any lines, and `…` in a line for any text."""
    pattern = ""
    for line in expected.strip("\n").splitlines():
        parts = ".*".join(map(re.escape, line.rstrip().split(ANYTHING)))
        pattern += r"(?:.*\n)*?" if line.strip() == ANYTHING else f"{parts}\n"
    shown = "".join(f"{line.rstrip()}\n" for line in found.strip("\n").splitlines())
    if not re.fullmatch(pattern, shown):
        raise AssertionError(f"{named(block.page)}:{block.line} shows\n{expected}\nfound\n{shown}")
