"""A commit as one statement, for databases in which one may write to several tables: PostgreSQL.

The case comes first; what follows it is written for each case that was written, so for none where
the case has moved on. Everything that is taken already fails the whole.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    Insert,
    ScalarSelect,
    Select,
    bindparam,
    func,
    insert,
    literal_column,
    select,
)

from escalation_engine.store.listening import CHANNEL
from escalation_engine.store.statements import Query, insert_case, update_case
from escalation_engine.store.tables import Number, Text, cases, journal, outbox, receipts, sleepers

__all__ = ["whole_commit"]


@cache
def whole_commit(*, is_opening: bool, has_effects: bool, has_receipt: bool) -> Query:
    """Write case, entry, effects and receipt; one row, with how many cases were written.

    Lock: the row of the case, the first statement's. Index: primary keys.
    """
    return lambda: _whole(is_opening, has_effects, has_receipt)


def _whole(is_opening: bool, has_effects: bool, has_receipt: bool) -> Select[Any]:  # noqa: FBT001 - a query's shape, of this module alone
    head = insert_case() if is_opening else update_case()
    written = head.returning(cases.c.id).cte("written")
    follow = [_entry(written).cte("entry")]
    if has_effects:
        follow.append(_effects(written).cte("effects"))
    if has_receipt:
        follow.append(_receipt(written).cte("receipt"))
    return select(func.count(), _call()).select_from(written).add_cte(*follow)


def _call() -> ScalarSelect[Any]:
    """Call those who sleep longer than until what is due now. Few do, so few commits call."""
    sleeps_longer = sleepers.c.until > bindparam("wakes_at", type_=Text)
    called = func.pg_notify(literal_column(f"'{CHANNEL}'"), literal_column("''"))
    return select(called).where(sleeps_longer).limit(1).scalar_subquery()


def _entry(written: CTE) -> Insert:
    given = select(
        written.c.id,
        bindparam("entry_revision", type_=Number),
        bindparam("entry_at", type_=Text),
        bindparam("entry_document", type_=Text),
        bindparam("entry_hash", type_=Text),
        bindparam("entry_proof", type_=Text),
    )
    names = ["case_id", "revision", "at", "document", "hash", "proof"]
    return insert(journal).from_select(names, given)


def _effects(written: CTE) -> Insert:
    """Queue them in the order of the arrays: their positions are given out in that order."""
    listed = (
        func.unnest(
            bindparam("effect_ids", type_=ARRAY(Text)),
            bindparam("effect_documents", type_=ARRAY(Text)),
        )
        .table_valued("effect_id", "document", with_ordinality="number", name="listed")
        .render_derived()
    )
    given = (
        select(
            listed.c.effect_id, written.c.id, literal_column("'waiting'"), literal_column("''"),
            bindparam("entry_at", type_=Text),
            literal_column("0"), literal_column("''"), listed.c.document,
        )
        .select_from(written.join(listed, literal_column("true")))
        .order_by(listed.c.number)
    )  # fmt: skip
    names = [column.name for column in outbox.c if column.name != "position"]
    return insert(outbox).from_select(names, given)


def _receipt(written: CTE) -> Insert:
    given = select(
        bindparam("receipt_scope", type_=Text),
        bindparam("receipt_key", type_=Text),
        written.c.id,
        bindparam("entry_revision", type_=Number),
        bindparam("receipt_payload", type_=Text),
    )
    return insert(receipts).from_select([column.name for column in receipts.c], given)
