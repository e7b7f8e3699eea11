"""The part of a SQL store that is about digests: when each is due, and what is queued then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Select, Update, bindparam, func, insert, select, update

from escalation_engine.core.effect import Digest, scope_of_digest
from escalation_engine.core.instant import instant_from, instant_text
from escalation_engine.errors import StoreError
from escalation_engine.store.connection import Connections
from escalation_engine.store.protocol import KeptDigest
from escalation_engine.store.rows import effect_row
from escalation_engine.store.statements import insert_effect
from escalation_engine.store.tables import digests

__all__ = ["SqlDigests", "earliest_digest"]


class SqlDigests:
    """Keeps digests by compare-and-set on their revision."""

    _connections: Connections
    url: str

    def digests(self) -> Sequence[KeptDigest]:
        """Return every digest that was kept, by process and name: a few, however many cases."""
        with self._connections.reading() as lent:
            return [_kept_from(row) for row in lent.rows(all_digests)]

    def keep_digest(
        self,
        kept: KeptDigest,
        *,
        at: datetime,
        since: KeptDigest | None = None,
        effects: Sequence[Digest] = (),
    ) -> bool:
        """Keep when a digest is due next, and queue effects of its last due time, all at once.

        Compare-and-set: returns False, and writes nothing, where the revision is not that of
        `since`; with None where there is one already. `at` is when the effects are queued.
        """
        row = _row(kept)
        scope = scope_of_digest(kept.process, kept.name)
        try:
            with self._connections.writing() as lent:
                if since is None:
                    named = {"process": kept.process, "name": kept.name}
                    if lent.rows(digest_by_name, **named):
                        return False
                    lent.change(insert_digest, row)
                else:
                    named = {"of": kept.process, "named": kept.name}
                    if not lent.change(update_digest, row | named | {"expected": since.revision}):
                        return False
                for effect in effects:
                    lent.change(insert_effect, effect_row(effect, case_id=scope, at=at))
        except self._connections.integrity_error as error:
            if since is None and self._is_kept(kept):
                return False
            raise StoreError(self.url, self._connections.database.explain(error)) from error
        return True

    def _is_kept(self, kept: KeptDigest) -> bool:
        with self._connections.reading() as lent:
            return bool(lent.rows(digest_by_name, process=kept.process, name=kept.name))


def all_digests() -> Select[Any]:
    """Every digest. Lock: none. Index: primary key, in order; as many rows as files name."""
    return select(digests).order_by(digests.c.process, digests.c.name)


def digest_by_name() -> Select[Any]:
    """One digest. Lock: the write's. Index: primary key."""
    d = digests.c
    is_named = (d.process == bindparam("process")) & (d.name == bindparam("name"))
    return select(d.revision).where(is_named)


def earliest_digest() -> Select[Any]:
    """The next instant with a digest. Lock: none. Index: none, as many rows as files name."""
    return select(func.min(digests.c.next_at))


def insert_digest() -> Insert:
    """Keep a new digest. Lock: write. Index: primary key refuses a second one."""
    return insert(digests)


def update_digest() -> Update:
    """Compare-and-set: no row where another was first. Lock: write. Index: primary key."""
    d = digests.c
    changed = ("revision", "version", "definition", "due_at", "next_at", "attempts", "problem")
    is_named = (d.process == bindparam("of")) & (d.name == bindparam("named"))
    return (
        update(digests)
        .where(is_named, d.revision == bindparam("expected"))
        .values({name: bindparam(name) for name in changed})
    )


def _row(kept: KeptDigest) -> dict[str, object]:
    return {
        "process": kept.process,
        "name": kept.name,
        "revision": kept.revision,
        "version": kept.version,
        "definition": kept.definition,
        "due_at": instant_text(kept.due_at) if kept.due_at else None,
        "next_at": instant_text(kept.next_at) if kept.next_at else None,
        "attempts": kept.attempts,
        "problem": kept.problem,
    }


def _kept_from(row: Sequence[Any]) -> KeptDigest:
    process, name, revision, version, definition, due_at, next_at, attempts, problem = row
    due, following = (instant_from(at) if at else None for at in (due_at, next_at))
    return KeptDigest(
        process, name, revision, version, definition, due, following, attempts, problem
    )
