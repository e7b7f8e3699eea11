"""The protocol written for a host: it compiles, is formatted, and a host can satisfy it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from escalation_engine.chart.model import Action, Chart, Guard
from escalation_engine.loader import load_text
from escalation_engine.runtime import write_protocol
from tests.runtime.desk import HELP_DESK

ROOT = Path(__file__).parents[2]

AWKWARD = (
    'Is "this" it?',
    '"Quoted"',
    'Ends in "quotes"',
    "A back\\slash, at the end \\",
    'Three """ of them',
    "Line\nbreaks and " + "a very long title, " * 12,
    "x" * 150,
)

IMPLEMENTED = """

class Desk:
    def resolvable(self, case: Case) -> bool:
        return case.is_closed

    def engage_vendor(self, case: Case, effect: Act) -> Literal["vendor_helped"] | None:
        return "vendor_helped" if effect.arguments else None

    def write_log(self, case: Case, effect: Act) -> None:
        print(case.id, effect.id)

    def notify(self, case: Case, effect: Notify) -> None:
        print(case.id, effect.text)

    def alarm(self, case: Case, effect: Alarm) -> None:
        print(case.id, effect.text)


desk: HelpDeskHooks = Desk()
optional: HelpDeskOptionalHooks = Desk()
"""


@pytest.fixture(scope="module")
def chart() -> Chart:
    return load_text(HELP_DESK, name="help_desk.yaml")


@pytest.fixture(scope="module")
def awkward(chart: Chart) -> Chart:
    """A chart whose names and titles are as inconvenient as the language allows."""
    names = ["plain", "class", "taken.in.track", "n" * 80, "m" * 200]
    guards = {name: Guard(name, title) for name, title in zip(names, AWKWARD, strict=False)}
    arguments = chart.actions["engage_vendor"].arguments
    reports = tuple(f"{'report' * 5}_{number}" for number in range(4))
    actions = {
        f"act.{name}": Action(f"act.{name}", title, arguments, reports[: index + 1], "gave_up")
        for index, (name, title) in enumerate(zip(names, reversed(AWKWARD), strict=False))
    }
    return replace(chart, title=AWKWARD[2], guards=guards, actions=actions)


def run(*command: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return "" if finished.returncode == 0 else finished.stdout + finished.stderr


def test_a_protocol_tells_titles_arguments_and_reports(chart: Chart):
    text = write_protocol(chart)

    assert "class HelpDeskHooks(Protocol):" in text
    assert "def resolvable(self, case: Case) -> bool | Verdict:" in text
    assert '"""Can the desk resolve it?"""' in text
    assert '- issue: {"title": "issue", "type": "string"}' in text
    assert 'Literal["vendor_helped", "vendor_declined"] | None' in text
    assert "After the last failed attempt the engine sends vendor_silent." in text


def test_standard_hooks_stand_apart_as_the_host_may_leave_them_out(chart: Chart):
    required, optional = write_protocol(chart).split("class HelpDeskOptionalHooks")

    assert "def notify" not in required
    assert "def notify(self, case: Case, effect: Notify) -> None:" in optional


@pytest.mark.parametrize("which", ["chart", "awkward"])
def test_a_protocol_compiles_and_is_formatted(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
):
    module = tmp_path / "hooks.py"
    module.write_text(write_protocol(request.getfixturevalue(which)), encoding="utf-8")

    compile(module.read_text(encoding="utf-8"), str(module), "exec")
    assert run("ruff", "format", "--diff", "--line-length=100", str(module)) == ""
    assert run("ruff", "check", "--isolated", "--select=F,I", str(module)) == ""


def test_a_class_that_implements_it_satisfies_mypy(chart: Chart, tmp_path: Path):
    module = tmp_path / "hooks.py"
    module.write_text(write_protocol(chart) + IMPLEMENTED, encoding="utf-8")

    assert run("mypy", "--strict", f"--cache-dir={tmp_path / 'cache'}", str(module)) == ""


def test_a_process_that_asks_for_nothing_has_an_empty_protocol(chart: Chart):
    text = write_protocol(replace(chart, guards={}, actions={}))

    compile(text, "hooks.py", "exec")
    assert "Verdict" not in text
    assert "Act\n" not in text
