"""Whether journals are as they were written, and how one leaves the store as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.errors import CaseNotFound
from escalation_engine.runtime.edge import checked_name
from escalation_engine.runtime.reading import Reader
from escalation_engine.store.audit import Audited, audited
from escalation_engine.store.kept import KeptCase
from escalation_engine.store.portable import exported

__all__ = ["Auditor"]


class Auditor(Reader):
    """The part of the engine that is about the chain of each journal."""

    def audit(self, case_id: str) -> Audited:
        """Return whether a case and its journal are as they were written, or the first break.

        Raises CaseNotFound.
        """
        return audited(self._kept(case_id))

    def audit_all(self) -> Iterator[Audited]:
        """Yield the same for all that is kept, in order of id; entries without a case as well."""
        after = ""
        while ids := self._store.kept_ids(after=after):
            for after in ids:
                if (kept := self._store.kept(after)) is not None:
                    yield audited(kept)

    def export(self, case_id: str) -> str:
        """Return a case with its whole journal as JSON Lines, which can be audited anywhere.

        Nothing is hidden in it, whatever is sensitive. Raises CaseNotFound.
        """
        return "".join(f"{line}\n" for line in exported(self._kept(case_id)))

    def _kept(self, case_id: str) -> KeptCase:
        case_id = checked_name("case_id", case_id)
        kept = self._store.kept(case_id)
        if kept is None:
            raise CaseNotFound(case_id)
        return kept
