"""What a case does, without doing anything: pure decisions on frozen values.

It reads no clock, no database, no network and no randomness.
"""

from escalation_engine.core.case import Answered, Case, Holder, Identity, Receipt
from escalation_engine.core.decide import decide
from escalation_engine.core.decision import (
    Answer,
    Answers,
    Ask,
    Decision,
    Entry,
    Found,
    GuardQuestion,
    HolderQuestion,
    Move,
    Question,
    Refusal,
    Step,
    Unavailable,
    Verdict,
)
from escalation_engine.core.effect import Act, Alarm, Effect, Notify, OpenLinked, TellOpener
from escalation_engine.core.input import (
    Actor,
    Corrected,
    Input,
    Noted,
    Opened,
    Recorded,
    Reported,
    Sent,
)
from escalation_engine.core.options import Option, options
from escalation_engine.core.value import EMPTY, FrozenMap, freeze

__all__ = [
    "EMPTY",
    "Act",
    "Actor",
    "Alarm",
    "Answer",
    "Answered",
    "Answers",
    "Ask",
    "Case",
    "Corrected",
    "Decision",
    "Effect",
    "Entry",
    "Found",
    "FrozenMap",
    "GuardQuestion",
    "Holder",
    "HolderQuestion",
    "Identity",
    "Input",
    "Move",
    "Noted",
    "Notify",
    "OpenLinked",
    "Opened",
    "Option",
    "Question",
    "Receipt",
    "Recorded",
    "Refusal",
    "Reported",
    "Sent",
    "Step",
    "TellOpener",
    "Unavailable",
    "Verdict",
    "decide",
    "freeze",
    "options",
]
