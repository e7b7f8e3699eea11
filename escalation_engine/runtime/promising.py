"""Whether a case keeps what its process promises: the part of the engine that watches."""

from __future__ import annotations

from escalation_engine.core import Migrated
from escalation_engine.errors import BadInput
from escalation_engine.runtime.auditing import Auditor
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.replay import decisions
from escalation_engine.verify import PromiseStanding, watched

__all__ = ["Promising"]


class Promising(Auditor):
    """The part of the engine that is about promises."""

    _clock: Clock

    def promises(self, case_id: str) -> tuple[PromiseStanding, ...]:
        """Return how each promise of its process stands in a case now, from its journal alone.

        Kept, broken, or open, and until when. What was not done by a deadline is broken from then
        on, also while the `tick` that would have done it is late. What is said to be `possible`
        speaks of no single case and is left out. A migrated case is watched from its migration on,
        by what its new version promises. Raises CaseNotFound, and StoreError where the journal does
        not lead to the case, BadInput for a case of which something was forgotten.
        """
        case = self.case(case_id)
        chart = self._definitions.chart_of(case)
        if not chart.promises:
            return ()
        journal, published = self._store.journal(case.id), self._definitions.published
        if any(entry.left is not None for entry in journal):
            problem = f"{case.id!r} was forgotten, and promises are told from the journal"
            raise BadInput("case_id", problem, accepted="a case of which nothing was forgotten")
        found = list(decisions(chart, case.identity, journal, published=published))
        moved = [at for at, entry in enumerate(journal, 1) if isinstance(entry.input, Migrated)]
        found = found[max(moved, default=0) :]
        now = max(case.at, self._clock.now())
        return watched(chart, found, now=now, edition_of=self._definitions.edition_of)
