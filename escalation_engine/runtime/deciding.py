"""Decide, then commit: what was decided on an older revision is thrown away and decided again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from escalation_engine.chart.model import ENGINE, Chart
from escalation_engine.core import (
    EMPTY,
    Case,
    Corrected,
    Decision,
    Due,
    Entry,
    Identity,
    Input,
    Opened,
    Receipt,
    Refusal,
    Reported,
)
from escalation_engine.errors import BadInput, CaseNotFound, Conflict, EventRefused
from escalation_engine.runtime.asking import Asking
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.edge import checked_name
from escalation_engine.runtime.falling_due import FallingDue
from escalation_engine.runtime.receipts import Key, key_of, scope_of_effects, scope_of_opening
from escalation_engine.store.protocol import CaseFilter, KeptReceipt, KeptRefusal, Store

__all__ = ["TRIES", "Deciding", "Links"]

TRIES = 30
"""How often an input is decided before it gives way to whoever keeps changing the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """How a new case is tied to others, and to the host's own name for it."""

    reference: str | None = None
    opener: str | None = None
    reopens: str | None = None
    at_end: Mapping[str, str] = EMPTY


class _Block:
    """A `using` of the host. A task that was begun inside keeps its context, and may outlive it."""

    is_open = True


class Deciding:
    """Takes an input to its case, or to a new one, and commits what the core decides."""

    def __init__(
        self, store: Store, asking: Asking, *, clock: Clock, ids: Callable[[], str]
    ) -> None:
        self._store = store
        self._asking = asking
        self._falling_due = FallingDue(store, asking)
        self._clock = clock
        self._ids = ids
        self._block: ContextVar[_Block | None] = ContextVar("hosts_transaction", default=None)

    def now(self) -> datetime:
        """Return what the clock says."""
        return self._clock.now()

    @property
    def is_in_hosts_transaction(self) -> bool:
        """This context is inside `using`: what is written waits for the host's commit."""
        block = self._block.get()
        return block is not None and block.is_open

    @contextmanager
    def using(self, connection: object) -> Iterator[None]:
        """Work inside the host's own transaction; a conflict is raised and not decided again."""
        with self._store.using(connection):
            block = _Block()
            token = self._block.set(block)
            try:
                yield
            finally:
                block.is_open = False
                self._block.reset(token)

    def change(
        self,
        case_id: str,
        input: Input,
        *,
        key: str | None = None,
        as_of: int | None = None,
        scope: str | None = None,
    ) -> Case:
        """Return the case after the input, or as it stands when the key has been used for it.

        A key is the case's own, or of another `scope`.
        Raises CaseNotFound, KeyReused, Conflict, EventRefused, HookError.
        """
        case, _ = self._change(case_id, input, key=key, as_of=as_of, scope=scope or case_id)
        return case

    def report(self, case_id: str, reported: Reported, *, key: str | None) -> str:
        """Journal what became of an effect; return why its event was not taken, or nothing.

        Raises CaseNotFound, KeyReused, Conflict, HookError.
        """
        scope = scope_of_effects(case_id)
        _, entry = self._change(case_id, reported, key=key, as_of=None, scope=scope)
        return entry.problem if entry else ""

    def decided(self, case: Case, input: Input) -> Decision:
        """Return what an input leads to now, before anything of it is kept. Raises EventRefused."""
        return self._decide(case, input, now=max(case.at, self._clock.now()))

    def open(
        self,
        chart: Chart,
        opened: Opened,
        *,
        links: Links,
        key: str | None,
        scope: str | None = None,
    ) -> Case:
        """Return the new case, or the one that was opened with this key before.

        Raises KeyReused, BadInput for a reference that is taken, EventRefused, Conflict.
        """
        keyed, scope = key_of(key, opened), scope or scope_of_opening(chart.process)
        for attempt in range(1, TRIES + 1):
            if (opened_before := self._opened_with(keyed, scope)) is not None:
                return opened_before
            try:
                self._check_links(links)
            except BadInput:
                # Whoever took the reference may have done it with this very key, since we looked.
                if (opened_before := self._opened_with(keyed, scope)) is None:
                    raise
                return opened_before
            now = self._clock.now()
            identity = _identity(chart, links, checked_name("ids", self._ids()), now)
            blank = Case(identity, revision=0, at=now, states=EMPTY)
            decision = self._decide(blank, opened, now=now)
            try:
                return self._commit(decision, keyed, scope=scope)
            except Conflict:
                if self.is_in_hosts_transaction or attempt == TRIES:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _opened_with(self, key: Key | None, scope: str) -> Case | None:
        """Return the case that was opened with the key, or None."""
        kept = None if key is None else self._store.receipt(scope, key.key)
        if key is None or kept is None:
            return None
        return _repeated(self._load(kept.case_id), key, kept)

    def _change(
        self, case_id: str, input: Input, *, key: str | None, as_of: int | None, scope: str
    ) -> tuple[Case, Entry | None]:
        """Return the case with the new entry; without one when the key has been used for it."""
        keyed = key_of(key, input)
        for attempt in range(1, TRIES + 1):
            case, kept = self._store.load_for(case_id, key, scope=scope)
            if case is None:
                raise CaseNotFound(case_id)
            if keyed is not None and kept is not None:
                return _repeated(case, keyed, kept), None
            try:
                return self._take(case, input, keyed, as_of, scope)
            except Conflict as conflict:
                # A loser's answers are stale too: the next round reads and asks anew.
                is_final = self.is_in_hosts_transaction or attempt == TRIES
                if is_final or conflict.expected == as_of:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _take(
        self, case: Case, input: Input, key: Key | None, as_of: int | None, scope: str
    ) -> tuple[Case, Entry]:
        """Let fall due what was due before now; then decide and commit the input."""
        now = max(case.at, self._clock.now())
        # A person corrects a case even where the host cannot take what is due in it.
        is_correction = isinstance(input, Corrected)
        case = self._falling_due.before(case, now=now, may_stop_short=is_correction)
        if as_of is not None and case.revision != as_of:
            raise Conflict(case.id, expected=as_of, found=case.revision)
        decision = self._decide(case, input, now=now)
        return self._commit(decision, key, scope=scope), decision.entry

    def _decide(self, case: Case, input: Input, *, now: datetime) -> Decision:
        decided = self._asking.decide(case, input, now=now)
        if isinstance(decided, Decision):
            return decided
        self._keep(case, input, decided, now)
        raise EventRefused(
            decided.what, where=decided.where, reasons=decided.reasons, accepted=decided.accepted
        )

    def _keep(self, case: Case, input: Input, refusal: Refusal, now: datetime) -> None:
        by = ENGINE if isinstance(input, Reported | Due) else input.by.id
        # A refused opening has no case: it is kept under the name that its keys are kept under.
        place = scope_of_opening(case.process) if isinstance(input, Opened) else case.id
        self._store.refuse(
            KeptRefusal(place, now, refusal.what, by, refusal.where, refusal.reasons)
        )

    def _commit(self, decision: Decision, key: Key | None, *, scope: str) -> Case:
        case, revision = decision.case, decision.entry.revision
        receipt = None
        if key is not None:
            receipt = key.receipt(scope=scope, case_id=case.id, revision=revision)
        self._store.commit(decision, receipt=receipt)
        return case.with_receipt(Receipt(revision, repeated=False))

    def _load(self, case_id: str) -> Case:
        case = self._store.load(case_id)
        if case is None:
            raise CaseNotFound(case_id)
        return case

    def _check_links(self, links: Links) -> None:
        if links.reopens is not None and not self._load(links.reopens).is_closed:
            raise BadInput(
                "reopens",
                f"case {links.reopens!r} is still open",
                accepted="a closed case, or none: send an event to an open one",
            )
        if links.reference is None:
            return
        for taken in self._store.find(CaseFilter(reference=links.reference, limit=1)):
            raise BadInput(
                "reference",
                f"`{links.reference}` is already the reference of case {taken.id}: "
                "choose another, or take the case up again",
            )


def _identity(chart: Chart, links: Links, case_id: str, now: datetime) -> Identity:
    return Identity(
        id=case_id,
        process=chart.process,
        version=chart.version,
        definition=chart.hash,
        opened_at=now,
        reference=links.reference,
        opener=links.opener,
        reopens=links.reopens,
        at_end=links.at_end,
    )


def _repeated(case: Case, key: Key, kept: KeptReceipt) -> Case:
    key.confirm(kept)
    return case.with_receipt(Receipt(kept.revision, repeated=True))
