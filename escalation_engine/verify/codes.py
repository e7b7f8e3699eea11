"""Every code that a finding of the proof can have, with its title.

What each means, with an example, is told in `explained/`. A code, once published, never changes its
meaning. E2xx soundness, E3xx conditions, W4xx time, E5xx promises, W6xx style, E7xx versions, X9xx
undecided; the letter is the weight: error, warning, information, not decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from escalation_engine.errors import Severity

__all__ = ["CODES", "severity_of"]

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E201": "a case can get stuck",
        "E202": "a case can be trapped in a loop",
        "E203": "a part of the process is never used",
        "E204": "no closure can be reached",
        "E205": "something runs on at a final decision point",
        "E206": "a side track never rests at a final decision point",
        "E207": "nobody answers for a decision point",
        "E208": "nothing can be decided at a decision point",
        "E209": "something falls due and is refused",
        "W209": "people can go round for ever",
        "E210": "a gate that nothing can meet",
        "E301": "an event is lost",
        "I303": "branches leave a gap that no case was found in",
        "I304": "branches overlap where no case was found",
        "W302": "two conditional branches hold at once",
        "W401": "when nobody acts, a case waits for ever",
        "I402": "when nobody acts, every case comes to rest in time",
        "W403": "a timer is armed anew in a loop",
        "W404": "a timer can never win",
        "W405": "two timers fall due at one instant",
        "W406": "two kinds of time race",
        "E501": "a promise can be broken",
        "E503": "what is promised to be possible is not",
        "E504": "left alone, a case does not get where it is promised to",
        "E505": "a promise can be kept too late",
        "W507": "nothing ever calls for a promise",
        "W601": "nobody has the case where people work on it",
        "W602": "an `ignore` that nothing needs",
        "W603": "a title is missing where others have one",
        "W604": "an element comes from no source",
        "W605": "what is declared is never used",
        "W606": "a statement of a source is cited by nothing",
        "E701": "a running case has no place in the new version",
        "E702": "a running case would become stuck in the new version",
        "X901": "not decided",
    }
)

_WEIGHTS: Final = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFORMATION}


def severity_of(code: str) -> Severity:
    """Return how much a finding with this code weighs; what is not decided is a warning."""
    return _WEIGHTS.get(code[0], Severity.WARNING)
