"""Play a journey on a host application, beside what the process says, and print each step."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from escalation_engine.cli.edge import refuse_usage
from escalation_engine.cli.screen import mark, show
from escalation_engine.loader import load
from escalation_engine.testing.host.differing import HostDiffers
from escalation_engine.testing.host.walking import Walk
from escalation_engine.testing.journey import Journey
from escalation_engine.testing.journey.told import journey_of
from escalation_engine.testing.scenario import read_scenario

__all__ = ["play_on_host"]


def play_on_host(file: Path, script: Path | None, *, host: str) -> None:
    """Play the script on the adapter MODULE:NAME. Raises HostDiffers, DefinitionError, BadInput."""
    if script is None:
        refuse_usage("--host takes a --script: the journey to be played on it")
    scenario = read_scenario(script)
    if scenario.process_file.resolve() != file.resolve():
        refuse_usage(f"{script} is about {scenario.process_file}, not about {file}")
    chart = load(file, parameters=scenario.script.parameters)
    journey = journey_of(scenario, chart)
    adapter = _adapter(host)
    show(mark(scenario.script.scenario, "title"))
    try:
        _walk(Walk(chart, adapter, Journey(chart.process, journey.starts)), journey)
    finally:
        close = getattr(adapter, "close", None)
        if close is not None:
            close()
    count = len(journey.steps)
    steps = "1 step" if count == 1 else f"{count} steps"
    show()
    show(mark(f"the host keeps the process in {steps}", "good"))


def _walk(walk: Walk, journey: Journey) -> None:
    for number, step in enumerate(journey.steps, start=1):
        show(f"{number:>4}  {step}")
        try:
            walk.take(step)
        except HostDiffers as differs:
            show(f"      the process: {differs.expected}")
            show(f"      the host:    {mark(differs.found, 'bad')}")
            raise
        show(f"      → {walk.ways[-1].leads}")


def _adapter(name: str) -> Any:
    module, _, attribute = name.partition(":")
    sys.path.insert(0, str(Path.cwd()))  # as `python -m pytest` has it
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        refuse_usage(f"--host {name}: {error}; accepted: MODULE:NAME of an adapter")
    return found()
