"""The part of the SQL store that keeps what is published, for ever."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from escalation_engine.store import published_statements, rows
from escalation_engine.store.connection import Connections
from escalation_engine.store.protocol import KeptEdition, Publication

__all__ = ["SqlPublished"]


class SqlPublished:
    """Definitions by their hash, and beside each the editions of its calendars."""

    _connections: Connections

    def publish(self, publication: Publication) -> None:
        """Keep a definition; the same hash again changes nothing."""
        # Two that start at once may both find nothing: what the first kept is the same.
        with suppress(self._connections.integrity_error), self._connections.writing() as lent:
            if not lent.rows(published_statements.definition_by_hash, hash=publication.hash):
                lent.change(
                    published_statements.insert_definition, rows.publication_row(publication)
                )

    def publication(self, hash: str) -> Publication | None:
        """Return the definition with this content hash."""
        with self._connections.reading() as lent:
            found = lent.rows(published_statements.definition_by_hash, hash=hash)
        return rows.publication_from(found[0]) if found else None

    def publications(self, process: str, version: int | None = None) -> Sequence[Publication]:
        """Return the definitions kept as this version of a process, in order of publication.

        Without `version` those of every version.
        """
        with self._connections.reading() as lent:
            found = lent.rows(published_statements.definitions_by_name, process=process)
        kept = [rows.publication_from(row) for row in found]
        return [one for one in kept if version in (None, one.version)]

    def keep_edition(self, edition: KeptEdition) -> None:
        """Keep the dates beside a definition; the same name again changes nothing."""
        known = {"definition": edition.definition, "name": edition.name}
        with suppress(self._connections.integrity_error), self._connections.writing() as lent:
            if not lent.rows(published_statements.edition_by_name, **known):
                lent.change(published_statements.insert_edition, rows.edition_row(edition))

    def edition(self, definition: str, name: str) -> KeptEdition | None:
        """Return the dates of this name that are kept beside a definition."""
        known = {"definition": definition, "name": name}
        with self._connections.reading() as lent:
            found = lent.rows(published_statements.edition_by_name, **known)
        return rows.edition_from(found[0]) if found else None
