"""The statements about cases in which something is due, and about those that were postponed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Delete,
    Insert,
    Select,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from escalation_engine.store.tables import cases, stalled

__all__ = [
    "cases_due",
    "cases_stalled",
    "delete_stalled",
    "earliest_due",
    "insert_stalled",
    "postpone_case",
    "stalled_of_case",
]


def cases_due() -> Select[Any]:
    """Cases in which something is due, earliest first. Lock: none. Index: by next_due, in order."""
    due = cases.c.next_due
    found = select(cases.c.id).where(due <= bindparam("now")).order_by(due, cases.c.id)
    return found.limit(bindparam("limit"))


def earliest_due() -> Select[Any]:
    """The next instant at which something is due in a case. Lock: none. Index: by next_due."""
    return select(func.min(cases.c.next_due))


def postpone_case() -> Update:
    """Make a case due later, or never, unless it has moved on. Lock: write. Index: primary key."""
    return (
        update(cases)
        .where(cases.c.id == bindparam("of"), cases.c.revision == bindparam("expected"))
        .values(next_due=bindparam("next_at"))
    )


def delete_stalled() -> Delete:
    """Make place for a new row of a case. Lock: write. Index: primary key."""
    return delete(stalled).where(stalled.c.case_id == bindparam("of"))


def insert_stalled() -> Insert:
    """Keep why a case was postponed. Lock: write. Index: primary key."""
    return insert(stalled)


def cases_stalled() -> Select[Any]:
    """What is postponed and not outdated, by case. Lock: none. Index: primary keys."""
    current = (stalled.c.case_id == cases.c.id) & (stalled.c.revision == cases.c.revision)
    return select(stalled).join(cases, current).order_by(stalled.c.case_id)


def stalled_of_case() -> Select[Any]:
    """The same of one case. Lock: none. Index: primary keys."""
    return cases_stalled().where(stalled.c.case_id == bindparam("case_id"))
