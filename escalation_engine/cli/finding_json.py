"""Findings as a JSON list for programs: an object for each, with its path as objects too."""

from __future__ import annotations

import json
from collections.abc import Iterable

from escalation_engine.errors import Finding, PathStep

__all__ = ["findings_json"]


def findings_json(findings: Iterable[Finding]) -> str:
    """Return a JSON list with an object for each finding."""
    listed = [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "message": finding.message,
            "file": finding.mark.file,
            "line": finding.mark.line,
            "column": finding.mark.column,
            "hint": finding.hint,
            "path": [_step(step) for step in finding.path],
        }
        for finding in findings
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False)


def _step(step: PathStep) -> dict[str, object]:
    place = None
    if step.mark is not None:
        place = dict(zip(("file", "line", "column"), step.mark, strict=True))
    return {
        "what": step.what,
        "by": step.by,
        "after": step.after,
        "states": dict(step.states),
        "changes": dict(step.changes),
        "answers": dict(step.answers),
        "place": place,
    }
