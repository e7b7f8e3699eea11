"""The cases that were read or written last, so that the same text is not decoded twice.

A case is frozen, and the database is asked each time: what is remembered counts only while the
stored text is the same, whoever wrote it.
"""

from __future__ import annotations

from escalation_engine.core.case import Case
from escalation_engine.store.rows import case_read

__all__ = ["RecentCases"]

MOST = 1000


class RecentCases:
    """Remembers up to a thousand cases by id, with their text. Threads may share it."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Case, str]] = {}

    def case(self, case_id: str, text: str, head: str) -> Case:
        """Return the case of this text, decoded unless it is remembered."""
        known = self._known.get(case_id)
        if known is not None and known[0] == text:
            if known[2] != head:
                self._known[case_id] = (text, known[1], head)
            return known[1]
        case = case_read(text)
        self.remember(case, text, head)
        return case

    def head(self, case_id: str, revision: int) -> str | None:
        """Return the head of a case's chain at a revision; None where it is not remembered."""
        known = self._known.get(case_id)
        return known[2] if known is not None and known[1].revision == revision else None

    def remember(self, case: Case, text: str, head: str) -> None:
        """Keep a case with the text that was just read or written, without its receipt."""
        if len(self._known) >= MOST:
            self._known.clear()  # rarer and cheaper than an order of use on every read
        if case.receipt is not None:
            case = case._replace(receipt=None)
        self._known[case.id] = (text, case, head)
