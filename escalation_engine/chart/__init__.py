"""The chart: a definition in one flat form, and how it is drawn and printed."""

from escalation_engine.chart.build import build_chart
from escalation_engine.chart.fault import ChartFault, ChartFaults
from escalation_engine.chart.model import Chart

__all__ = ["Chart", "ChartFault", "ChartFaults", "build_chart"]
