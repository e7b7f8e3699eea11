"""Forgetting: words and data of a case are deleted for good, and what happened stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from escalation_engine.chart.model import Chart
from escalation_engine.core import (
    FORGOTTEN,
    Actor,
    Case,
    Decision,
    Forgetting,
    Forgotten,
    FrozenMap,
)
from escalation_engine.core.chain import canonical, forgotten_digest, opened_up
from escalation_engine.core.document import (
    case_document,
    case_from,
    effect_document,
    effect_from,
    entry_from,
)
from escalation_engine.core.effect import scope_of_digest
from escalation_engine.errors import BadInput, Conflict
from escalation_engine.runtime.deciding import TRIES
from escalation_engine.runtime.edge import checked_actor, checked_flag, checked_name, required_text
from escalation_engine.runtime.task_keeping import TaskKeeper
from escalation_engine.store.kept import Erasure
from escalation_engine.store.protocol import KeptRefusal, Queued

__all__ = ["Forgetter"]

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of a case, and which entries hold less than they did."""

    erasure: Erasure
    digests: dict[str, str]
    is_less: bool


class Forgetter(TaskKeeper):
    """The part of the engine that forgets."""

    def forget(
        self,
        case_id: str,
        *,
        by: Actor,
        reason: str,
        everything: bool = False,
        while_open: bool = False,
    ) -> Case:
        """Return the case without what is sensitive, and without anything somebody wrote.

        Deleted for good are the fields that say `sensitive`, notes and all other words, with their
        copies in journal, outbox, refusals, receipts and digests; with `everything` all data and
        the names of people too. What happened stays, and the chain holds. Who, when and why is
        journaled; `reason` itself is kept. A second call finds nothing and changes nothing.

        Raises EventRefused for an open case, unless `while_open` is given and `everything` is not;
        BadInput while an effect that holds such words waits to be delivered; CaseNotFound,
        Conflict.
        """
        said = Forgotten(
            checked_actor(by),
            required_text("reason", reason),
            everything=bool(checked_flag("everything", everything)),
            while_open=bool(checked_flag("while_open", while_open)),
        )
        for attempt in range(1, TRIES + 1):
            try:
                return self._forget(checked_name("case_id", case_id), said)
            except Conflict:
                if self._deciding.is_in_hosts_transaction or attempt == TRIES:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _forget(self, case_id: str, said: Forgotten) -> Case:
        case = self.case(case_id)
        chart = self._definitions.chart_of(case)
        self._deciding.decided(case, said)  # May it be at all? Also where nothing is left to do.
        forgetting = _forgetting(chart, said.everything)
        left = self._left(case, forgetting)
        if not left.is_less and _document(case) == forgetting.case(_document(case)):
            return case
        said = replace(said, fields=tuple(sorted(forgetting.fields)), left=FrozenMap(left.digests))
        decision = self._deciding.decided(case, said)
        what_is_left = case_from(forgetting.case(_document(decision.case)))
        decision = Decision(what_is_left, decision.entry._replace(left=what_is_left), ())
        self._store.forget(decision, left.erasure)
        return what_is_left

    def _left(self, case: Case, forgetting: Forgetting) -> _Left:
        entries, digests, is_less = [], {}, False
        kept = self._store.kept(case.id)
        for columns in kept.entries if kept is not None else ():
            before, proof = json.loads(str(columns["document"])), json.loads(str(columns["proof"]))
            after = forgetting.entry(before)
            is_less = is_less or after != before
            if proof:
                proof = opened_up(before, after, proof)
                if proof["digests"]:
                    digests[str(columns["revision"])] = forgotten_digest(after, proof["digests"])
            entries.append((entry_from(after), proof))
        effects = [*self._effects(case, forgetting)]
        refusals = self._store.refusals(case.id)
        left = [_refusal(it, forgetting) for it in refusals]
        is_less = is_less or bool(effects) or left != list(refusals)
        return _Left(Erasure(tuple(entries), tuple(effects), tuple(left)), digests, is_less)

    def _effects(self, case: Case, forgetting: Forgetting) -> Iterator[Queued]:
        for queued in [*self._store.outbox(case.id), *self._digests_of(case)]:
            before = json.loads(canonical(effect_document(queued.effect)))
            after = forgetting.effect(before, case_id=case.id)
            problem = FORGOTTEN if queued.problem else ""
            if (after, problem) == (before, queued.problem):
                continue
            if queued.status == "waiting" and queued.case_id == case.id:
                told = f"{queued.effect.id} waits to be delivered"
                raise BadInput(
                    "case_id", told, accepted="a case of which nothing waits: tick first"
                )
            # What was parked is never tried again: its words are gone.
            status = "forgotten" if queued.status == "parked" else queued.status
            yield replace(queued, effect=effect_from(after), status=status, problem=problem)

    def _digests_of(self, case: Case) -> Iterator[Queued]:
        for kept in self._store.digests():
            if kept.process == case.process:
                yield from self._store.outbox(scope_of_digest(kept.process, kept.name))


def _forgetting(chart: Chart, everything: bool) -> Forgetting:  # noqa: FBT001 - of this module
    fields = {name for name, field in chart.fields.items() if field.sensitive or everything}
    return Forgetting(frozenset(fields), frozenset(chart.roles), everything)


def _refusal(refusal: KeptRefusal, forgetting: Forgetting) -> KeptRefusal:
    reasons = tuple(replace(reason, message=FORGOTTEN) for reason in refusal.reasons)
    return replace(refusal, by=forgetting.name(refusal.by), reasons=reasons)


def _document(case: Case) -> Document:
    return dict(json.loads(canonical(case_document(case))))
