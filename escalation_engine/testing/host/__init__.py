"""Tests for a host application, from its process: where the process says it must be."""

from escalation_engine.testing.host.adapter import Adapter, EngineHost
from escalation_engine.testing.host.differing import HostDiffers
from escalation_engine.testing.host.machine import HostMachine, as_state_machine
from escalation_engine.testing.host.proof import process_tests
from escalation_engine.testing.host.walking import walk

__all__ = [
    "Adapter",
    "EngineHost",
    "HostDiffers",
    "HostMachine",
    "as_state_machine",
    "process_tests",
    "walk",
]
