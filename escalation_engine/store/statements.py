"""Every statement of a SQL store, compiled once per dialect to its text and parameter order.

The hot path hands text and values to a driver's cursor, past SQLAlchemy, which would take two
thirds of the speed. Reads take no lock: they see the last commit. Writes run under the store's
write lock (SQLite: BEGIN IMMEDIATE), or inside the host's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    Delete,
    Insert,
    Select,
    Update,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Dialect

from escalation_engine.store.tables import (
    cases,
    journal,
    outbox,
    receipts,
    refusals,
    schema_version,
)

__all__ = [
    "CHANGED",
    "Compiled",
    "Query",
    "Statement",
    "case_and_receipt",
    "case_by_id",
    "cases_taken",
    "cases_that_fit",
    "earliest_wait",
    "effect_columns",
    "effects_of_case",
    "effects_parked",
    "effects_waiting",
    "insert_case",
    "insert_effect",
    "insert_entry",
    "insert_receipt",
    "insert_refusal",
    "journal_of_case",
    "receipt_by_key",
    "refusals_of_case",
    "revision_of_case",
    "settle_effect",
    "settle_effect_since",
    "update_case",
    "versions_of_schema",
]

CHANGED = (
    "revision", "state", "is_closed", "outcome", "assignee", "next_due", "closed_at", "document",
    "head",
)  # fmt: skip
"""The columns of a case that a commit changes."""

Query = Callable[[], Select[Any] | Insert | Update | Delete]


class Statement:
    """The text of a statement for one dialect, and its values as the driver takes them.

    In the order of the text's placeholders, or by their names.
    """

    __slots__ = ("_fixed", "_is_named", "_order", "text")

    def __init__(self, query: Query, dialect: Dialect) -> None:
        compiled = query().compile(dialect=dialect)
        self.text = str(compiled)
        self._is_named = not dialect.positional
        for name, bind in compiled.binds.items():
            if isinstance(bind.type, ARRAY):
                # In text psycopg would escape each element, which takes longer than all else.
                self.text = self.text.replace(f"%({name})s", f"%({name})b")
        self._order = tuple(compiled.positiontup or ())
        self._fixed = {name: it for name, it in compiled.params.items() if it is not None}

    def parameters(self, values: Mapping[str, object]) -> tuple[object, ...] | Mapping[str, object]:
        """Return the values in the order of the text's placeholders, or by their names."""
        if self._fixed:
            values = {**self._fixed, **values}
        return values if self._is_named else tuple([values[name] for name in self._order])


class Compiled(dict[Query, Statement]):
    """The statements of one dialect, each compiled when it is first wanted."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__()
        self._dialect = dialect

    def __missing__(self, query: Query) -> Statement:
        statement = self[query] = Statement(query, self._dialect)
        return statement


def versions_of_schema() -> Select[Any]:
    """The version that the tables were made by. Lock: none. Index: none, one row."""
    return select(schema_version.c.version)


def case_by_id() -> Select[Any]:
    """One case. Lock: none. Index: primary key."""
    return select(cases.c.document, cases.c.head).where(cases.c.id == bindparam("id"))


def case_and_receipt() -> Select[Any]:
    """One case and a key's receipt, as of one instant. Lock: none. Index: primary keys."""
    joined = cases.outerjoin(
        receipts, (receipts.c.scope == bindparam("scope")) & (receipts.c.key == bindparam("key"))
    )
    return (
        select(cases.c.document, cases.c.head, *receipts.c)
        .select_from(joined)
        .where(cases.c.id == bindparam("id"))
    )


def revision_of_case() -> Select[Any]:
    """Where a case stands, and the head of its chain. Lock: the write's. Index: primary key."""
    return select(cases.c.revision, cases.c.head).where(cases.c.id == bindparam("id"))


def cases_taken() -> Select[Any]:
    """Who has an id or a reference already. Lock: none. Index: primary key and reference."""
    return select(cases.c.id, cases.c.revision).where(
        or_(cases.c.id == bindparam("id"), cases.c.reference == bindparam("reference"))
    )


