"""Proof: every path of a loaded process ends in closure or at a decision point, or here is one.

Read `prove.py` for the whole, `explore.py` for the search, `configuration.py` for what is told
apart, `span.py` for time, and for each rule the module that is named by it; `monitor.py` for
promises, which are proven (`promised.py`) and watched on cases (`watch.py`).
"""

from escalation_engine.verify.codes import CODES, severity_of
from escalation_engine.verify.explain import ALL_CODES, Explained, explained
from escalation_engine.verify.explore import MOST_CONFIGURATIONS, explore
from escalation_engine.verify.flaw import Element, Flaw
from escalation_engine.verify.graph import Edge, Graph, Kind, Rest
from escalation_engine.verify.landed import Landed, can_end
from escalation_engine.verify.monitor import Monitor, Verdict, monitors_of
from escalation_engine.verify.place import Ignored
from escalation_engine.verify.promised import Answer, answers, answers_in, followers_of
from escalation_engine.verify.prove import proven, verify
from escalation_engine.verify.realise import Happening, realised
from escalation_engine.verify.report import Bound, Report
from escalation_engine.verify.watch import PromiseStanding, watched
from escalation_engine.verify.watcher import Watcher

__all__ = [
    "ALL_CODES",
    "CODES",
    "MOST_CONFIGURATIONS",
    "Answer",
    "Bound",
    "Edge",
    "Element",
    "Explained",
    "Flaw",
    "Graph",
    "Happening",
    "Ignored",
    "Kind",
    "Landed",
    "Monitor",
    "PromiseStanding",
    "Report",
    "Rest",
    "Verdict",
    "Watcher",
    "answers",
    "answers_in",
    "can_end",
    "explained",
    "explore",
    "followers_of",
    "monitors_of",
    "proven",
    "realised",
    "severity_of",
    "verify",
    "watched",
]
