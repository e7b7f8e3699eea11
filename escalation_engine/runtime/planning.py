"""Plans a migration: where each case would land, and whether it can come to an end from there.

It writes nothing. The same decision is taken again when the plan is carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from escalation_engine.chart.model import Chart
from escalation_engine.core import (
    Act,
    Actor,
    Case,
    Decision,
    Migrated,
    Notify,
    OpenLinked,
    Refusal,
)
from escalation_engine.core.instant import instant_text
from escalation_engine.errors import BadInput, HostError
from escalation_engine.migration import NoPlace, VersionMap, landing, propose, told
from escalation_engine.runtime.asking import Asking
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.definitions import Definitions
from escalation_engine.runtime.migration_plan import Plan, PlannedCase
from escalation_engine.runtime.receipts import scope_of_effects
from escalation_engine.store.protocol import CaseFilter, Store
from escalation_engine.verify import MOST_CONFIGURATIONS, Landed, can_end

__all__ = ["Planner"]

_PAGE = 500
_PLANNER = Actor("a plan")
_STUCK = "from where it would land nothing leads to an end or a final decision point"
_UNDECIDED = "not decided: there are too many configurations to say whether it can come to an end"


class Planner:
    """Plans migrations of the cases in one store."""

    def __init__(
        self, store: Store, definitions: Definitions, asking: Asking, *, clock: Clock
    ) -> None:
        self._store = store
        self._definitions = definitions
        self._asking = asking
        self._clock = clock

    def plan(
        self,
        old: Chart,
        new: Chart,
        mapping: VersionMap | None = None,
        *,
        most: int = MOST_CONFIGURATIONS,
    ) -> Plan:
        """Return what would become of every open case that stands on `old`.

        Without a mapping by the one that is proposed. Raises BadInput for two processes or one
        version.
        """
        if old.process != new.process:
            problem = f"{old.process} and {new.process} are two processes"
            raise BadInput("versions", problem, accepted="two versions of one process")
        if old.hash == new.hash:
            problem = f"{old.process}@{old.version} is on both sides"
            raise BadInput("versions", problem, accepted="two versions of one process")
        mapping = mapping or propose(old, new)
        at = self._clock.now()
        blank = Plan(new.process, old.hash, new.hash, at, mapping, most=most)
        planned = self.planned(blank, (old, new), self._open_cases(old), now=at)
        return replace(blank, cases=tuple(planned))

    def planned(
        self, plan: Plan, charts: tuple[Chart, Chart], cases: Iterable[Case], *, now: datetime
    ) -> list[PlannedCase]:
        """Return what would become of these cases; each that would be stuck is refused."""
        (old, new), mapping = charts, plan.mapping
        found: list[PlannedCase] = []
        landed: dict[int, Landed] = {}
        edition = self._definitions.current_edition(new)
        for case in cases:
            one = self._planned(old, new, mapping, case, now=max(case.at, now))
            if isinstance(one, Decision):
                outstanding = tuple(self._outstanding(case, new))
                landed[len(found)] = Landed(one.case, one.case.at, edition, outstanding)
                changes = (*self._due_first(case, now), *told(case, one))
                one = _planned(case, changes)
            found.append(one)
        proven = can_end(new, list(landed.values()), most=plan.most)
        for index, ends in zip(landed, proven, strict=True):
            if ends is not True:
                code, problem = ("E702", _STUCK) if ends is False else ("X901", _UNDECIDED)
                found[index] = replace(found[index], code=code, problem=problem)
        return found

    def decided(
        self, old: Chart, new: Chart, mapping: VersionMap, case: Case, *, now: datetime,
        by: Actor, reason: str,
    ) -> Decision | Refusal | NoPlace:  # fmt: skip
        """Return what becomes of one case. Raises HookError."""
        edition = self._definitions.edition_of(case)
        moved: Migrated | NoPlace = landing(
            mapping, old, new, case, by=by, reason=reason, now=now, edition=edition
        )
        if isinstance(moved, NoPlace):
            return moved
        dates = self._definitions.current_edition(new)
        return self._asking.migrate(new, case, moved, now=now, edition=dates)

    def _planned(
        self, old: Chart, new: Chart, mapping: VersionMap, case: Case, *, now: datetime
    ) -> Decision | PlannedCase:
        try:
            found = self.decided(
                old, new, mapping, case, now=now, by=_PLANNER, reason="to see what would be"
            )
        except HostError as error:
            return _planned(case, problem=f"the host could not answer: {error}")
        match found:
            case NoPlace():
                return _planned(case, code="E701", problem=found.problem)
            case Refusal():
                problem = "; ".join(reason.message for reason in found.reasons)
                return _planned(case, code="E702", problem=problem)
        return found

    def _due_first(self, case: Case, now: datetime) -> Iterator[str]:
        due = self._asking.next_firing(case)
        if due is not None and due.due_at < now:
            since = f"{due.kind} {due.key}: due since {instant_text(due.due_at)}"
            yield f"{since}; it falls due first, and then the case is planned anew"

    def _open_cases(self, chart: Chart) -> Iterator[Case]:
        after: str | None = None
        while page := self._store.find(
            CaseFilter(process=chart.process, is_closed=False, limit=_PAGE, after=after)
        ):
            after = page[-1].id
            yield from (case for case in page if case.identity.definition == chart.hash)

    def _outstanding(self, case: Case, chart: Chart) -> Sequence[tuple[str, int]]:
        """Return what may still be reported to a case, as the proof counts it."""
        counted: dict[str, int] = {}
        for queued in self._store.outbox(case.id):
            effect, key = queued.effect, ""
            is_waiting = queued.status == "waiting"
            match effect:
                case Act() if is_waiting and effect.name in chart.actions:
                    key = f"action {effect.name}"
                case Notify() if is_waiting and effect.message in chart.messages:
                    key = f"message {effect.message}"
                case OpenLinked() if effect.at_end and self._is_linked_open(case, effect):
                    key = f"linked {' '.join(sorted(set(effect.at_end.values())))}"
            if key:
                counted[key] = min(2, counted.get(key, 0) + 1)
        return sorted(counted.items())

    def _is_linked_open(self, case: Case, effect: OpenLinked) -> bool:
        """Whether a linked case can still end: it is open, or will be opened."""
        kept = self._store.receipt(scope_of_effects(case.id), effect.id)
        linked = None if kept is None else self._store.load(kept.case_id)
        return linked is None or not linked.is_closed


def _planned(
    case: Case, changes: tuple[str, ...] = (), *, code: str = "", problem: str = ""
) -> PlannedCase:
    states = tuple(case.states.items())
    return PlannedCase(case.id, case.reference, case.revision, states, changes, code, problem)