@cache
def cases_that_fit(given: frozenset[str]) -> Query:
    """Cases in order of id, by the given criteria. Lock: none. Index: reference, (process,
    is_closed) in order, closing, else the primary key in order; the others filter the rows.
    """
    state, assignee = cases.c.state, cases.c.assignee
    # Not LIKE, which knows no case on SQLite; not instr, which PostgreSQL calls strpos.
    without = func.replace(assignee, bindparam("held_by"), "")
    in_scope = func.substr(state, 1, bindparam("width")) == bindparam("scope")
    criteria = {
        "process": cases.c.process == bindparam("process"),
        "state": or_(state == bindparam("state"), in_scope),
        "is_closed": cases.c.is_closed == bindparam("is_closed"),
        "outcome": cases.c.outcome == bindparam("outcome"),
        "reference": cases.c.reference == bindparam("reference"),
        "held_by": without != assignee,
        "closed_after": cases.c.closed_at > bindparam("closed_after"),
        "after": cases.c.id > bindparam("after"),
    }
    chosen = [criterion for name, criterion in criteria.items() if name in given]
    found = select(cases.c.document).where(*chosen).order_by(cases.c.id)
    return lambda: found.limit(bindparam("limit"))


def receipt_by_key() -> Select[Any]:
    """One receipt. Lock: none. Index: primary key."""
    return select(receipts).where(
        receipts.c.scope == bindparam("scope"), receipts.c.key == bindparam("key")
    )


def refusals_of_case() -> Select[Any]:
    """The refusals of a case, oldest first. Lock: none. Index: by case."""
    return (
        select(refusals.c.document)
        .where(refusals.c.case_id == bindparam("case_id"))
        .order_by(refusals.c.position)
    )


def journal_of_case() -> Select[Any]:
    """The entries of a case, oldest first. Lock: none. Index: primary key, in order."""
    return (
        select(journal.c.document)
        .where(journal.c.case_id == bindparam("case_id"))
        .order_by(journal.c.revision)
    )


def effect_columns() -> tuple[Column[Any], ...]:
    """The columns that `rows.queued_from` reads."""
    o = outbox.c
    return o.document, o.case_id, o.queued_at, o.status, o.attempts, o.next_at, o.problem


def _effects() -> Select[Any]:
    """Effects in order of queueing."""
    return select(*effect_columns()).order_by(outbox.c.position)


def effects_waiting() -> Select[Any]:
    """Effects to be delivered now. Lock: none. Index: by status and next attempt."""
    o = outbox.c
    due = (o.status == "waiting") & (o.next_at <= bindparam("now"))
    return _effects().where(due).limit(bindparam("limit"))


def effects_of_case() -> Select[Any]:
    """Every effect of a case. Lock: none. Index: by case."""
    return _effects().where(outbox.c.case_id == bindparam("case_id"))


def effects_parked() -> Select[Any]:
    """Effects that were given up. Lock: none. Index: by status and next attempt."""
    return _effects().where(outbox.c.status == "parked")


def earliest_wait() -> Select[Any]:
    """The next instant with a delivery. Lock: none. Index: by status, waiting rows only."""
    o = outbox.c
    due = case((o.next_at == "", o.queued_at), else_=o.next_at)
    return select(func.min(due)).where(o.status == "waiting")


def insert_case() -> Insert:
    """Keep a new case. Lock: write. Index: primary key and reference refuse a second one."""
    return insert(cases).inline()


def update_case() -> Update:
    """Compare-and-set: no row where the case has moved on. Lock: write. Index: primary key."""
    return (
        update(cases)
        .where(
            cases.c.id == bindparam("of"),
            cases.c.revision == bindparam("expected"),
            cases.c.head == bindparam("head_before"),
        )
        .values({name: bindparam(name) for name in CHANGED})
    )


def insert_entry() -> Insert:
    """Append to the journal. Lock: write. Index: primary key."""
    return insert(journal).inline()


def insert_effect() -> Insert:
    """Queue an effect. Lock: write. Index: effect id refuses a second one."""
    names = [column.name for column in outbox.c if column.name != "position"]
    return insert(outbox).inline().values({name: bindparam(name) for name in names})


def settle_effect() -> Update:
    """Keep what became of an effect. Lock: write. Index: effect id."""
    changed = ("status", "attempts", "next_at", "problem")
    return (
        update(outbox)
        .where(outbox.c.effect_id == bindparam("effect"))
        .values({name: bindparam(name) for name in changed})
    )


def settle_effect_since() -> Update:
    """The same as a compare-and-set on status and attempts. Lock: write. Index: effect id."""
    return settle_effect().where(
        outbox.c.status == bindparam("status_before"),
        outbox.c.attempts == bindparam("attempts_before"),
    )


def insert_receipt() -> Insert:
    """Keep a receipt. Lock: write. Index: primary key refuses a second use of the key."""
    return insert(receipts).inline()


def insert_refusal() -> Insert:
    """Keep a refusal. Lock: write. Index: by case."""
    names = ("case_id", "at", "document")
    return insert(refusals).inline().values({name: bindparam(name) for name in names})
