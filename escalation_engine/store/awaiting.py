"""Lets synchronous code wait for the event loop: it stands still where it waits, the loop goes on.

Such code runs in a greenlet of its own, on the loop's thread, as in SQLAlchemy's `run_sync`. No
thread is started, and nothing runs at once with anything else of the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.util import await_only, greenlet_spawn

from escalation_engine.errors import BadInput

__all__ = ["require_greenlet", "run", "to_its_end", "wait_for"]

T = TypeVar("T")
P = ParamSpec("P")


def require_greenlet() -> None:
    """Raise BadInput where the extra is not installed."""
    if find_spec("greenlet") is None:
        raise BadInput(
            "AsyncEngine",
            "greenlet is not installed",
            accepted="pip install 'escalation-engine[async]'",
        )


async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what synchronous work returns, which may `wait_for` the loop."""
    return await greenlet_spawn(partial(work, *args, **kwargs))


def wait_for(awaitable: Awaitable[T]) -> T:
    """Return what an awaitable comes to, within work that is `run`. A cancellation is raised."""
    return await_only(awaitable)


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Return what work comes to. A cancellation meanwhile is raised when it has ended."""
    task = asyncio.ensure_future(work)
    cancelled = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # it is seen: the cancellation counts
    raise cancelled
