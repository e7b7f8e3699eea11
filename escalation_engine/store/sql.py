"""A store in a SQL database: SQLite or PostgreSQL by itself, or in the host's own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from secrets import token_bytes
from typing import TypeVar
from weakref import finalize

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from escalation_engine.core.case import Case
from escalation_engine.core.decision import Entry
from escalation_engine.core.document import instant_from, instant_text
from escalation_engine.errors import BadInput, StoreError
from escalation_engine.store import due_statements, rows, statements
from escalation_engine.store.connection import Connections
from escalation_engine.store.database import ACCEPTED_URLS, database_of
from escalation_engine.store.listening import SqlListening
from escalation_engine.store.protocol import (
    CaseFilter,
    KeptReceipt,
    KeptRefusal,
    Queued,
    Stalled,
)
from escalation_engine.store.published import SqlPublished
from escalation_engine.store.recent import RecentCases
from escalation_engine.store.schema import bring_up_to_date, check_present, check_version
from escalation_engine.store.sql_claims import SqlClaims
from escalation_engine.store.sql_digests import SqlDigests, earliest_digest
from escalation_engine.store.sql_forgetting import SqlForgetting
from escalation_engine.store.sql_kept import SqlKept

__all__ = ["SqlStore", "parsed", "upgrade_tables"]
from escalation_engine.store.tables import SCHEMA_VERSION
from escalation_engine.store.waking import NEVER, Listening

T = TypeVar("T")
Values = dict[str, object]


class SqlStore(SqlForgetting, SqlClaims, SqlDigests, SqlKept, SqlPublished):
    """Keeps everything in one database; safe to share among threads and processes.

    A URL opens an engine with durable settings. A host's engine keeps the host's settings: the
    store takes a connection from its pool for each call. With `is_to_read` a database of a URL is
    never made and never written. `salts` gives as many random bytes as it is asked for.
    """

    def __init__(
        self,
        url_or_engine: str | Engine,
        *,
        is_to_read: bool = False,
        salts: Callable[[int], bytes] = token_bytes,
    ) -> None:
        self._connections = self._connected(url_or_engine, is_to_read=is_to_read)
        self._recent, self._salts = RecentCases(), salts
        # A store that nobody has closed and nobody has any more; not at exit, after a fork.
        finalize(self, self._connections.abandon).atexit = False
        self.url = self._connections.url
        self.version_found = SCHEMA_VERSION
        try:
            with self._connections.engine.connect() as connection:
                if is_to_read:
                    check_present(connection)
                else:
                    self.version_found = bring_up_to_date(connection)
                    connection.commit()
        except StoreError:
            self.close()
            raise
        except self._connections.errors as error:
            self.close()
            raise StoreError(self.url, self._connections.database.explain(error)) from error

    @staticmethod
    def create_tables(connection: Connection) -> None:
        """Create the tables in the host's transaction on `connection`, which the host commits.

        Tables of an earlier version are brought up to date. Raises StoreError for a newer version.
        """
        bring_up_to_date(connection)

    def using(self, connection: object) -> AbstractContextManager[None]:
        """Work inside the host's transaction on a SQLAlchemy Connection: flush, never commit.

        The tables must be there (`create_tables`). A refused or conflicting write leaves the
        host's transaction as it was. Context-local: other threads work as before.
        """
        return self._using(connection)

    def listen(self) -> Listening:
        """Return how a sleeping worker is woken by what others commit: on PostgreSQL it is."""
        connections = self._connections
        return SqlListening(connections) if connections.database.WRITES_AT_ONCE else NEVER

    def close(self) -> None:
        """Give back all connections."""
        self._connections.close()

    def load(self, case_id: str) -> Case | None:
        """Return the case as it stands; None where there is none."""
        with self._connections.reading() as lent:
            found = lent.rows(statements.case_by_id, id=case_id)
        return self._case(case_id, *found[0]) if found else None

    def load_for(
        self, case_id: str, key: str | None, *, scope: str | None = None
    ) -> tuple[Case | None, KeptReceipt | None]:
        """Return the case and what a key was used for, in one read. `scope` if not its id."""
        if key is None:
            return self.load(case_id), None
        with self._connections.reading() as lent:
            found = lent.rows(
                statements.case_and_receipt, id=case_id, scope=scope or case_id, key=key
            )
        if not found:
            return None, None
        text, head, *receipt_row = found[0]
        receipt = None if receipt_row[0] is None else rows.receipt_from(tuple(receipt_row))
        return self._case(case_id, text, head), receipt

    def find(self, wanted: CaseFilter) -> Sequence[Case]:
        """Return the cases that fit, in order of id: at most `limit`, after the id `after`."""
        names, values = rows.criteria(wanted)
        with self._connections.reading() as lent:
            found = lent.rows(statements.cases_that_fit(names), limit=wanted.limit, **values)
        return [self._read(rows.case_read, text) for (text,) in found]

    def refuse(self, refusal: KeptRefusal) -> None:
        """Keep a refusal."""
        with self._connections.writing() as lent:
            lent.change(statements.insert_refusal, rows.refusal_row(refusal))

    def refusals(self, case_id: str) -> Sequence[KeptRefusal]:
        """Return the refusals of a case, oldest first."""
        with self._connections.reading() as lent:
            found = lent.rows(statements.refusals_of_case, case_id=case_id)
        return [self._read(rows.refusal_read, text) for (text,) in found]

    def journal(self, case_id: str) -> Sequence[Entry]:
        """Return the journal of a case, oldest first."""
        with self._connections.reading() as lent:
            found = lent.rows(statements.journal_of_case, case_id=case_id)
        return [self._read(rows.entry_read, text) for (text,) in found]

    def waiting(self, now: datetime, limit: int) -> Sequence[Queued]:
        """Return effects to be delivered now, in order of queueing."""
        return self._effects(statements.effects_waiting, now=instant_text(now), limit=limit)

    def outbox(self, case_id: str) -> Sequence[Queued]:
        """Return every effect of a case, delivered ones too, in order of queueing."""
        return self._effects(statements.effects_of_case, case_id=case_id)

    def parked(self) -> Sequence[Queued]:
        """Return the effects that were given up and wait for a person."""
        return self._effects(statements.effects_parked)

    def settle(self, queued: Queued, *, since: Queued | None = None) -> bool:
        """Keep the new status, attempts, next attempt and problem of an effect.

        Compare-and-set: returns False, and changes nothing, where status or attempts are not those
        of `since` any more. Raises BadInput for an effect that was never queued.
        """
        with self._connections.writing() as lent:
            query = statements.settle_effect if since is None else statements.settle_effect_since
            changed = lent.change(query, rows.settled_row(queued, since=since or queued))
        known = (it.effect.id for it in self.outbox(queued.case_id)) if not changed else ()
        if not changed and queued.effect.id not in known:
            raise BadInput("effect", f"{queued.effect.id!r} was never queued")
        return bool(changed)

    def due_cases(self, now: datetime, limit: int) -> Sequence[str]:
        """Return the ids of open cases in which something is due at `now`, earliest first."""
        with self._connections.reading() as lent:
            found = lent.rows(due_statements.cases_due, now=instant_text(now), limit=limit)
        return [case_id for (case_id,) in found]

    def postpone(self, stalled: Stalled) -> None:
        """Let a case be due at `next_at` instead, or not at all, and keep why."""
        row = rows.stalled_row(stalled)
        case: Values = {"of": stalled.case_id, "expected": stalled.revision}
        with self._connections.writing() as lent:
            if lent.change(due_statements.postpone_case, case | {"next_at": row["next_at"]}):
                lent.change(due_statements.delete_stalled, case)
                lent.change(due_statements.insert_stalled, row)

    def stalled(self, case_id: str | None = None) -> Sequence[Stalled]:
        """Return what was postponed and has not been done since, of one case or of all by id."""
        with self._connections.reading() as lent:
            if case_id is None:
                found = lent.rows(due_statements.cases_stalled)
            else:
                found = lent.rows(due_statements.stalled_of_case, case_id=case_id)
        return [rows.stalled_from(row) for row in found]

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which something waits to be done; None: nothing does."""
        with self._connections.reading() as lent:
            asked = (due_statements.earliest_due, statements.earliest_wait, earliest_digest)
            found = [lent.rows(query)[0][0] for query in asked]
        return min((instant_from(due) for due in found if due is not None), default=None)

    def _connected(self, url_or_engine: str | Engine, *, is_to_read: bool) -> Connections:
        if not isinstance(url_or_engine, str):
            database = database_of(url_or_engine.url)
            return Connections(url_or_engine, database, is_own=False)
        url = parsed(url_or_engine)
        database = database_of(url)
        engine = database.open_to_read(url) if is_to_read else database.open_engine(url)
        return Connections(engine, database, is_own=True)

    @contextmanager
    def _using(self, connection: object) -> Iterator[None]:
        with self._connections.using(connection):
            with self._connections.reading() as lent:
                check_version(lent.rows(statements.versions_of_schema), url=self.url)
            yield


def upgrade_tables(url: str) -> tuple[int, int]:
    """Make the tables of a database, or bring them up to date; return the versions before, after.

    Before is 0 where there were none. Raises StoreError for a newer version.
    """
    store = SqlStore(url)
    store.close()
    return store.version_found, SCHEMA_VERSION


def parsed(url: str) -> URL:
    """Return the parts of a URL. Raises BadInput where it cannot be read."""
    try:
        return make_url(url)
    except ArgumentError as error:
        raise BadInput("url", "it cannot be read", accepted=ACCEPTED_URLS) from error
