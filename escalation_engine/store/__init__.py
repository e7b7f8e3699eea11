"""Where cases, journal, outbox, receipts and refusals are kept: in memory, or in a SQL database."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from escalation_engine.store.memory import MemoryStore
from escalation_engine.store.protocol import (
    CaseFilter,
    KeptDigest,
    KeptEdition,
    KeptReceipt,
    KeptRefusal,
    Publication,
    Queued,
    Stalled,
    Store,
)

if TYPE_CHECKING:
    from escalation_engine.store.sql import SqlStore

__all__ = [
    "CaseFilter",
    "KeptDigest",
    "KeptEdition",
    "KeptReceipt",
    "KeptRefusal",
    "MemoryStore",
    "Publication",
    "Queued",
    "SqlStore",
    "Stalled",
    "Store",
    "open_store",
    "open_to_read",
    "upgrade_tables",
]


def open_store(url: str) -> Store:
    """Return the store of `memory://` or `sqlite:///path`, its tables created where missing.

    Raises BadInput for a URL that cannot be taken, StoreError for a database that cannot be used.
    """
    if url == "memory://":
        return MemoryStore()
    store: Store = import_module("escalation_engine.store.sql").SqlStore(url)
    return store


def open_to_read(url: str) -> Store:
    """Return the store of a database that is there already; nothing is made or changed in it.

    Raises BadInput for a URL that cannot be taken, StoreError for what is no database of ours.
    """
    store: Store = import_module("escalation_engine.store.sql").SqlStore(url, is_to_read=True)
    return store


def upgrade_tables(url: str) -> tuple[int, int]:
    """Make the tables of a database, or bring them up to date; return the versions before, after.

    Before is 0 where there were none. Raises StoreError for a newer version.
    """
    versions: tuple[int, int] = import_module("escalation_engine.store.sql").upgrade_tables(url)
    return versions


def __getattr__(name: str) -> object:
    if name == "SqlStore":  # not before it is wanted: memory:// loads no SQLAlchemy
        return import_module("escalation_engine.store.sql").SqlStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
