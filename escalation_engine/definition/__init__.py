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
from escalation_engine.definition.state import Expectations, State, Track
from escalation_engine.definition.transition import (
    Body,
    Branch,
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
    Wording,
)

__all__ = [
    "ActionBody",
    "Body",
    "Branch",
    "Checklist",
    "Contact",
    "Count",
    "DataField",
    "EventBody",
    "Expectations",
    "GuardBody",
    "ItemBody",
    "LevelField",
    "MessageBody",
    "OpenCase",
    "Opening",
    "Parameter",
    "Process",
    "Requirements",
    "Role",
    "Rules",
    "SchemaWords",
    "Slot",
    "Source",
    "State",
    "Track",
    "ValueFrom",
    "ValueSchema",
    "Wording",
]
