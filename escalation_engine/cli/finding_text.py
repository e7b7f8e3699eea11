"""Findings as people and programs read them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from escalation_engine.cli.proof_text import path_lines
from escalation_engine.cli.screen import mark
from escalation_engine.errors import Finding, Severity

__all__ = ["finding_lines", "findings_json", "summary"]

_STYLES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFORMATION: "place"}
_WORDS = {Severity.ERROR: "fault", Severity.WARNING: "warning", Severity.INFORMATION: "remark"}


def finding_lines(finding: Finding) -> list[str]:
    """Return place, code and message, the line with a caret, and what to do."""
    file, line, column = finding.mark
    style = _STYLES[finding.severity]
    code = mark(finding.code, style)
    lines = [f"{mark(f'{file}:{line}:{column}', 'title')}: {code} {finding.message}"]
    text, _, caret = finding.excerpt.partition("\n")
    lines += [text] if text else []
    lines += [mark(caret, style)] if caret else []
    lines += [f"  {mark('hint:', 'place')} {finding.hint}"] if finding.hint else []
    return lines + path_lines(finding.path)


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
        }
        for finding in findings
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False)


def summary(found: Mapping[Path, Sequence[Finding]]) -> str:
    """Return the last line: how many findings of which weight, in how many files."""
    counts = Counter(finding.severity for listed in found.values() for finding in listed)
    files = _many(len(found), "file")
    if not counts:
        return mark(f"{files} checked, no faults", "good")
    said = [_many(counts[kind], word) for kind, word in _WORDS.items() if counts[kind]]
    faulty = sum(bool(listed) for listed in found.values())
    where = f"in {faulty} of {files}" if len(found) > 1 else f"in {next(iter(found))}"
    return mark(f"{', '.join(said)} {where}", "bad" if counts[Severity.ERROR] else "warn")


def _many(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count} {word}s"
