"""The part of the memory store that keeps what is published."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from escalation_engine.store.protocol import KeptEdition, Publication

__all__ = ["MemoryPublished"]


class MemoryPublished:
    """Definitions by their hash, and beside each the editions of its calendars."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._publications: dict[str, Publication] = {}
        self._editions: dict[tuple[str, str], KeptEdition] = {}

    def publish(self, publication: Publication) -> None:
        """Keep a definition; the same hash again changes nothing."""
        with self._lock:
            self._publications.setdefault(publication.hash, publication)

    def publication(self, hash: str) -> Publication | None:
        """Return the definition with this content hash."""
        return self._publications.get(hash)

    def publications(self, process: str, version: int | None = None) -> Sequence[Publication]:
        """Return the definitions kept as this version of a process, in order of publication.

        Without `version` those of every version.
        """
        with self._lock:
            kept = list(self._publications.values())
        return [it for it in kept if it.process == process and version in (None, it.version)]

    def keep_edition(self, edition: KeptEdition) -> None:
        """Keep the dates beside a definition; the same name again changes nothing."""
        with self._lock:
            self._editions.setdefault((edition.definition, edition.name), edition)

    def edition(self, definition: str, name: str) -> KeptEdition | None:
        """Return the dates of this name that are kept beside a definition."""
        return self._editions.get((definition, name))
