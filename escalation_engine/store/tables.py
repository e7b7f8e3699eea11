"""The tables of a SQL store, prefixed so that they can stand beside a host's own.

Instants are text in UTC at a fixed width, so that text order is time order; documents are JSON
text. What a search needs stands in columns; everything else is in the document alone. Text is
compared by its code points on every database.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table
from sqlalchemy import Text as PlainText

__all__ = [
    "METADATA",
    "SCHEMA_VERSION",
    "cases",
    "claims",
    "definitions",
    "digests",
    "editions",
    "journal",
    "outbox",
    "receipts",
    "refusals",
    "schema_version",
    "sleepers",
    "stalled",
]

SCHEMA_VERSION = 3
"""Raised with every change of a table, which takes a step in `migrations`."""

METADATA = MetaData()

Text = PlainText().with_variant(PlainText(collation="C"), "postgresql")
Number = Integer().with_variant(BigInteger(), "postgresql")

schema_version = Table(
    "escalation_schema_version",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
)

definitions = Table(
    "escalation_definitions",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("process", Text, nullable=False),
    Column("version", Number, nullable=False),
    Column("source", Text, nullable=False),
    Column("published_at", Text, nullable=False),
)

editions = Table(
    "escalation_editions",
    METADATA,
    Column("definition", Text, ForeignKey(definitions.c.hash), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
)

cases = Table(
    "escalation_cases",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("process", Text, nullable=False),
    Column("state", Text, nullable=False),  # the leaf of the main track
    Column("is_closed", Integer, nullable=False),
    Column("outcome", Text),
    Column("reference", Text, unique=True),
    Column("assignee", Text),  # see rows.searchable
    Column("next_due", Text),  # see store.due; later than that, or null, after a failure
    Column("closed_at", Text),  # how far a closed case has lived, null while it is open
    Column("document", Text, nullable=False),
    Column("head", Text, nullable=False, server_default=""),  # the hash of its last entry
    Index("escalation_cases_by_process", "process", "is_closed", "id"),
    Index("escalation_cases_by_closing", "process", "closed_at"),
    Index("escalation_cases_by_next_due", "next_due", "id"),
)

journal = Table(
    "escalation_journal",
    METADATA,
    Column("case_id", Text, ForeignKey(cases.c.id), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("hash", Text, nullable=False, server_default=""),  # empty: written before version 3
    Column("proof", Text, nullable=False, server_default="{}"),  # see core.chain
)

stalled = Table(  # counts while the case stands at this revision
    "escalation_stalled",
    METADATA,
    Column("case_id", Text, ForeignKey(cases.c.id), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Text),  # null: given up
    Column("problem", Text, nullable=False),
)

digests = Table(
    "escalation_digests",
    METADATA,
    Column("process", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("version", Number, nullable=False),
    Column("definition", Text, nullable=False),
    Column("due_at", Text),  # null: it is never sent
    Column("next_at", Text),  # later than due_at after a failure
    Column("attempts", Integer, nullable=False),
    Column("problem", Text, nullable=False),
)

outbox = Table(
    "escalation_outbox",
    METADATA,
    Column("position", Number, primary_key=True),  # the order of queueing
    Column("effect_id", Text, nullable=False, unique=True),
    Column("case_id", Text, nullable=False),  # a digest has no case: digest:PROCESS/NAME
    Column("status", Text, nullable=False),
    Column("next_at", Text, nullable=False),  # empty: at once
    Column("queued_at", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("escalation_outbox_by_status", "status", "next_at"),
    Index("escalation_outbox_by_case", "case_id"),
)

receipts = Table(
    "escalation_receipts",
    METADATA,
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("case_id", Text, ForeignKey(cases.c.id), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("payload", Text, nullable=False),
)

refusals = Table(  # a refused opening has no case, so the id refers to nothing
    "escalation_refusals",
    METADATA,
    Column("position", Number, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("escalation_refusals_by_case", "case_id"),
)

claims = Table(
    "escalation_claims",
    METADATA,
    Column("work", Text, primary_key=True),  # firing or delivery
    Column("name", Text, primary_key=True),  # a case, or the digest whose effects are delivered
    Column("worker", Text, nullable=False),
    Column("until", Text, nullable=False),
    Index("escalation_claims_by_worker", "worker"),
)

sleepers = Table(  # who wants to be woken by what is due before
    "escalation_sleepers",
    METADATA,
    Column("worker", Text, primary_key=True),
    Column("until", Text, nullable=False),
)
