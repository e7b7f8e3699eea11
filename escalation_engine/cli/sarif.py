"""Findings in SARIF 2.1.0, as code hosts and editors read them.

A path is a `codeFlow`, a step of it a location in the process. What `ignore` means to be so is told
as suppressed, with its reason. Files are named from the working directory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from escalation_engine.cli.relative import relative_uri
from escalation_engine.errors import Finding, Mark, PathStep, Severity
from escalation_engine.verify import explained

__all__ = ["sarif"]

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Iterable[Finding], ignored: Iterable[tuple[Finding, str]]) -> str:
    """Return a SARIF log with one run. `ignored` are findings with the reason for each."""
    results = [(finding, "") for finding in findings] + list(ignored)
    codes = sorted({finding.code for finding, _ in results})
    run = {
        "tool": {
            "driver": {
                "name": "Escalation Engine",
                "semanticVersion": version("escalation-engine"),
                "rules": [_rule(code) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, reason, codes) for finding, reason in results],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(code: str) -> dict[str, object]:
    about = explained(code)
    assert about is not None, "every code is explained"
    meaning = "\n\n".join(about.paragraphs)
    example = "\n".join(("```diff", *about.example, "```")) if about.example else ""
    return {
        "id": code,
        "shortDescription": {"text": about.title},
        "fullDescription": {"text": meaning},
        "help": {"text": meaning, "markdown": "\n\n".join(filter(None, (meaning, example)))},
        "defaultConfiguration": {"level": _LEVELS[about.severity]},
    }


def _result(finding: Finding, reason: str, codes: Sequence[str]) -> dict[str, object]:
    said = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": said},
        "locations": [_location(finding.mark)],
        "partialFingerprints": {"finding/v1": _fingerprint(finding)},
    }
    if finding.path:
        result["codeFlows"] = [_code_flow(finding)]
    if reason:
        result["suppressions"] = [{"kind": "inSource", "justification": reason}]
    return result


def _location(mark: Mark) -> dict[str, object]:
    file, line, column = mark
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": relative_uri(file)},
            "region": {"startLine": line, "startColumn": column},
        }
    }


def _code_flow(finding: Finding) -> dict[str, object]:
    steps = []
    before: dict[str, str] = {}
    for number, step in enumerate(finding.path, start=1):
        place = _location(step.mark or finding.mark)
        where = {**place, "message": {"text": step.told(before)}}
        steps.append({"executionOrder": number, "location": where, "state": _state(step)})
        before = dict(step.states)
    return {"threadFlows": [{"locations": steps}]}


def _state(step: PathStep) -> dict[str, object]:
    """Return the states of all tracks and what has changed, as a debugger shows variables."""
    known = (*step.states, *step.changes, *step.answers)
    return {name: {"text": value} for name, value in known}


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same when lines are added above it."""
    text = finding.excerpt.partition("\n")[0].strip()
    said = "\0".join((finding.code, relative_uri(finding.mark.file), finding.message, text))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
