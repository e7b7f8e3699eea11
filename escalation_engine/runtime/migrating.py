"""Moves running cases to another version: by a plan, each case in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_engine.chart.model import Chart
from escalation_engine.core import Actor, Case, Decision
from escalation_engine.errors import BadInput, Conflict, HostError
from escalation_engine.migration import VersionMap, told
from escalation_engine.runtime.asking import Asking
from escalation_engine.runtime.edge import (
    checked_actor,
    checked_count,
    checked_name,
    required_text,
)
from escalation_engine.runtime.falling_due import FallingDue
from escalation_engine.runtime.migration_plan import MigratedCase, Plan, PlannedCase
from escalation_engine.runtime.planning import Planner
from escalation_engine.runtime.versions import VersionKeeper
from escalation_engine.verify import MOST_CONFIGURATIONS

__all__ = ["Migrating"]


class Migrating(VersionKeeper):
    """The part of the engine that moves cases to another version."""

    _asking: Asking

    def plan_migration(
        self,
        process: str,
        *,
        from_version: int,
        to_version: int,
        mapping: VersionMap | None = None,
        most: int = MOST_CONFIGURATIONS,
    ) -> Plan:
        """Return what would become of every open case of a version. Nothing is written.

        Without `mapping` by the one that is proposed, which is the plan's `mapping`. A case that
        has no place, or could come to no end from there, is refused; so is one for which that is
        not decided after `most` configurations. Raises BadInput.
        """
        name = checked_name("process", process)
        old, new = (
            self._definitions.version(name, checked_count(what, version, kind="version"))
            for what, version in (("from_version", from_version), ("to_version", to_version))
        )
        return self._planner().plan(old, new, mapping, most=most)

    def migrate(self, plan: Plan, *, by: Actor, reason: str) -> Sequence[MigratedCase]:
        """Carry a plan out, and return what became of each of its cases.

        Refused cases are left alone. A case that has moved on since is planned and proven anew.
        Each case is a decision and a commit of its own: after a crash the same plan goes on where
        it ended, and one that is carried out again changes nothing. Raises BadInput, HooksMismatch.
        """
        if not isinstance(plan, Plan):
            raise BadInput("plan", "is no plan", accepted="what plan_migration returns")
        by, reason = checked_actor(by), required_text("reason", reason)
        old = self._definitions.published(plan.old)
        new = self._definitions.runnable(self._definitions.published(plan.new))
        self._definitions.newest_edition(new)
        work = _Work(self, (old, new), plan, by=by, reason=reason)
        return [work.carry_out(planned) for planned in plan.cases]

    def _planner(self) -> Planner:
        return Planner(self._store, self._definitions, self._asking, clock=self._clock)


class _Work:
    """One plan that is carried out."""

    def __init__(
        self, engine: Migrating, charts: tuple[Chart, Chart], plan: Plan, *, by: Actor, reason: str
    ) -> None:
        self._store = engine._store
        self._clock = engine._clock
        self._planner = engine._planner()
        self._falling_due = FallingDue(engine._store, engine._asking)
        self._old, self._new = charts
        self._plan = plan
        self._by = by
        self._reason = reason

    def carry_out(self, planned: PlannedCase) -> MigratedCase:
        """Return what became of a case."""
        if planned.is_refused:
            return MigratedCase(planned.case_id, "refused", problem=planned.problem)
        try:
            return self._moved(planned)
        except Conflict:
            return MigratedCase(planned.case_id, "moved_on", problem="others have just changed it")
        except HostError as error:
            return MigratedCase(planned.case_id, "refused", problem=str(error))

    def _moved(self, planned: PlannedCase) -> MigratedCase:
        case = self._store.load(planned.case_id)
        if case is None:
            return MigratedCase(planned.case_id, "moved_on", problem="it is not there any more")
        if case.identity.definition == self._new.hash:
            return MigratedCase(case.id, "before")
        now = max(case.at, self._clock.now())
        case, outcome = self._falling_due.before(case, now=now), "migrated"
        if case.is_closed:
            return MigratedCase(case.id, "closed")
        if case.identity.definition != self._old.hash:
            problem = f"it stands on version {case.version}"
            return MigratedCase(case.id, "moved_on", problem=problem)
        if case.revision != planned.revision:
            charts = (self._old, self._new)
            (planned,) = self._planner.planned(self._plan, charts, [case], now=now)
            outcome = "replanned"
            if planned.is_refused:
                return MigratedCase(case.id, "refused", problem=planned.problem)
        return self._commit(case, outcome)

    def _commit(self, case: Case, outcome: str) -> MigratedCase:
        decided = self._planner.decided(
            self._old, self._new, self._plan.mapping, case, now=max(case.at, self._clock.now()),
            by=self._by, reason=self._reason,
        )  # fmt: skip
        if not isinstance(decided, Decision):  # The host says otherwise than for the plan.
            return MigratedCase(case.id, "refused", problem="it has no place any more")
        self._store.commit(decided)
        return MigratedCase(case.id, outcome, told(case, decided))
