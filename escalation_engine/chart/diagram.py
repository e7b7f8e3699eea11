"""Draw a chart as a state diagram, for Mermaid (in Markdown) or Graphviz (as a picture)."""

from __future__ import annotations

from typing import Literal

from escalation_engine.chart.dot import dot
from escalation_engine.chart.mermaid import mermaid
from escalation_engine.chart.model import Chart
from escalation_engine.chart.picture import picture_of

__all__ = ["Format", "diagram"]

Format = Literal["mermaid", "dot"]


def diagram(chart: Chart, *, format: Format = "mermaid") -> str:
    """Return the text of the diagram, the same for the same chart."""
    picture = picture_of(chart)
    return mermaid(picture) if format == "mermaid" else dot(picture)
