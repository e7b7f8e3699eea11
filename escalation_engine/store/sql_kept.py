"""The part of a SQL store that shows its rows as they stand, to be audited and exported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select, union

from escalation_engine.store.kept import KeptCase
from escalation_engine.store.sql_reading import SqlReading
from escalation_engine.store.tables import cases, journal, stalled

__all__ = ["SqlKept"]


class SqlKept(SqlReading):
    """Columns without any reading of what stands in them."""

    def kept(self, case_id: str) -> KeptCase | None:
        """Return a case and its journal column by column; None where there is neither."""
        of = {"id": case_id}
        with self._connections.reading() as lent:
            case, entries, late = (
                [dict(zip(table.c.keys(), row, strict=True)) for row in lent.rows(query, **of)]
                for query, table in _ASKED
            )
        if not case and not entries:
            return None
        first = case[0] if case else None
        return KeptCase(case_id, first, tuple(entries), late[0] if late else None)

    def kept_ids(self, *, after: str = "", limit: int = 1000) -> Sequence[str]:
        """Return the ids of which there is a case or an entry, in order, those behind `after`."""
        with self._connections.reading() as lent:
            return [id for (id,) in lent.rows(ids_kept, after=after, limit=limit)]


def case_columns() -> Select[Any]:
    """A whole row. Lock: none. Index: primary key."""
    return select(cases).where(cases.c.id == bindparam("id"))


def entry_columns() -> Select[Any]:
    """All rows of a journal. Lock: none. Index: primary key, in order."""
    return select(journal).where(journal.c.case_id == bindparam("id")).order_by(journal.c.revision)


def stalled_columns() -> Select[Any]:
    """What stalled in a case. Lock: none. Index: primary key."""
    return select(stalled).where(stalled.c.case_id == bindparam("id"))


def ids_kept() -> Select[Any]:
    """Ids of cases, and of entries whose case is gone. Lock: none. Index: primary keys."""
    known = select(cases.c.id).where(cases.c.id > bindparam("after"))
    orphaned = select(journal.c.case_id.label("id")).where(journal.c.case_id > bindparam("after"))
    both = union(known, orphaned).subquery()
    return select(both.c.id).order_by(both.c.id).limit(bindparam("limit"))


_ASKED = ((case_columns, cases), (entry_columns, journal), (stalled_columns, stalled))
