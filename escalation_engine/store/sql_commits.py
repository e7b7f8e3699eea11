"""The part of a SQL store that commits a decision: by one statement where the database can."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_engine.core.chain import ROOT_BYTES
from escalation_engine.core.decision import Decision
from escalation_engine.core.input import Opened
from escalation_engine.errors import Conflict, StoreError
from escalation_engine.store import rows, statements
from escalation_engine.store.decision_rows import (
    DecisionRows,
    write,
    write_at_once,
    write_batch,
    write_batch_at_once,
)
from escalation_engine.store.lent import Lent
from escalation_engine.store.protocol import KeptReceipt
from escalation_engine.store.sql_reading import SqlReading

__all__ = ["SqlCommits", "moved_on"]


class SqlCommits(SqlReading):
    """Case, entry, effects and receipt change together or not at all."""

    def receipt(self, scope: str, key: str) -> KeptReceipt | None:
        """Return what a key was used for."""
        with self._connections.reading() as lent:
            found = lent.rows(statements.receipt_by_key, scope=scope, key=key)
        return rows.receipt_from(found[0]) if found else None

    def commit(self, decision: Decision, *, receipt: KeptReceipt | None = None) -> None:
        """Write case, entry, effects and receipt at once, in one short write transaction.

        Compare-and-set: the stored case must stand one revision before the decision's. Raises
        Conflict when it does not, or when an id, reference or key is taken; then nothing is
        written.
        """
        connections, written = self._connections, self._rows(decision, receipt)
        at_once = connections.database.WRITES_AT_ONCE
        work = connections.writing_at_once() if at_once else connections.writing()
        try:
            with work as lent:
                if not (write_at_once if at_once else write)(lent, written):
                    raise moved_on(lent, decision)
        except connections.integrity_error as error:
            raise self._taken(decision, receipt, error) from error
        self._remember(decision, written)

    def _rows(self, decision: Decision, receipt: KeptReceipt | None) -> DecisionRows:
        head, root = self._head(decision), self._salts(ROOT_BYTES)
        return DecisionRows.of(decision, receipt, head=head, root=root)

    def _remember(self, decision: Decision, written: DecisionRows) -> None:
        row = written.case
        self._recent.remember(decision.case, str(row["document"]), str(row["head"]))

    def _head(self, decision: Decision) -> str:
        """Return the head of the chain that the entry is linked to."""
        if isinstance(decision.entry.input, Opened):
            return ""
        case_id, before = decision.case.id, decision.case.revision - 1
        if (head := self._recent.head(case_id, before)) is None:
            with self._connections.reading() as lent:
                found = lent.rows(statements.revision_of_case, id=case_id)
            head = found[0][1] if found else ""
        return head

    def commit_all(self, decisions: Sequence[Decision]) -> Sequence[bool]:
        """Write decisions on different cases, in one transaction; tell of each whether it was.

        One whose case has moved on is left out. Where something else fails, each is written by
        itself, and what fails is raised.
        """
        if len(decisions) <= 1:
            return [self._is_committed(decision) for decision in decisions]
        every = [self._rows(decision, None) for decision in decisions]
        connections = self._connections
        at_once = connections.database.WRITES_AT_ONCE
        work = connections.writing_at_once() if at_once else connections.writing()
        try:
            with work as lent:
                are_written = (write_batch_at_once if at_once else write_batch)(lent, every)
        except (connections.integrity_error, StoreError):
            return [self._is_committed(decision) for decision in decisions]
        for decision, written, is_written in zip(decisions, every, are_written, strict=True):
            if is_written:
                self._remember(decision, written)
        return are_written

    def _is_committed(self, decision: Decision) -> bool:
        try:
            self.commit(decision)
        except Conflict:
            return False
        return True

    def _taken(
        self, decision: Decision, receipt: KeptReceipt | None, error: Exception
    ) -> Exception:
        """Return who was first. Asked after the rollback, so that the answer is committed."""
        case, found = decision.case, []
        if isinstance(decision.entry.input, Opened):
            with self._connections.reading() as lent:
                taken = {"id": case.id, "reference": case.reference}
                found = lent.rows(statements.cases_taken, **taken)
        if not found and receipt is not None:
            first = self.receipt(receipt.scope, receipt.key)
            found = [(first.case_id, first.revision)] if first else []
        for case_id, revision in found:
            return Conflict(case_id, expected=case.revision - 1, found=revision)
        return StoreError(self.url, self._connections.database.explain(error))


def moved_on(lent: Lent, decision: Decision) -> Conflict:
    """Return who was first where the case does not stand one revision before the decision's."""
    case = decision.case
    found = lent.rows(statements.revision_of_case, id=case.id)
    return Conflict(case.id, expected=case.revision - 1, found=found[0][0] if found else 0)
