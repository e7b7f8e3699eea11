"""Draw a chart as a state diagram, for Mermaid (in Markdown) or Graphviz (as a picture)."""

from __future__ import annotations

from typing import Literal

from escalation_engine.chart.dot import dot
from escalation_engine.chart.mermaid import mermaid
from escalation_engine.chart.model import Chart
from escalation_engine.chart.picture import picture_of
from escalation_engine.chart.picture_compared import compared_picture

__all__ = ["Format", "diagram"]

Format = Literal["mermaid", "dot"]


def diagram(chart: Chart, *, format: Format = "mermaid", changes_from: Chart | None = None) -> str:
    """Return the text of the diagram, the same for the same chart.

    With `changes_from` what was added since, changed and removed is coloured and signed + ~ −.
    """
    picture = picture_of(chart) if changes_from is None else compared_picture(changes_from, chart)
    return mermaid(picture) if format == "mermaid" else dot(picture)
