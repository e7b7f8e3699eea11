"""Coverage of processes over one run of pytest, on one machine's workers together."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from escalation_engine.errors import DefinitionError
from escalation_engine.loader import Loaded, read
from escalation_engine.runtime.observing import observed_by
from escalation_engine.testing.coverage.goal import Aim, goals_of
from escalation_engine.testing.coverage.page import coverage_page
from escalation_engine.testing.coverage.recording import Recording
from escalation_engine.testing.coverage.report import Coverage, coverage_json, coverage_lines

__all__ = ["CoverageSession"]

_OUTPUT = "escalation_coverage"


class CoverageSession:
    """Looks on while tests run; tells, writes and judges at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._files = [Path(name) for name in config.getoption("process_coverage")]
        self._json = config.getoption("process_coverage_json")
        self._html = config.getoption("process_coverage_html")
        self._least: float = config.getoption("process_coverage_fail_under")
        self._recording = Recording()
        self._looking = ExitStack()
        try:
            self._loaded = [read(path) for path in self._files]
        except (DefinitionError, OSError) as error:
            raise pytest.UsageError(f"--process-coverage: {error}") from error

    def pytest_sessionstart(self) -> None:
        """Begin to look on."""
        self._looking.enter_context(observed_by(self._recording))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what a worker has seen; else write the files and judge."""
        self._looking.close()
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = {
                process: [list(aim) for aim in sorted(aims)]
                for process, aims in self._recording.covered.items()
            }
            return
        self._write()
        if session.exitstatus == pytest.ExitCode.OK and self._short:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker of pytest-xdist has seen."""
        output = getattr(node, "workeroutput", None) or {}
        for process, aims in output.get(_OUTPUT, {}).items():
            self._recording.covered[process].update(Aim(*aim) for aim in aims)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell how much was covered, and what is missing."""
        terminalreporter.section("process coverage")
        for coverage in self._coverages:
            for line in coverage_lines(coverage):
                terminalreporter.write_line(line)
        for coverage in self._short:
            terminalreporter.write_line(
                f"{coverage.process}: less than the {self._least:g} % that are demanded", red=True
            )

    @cached_property
    def _coverages(self) -> list[Coverage]:
        return [self._coverage(loaded) for loaded in self._loaded]

    @property
    def _short(self) -> list[Coverage]:
        return [one for one in self._coverages if one.percent < self._least]

    def _coverage(self, loaded: Loaded) -> Coverage:
        process = loaded.chart.process
        covered = frozenset(self._recording.covered[process])
        return Coverage(process, goals_of(loaded), covered)

    def _write(self) -> None:
        if self._json:
            Path(self._json).write_text(coverage_json(self._coverages) + "\n", encoding="utf-8")
        if self._html:
            folder = Path(self._html)
            folder.mkdir(parents=True, exist_ok=True)
            for coverage, loaded in zip(self._coverages, self._loaded, strict=True):
                page = folder / f"{coverage.process}.html"
                page.write_text(coverage_page(coverage, loaded.chart), encoding="utf-8")
