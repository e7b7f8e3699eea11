"""A decision as rows, and how they are written: one after another, or by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from escalation_engine.core.chain import link
from escalation_engine.core.decision import Decision
from escalation_engine.core.document import entry_document
from escalation_engine.core.input import Opened
from escalation_engine.store import rows, statements
from escalation_engine.store.batch_statements import COLUMNS, EFFECT_COLUMNS, batch_commit
from escalation_engine.store.lent import Lent
from escalation_engine.store.protocol import KeptReceipt
from escalation_engine.store.whole_statements import whole_commit

__all__ = ["DecisionRows", "write", "write_at_once", "write_batch", "write_batch_at_once"]

Values = dict[str, object]


class DecisionRows(NamedTuple):
    """What a commit writes, made before the transaction begins."""

    is_opening: bool
    case: Values
    entry: Values
    effects: list[Values]
    receipt: Values | None

    @classmethod
    def of(cls, decision: Decision, receipt: KeptReceipt | None, *, head: str, root: bytes) -> Self:
        """Return the rows of a decision, linked to the `head` of the chain by salts from `root`.

        Raises BadInput for data that is no JSON.
        """
        case, entry = decision.case, decision.entry
        case_row, document = rows.case_row(case), entry_document(entry)
        chained = link(document, case=str(case_row["document"]), head=head, root=root)
        before = {"of": case.id, "expected": case.revision - 1, "head_before": head}
        return cls(
            isinstance(entry.input, Opened),
            case_row | before | {"head": chained.hash},
            rows.entry_row(entry, chained, document),
            [rows.effect_row(effect, case_id=case.id, at=entry.at) for effect in decision.effects],
            rows.receipt_row(receipt) if receipt is not None else None,
        )


def write(lent: Lent, written: DecisionRows) -> bool:
    """Write row by row; False, and nothing, where the case has moved on."""
    if written.is_opening:
        lent.change(statements.insert_case, written.case)
    elif not lent.change(statements.update_case, written.case):
        return False
    lent.change(statements.insert_entry, written.entry)
    for effect in written.effects:
        lent.change(statements.insert_effect, effect)
    if written.receipt is not None:
        lent.change(statements.insert_receipt, written.receipt)
    return True


def write_at_once(lent: Lent, written: DecisionRows) -> bool:
    """Write all by one statement; False, and nothing, where the case has moved on."""
    query = whole_commit(
        is_opening=written.is_opening,
        has_effects=bool(written.effects),
        has_receipt=written.receipt is not None,
    )
    soon = [written.entry["at"]] if written.effects else []
    wakes_at = [str(at) for at in (written.case["next_due"], *soon) if at is not None]
    values = {
        **written.case,
        **{f"entry_{name}": value for name, value in written.entry.items()},
        **{f"receipt_{name}": value for name, value in (written.receipt or {}).items()},
        "effect_ids": [effect["effect_id"] for effect in written.effects],
        "effect_documents": [effect["document"] for effect in written.effects],
        "wakes_at": min(wakes_at, default=None),
    }
    return bool(lent.rows(query, **values)[0][0])


def write_batch(lent: Lent, every: Sequence[DecisionRows]) -> list[bool]:
    """Write decisions row by row; tell of each whether its case stood as expected."""
    return [write(lent, written) for written in every]


def write_batch_at_once(lent: Lent, every: Sequence[DecisionRows]) -> list[bool]:
    """Write decisions by one statement; tell of each whether its case stood as expected."""
    effects = [effect for written in every for effect in written.effects]
    values: Values = {
        f"all_{name}": [_value(written, name) for written in every] for name in COLUMNS
    }
    values |= {
        f"all_{name}": [effect[name.removeprefix("effect_")] for effect in effects]
        for name in EFFECT_COLUMNS
    }
    found = {case_id for (case_id,) in lent.rows(batch_commit, **values)}
    return [written.case["of"] in found for written in every]


def _value(written: DecisionRows, name: str) -> object:
    if name.startswith("entry_"):
        return written.entry[name.removeprefix("entry_")]
    return written.case[name]
