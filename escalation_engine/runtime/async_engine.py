"""The engine for an event loop: the same engine, which waits where it meets database and host.

Each call runs the synchronous `Engine` in a greenlet on the loop's thread. It stands still where a
driver or a coroutine of the host is waited for, and other tasks go on; there is no second logic.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager
from functools import update_wrapper
from itertools import islice
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from escalation_engine.chart.model import Chart
from escalation_engine.errors import BadInput
from escalation_engine.runtime.awaited_host import awaited_host
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.engine import Engine
from escalation_engine.runtime.retry import RetryPolicy
from escalation_engine.store.async_sql import awaited_store
from escalation_engine.store.awaiting import require_greenlet, run
from escalation_engine.store.protocol import Store

if TYPE_CHECKING:
    from escalation_engine.store.async_sql import AsyncDatabase

__all__ = ["AsyncEngine"]

P = ParamSpec("P")
T = TypeVar("T")


def _awaited(
    method: Callable[Concatenate[Engine, P], T],
) -> Callable[Concatenate[AsyncEngine, P], Coroutine[Any, Any, T]]:
    """Return a method of the engine as a coroutine of the same arguments."""

    async def call(engine: AsyncEngine, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await run(method, engine._opened(), *args, **kwargs)

    update_wrapper(call, method)
    return call


def _streamed(
    method: Callable[Concatenate[Engine, P], Iterator[T]],
) -> Callable[Concatenate[AsyncEngine, P], AsyncIterator[T]]:
    """Return a method that yields as an async generator of the same arguments."""

    async def call(engine: AsyncEngine, /, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        found = method(engine._opened(), *args, **kwargs)
        while one := await run(lambda: list(islice(found, 1))):
            yield one[0]

    update_wrapper(call, method)
    return call


class AsyncEngine:
    """Runs the cases of some processes on one store, in one event loop.

    Takes what `Engine` takes, and its methods are coroutines of the same arguments. `store` may
    also be an engine of sqlalchemy.ext.asyncio, which stays its owner's to dispose of. Methods of
    `hooks` and `directory` may be `async def`; plain ones run as they are, and the loop waits.

    Work with it inside `async with`, or between `await open()` and `await close()`. A call that is
    cancelled has done nothing, or all that the same call does.
    """

    def __init__(
        self,
        store: str | Store | AsyncDatabase,
        charts: Iterable[Chart],
        *,
        hooks: object = None,
        directory: object = None,
        clock: Clock | None = None,
        ids: Callable[[], str] | None = None,
        retries: RetryPolicy | None = None,
    ) -> None:
        self._given = (store, charts)
        self._options: dict[str, Any] = {
            "hooks": hooks,
            "directory": directory,
            "clock": clock,
            "ids": ids,
            "retries": retries,
        }
        self._engine: Engine | None = None
        self._own_store: Store | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> Self:
        """Open the store, publish the processes, and return the engine, for this event loop.

        Raises HooksMismatch, StoreError and BadInput, as `Engine` does.
        """
        require_greenlet()
        if self._engine is not None:
            raise BadInput("engine", "it has been opened before", accepted="a new AsyncEngine")
        self._engine = await run(self._made)
        self._loop = asyncio.get_running_loop()
        return self

    open_case = _awaited(Engine.open_case)
    send = _awaited(Engine.send)
    record = _awaited(Engine.record)
    note = _awaited(Engine.note)
    correct = _awaited(Engine.correct)
    options = _awaited(Engine.options)
    tick = _awaited(Engine.tick)
    retry = _awaited(Engine.retry)
    add_task = _awaited(Engine.add_task)
    finish_task = _awaited(Engine.finish_task)
    reopen_task = _awaited(Engine.reopen_task)
    give_task = _awaited(Engine.give_task)
    fulfil = _awaited(Engine.fulfil)
    recalculate = _awaited(Engine.recalculate)
    recalculate_all = _awaited(Engine.recalculate_all)
    explain = _awaited(Engine.explain)
    stalled = _awaited(Engine.stalled)
    promises = _awaited(Engine.promises)
    plan_migration = _awaited(Engine.plan_migration)
    migrate = _awaited(Engine.migrate)
    case = _awaited(Engine.case)
    cases = _awaited(Engine.cases)
    journal = _awaited(Engine.journal)
    notes = _awaited(Engine.notes)
    refusals = _awaited(Engine.refusals)
    outbox = _awaited(Engine.outbox)
    parked = _awaited(Engine.parked)
    next_due = _awaited(Engine.next_due)
    replay = _awaited(Engine.replay)
    versions = _awaited(Engine.versions)
    audit = _awaited(Engine.audit)
    audit_all = _streamed(Engine.audit_all)
    export = _awaited(Engine.export)
    forget = _awaited(Engine.forget)

    @asynccontextmanager
    async def using(self, connection: object) -> AsyncIterator[Self]:
        """Work inside the host's own transaction on an AsyncConnection: flush, never commit.

        A conflict is raised and not decided again; effects go out after the host's commit. Tasks
        that are begun inside share the transaction, one call of the store at a time.
        """
        block = self._opened().using(connection)
        await run(block.__enter__)
        try:
            yield self
        except BaseException:
            await run(block.__exit__, *sys.exc_info())
            raise
        await run(block.__exit__, None, None, None)

    async def close(self) -> None:
        """Close the engine for good, and the store if the engine opened it."""
        if self._engine is not None:
            await run(self._opened().close)
        if self._own_store is not None:
            await run(self._own_store.close)
            self._own_store = None

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    def _made(self) -> Engine:
        given, charts = self._given
        store, is_opened_here = awaited_store(given)
        options = self._options | {
            name: awaited_host(self._options[name]) for name in ("hooks", "directory")
        }
        try:
            engine = Engine(store, charts, **options)
        except BaseException:
            if is_opened_here:
                store.close()
            raise
        self._own_store = store if is_opened_here else None
        return engine

    def _opened(self) -> Engine:
        if self._engine is None:
            accepted = "async with AsyncEngine(...) as engine, or await engine.open()"
            raise BadInput("engine", "it is not open", accepted=accepted)
        if asyncio.get_running_loop() is not self._loop:
            raise BadInput(
                "engine", "it was opened in another event loop", accepted="one engine for each loop"
            )
        return self._engine
