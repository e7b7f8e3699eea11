"""The part of a SQL store that forgets: values are written over where they stand."""

from __future__ import annotations

from sqlalchemy import Delete, Update, bindparam, delete, update

from escalation_engine.core.chain import ROOT_BYTES, canonical
from escalation_engine.core.decision import Decision
from escalation_engine.core.document import effect_document, entry_document
from escalation_engine.core.forget import FORGOTTEN
from escalation_engine.store import rows, statements
from escalation_engine.store.decision_rows import DecisionRows, write
from escalation_engine.store.kept import Erasure
from escalation_engine.store.lent import Lent
from escalation_engine.store.sql_commits import SqlCommits, moved_on
from escalation_engine.store.tables import journal, outbox, receipts, refusals, stalled

__all__ = ["SqlForgetting"]


class SqlForgetting(SqlCommits):
    """Journal, outbox, receipts, refusals and what stalled: all in one transaction."""

    def forget(self, decision: Decision, erasure: Erasure) -> None:
        """Commit a forgetting, and write over all that it takes away.

        Compare-and-set as `commit`: raises Conflict, and writes nothing, where the case moved on.
        """
        head, root = self._head(decision), self._salts(ROOT_BYTES)
        written = DecisionRows.of(decision, None, head=head, root=root)
        with self._connections.writing() as lent:
            if not write(lent, written):
                raise moved_on(lent, decision)
            _erase(lent, decision.case.id, erasure)
        case_row = written.case
        self._recent.remember(decision.case, str(case_row["document"]), str(case_row["head"]))


def _erase(lent: Lent, case_id: str, erasure: Erasure) -> None:
    of: dict[str, object] = {"of": case_id}
    for entry, proof in erasure.entries:
        document = canonical(entry_document(entry))
        proven = canonical(proof)
        left = {"document": document, "proof": proven, "at_revision": entry.revision}
        lent.change(erase_entry, {**of, **left})
    for queued in erasure.effects:
        left = {
            "document": canonical(effect_document(queued.effect)),
            "status": queued.status,
            "problem": queued.problem,
        }
        lent.change(erase_effect, {**left, "effect": queued.effect.id})
    lent.change(delete_refusals, dict(of))
    for refusal in erasure.refusals:
        lent.change(statements.insert_refusal, rows.refusal_row(refusal))
    lent.change(erase_receipts, of | {"payload": "{}"})
    lent.change(erase_stalled, of | {"problem": FORGOTTEN})


def erase_entry() -> Update:
    """Leave less of an entry. Lock: write. Index: primary key."""
    return (
        update(journal)
        .where(journal.c.case_id == bindparam("of"), journal.c.revision == bindparam("at_revision"))
        .values(document=bindparam("document"), proof=bindparam("proof"))
    )


def erase_effect() -> Update:
    """Leave less of an effect. Lock: write. Index: effect id."""
    changed = ("document", "status", "problem")
    return (
        update(outbox)
        .where(outbox.c.effect_id == bindparam("effect"))
        .values({name: bindparam(name) for name in changed})
    )


def delete_refusals() -> Delete:
    """Take away the refusals of a case; what is left of them is put back. Index: by case."""
    return delete(refusals).where(refusals.c.case_id == bindparam("of"))


def erase_receipts() -> Update:
    """Leave no digest of what a key came with: short values could be guessed. Lock: write.

    Index: none, all receipts are read.
    """
    of_case = receipts.c.case_id == bindparam("of")
    return update(receipts).where(of_case).values(payload=bindparam("payload"))


def erase_stalled() -> Update:
    """Leave no words of the host. Lock: write. Index: primary key."""
    of_case = stalled.c.case_id == bindparam("of")
    return update(stalled).where(of_case).values(problem=bindparam("problem"))
