"""Short ways to read a text and to look at what was found."""

from __future__ import annotations

from escalation_engine.errors import Finding
from escalation_engine.loader.tree import MarkedMap
from escalation_engine.loader.yaml import parse

__all__ = ["faults", "only_fault", "read"]


def read(text: str | bytes) -> MarkedMap:
    tree, findings = parse(text, "p.yaml")
    assert findings == []
    assert tree is not None
    return tree


def faults(text: str | bytes) -> list[tuple[str, int, int]]:
    _, findings = parse(text, "p.yaml")
    return [(finding.code, finding.mark.line, finding.mark.column) for finding in findings]


def only_fault(text: str | bytes) -> Finding:
    _, findings = parse(text, "p.yaml")
    (finding,) = findings
    return finding
