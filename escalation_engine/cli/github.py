"""Findings as GitHub's workflow commands: each becomes an annotation at its line."""

from __future__ import annotations

from escalation_engine.cli.relative import relative_uri
from escalation_engine.errors import Finding, Severity
from escalation_engine.verify import ALL_CODES

__all__ = ["annotation"]

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "notice",
}


def annotation(finding: Finding) -> str:
    """Return one line `::error file=…,line=…,col=…,title=…::message`."""
    _, line, column = finding.mark
    file = _property(relative_uri(finding.mark.file, is_quoted=False))
    place = f"file={file},line={line},col={column}"
    name = _property(f"{finding.code}: {ALL_CODES[finding.code]}")
    # The place and its line stand beside an annotation already.
    said = "\n".join([finding.message, *finding.advice()])
    return f"::{_COMMANDS[finding.severity]} {place},title={name}::{_data(said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
