"""Many commits as one statement, where one may write to several tables: PostgreSQL.

Each column comes as one array. Cases that have moved on are left out with all that follows them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Insert,
    Integer,
    Select,
    Update,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)

from escalation_engine.store.statements import CHANGED
from escalation_engine.store.tables import Text, cases, journal, outbox

__all__ = ["COLUMNS", "EFFECT_COLUMNS", "batch_commit"]

_NUMBERS = {"expected", "revision", "is_closed"}
_ENTRY = ("at", "document", "hash", "proof")
COLUMNS = ("of", "expected", "head_before", *CHANGED, *(f"entry_{name}" for name in _ENTRY))
"""Of each case and its entry."""
EFFECT_COLUMNS = ("effect_case_id", "effect_effect_id", "effect_queued_at", "effect_document")
"""Of each effect, in order of queueing."""


def batch_commit() -> Select[Any]:
    """Write cases, entries and effects; return the ids of the cases that were written.

    Lock: the rows of the cases. Index: primary keys.
    """
    listed = _listed(COLUMNS).render_derived()
    given = select(*listed.c).cte("given")
    written = _cases(given).cte("written")
    entries = _entries(given, written).cte("entries")
    return select(written.c.id).add_cte(entries, _effects(written).cte("effects"))


def _listed(names: tuple[str, ...], *, number: str | None = None) -> Any:
    """The arrays of these names, side by side as rows."""
    arrays = [
        bindparam(f"all_{name}", type_=ARRAY(Integer() if name in _NUMBERS else Text))
        for name in names
    ]
    return func.unnest(*arrays).table_valued(*names, with_ordinality=number, name="listed")


def _cases(given: CTE) -> Update:
    is_next = (
        (cases.c.id == given.c.of)
        & (cases.c.revision == given.c.expected)
        & (cases.c.head == given.c.head_before)
    )
    changed = {name: given.c[name] for name in CHANGED}
    return update(cases).where(is_next).values(changed).returning(cases.c.id)


def _entries(given: CTE, written: CTE) -> Insert:
    columns = (given.c[f"entry_{name}"] for name in _ENTRY)
    of_written = select(given.c.of, given.c.revision, *columns).join(
        written, written.c.id == given.c.of
    )
    return insert(journal).from_select(["case_id", "revision", *_ENTRY], of_written)


def _effects(written: CTE) -> Insert:
    listed = _listed(EFFECT_COLUMNS, number="number").render_derived()
    nothing: ColumnElement[str] = literal_column("''")
    of_written = (
        select(
            listed.c.effect_effect_id, listed.c.effect_case_id, literal_column("'waiting'"),
            nothing, listed.c.effect_queued_at, literal_column("0"), nothing,
            listed.c.effect_document,
        )
        .join(written, written.c.id == listed.c.effect_case_id)
        .order_by(listed.c.number)
    )  # fmt: skip
    names = [column.name for column in outbox.c if column.name != "position"]
    return insert(outbox).from_select(names, of_written)
