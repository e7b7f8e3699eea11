"""The small typed grammar of conditions and promises: `when: decision == close and not paused`.

`read_condition` reads a text with a `Vocabulary` and returns a `Condition` or its faults; the
condition is asked with the `Facts` of a case. Nothing executes, and nothing outside is imported.
"""

from escalation_engine.condition.condition import Condition, condition_of, read_condition
from escalation_engine.condition.facts import Facts
from escalation_engine.condition.fault import ConditionFault, FaultKind
from escalation_engine.condition.parse import DEPTH_LIMIT, LENGTH_LIMIT
from escalation_engine.condition.vocabulary import Domain, Kind, Scalar, Vocabulary

__all__ = [
    "DEPTH_LIMIT",
    "LENGTH_LIMIT",
    "Condition",
    "ConditionFault",
    "Domain",
    "Facts",
    "FaultKind",
    "Kind",
    "Scalar",
    "Vocabulary",
    "condition_of",
    "read_condition",
]
