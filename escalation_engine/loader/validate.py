"""From the marked tree to the definition; what the models refuse becomes findings."""

from __future__ import annotations

from pydantic import ValidationError

from escalation_engine.definition import Process
from escalation_engine.loader.explain import explain
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.tree import MarkedMap, locate

__all__ = ["validate"]


def validate(tree: MarkedMap, faults: Faults) -> Process | None:
    """Return the definition that the tree holds, or None with every fault noted.

    Raises ReadingEnds after too many faults.
    """
    before = len(faults.findings)
    definition = None
    try:
        definition = Process.model_validate(tree)
    except ValidationError as error:
        explain(tree, faults)
        _note_own(error, tree, faults, any_case=not faults.findings)
    else:
        if _has_null(tree):
            explain(tree, faults)
    return definition if len(faults.findings) == before else None


def _note_own(error: ValidationError, tree: MarkedMap, faults: Faults, *, any_case: bool) -> None:
    """Note what a model found by code of its own, and so no schema tells; if need be, all."""
    for detail in error.errors(include_url=False, include_input=False):
        if any_case or detail["type"] == "value_error":
            names = [f"`{part}`" for part in detail["loc"] if isinstance(part, str)]
            message = detail["msg"].removeprefix("Value error, ")
            faults.add("E111", " ".join([*names[-1:], message]), locate(tree, detail["loc"]))


def _has_null(node: object) -> bool:
    """Null stands somewhere: the models take it for what is not written."""
    if isinstance(node, dict):
        return any(value is None or _has_null(value) for value in node.values())
    return isinstance(node, list) and any(item is None or _has_null(item) for item in node)
