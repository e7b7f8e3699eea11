"""From YAML to a chart: text, marked tree, merged tree, definition, chart; every fault in place."""

from escalation_engine.loader.chart_schema import chart_schema
from escalation_engine.loader.codes import CODES
from escalation_engine.loader.family import load_family
from escalation_engine.loader.load import (
    Loaded,
    check,
    check_text,
    load,
    load_stored,
    load_text,
    read,
    read_text,
)
from escalation_engine.loader.origins import Origins, Place
from escalation_engine.loader.schema import process_schema
from escalation_engine.loader.tailoring_schema import tailoring_schema

__all__ = [
    "CODES",
    "Loaded",
    "Origins",
    "Place",
    "chart_schema",
    "check",
    "check_text",
    "load",
    "load_family",
    "load_stored",
    "load_text",
    "process_schema",
    "read",
    "read_text",
    "tailoring_schema",
]
