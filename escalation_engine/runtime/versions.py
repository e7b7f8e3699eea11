"""The versions of a process that an engine knows: which are loaded, and which opens cases now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from escalation_engine.runtime.edge import checked_name
from escalation_engine.runtime.forgetting import Forgetter
from escalation_engine.store.protocol import Publication

__all__ = ["Version", "VersionKeeper"]


class Version(NamedTuple):
    """One version of a process. `definition` is the hash of its content.

    `valid_from` is the date from which on it opens cases, empty where it says none, or is not
    loaded. `opens_now`: a case that is opened now, and brings no date of its own, is of it.
    """

    process: str
    version: int
    definition: str
    published_at: datetime
    is_loaded: bool
    opens_now: bool
    valid_from: str = ""


class VersionKeeper(Forgetter):
    """The part of the engine that is about versions."""

    def versions(self, process: str) -> Sequence[Version]:
        """Return every version of a process that was ever published here, the lowest first.

        Raises BadInput for a process that is not loaded.
        """
        known = self._definitions.versions(checked_name("process", process))
        loaded = {one.hash: one for one in known}
        now = self._clock.now()
        current = [one.hash for one in self._definitions.all_opening(now=now) if one.hash in loaded]

        def version(kept: Publication) -> Version:
            chart = loaded.get(kept.hash)
            return Version(
                kept.process,
                kept.version,
                kept.hash,
                kept.published_at,
                is_loaded=chart is not None,
                opens_now=kept.hash in current,
                valid_from=chart.validity.since if chart is not None else "",
            )

        kept = self._store.publications(process)
        return [version(one) for one in sorted(kept, key=lambda one: one.version)]
