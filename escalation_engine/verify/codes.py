"""Every code that a finding of the proof can have: its title and what to make of it.

One table of data: the reference and `--explain` are written from it. A code, once published, never
changes its meaning. E2xx soundness, E3xx conditions, W4xx time, W6xx style, X9xx undecided; the
letter is the weight: error, warning, information, not decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from escalation_engine.errors import Severity

__all__ = ["CODES", "Code", "severity_of"]


class Code(NamedTuple):
    """What a code is called in a line, and the explanation in a few sentences."""

    title: str
    explanation: str


CODES: Final[Mapping[str, Code]] = MappingProxyType(
    {
        "E201": Code(
            "a case can get stuck",
            "A state that is neither an end nor a decision point can be reached in such a way that "
            "nothing leads on: no event that is accepted, no timer. The path shows how to get "
            "there.",
        ),
        "E202": Code(
            "a case can be trapped in a loop",
            "There is always something to do, yet none of it leads to an end or a final decision "
            "point any more.",
        ),
        "E203": Code(
            "a part of the process is never used",
            "No path reaches the state, takes the branch or lets the timer run. What a parameter "
            "has switched off is exempt.",
        ),
        "E204": Code(
            "no closure can be reached",
            "From the start no state of `kind: end` of the main track can be reached.",
        ),
        "E205": Code(
            "something runs on at a final decision point",
            "A final decision point stays for ever, so that no timer may still be armed there.",
        ),
        "E206": Code(
            "a side track never rests at a final decision point",
            "When the main track rests for good, each side track must be able to come to an "
            "`idle` state or an end.",
        ),
        "E207": Code(
            "nobody answers for a decision point",
            "A decision point needs an `owner` or an `assignee`: a case that rests with nobody is "
            "lost.",
        ),
        "E208": Code(
            "nothing can be decided at a decision point",
            "A decision point with options can be reached in such a way that none of them is "
            "enabled and no timer runs.",
        ),
        "E209": Code(
            "something falls due and is refused",
            "A timer fires where nothing takes its event, or where a gate stands in its way. The "
            "firing is used up all the same, an alarm is raised, and the case stays.",
        ),
        "E210": Code(
            "a gate that nothing can meet",
            "The branch is chosen on some path, yet on every path its `by` or `requires` refuses: "
            "nothing that can be reached brings what it asks for.",
        ),
        "E301": Code(
            "an event is lost",
            "A state lists the event, and for some values or answers none of its branches is "
            "enabled. Gates may refuse; the choice of a branch must not come to nothing.",
        ),
        "W209": Code(
            "people can go round for ever",
            "A loop of human moves has no count that runs out. It may be meant: then say so under "
            "`ignore`.",
        ),
        "W302": Code(
            "two conditional branches hold at once",
            "The first in the order of the document is taken. A last branch without a condition "
            "is an else and does not count.",
        ),
        "W401": Code(
            "when nobody acts, a case waits for ever",
            "Time alone does not bring the case to an end or a decision point. Give the state a "
            "timer, or say under `ignore` why waiting is right.",
        ),
        "I402": Code(
            "when nobody acts, every case comes to rest in time",
            "Time alone brings every case to an end or a decision point. The bound is counted by "
            "kinds of time, each part for itself.",
        ),
        "W403": Code(
            "a timer is armed anew in a loop",
            "It bounds one stay in its state and not the case, since the loop starts it again.",
        ),
        "W404": Code(
            "a timer can never win",
            "It is armed and never fires: something else of its kind of time always comes first.",
        ),
        "W405": Code(
            "two timers fall due at one instant",
            "Both move the case. The order in which they are written decides.",
        ),
        "W406": Code(
            "two kinds of time race",
            "Two timers of one state count in different kinds of time and send different events: "
            "the calendar decides which comes first.",
        ),
        "W602": Code(
            "an `ignore` that nothing needs",
            "The element has no such finding, so that the reason explains nothing.",
        ),
        "E501": Code(
            "a promise can be broken",
            "The path leads to an input after which the sentence is not true. Change what leads "
            "there, or keep the promise to be watched only, and say so under `ignore`.",
        ),
        "E503": Code(
            "what is promised to be possible is not",
            "No path leads there, whatever people, host and time do.",
        ),
        "E504": Code(
            "left alone, a case does not get where it is promised to",
            "After the path nobody acts any more, and time alone leads there too late or never. "
            "Each state on the way needs a timer that sends what leads on.",
        ),
        "E505": Code(
            "a promise can be kept too late",
            "What is owed can wait longer than its time. Time limits on single states do not add "
            "up to a deadline for the case: only a timer or clock on the whole case does.",
        ),
        "W507": Code(
            "nothing ever calls for a promise",
            "It is kept in vain: what it speaks of never happens. Mostly a name is wrong.",
        ),
        "X901": Code(
            "not decided",
            "A limit was reached, a value could not be made up, or no start within a year was "
            "found that makes the path come about. It is not said to be right.",
        ),
    }
)

_WEIGHTS: Final = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFORMATION}


def severity_of(code: str) -> Severity:
    """Return how much a finding with this code weighs; what is not decided is a warning."""
    return _WEIGHTS.get(code[0], Severity.WARNING)
