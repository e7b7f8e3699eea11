"""Claims of workers, and workers that sleep."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0002"
down_revision = "0001"

TEXT: Any = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add two tables."""
    op.create_table(
        "escalation_claims",
        sa.Column("work", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("worker", TEXT, nullable=False),
        sa.Column("until", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("work", "name"),
    )
    op.create_index("escalation_claims_by_worker", "escalation_claims", ["worker"])
    op.create_table(
        "escalation_sleepers",
        sa.Column("worker", TEXT, nullable=False),
        sa.Column("until", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("worker"),
    )
