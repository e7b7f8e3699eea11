"""The part of the memory store that chains its journals, and shows them as rows."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_bytes

from escalation_engine.core.case import Case
from escalation_engine.core.chain import ROOT_BYTES, Link, canonical, link
from escalation_engine.core.decision import Entry
from escalation_engine.core.document import case_document, entry_document
from escalation_engine.store.kept import Erasure, KeptCase
from escalation_engine.store.memory_published import MemoryPublished
from escalation_engine.store.protocol import Stalled
from escalation_engine.store.rows import case_row, entry_row, stalled_row

__all__ = ["MemoryChains"]


class MemoryChains(MemoryPublished):
    """Cases and journals, with a link for each entry."""

    def __init__(self) -> None:
        super().__init__()
        self._cases: dict[str, Case] = {}
        self._journals: dict[str, list[Entry]] = {}
        self._links: dict[str, list[Link]] = {}
        self._stalled: dict[str, Stalled] = {}

    def kept(self, case_id: str) -> KeptCase | None:
        """Return a case and its journal column by column; None where there is neither."""
        with self._lock:
            case, late = self._cases.get(case_id), self._stalled.get(case_id)
            journal, links = [*self._journals.get(case_id, ())], [*self._links.get(case_id, ())]
        if case is None:
            return None
        entries = [
            entry_row(entry, chained, entry_document(entry))
            for entry, chained in zip(journal, links, strict=True)
        ]
        columns = {**case_row(case), "head": links[-1].hash}
        stalled = None if late is None else stalled_row(late)
        columns |= {} if stalled is None else {"next_due": stalled["next_at"]}
        return KeptCase(case_id, columns, tuple(entries), stalled)

    def kept_ids(self, *, after: str = "", limit: int = 1000) -> Sequence[str]:
        """Return the ids of which there is a case or an entry, in order, those behind `after`."""
        with self._lock:
            return [id for id in sorted(self._cases) if id > after][:limit]

    def _erase_entries(self, case_id: str, erasure: Erasure) -> None:
        for entry, proof in erasure.entries:
            at = entry.revision - 1
            self._journals[case_id][at] = entry
            self._links[case_id][at] = Link(self._links[case_id][at].hash, proof)

    def _chain(self, case: Case, entry: Entry) -> None:
        links = self._links.setdefault(case.id, [])
        links.append(
            link(
                entry_document(entry),
                case=canonical(case_document(case)),
                head=links[-1].hash if links else "",
                root=token_bytes(ROOT_BYTES),
            )
        )
