"""Proof: every path of a loaded process ends in closure or at a decision point, or here is one.

Read `explore.py` for the search, `configuration.py` for what is told apart, `span.py` for time,
`monitor.py` for promises, which are proven (`promised.py`) and watched on cases (`watch.py`).
"""

from escalation_engine.verify.explore import MOST_CONFIGURATIONS, explore
from escalation_engine.verify.graph import Edge, Graph, Kind, Rest
from escalation_engine.verify.monitor import Monitor, Verdict, monitors_of
from escalation_engine.verify.promised import Answer, answers, answers_in, followers_of
from escalation_engine.verify.watch import PromiseStanding, watched
from escalation_engine.verify.watcher import Watcher

__all__ = [
    "MOST_CONFIGURATIONS",
    "Answer",
    "Edge",
    "Graph",
    "Kind",
    "Monitor",
    "PromiseStanding",
    "Rest",
    "Verdict",
    "Watcher",
    "answers",
    "answers_in",
    "explore",
    "followers_of",
    "monitors_of",
    "watched",
]
