"""One version has one content: a file that was changed under its old version is refused."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_engine.chart.difference import differences
from escalation_engine.chart.difference_text import sentence
from escalation_engine.chart.model import Chart
from escalation_engine.errors import BadInput
from escalation_engine.loader import load_stored
from escalation_engine.store.protocol import Publication

__all__ = ["check_published"]

_MOST = 5


def check_published(chart: Chart, kept: Sequence[Publication]) -> None:
    """Raise BadInput, with what is different in words, where the store has other content."""
    if not kept or any(one.hash == chart.hash for one in kept):
        return
    found = _told(kept[-1], chart)
    told = f": {found}" if found else ""
    raise BadInput(
        "charts",
        f"{chart.process}@{chart.version} has other content ({chart.hash[:12]}) than the one "
        f"in the store ({kept[-1].hash[:12]}){told}",
        accepted="a new version for new content: raise `version` in the file",
    )


def _told(kept: Publication, chart: Chart) -> str:
    try:
        before = load_stored(kept.source)
    except Exception:  # noqa: BLE001 - what another version of the engine has kept: told by hash.
        return ""
    lines = [sentence(one) for one in differences(before, chart)]
    more = [f"and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return "; ".join([*lines[:_MOST], *more])
