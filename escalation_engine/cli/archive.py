"""A database opened to be read: cases by id or reference, with the definitions they stand on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from escalation_engine.cli.edge import refuse_usage
from escalation_engine.core import Case, Entry
from escalation_engine.core.document import entry_document
from escalation_engine.errors import StoreError
from escalation_engine.runtime.auditing import Auditor
from escalation_engine.runtime.definitions import Definitions
from escalation_engine.runtime.hooks import Hooks
from escalation_engine.store import open_to_read

__all__ = ["Archive", "open_archive"]

_SQLITE_FILE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Archive:
    """What can be read of a database without any process file."""

    reader: Auditor
    definitions: Definitions

    def find(self, name: str) -> Case:
        """Return the case with this id or reference. Raises CaseNotFound."""
        by_reference = self.reader.cases(reference=name)
        return by_reference[0] if by_reference else self.reader.case(name)

    def id_of(self, name: str) -> str:
        """Return the id of the case with this reference, or the name itself, which may be one."""
        by_reference = self.reader.cases(reference=name)
        return by_reference[0].id if by_reference else name

    def as_json(self, entries: Sequence[Entry]) -> str:
        """Return the entries as a JSON list."""
        return json.dumps(
            [entry_document(entry) for entry in entries], indent=2, ensure_ascii=False
        )


@contextmanager
def open_archive(url: str) -> Iterator[Archive]:
    """Open a database that is there already, only to read it; leave where it cannot be read."""
    file = Path(url.removeprefix(_SQLITE_FILE).partition("?")[0])
    if url.startswith("memory:"):
        refuse_usage("--db memory://: what is kept in memory ends with its process; name a file")
    if url.startswith(_SQLITE_FILE) and not file.exists() and not file.name.startswith("file:"):
        refuse_usage(f"--db {url}: there is no database {file}")
    try:
        store = open_to_read(url)
    except StoreError as error:
        refuse_usage(f"--db {url}: {error.problem}")
    try:
        definitions = Definitions([], hooks=Hooks(None), store=store)
        yield Archive(Auditor(store, definitions), definitions)
    finally:
        store.close()
