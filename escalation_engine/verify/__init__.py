"""Proof: every path of a loaded process ends in closure or at a decision point, or here is one.

Read `explore.py` for the search, `configuration.py` for what is told apart, `span.py` for time.
"""

from escalation_engine.verify.explore import MOST_CONFIGURATIONS, explore
from escalation_engine.verify.graph import Edge, Graph, Kind, Rest
from escalation_engine.verify.watcher import Watcher

__all__ = ["MOST_CONFIGURATIONS", "Edge", "Graph", "Kind", "Rest", "Watcher", "explore"]
