"""What every contender is asked: to take a case up a ladder of three tiers to a decision.

tier1, tier2, tier3, decision; each `escalate` asks two guards, plain functions that say yes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = [
    "EVENTS",
    "STATES",
    "Contender",
    "Opened",
    "Shelf",
    "Step",
    "cannot_resolve_here",
    "is_staffed",
    "release",
]

STATES = ("tier1", "tier2", "tier3", "decision")
EVENTS = len(STATES) - 1

Step = Callable[[], str]
"""Sends `escalate` to a case and returns the state that it comes to."""
Opened = Callable[[], Step]
"""Opens a new case in tier1."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to take a case up the ladder.

    `package` is its name at the package index; `keeps` says what stands somewhere afterwards;
    `opened` is called with a folder of its own and the number of cases that will be wanted.
    """

    name: str
    package: str
    keeps: str
    opened: Callable[[Path, int], Opened]


def release(package: str) -> str | None:
    """Return the release that is installed, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def cannot_resolve_here(*_: object) -> bool:
    """Answer the first guard."""
    return True


def is_staffed(*_: object) -> bool:
    """Answer the second guard."""
    return True


class Shelf:
    """One row for each case in SQLite, for libraries that leave writing to the host.

    With the settings of our own store: a commit is on the disk before it returns.
    """

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE shelf (id INTEGER PRIMARY KEY, document)")

    def add(self, document: str | bytes) -> int:
        """Put a case there and return its number."""
        added = self._connection.execute("INSERT INTO shelf (document) VALUES (?)", (document,))
        assert added.lastrowid is not None
        return added.lastrowid

    def load(self, number: int) -> str | bytes:
        """Return how it was put there last."""
        found = self._connection.execute("SELECT document FROM shelf WHERE id = ?", (number,))
        document: str | bytes = found.fetchone()[0]
        return document

    def save(self, number: int, document: str | bytes) -> None:
        """Write it in a transaction of its own."""
        self._connection.execute("UPDATE shelf SET document = ? WHERE id = ?", (document, number))
