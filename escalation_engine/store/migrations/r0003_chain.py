"""The chain of each journal. What was written before stays outside of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0003"
down_revision = "0002"

TEXT: Any = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add three columns."""
    for table, name, default in (
        ("escalation_journal", "hash", ""),
        ("escalation_journal", "proof", "{}"),
        ("escalation_cases", "head", ""),
    ):
        op.add_column(table, sa.Column(name, TEXT, nullable=False, server_default=default))
