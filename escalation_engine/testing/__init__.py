"""What ships for tests: a clock moved by hand, scenarios, journeys, and tests of a host.

Importing this package loads nothing else: each name below is fetched at its first use, so that
`pytest` pays nothing for the plugin where no process is tested.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from escalation_engine.testing.clock import ManualClock
    from escalation_engine.testing.host import (
        Adapter,
        EngineHost,
        HostDiffers,
        as_state_machine,
        process_tests,
    )
    from escalation_engine.testing.journey import Doing, Journey, Model, Waiting, read_journey
    from escalation_engine.testing.playing import Played, ScenarioFailed, play
    from escalation_engine.testing.scenario import Scenario, read_scenario
    from escalation_engine.testing.strategies import case_data, delays, events, journeys

__all__ = [
    "Adapter",
    "Doing",
    "EngineHost",
    "HostDiffers",
    "Journey",
    "ManualClock",
    "Model",
    "Played",
    "Scenario",
    "ScenarioFailed",
    "Waiting",
    "as_state_machine",
    "case_data",
    "delays",
    "events",
    "journeys",
    "play",
    "process_tests",
    "read_journey",
    "read_scenario",
]

_HOMES = {
    "Adapter": "host",
    "Doing": "journey",
    "EngineHost": "host",
    "HostDiffers": "host",
    "Journey": "journey",
    "ManualClock": "clock",
    "Model": "journey",
    "Played": "playing",
    "Scenario": "scenario",
    "ScenarioFailed": "playing",
    "Waiting": "journey",
    "as_state_machine": "host",
    "case_data": "strategies",
    "delays": "strategies",
    "events": "strategies",
    "journeys": "strategies",
    "play": "playing",
    "process_tests": "host",
    "read_journey": "journey",
    "read_scenario": "scenario",
}


if not TYPE_CHECKING:  # mypy would take any name for a public one

    def __getattr__(name: str) -> object:
        """Fetch a public name from its home module, once (PEP 562)."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
