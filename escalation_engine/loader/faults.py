"""Collect what is wrong with one file, each fault once, with its place and its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from escalation_engine.errors import Finding, Mark
from escalation_engine.loader.excerpt import excerpt, split_lines

__all__ = ["MAX_FINDINGS", "Faults", "ReadingEnds"]

MAX_FINDINGS: Final = 100
"""The most findings that one file reports; more would hardly be read."""

_MAX_CHARACTERS: Final = 1000  # of a message: it may tell a name, and a name may be hostile


class ReadingEnds(Exception):
    """Nothing behind this place can be read. The reason is already among the findings."""


@dataclass(slots=True)
class Faults:
    """The findings of one file, each once and with its excerpt, and never more than MAX_FINDINGS.

    What `each_level` says wrong is wrong in every level, and is told once. `others` are the lines
    of further files, by name, that a mark may lie in: those that a tailoring is laid over.
    """

    file: str
    text: str = ""
    findings: list[Finding] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _told: set[tuple[str, str, Mark]] = field(default_factory=set)

    @property
    def lines(self) -> list[str]:
        """The lines of the text, split when the first fault needs them."""
        if not self._lines:
            self._lines = split_lines(self.text)
        return self._lines

    def lines_of(self, file: str) -> list[str]:
        """The lines of the file itself, or of one that it is laid over."""
        return self.others.get(file, []) if file != self.file else self.lines

    def add(self, code: str, message: str, mark: Mark, hint: str = "") -> None:
        """Add one finding. Raises ReadingEnds instead of the finding after the last."""
        message, hint = _bounded(message), _bounded(hint)
        if (code, message, mark) in self._told:
            return
        self._told.add((code, message, mark))
        if len(self.findings) == MAX_FINDINGS - 1:
            code, hint = "E104", "mend these, then load the file again"
            message = f"more than {MAX_FINDINGS - 1} faults; the others are not shown"
        shown = excerpt(self.lines_of(mark.file), mark.line, mark.column)
        self.findings.append(Finding(code, message, mark, hint=hint, excerpt=shown))
        if len(self.findings) == MAX_FINDINGS:
            raise ReadingEnds

    def end(self, code: str, message: str, mark: Mark, hint: str = "") -> ReadingEnds:
        """Add the last finding; made for `raise faults.end(...)`."""
        self.add(code, message, mark, hint)
        return ReadingEnds()

    def take_over(self, other: Faults) -> None:
        """Add the findings of a file that this one is laid over, and its lines.

        Raises ReadingEnds after too many findings.
        """
        self.others |= {**other.others, other.file: other.lines}
        for finding in other.findings:
            self.add(finding.code, finding.message, finding.mark, finding.hint)

    def in_file_order(self) -> list[Finding]:
        """All findings, sorted by place; that there are more comes last."""
        shown, more = self.findings[: MAX_FINDINGS - 1], self.findings[MAX_FINDINGS - 1 :]
        return sorted(shown, key=lambda finding: finding.mark) + more


def _bounded(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}…"
