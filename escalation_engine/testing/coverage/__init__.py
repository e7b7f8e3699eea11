"""What the tests of a host have covered of its process, and what is missing, by its place."""

from escalation_engine.testing.coverage.goal import Goal, goals_of
from escalation_engine.testing.coverage.page import coverage_page
from escalation_engine.testing.coverage.recording import Recording
from escalation_engine.testing.coverage.report import Coverage, coverage_json, coverage_lines

__all__ = [
    "Coverage",
    "Goal",
    "Recording",
    "coverage_json",
    "coverage_lines",
    "coverage_page",
    "goals_of",
]
