"""What people do about time: fulfil a duty, adopt new calendars, ask how a clock stands and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from escalation_engine.calendar import Explanation
from escalation_engine.chart.fault import did_you_mean
from escalation_engine.core import Actor, Case, Fulfilled, Recalculated, explain, scope_of_digest
from escalation_engine.errors import BadInput
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.deciding import Deciding
from escalation_engine.runtime.definitions import Definitions
from escalation_engine.runtime.edge import (
    checked_actor,
    checked_data,
    checked_instant,
    checked_name,
    checked_text,
    optional_name,
    required_text,
)
from escalation_engine.runtime.promising import Promising
from escalation_engine.store.protocol import CaseFilter, Stalled, Store

__all__ = ["Timekeeper"]

_PAGE = 500


class Timekeeper(Promising):
    """The part of the engine that is about timers, clocks and duties."""

    def __init__(
        self, store: Store, definitions: Definitions, *, deciding: Deciding, clock: Clock
    ) -> None:
        super().__init__(store, definitions)
        self._deciding = deciding
        self._clock = clock

    def fulfil(
        self,
        case_id: str,
        duty: str,
        *,
        by: Actor,
        data: Mapping[str, object] | None = None,
        note: str | None = None,
        channel: str | None = None,
        evidence: str | None = None,
        on_behalf_of: str | None = None,
        occurred_at: datetime | None = None,
        key: str | None = None,
    ) -> Case:
        """Return the case with a duty done, which was due until now.

        Raises EventRefused while what the duty needs is missing, KeyReused, CaseNotFound, BadInput,
        Conflict.
        """
        fulfilled = Fulfilled(
            checked_name("duty", duty),
            checked_actor(by),
            data=checked_data("data", data),
            note=checked_text("note", note),
            channel=optional_name("channel", channel),
            evidence=checked_text("evidence", evidence),
            on_behalf_of=optional_name("on_behalf_of", on_behalf_of),
            occurred_at=checked_instant("occurred_at", occurred_at),
        )
        key = optional_name("key", key)
        return self._deciding.change(checked_name("case_id", case_id), fulfilled, key=key)

    def recalculate(self, case_id: str, *, by: Actor, reason: str) -> Case:
        """Return the case with all that is armed computed anew, from the calendars as they are now.

        From here on it counts on the holidays that the installed packages have; the journal has
        each old due instant beside the new one, and both editions. What has fired stays fired.
        Raises EventRefused, CaseNotFound, BadInput, Conflict.
        """
        recalculated = Recalculated(checked_actor(by), required_text("reason", reason))
        return self._deciding.change(checked_name("case_id", case_id), recalculated)

    def recalculate_all(self, process: str, *, by: Actor, reason: str) -> Sequence[str]:
        """Recalculate every open case of a process that waits for something; return their ids.

        Each case by itself: where one raises, those before it are done, and a second call is safe.
        """
        process = checked_name("process", process)
        found: list[str] = []
        after: str | None = None
        while page := self._store.find(
            CaseFilter(process=process, is_closed=False, limit=_PAGE, after=after)
        ):
            after = page[-1].id
            for case in page:
                if case.timers or case.clocks or case.duties:
                    self.recalculate(case.id, by=by, reason=reason)
                    found.append(case.id)
        return found

    def explain(self, case_id: str, *, clock: str, at: datetime | None = None) -> Explanation:
        """Return how a clock of a case stands: what counted, what did not and why, what comes next.

        `at` is an instant since its start; without it now. Raises CaseNotFound, and BadInput for a
        clock that is not known, or has not started.
        """
        case = self.case(case_id)
        chart = self._definitions.chart_of(case)
        clock = checked_name("clock", clock)
        if clock not in chart.clocks:
            accepted = did_you_mean(clock, chart.clocks)
            raise BadInput("clock", f"there is no clock {clock!r}", accepted=accepted)
        if clock not in case.clocks:
            raise BadInput("clock", f"{clock!r} has not started in case {case.id!r}")
        now = checked_instant("at", at) or max(case.at, self._clock.now())
        edition = self._definitions.edition_of(case)
        return explain(chart, case, clock=clock, at=now, edition=edition)

    def stalled(self) -> Sequence[Stalled]:
        """Return the cases in which something is due that the host made fail, with the problem.

        Those without `next_at` were given up: `retry` takes the id of the case. A digest that
        could not be made stands behind them as `digest:PROCESS/NAME`; it is never given up.
        """
        digests = [
            Stalled(
                scope_of_digest(kept.process, kept.name),
                kept.revision,
                kept.attempts,
                kept.next_at,
                kept.problem,
            )
            for kept in self._store.digests()
            if kept.problem
        ]
        return [*self._store.stalled(), *digests]
