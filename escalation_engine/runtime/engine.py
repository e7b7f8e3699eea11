"""The engine: opens cases, takes inputs to them, and delivers what follows. Start reading here.

It holds no case in memory and starts no thread: the host calls `tick` when `next_due` has come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Self
from uuid import uuid4

from escalation_engine.chart.model import Chart
from escalation_engine.core import Actor, Case, Corrected, Noted, Opened, Option, Recorded, Sent
from escalation_engine.errors import BadInput
from escalation_engine.runtime.asking import Asking
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.deciding import Deciding, Links
from escalation_engine.runtime.definitions import Definitions, only_opening
from escalation_engine.runtime.delivery import Delivery
from escalation_engine.runtime.digests import Digests
from escalation_engine.runtime.directory import Directory
from escalation_engine.runtime.edge import (
    Given,
    checked_actor,
    checked_answers,
    checked_choice,
    checked_count,
    checked_data,
    checked_instant,
    checked_name,
    checked_text,
    optional_name,
    required_text,
)
from escalation_engine.runtime.firing import Firing
from escalation_engine.runtime.hooks import Hooks, require_directory
from escalation_engine.runtime.migrating import Migrating
from escalation_engine.runtime.outbox import Outbox, Ticked
from escalation_engine.runtime.retry import RetryPolicy
from escalation_engine.runtime.start import Closed, checked_charts, checked_clock, opened_store
from escalation_engine.runtime.ticking import Ticking
from escalation_engine.store.protocol import Store

__all__ = ["Engine"]


class Engine(Migrating):
    """Runs the cases of some processes on one store.

    `store` is a URL such as "sqlite:///desk.db" or "memory://", or a store, which stays its owner's
    to close. `hooks` is any object with the methods that the processes name; `directory` says who
    holds a role now, without one a role holds its cases itself. `ids` makes the ids of new cases.

    Raises HooksMismatch, StoreError, and BadInput for charts that do not go together, or that the
    store knows with other content.
    """

    def __init__(
        self,
        store: str | Store,
        charts: Iterable[Chart],
        *,
        hooks: object = None,
        directory: Directory | None = None,
        clock: Clock | None = None,
        ids: Callable[[], str] | None = None,
        retries: RetryPolicy | None = None,
    ) -> None:
        self._owns_store = isinstance(store, str)
        charts, clock = checked_charts(charts), checked_clock(clock)
        require_directory(directory)
        opened = opened_store(store)
        retries = retries or RetryPolicy()
        bound = Hooks(hooks)
        try:
            definitions = Definitions(charts, hooks=bound, store=opened)
            definitions.publish(now=clock.now())
            digests = Digests(opened, definitions, directory, retries=retries, clock=clock)
            digests.arm()
        except BaseException:
            if self._owns_store:
                opened.close()
            raise
        self._asking = Asking(definitions, hooks=bound, directory=directory)
        deciding = Deciding(opened, self._asking, clock=clock, ids=ids or _new_id)
        super().__init__(opened, definitions, deciding=deciding, clock=clock)
        delivery = Delivery(opened, deciding, definitions, hooks=bound)
        outbox = Outbox(opened, delivery, retries=retries, clock=clock)
        firing = Firing(opened, self._asking, retries=retries, clock=clock)
        self._ticking = Ticking(firing, outbox, digests, clock=clock)

    def open_case(
        self,
        process: str,
        *,
        by: Actor,
        event: str | None = None,
        data: Mapping[str, object] | None = None,
        note: str | None = None,
        channel: str | None = None,
        evidence: str | None = None,
        on_behalf_of: str | None = None,
        occurred_at: datetime | None = None,
        reference: str | None = None,
        key: str | None = None,
        reopens: str | None = None,
    ) -> Case:
        """Return a new case of the highest loaded version of `process` that is valid by its date.

        `event` may be left out where one event opens. `reference` is the host's own name for the
        case, unique in the store; `reopens` the id of a closed case that this one carries on. With
        a `key` a repeated call opens nothing and returns the case that the first one opened.
        Raises EventRefused (under `open:PROCESS`), KeyReused, CaseNotFound, BadInput, HookError.
        """
        process, brought = checked_name("process", process), checked_data("data", data)
        chart = self._definitions.opening(process, now=self._clock.now(), data=brought)
        opened = Opened(
            checked_name("event", only_opening(chart) if event is None else event),
            checked_actor(by),
            data=brought,
            note=checked_text("note", note),
            channel=optional_name("channel", channel),
            evidence=checked_text("evidence", evidence),
            on_behalf_of=optional_name("on_behalf_of", on_behalf_of),
            occurred_at=checked_instant("occurred_at", occurred_at),
        )
        links = Links(
            reference=optional_name("reference", reference),
            reopens=optional_name("reopens", reopens),
        )
        return self._deciding.open(chart, opened, links=links, key=optional_name("key", key))

    def send(
        self,
        case_id: str,
        event: str,
        *,
        by: Actor,
        data: Mapping[str, object] | None = None,
        note: str | None = None,
        channel: str | None = None,
        evidence: str | None = None,
        on_behalf_of: str | None = None,
        occurred_at: datetime | None = None,
        key: str | None = None,
        as_of: int | None = None,
    ) -> Case:
        """Return the case after an event, with `.receipt`. A refused event changes nothing.

        What was due before now falls due first, and stays whatever becomes of the event. `as_of` is
        the revision that the sender has seen: a case that has moved on raises Conflict, also when
        it has done so by falling due in this call, as if a tick had come just before. With a `key`
        the same payload again returns the same receipt and the case as it stands.

        Raises EventRefused, Conflict, KeyReused, CaseNotFound, BadInput, HookError.
        """
        sent = Sent(
            checked_name("event", event),
            checked_actor(by),
            data=checked_data("data", data),
            note=checked_text("note", note),
            channel=optional_name("channel", channel),
            evidence=checked_text("evidence", evidence),
            on_behalf_of=optional_name("on_behalf_of", on_behalf_of),
            occurred_at=checked_instant("occurred_at", occurred_at),
        )
        if as_of is not None:
            as_of = checked_count("as_of", as_of, kind="revision")
        key = optional_name("key", key)
        return self._deciding.change(checked_name("case_id", case_id), sent, key=key, as_of=as_of)

    def record(
        self,
        case_id: str,
        *,
        by: Actor,
        data: Mapping[str, object] | None = None,
        checklists: Given | None = None,
        note: str | None = None,
        channel: str | None = None,
        evidence: str | None = None,
        on_behalf_of: str | None = None,
        occurred_at: datetime | None = None,
        key: str | None = None,
    ) -> Case:
        """Return the case with facts and checklist answers recorded, without any event.

        `checklists` maps checklist to item to "yes", or to ("na", "the reason").
        Raises EventRefused, KeyReused, CaseNotFound, BadInput, Conflict.
        """
        recorded = Recorded(
            checked_actor(by),
            data=checked_data("data", data),
            checklists=checked_answers(checklists),
            note=checked_text("note", note),
            channel=optional_name("channel", channel),
            evidence=checked_text("evidence", evidence),
            on_behalf_of=optional_name("on_behalf_of", on_behalf_of),
            occurred_at=checked_instant("occurred_at", occurred_at),
        )
        if not recorded.data and not recorded.checklists:
            raise BadInput("record", "there is nothing to record", accepted="data or checklists")
        key = optional_name("key", key)
        return self._deciding.change(checked_name("case_id", case_id), recorded, key=key)

    def note(
        self,
        case_id: str,
        text: str,
        *,
        by: Actor,
        kind: str = "note",
        visibility: str = "internal",
        channel: str | None = None,
        key: str | None = None,
    ) -> Case:
        """Return the case with a note, a condition or a decision (`kind`) in its journal.

        Raises EventRefused, KeyReused, CaseNotFound, BadInput, Conflict.
        """
        noted = Noted(
            checked_actor(by),
            required_text("text", text),
            kind=checked_choice("kind", kind, ("note", "condition", "decision")),
            visibility=checked_choice("visibility", visibility, ("internal", "client")),
            channel=optional_name("channel", channel),
        )
        key = optional_name("key", key)
        return self._deciding.change(checked_name("case_id", case_id), noted, key=key)

    def correct(
        self, case_id: str, *, to: str, reason: str, by: Actor, track: str | None = None
    ) -> Case:
        """Return a stuck case moved by hand to the state `to`; no gate is asked.

        Without `track` it is a state of the main track.

        Raises EventRefused, CaseNotFound, BadInput, Conflict.
        """
        main = self._definitions.chart_of(self.case(case_id)).main.name
        corrected = Corrected(
            checked_actor(by),
            to=checked_name("to", to),
            track=main if track is None else checked_name("track", track),
            reason=required_text("reason", reason),
        )
        return self._deciding.change(checked_name("case_id", case_id), corrected)

    def options(self, case_id: str, *, by: Actor) -> tuple[Option, ...]:
        """Return every event of the process as it stands for `by`, with reasons why not.

        Raises CaseNotFound, BadInput, HookError.
        """
        case = self.case(case_id)
        now = max(case.at, self._clock.now())
        return self._asking.options(case, checked_actor(by), now=now)

    def tick(self, *, limit: int = 1000) -> Ticked:
        """Fire what is due now, at most `limit` firings; deliver effects, at most `limit` attempts.

        Safe to call late, again, and at once from many places: what is due fires once. What the
        host raises is kept, tried again later and at last parked (`parked`, `stalled`).
        """
        if self._deciding.is_in_hosts_transaction:
            raise BadInput("tick", "effects are delivered after commit, not inside `using`")
        return self._ticking.tick(checked_count("limit", limit, kind="limit"))

    def retry(self, name: str) -> None:
        """Let be tried again what was given up: a parked effect, or the case where it stalled.

        `name` is an id out of `parked()` or `stalled()`. Raises BadInput for another.
        """
        self._ticking.retry(name)

    @contextmanager
    def using(self, connection: object) -> Iterator[Self]:
        """Work inside the host's own transaction on `connection`: flush, never commit.

        A conflict is raised and not decided again; effects go out after the host's commit.
        """
        with self._deciding.using(connection):
            yield self

    def close(self) -> None:
        """Close the engine for good, and the store if the engine opened it."""
        if self._owns_store:
            self._store.close()
        self.__dict__.update(dict.fromkeys(vars(self), Closed()), _owns_store=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _new_id() -> str:
    return str(uuid4())
