"""The statements about what is published: definitions, and the editions of their calendars."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Insert, Select, bindparam, insert, select

from escalation_engine.store.tables import definitions, editions

__all__ = [
    "definition_by_hash",
    "definitions_by_name",
    "edition_by_name",
    "insert_definition",
    "insert_edition",
]


def definition_by_hash() -> Select[Any]:
    """One definition. Lock: none. Index: primary key."""
    return select(definitions).where(definitions.c.hash == bindparam("hash"))


def definitions_by_name() -> Select[Any]:
    """Definitions of one process. Lock: none. Index: none, read once at start and of few rows."""
    d = definitions.c
    is_named = d.process == bindparam("process")
    return select(definitions).where(is_named).order_by(d.published_at, d.hash)


def edition_by_name() -> Select[Any]:
    """One edition. Lock: none. Index: primary key."""
    e = editions.c
    is_named = (e.definition == bindparam("definition")) & (e.name == bindparam("name"))
    return select(editions).where(is_named)


def insert_definition() -> Insert:
    """Keep a definition. Lock: write. Index: primary key."""
    return insert(definitions)


def insert_edition() -> Insert:
    """Keep an edition. Lock: write. Index: primary key."""
    return insert(editions)
