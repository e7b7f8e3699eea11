"""What the YAML says: frozen models of a process file, without behaviour.

Cross-references are not resolved here; the chart does that, once, for everybody downstream.
"""

from escalation_engine.definition.data import (
    DataField,
    Parameter,
    SchemaWords,
    ValueSchema,
)
from escalation_engine.definition.people import Contact, Role, Slot
from escalation_engine.definition.process import Process, Source
from escalation_engine.definition.promise import Promise
from escalation_engine.definition.state import Expectations, State, Track
from escalation_engine.definition.time import CalendarEntry, Clock, Digest, Duty, Repeat, Timer
from escalation_engine.definition.transition import (
    Amount,
    Body,
    Branch,
    Extension,
    LevelField,
    OpenCase,
    Opening,
    Requirements,
    Rules,
    ValueFrom,
)
from escalation_engine.definition.wording import (
    ActionBody,
    Checklist,
    Count,
    EventBody,
    GuardBody,
    ItemBody,
    MessageBody,
    TaskList,
    Wording,
)

__all__ = [
    "ActionBody",
    "Amount",
    "Body",
    "Branch",
    "CalendarEntry",
    "Checklist",
    "Clock",
    "Contact",
    "Count",
    "DataField",
    "Digest",
    "Duty",
    "EventBody",
    "Expectations",
    "Extension",
    "GuardBody",
    "ItemBody",
    "LevelField",
    "MessageBody",
    "OpenCase",
    "Opening",
    "Parameter",
    "Process",
    "Promise",
    "Repeat",
    "Requirements",
    "Role",
    "Rules",
    "SchemaWords",
    "Slot",
    "Source",
    "State",
    "TaskList",
    "Timer",
    "Track",
    "ValueFrom",
    "ValueSchema",
    "Wording",
]
