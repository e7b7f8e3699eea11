"""The shell around the core: reads the clock, asks the host, keeps cases, delivers effects."""

from escalation_engine.runtime.clock import Clock, SystemClock
from escalation_engine.runtime.directory import Directory, StaticDirectory
from escalation_engine.runtime.engine import Engine
from escalation_engine.runtime.migration_plan import MigratedCase, Plan, PlannedCase
from escalation_engine.runtime.outbox import Ticked
from escalation_engine.runtime.protocol import write_protocol
from escalation_engine.runtime.reading import Note
from escalation_engine.runtime.retry import RetryPolicy
from escalation_engine.runtime.standing import Standing, standings
from escalation_engine.runtime.versions import Version

__all__ = [
    "Clock",
    "Directory",
    "Engine",
    "MigratedCase",
    "Note",
    "Plan",
    "PlannedCase",
    "RetryPolicy",
    "Standing",
    "StaticDirectory",
    "SystemClock",
    "Ticked",
    "Version",
    "standings",
    "write_protocol",
]
