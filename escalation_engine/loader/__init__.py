"""From YAML to a chart: text, marked tree, merged tree, definition, chart; every fault in place."""

from escalation_engine.loader.codes import CODES
from escalation_engine.loader.family import load_family
from escalation_engine.loader.load import check, check_text, load, load_stored, load_text
from escalation_engine.loader.schema import process_schema

__all__ = [
    "CODES",
    "check",
    "check_text",
    "load",
    "load_family",
    "load_stored",
    "load_text",
    "process_schema",
]
