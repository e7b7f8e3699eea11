"""What ships for tests: a clock moved by hand, scenarios, and the contract of every store."""

from escalation_engine.testing.clock import ManualClock
from escalation_engine.testing.playing import Played, ScenarioFailed, play
from escalation_engine.testing.scenario import Scenario, read_scenario

__all__ = ["ManualClock", "Played", "Scenario", "ScenarioFailed", "play", "read_scenario"]
