"""The first tables, as they were when there were no others."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0001"
down_revision = None

TEXT: Any = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER: Any = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
INTEGER = sa.Integer()


def upgrade() -> None:
    """Make them."""
    _schema_version()
    _definitions()
    _editions()
    _cases()
    _journal()
    _stalled()
    _digests()
    _outbox()
    _receipts()
    _refusals()


def _schema_version() -> None:
    op.create_table(
        "escalation_schema_version",
        sa.Column("version", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )


def _definitions() -> None:
    op.create_table(
        "escalation_definitions",
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("process", TEXT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("published_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )


def _editions() -> None:
    op.create_table(
        "escalation_editions",
        sa.Column("definition", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("kept_at", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["definition"], ["escalation_definitions.hash"]),
        sa.PrimaryKeyConstraint("definition", "name"),
    )


def _cases() -> None:
    op.create_table(
        "escalation_cases",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("revision", INTEGER, nullable=False),
        sa.Column("process", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("is_closed", INTEGER, nullable=False),
        sa.Column("outcome", TEXT, nullable=True),
        sa.Column("reference", TEXT, nullable=True),
        sa.Column("assignee", TEXT, nullable=True),
        sa.Column("next_due", TEXT, nullable=True),
        sa.Column("closed_at", TEXT, nullable=True),
        sa.Column("document", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    op.create_index("escalation_cases_by_closing", "escalation_cases", ["process", "closed_at"])
    op.create_index("escalation_cases_by_next_due", "escalation_cases", ["next_due", "id"])
    op.create_index(
        "escalation_cases_by_process", "escalation_cases", ["process", "is_closed", "id"]
    )


def _journal() -> None:
    op.create_table(
        "escalation_journal",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("revision", INTEGER, autoincrement=False, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["escalation_cases.id"]),
        sa.PrimaryKeyConstraint("case_id", "revision"),
    )


def _stalled() -> None:
    op.create_table(
        "escalation_stalled",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("revision", INTEGER, nullable=False),
        sa.Column("attempts", INTEGER, nullable=False),
        sa.Column("next_at", TEXT, nullable=True),
        sa.Column("problem", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["escalation_cases.id"]),
        sa.PrimaryKeyConstraint("case_id"),
    )


def _digests() -> None:
    op.create_table(
        "escalation_digests",
        sa.Column("process", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", INTEGER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("definition", TEXT, nullable=False),
        sa.Column("due_at", TEXT, nullable=True),
        sa.Column("next_at", TEXT, nullable=True),
        sa.Column("attempts", INTEGER, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("process", "name"),
    )


def _outbox() -> None:
    op.create_table(
        "escalation_outbox",
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("effect_id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("next_at", TEXT, nullable=False),
        sa.Column("queued_at", TEXT, nullable=False),
        sa.Column("attempts", INTEGER, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("effect_id"),
    )
    op.create_index("escalation_outbox_by_case", "escalation_outbox", ["case_id"])
    op.create_index("escalation_outbox_by_status", "escalation_outbox", ["status", "next_at"])


def _receipts() -> None:
    op.create_table(
        "escalation_receipts",
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("revision", INTEGER, nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["escalation_cases.id"]),
        sa.PrimaryKeyConstraint("scope", "key"),
    )


def _refusals() -> None:
    op.create_table(
        "escalation_refusals",
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("escalation_refusals_by_case", "escalation_refusals", ["case_id"])
