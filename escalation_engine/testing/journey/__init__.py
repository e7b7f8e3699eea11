"""Journeys: what happens to one case, step by step, as a value; and what the process says to it."""

from escalation_engine.testing.journey.journey import Doing, Journey, JourneyStep, Waiting
from escalation_engine.testing.journey.model import Model
from escalation_engine.testing.journey.moves import Moves
from escalation_engine.testing.journey.told import read_journey, scenario_text

__all__ = [
    "Doing",
    "Journey",
    "JourneyStep",
    "Model",
    "Moves",
    "Waiting",
    "read_journey",
    "scenario_text",
]
