"""An AsyncEngine with the face of an Engine, so that one suite is the contract of both.

Every hook of the host becomes a coroutine that lets other tasks go first. What a hook does with the
engine is waited for where it is called, as plain code within a call is.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import partial, update_wrapper
from threading import RLock
from typing import Any, cast

from sqlalchemy.util.concurrency import in_greenlet

from escalation_engine import AsyncEngine
from escalation_engine.chart.model import Chart
from escalation_engine.runtime import Engine
from escalation_engine.store.awaiting import run, wait_for
from escalation_engine.store.protocol import Store

__all__ = ["Loop", "presented"]


class Loop:
    """One event loop for all engines of a test; threads take turns on it."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._turn = RLock()
        self._opened: list[AsyncEngine] = []

    def call(self, function: Callable[..., Any], *args: object, **kwargs: object) -> Any:
        if in_greenlet():
            return wait_for(function(*args, **kwargs))
        with self._turn:
            return self._runner.run(function(*args, **kwargs))

    def open(self, engine: AsyncEngine) -> None:
        self.call(engine.open)
        self._opened.append(engine)

    def close(self) -> None:
        for engine in self._opened:
            self.call(engine.close)
        self._runner.close()


class _Presented:
    def __init__(self, loop: Loop, engine: AsyncEngine) -> None:
        self._loop, self._awaited = loop, engine

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):  # what a test looks at inside is in the engine that is run
            return getattr(self._awaited._engine, name)
        return partial(self._loop.call, getattr(self._awaited, name))

    def audit_all(self) -> Iterator[object]:
        yield from self._loop.call(_listed, self._awaited.audit_all())

    def __enter__(self) -> _Presented:
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call(self._awaited.close)


class _Coroutines:
    """The host, with `async def` in front of each of its methods."""

    def __init__(self, host: object) -> None:
        self._host = host

    def __getattr__(self, name: str) -> object:
        found = getattr(self._host, name)
        return _as_coroutine(found) if callable(found) else found

    def __dir__(self) -> Iterable[str]:
        return dir(self._host)


def presented(loop: Loop, store: str | Store, charts: list[Chart], **options: Any) -> Engine:
    """Return an opened AsyncEngine as an Engine."""
    for name in ("hooks", "directory"):
        host = options.get(name)
        if host is not None and not inspect.isclass(host):
            options[name] = _Coroutines(host)
    engine = AsyncEngine(store, charts, **options)
    loop.open(engine)
    return cast(Engine, _Presented(loop, engine))


async def _listed(found: AsyncIterator[object]) -> list[object]:
    return [one async for one in found]


def _as_coroutine(hook: Callable[..., object]) -> Callable[..., object]:
    async def call(*args: object) -> object:
        await asyncio.sleep(0)
        return await run(hook, *args)

    return update_wrapper(call, hook)
