"""All families of lints, in their order."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.loader import Loaded
from escalation_engine.verify.flaw import Flaw
from escalation_engine.verify.graph import Graph
from escalation_engine.verify.lint.cited import cited
from escalation_engine.verify.lint.held import held
from escalation_engine.verify.lint.table import tables
from escalation_engine.verify.lint.titled import titled
from escalation_engine.verify.lint.used import used

__all__ = ["lints"]


def lints(loaded: Loaded, graph: Graph, found: frozenset[tuple[str, object]]) -> Iterator[Flaw]:
    """Yield what every family finds; `found` are the codes and elements of the proof."""
    yield from tables(graph, found)
    yield from held(graph)
    yield from titled(loaded)
    yield from cited(loaded)
    yield from used(loaded)
