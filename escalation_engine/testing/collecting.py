"""What pytest collects of a process file and of a scenario, and how a failure is told.

A failure is told to a process owner: the place in the file, what is wrong, and no Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path

import pytest

from escalation_engine.errors import DefinitionError, EscalationError, Finding
from escalation_engine.loader import Loaded, load, read
from escalation_engine.testing.playing import play
from escalation_engine.testing.proving import RULES, Rule, breaking, configurations
from escalation_engine.testing.scenario import Scenario, read_scenario
from escalation_engine.verify import verify

__all__ = ["ProcessFile", "ScenarioFile"]


_CONFIGURATIONS = re.compile(r"^configurations:", re.MULTILINE)


class Told(Exception):
    """What is wrong, in words for a process owner."""


class ProcessItem(pytest.Item):
    """One thing that must hold of a process or scenario file."""

    check: Callable[[], None]

    def runtest(self) -> None:
        """Check it. Raises Told, EscalationError."""
        self.check()

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: object = None,  # noqa: ARG002 - the signature of pytest
    ) -> str:
        """Return the words alone; what is no fault of the file is shown with its traceback."""
        match excinfo.value:
            case DefinitionError(findings=findings):
                return "\n".join(map(str, findings))
            case Told() | EscalationError():
                return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where it stands, and what holds."""
        return self.path, 0, self.name


class _File(pytest.File):
    def item(self, name: str, check: Callable[[], None]) -> ProcessItem:
        found: ProcessItem = ProcessItem.from_parent(self, name=name)
        found.check = check
        return found


class ProcessFile(_File):
    """A process or tailoring: it loads, and each rule of soundness holds."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for loading, and for a process one for each rule and each promise.

        A track file is proven within the processes that take it in.
        """
        yield self.item("it loads", self._loads)
        if self._kind() == "track":
            return
        for rule in RULES:
            yield self.item(rule.claim, partial(self._holds, rule))
        for name in self._promises():
            yield self.item(f"promise {name}", partial(self._is_kept, name))

    @cached_property
    def _findings(self) -> tuple[Finding, ...]:
        return verify(self._read).findings

    def _kind(self) -> str:
        try:
            return self._read.chart.kind
        except (DefinitionError, OSError):
            return ""

    @cached_property
    def _read(self) -> Loaded:
        return read(self.path)

    def _promises(self) -> tuple[str, ...]:
        """The names of the promises; none where the process does not load, which is told once."""
        try:
            return tuple(self._read.chart.promises)
        except (DefinitionError, OSError):
            return ()

    def _is_kept(self, name: str) -> None:
        """What is said of a promise stands at its place; an `ignore` there is heeded."""
        place = self._read.origins.nearest(("promises", name)).mark
        said = [one for one in self._findings if one.mark == place]
        if broken := [one for one in said if one.code.startswith("E5")]:
            raise Told("\n".join(map(str, broken)))
        if undecided := [one for one in said if one.code == "X901"]:
            pytest.skip(undecided[0].message)

    def _loads(self) -> None:
        load(self.path)

    def _holds(self, rule: Rule) -> None:
        try:
            broken = breaking(rule, self._findings)
        except DefinitionError:
            pytest.skip("it does not load")
        if broken:
            raise Told("\n".join(map(str, broken)))


class ScenarioFile(_File):
    """A scenario: it goes as told, and the process has as many configurations as it says."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for the story, and one for the number of configurations if it says one."""
        yield self.item("it goes as told", self._play)
        if _CONFIGURATIONS.search(self.path.read_text(encoding="utf-8")):
            yield self.item("its process has as many configurations", self._counts)

    @cached_property
    def _scenario(self) -> Scenario:
        return read_scenario(self.path)

    def _play(self) -> None:
        play(self._scenario)

    def _counts(self) -> None:
        script = self._scenario.script
        expected = script.configurations
        assert expected is not None, "the item is collected where it is said"
        chart = load(self._scenario.process_file, parameters=script.parameters)
        found, is_whole = configurations(chart)
        if found != expected or not is_whole:
            mark = self._scenario.mark("configurations")
            reached = str(found) if is_whole else f"more than {found}"
            raise Told(
                f"{mark.file}:{mark.line}: the process can reach {reached} configurations, not "
                f"{expected}\n  hint: if the change of {script.process} is meant, write {found}"
            )
