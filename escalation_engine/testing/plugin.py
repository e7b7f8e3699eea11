"""The plugin for pytest: process files and their scenarios are tests, without any Python.

It is loaded with every run of pytest wherever the package is installed, so it imports nothing of
the package until a file turns out to be a process, and leaves every other file alone.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

__all__ = ["pytest_addoption", "pytest_collect_file", "pytest_configure"]

_INI = "escalation_files"
_WHAT_IS_READ = 65_536

# Both keys at the margin: one alone may well stand in somebody else's YAML.
_PROCESS = re.compile(r"^process:.*^(?:states|tracks):|^(?:states|tracks):.*^process:", re.M | re.S)
_TAILORING = re.compile(r"^tailoring:.*^extends:|^extends:.*^tailoring:", re.M | re.S)
_SCENARIO = re.compile(r"^scenario:.*^steps:", re.M | re.S)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the one setting: which files are looked into."""
    parser.addini(
        _INI,
        "patterns of names of process files and scenarios; empty: none are collected",
        type="args",
        default=["*.yaml", "*.yml"],
    )
    group = parser.getgroup("escalation", "coverage of escalation processes")
    group.addoption(
        "--process-coverage",
        action="append",
        default=[],
        metavar="FILE",
        help="tell what the tests cover of a process, by its file; may be given several times",
    )
    group.addoption(
        "--process-coverage-fail-under",
        type=float,
        default=0.0,
        metavar="PERCENT",
        help="fail when less of a process is covered",
    )
    for kind, what in (("json", "FILE"), ("html", "FOLDER")):
        group.addoption(
            f"--process-coverage-{kind}",
            default="",
            metavar=what,
            help=f"write the coverage of processes as {kind.upper()}",
        )


def pytest_configure(config: pytest.Config) -> None:
    """Look on while tests run, if that is wanted."""
    if config.getoption("process_coverage"):
        from escalation_engine.testing.coverage.session import (  # noqa: PLC0415 - see above
            CoverageSession,
        )

        config.pluginmanager.register(CoverageSession(config), "escalation_coverage")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return a collector for a process, a tailoring or a scenario, else None."""
    patterns: list[str] = parent.config.getini(_INI)
    if not any(fnmatch(file_path.name, pattern) for pattern in patterns):
        return None
    kind = _kind(file_path)
    if not kind:
        return None
    from escalation_engine.testing.collecting import (  # noqa: PLC0415 - see above
        ProcessFile,
        ScenarioFile,
    )

    collects = ScenarioFile if kind == "scenario" else ProcessFile
    found: pytest.Collector = collects.from_parent(parent, path=file_path)
    return found


def _kind(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(_WHAT_IS_READ)
    except (OSError, UnicodeDecodeError):
        return ""
    kinds = {"scenario": _SCENARIO, "process": _PROCESS, "tailoring": _TAILORING}
    return next((kind for kind, looks in kinds.items() if looks.search(text)), "")
