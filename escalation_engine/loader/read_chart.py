"""Read back what `write_chart` has written: the same chart, or a word about where it differs.

The document holds the merged source, and a chart is built from that alone: what the flat form says
beside it must be what the source says. A changed flat form is refused and never run.
"""

from __future__ import annotations

import json

from escalation_engine.chart import Chart, ChartFaults
from escalation_engine.chart.expand import chart_document
from escalation_engine.errors import BadInput, DefinitionError
from escalation_engine.loader.load import LANGUAGE, load_stored
from escalation_engine.loader.yaml import parse

__all__ = ["read_chart"]

_WRITTEN = "what `escalate expand` prints, unchanged"


def read_chart(text: str | bytes, *, name: str = "<chart>") -> Chart:
    """Return the chart that `escalate expand` has printed.

    Raises DefinitionError for what is no YAML, and BadInput for what is no chart or was changed.
    """
    tree, findings = parse(text, name)
    if tree is None or findings:
        raise DefinitionError(findings)
    source = tree.get("source")
    if not isinstance(source, dict) or source.get("language") != LANGUAGE:
        message = f"is no chart of language version {LANGUAGE}"
        raise BadInput(name, message, accepted=_WRITTEN)
    written = json.dumps(source, ensure_ascii=False, separators=(",", ":"))
    try:
        chart = load_stored(written)
    except (ChartFaults, KeyError, TypeError, ValueError) as error:
        raise BadInput(name, f"its source makes no chart: {error}", accepted=_WRITTEN) from error
    different = _first_difference(chart_document(chart), dict(tree), "")
    if different is not None:
        problem = f"`{different}` is not what its source says"
        raise BadInput(name, problem, accepted=_WRITTEN)
    return chart


def _first_difference(wanted: object, found: object, path: str) -> str | None:
    """The path to the first thing that is otherwise, outer things first."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in dict.fromkeys((*wanted, *found)):
            here = f"{path}.{key}" if path else str(key)
            if key not in wanted or key not in found:
                return here
            inner = _first_difference(wanted[key], found[key], here)
            if inner is not None:
                return inner
        return None
    return None if wanted == found else path
