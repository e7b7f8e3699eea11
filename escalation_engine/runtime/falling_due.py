"""What has fallen due in one case: each firing is a decision and a commit of its own.

It keeps no record of what goes wrong: an input is not taken then, and a tick tries again later.
"""

from __future__ import annotations

from datetime import datetime

from escalation_engine.core import Case, Decision, Due, Refusal
from escalation_engine.errors import EventRefused, HostError
from escalation_engine.runtime.asking import Asking
from escalation_engine.store.protocol import Store

__all__ = ["FallingDue"]


class FallingDue:
    """Fires timers, clocks and duties of a case in the order in which they are due."""

    def __init__(self, store: Store, asking: Asking) -> None:
        self._store = store
        self._asking = asking

    def next(self, case: Case) -> Due | None:
        """Return what is due next in a case, now or later; None: nothing."""
        return self._asking.next_firing(case)

    def before(self, case: Case, *, now: datetime, may_stop_short: bool = False) -> Case:
        """Return the case after all that was due before `now`; what is due at `now` comes later.

        What has fired stays, whatever follows. Raises Conflict where somebody else was first, and
        HookError, HooksMismatch where the host fails a firing: then it `may_stop_short` instead.
        """
        while (due := self.next(case)) is not None and due.due_at < now:
            try:
                case = self._fire(case, due, now=now)
            except HostError:
                if not may_stop_short:
                    raise
                return case
        return case

    def decide(self, case: Case, due: Due, *, now: datetime) -> Decision:
        """Return what one firing comes to, to be committed. Raises HookError, HooksMismatch.

        EventRefused for a stale one; what the process itself refuses is a decision, and journaled.
        """
        decided = self._asking.decide(case, due, now=max(case.at, now))
        if isinstance(decided, Refusal):
            raise EventRefused(decided.what, where=decided.where, reasons=decided.reasons)
        return decided

    def _fire(self, case: Case, due: Due, *, now: datetime) -> Case:
        decision = self.decide(case, due, now=now)
        self._store.commit(decision)
        return decision.case
