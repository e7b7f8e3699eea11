"""The statements about claims: who may do for a while what is due in a case, or deliver for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Text,
    Update,
    bindparam,
    delete,
    exists,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is SQLite's as well
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from escalation_engine.store.statements import effect_columns
from escalation_engine.store.tables import cases, claims, outbox

__all__ = [
    "DELIVERY",
    "FIRING",
    "claim_cases",
    "claim_effects",
    "claimed_cases",
    "claimed_effects",
    "delete_claims",
    "renew_claims",
]

FIRING, DELIVERY = "firing", "delivery"
"""What is claimed: the case for what is due in it, or the delivery of its effects."""


class LeaseClock(ColumnElement[str]):
    """The clock that leases go by, with seconds ahead of it, as text.

    The database's own where several machines share it, whose clocks differ; else `clock` and
    `until`, as the engine gives them.
    """

    inherit_cache = False

    def __init__(self, *, is_ahead: bool) -> None:
        self.type = Text()
        self.is_ahead = is_ahead


@compiles(LeaseClock)
def _given(element: LeaseClock, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(bindparam("until" if element.is_ahead else "clock"), **options)


@compiles(LeaseClock, "postgresql")
def _read(element: LeaseClock, compiler: SQLCompiler, **options: Any) -> str:
    at = "clock_timestamp()"
    if element.is_ahead:
        seconds = compiler.process(bindparam("seconds"), **options)
        at = f"{at} + {seconds} * interval '1 second'"
    shape = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
    return f"to_char(({at}) AT TIME ZONE 'UTC', '{shape}')"


def claim_cases() -> Insert:
    """Claim cases in which something is due, earliest first; those that others claim are left.

    Lock: write; on PostgreSQL of the rows, skipping those that are locked. Index: by next_due, in
    order, and the claims' primary key.
    """
    c = cases.c
    found = (
        select(c.id.label("name"))
        .where(c.next_due <= bindparam("now"), ~_is_claimed(FIRING, c.id))
        .order_by(c.next_due, c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, key_share=True, of=cases)
        .subquery("found")
    )
    return _claim(FIRING, select(found.c.name))


def claim_effects() -> Insert:
    """Claim the delivery for cases with effects to be delivered now, in order of queueing.

    Lock: as above. Index: by status and next attempt, and the claims' primary key.
    """
    o = outbox.c
    found = (
        select(o.case_id.label("name"))
        .where(
            o.status == "waiting",
            o.next_at <= bindparam("now"),
            ~_is_claimed(DELIVERY, o.case_id),
        )
        .order_by(o.position)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, key_share=True, of=outbox)
        .subquery("found")
    )
    return _claim(DELIVERY, select(found.c.name).distinct())


def claimed_cases() -> Select[Any]:
    """The cases of a claim in which something is due. Lock: none. Index: the claims' by worker."""
    is_claimed = (claims.c.name == cases.c.id) & (claims.c.work == FIRING)
    return (
        select(cases.c.id, cases.c.document, cases.c.head)
        .join(claims, is_claimed)
        .where(claims.c.worker == bindparam("worker"), cases.c.next_due <= bindparam("now"))
        .order_by(cases.c.next_due, cases.c.id)
    )


def claimed_effects() -> Select[Any]:
    """The effects of a claim to be delivered now. Lock: none. Index: the claims' by worker."""
    o = outbox.c
    is_claimed = (claims.c.name == o.case_id) & (claims.c.work == DELIVERY)
    return (
        select(*effect_columns())
        .join(claims, is_claimed)
        .where(
            claims.c.worker == bindparam("worker"),
            o.status == "waiting",
            o.next_at <= bindparam("now"),
        )
        .order_by(o.position)
        .limit(bindparam("limit"))
    )


def renew_claims() -> Update:
    """Let a worker's claims last longer. Lock: write. Index: by worker."""
    mine = claims.c.worker == bindparam("of")
    return update(claims).where(mine).values(until=LeaseClock(is_ahead=True))


def delete_claims() -> Delete:
    """Give a worker's claims back. Lock: write. Index: by worker."""
    return delete(claims).where(claims.c.worker == bindparam("of"))


def _is_claimed(work: str, name: ColumnElement[str]) -> ColumnElement[bool]:
    lasts = claims.c.until > LeaseClock(is_ahead=False)
    return exists().where(claims.c.work == work, claims.c.name == name, lasts)


def _claim(work: str, found: Select[Any]) -> Insert:
    """Insert claims, or take over those that have run out.

    Whoever has claimed a row since it was looked at keeps it: on PostgreSQL that can be.
    """
    named = found.subquery("named")
    given = select(
        literal_column(f"'{work}'"),
        named.c.name,
        bindparam("worker", type_=Text()),
        LeaseClock(is_ahead=True),
    ).where(true())  # SQLite would take ON for a join's
    new = insert(claims).from_select(["work", "name", "worker", "until"], given)
    return new.on_conflict_do_update(
        index_elements=["work", "name"],
        set_={"worker": new.excluded.worker, "until": new.excluded.until},
        where=claims.c.until <= LeaseClock(is_ahead=False),
    )
