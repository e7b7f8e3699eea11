"""The host's object, whose coroutines are waited for right where the engine calls its functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from escalation_engine.store.awaiting import wait_for

__all__ = ["AwaitedHost", "awaited_host"]


def awaited_host(host: object) -> object:
    """Return hooks or a directory as the engine calls them; nothing and a class as they are."""
    return host if host is None or inspect.isclass(host) else AwaitedHost(host)


class AwaitedHost:
    """Looks like the host's object, and has no method that is async."""

    def __init__(self, host: object) -> None:
        self.__host = host

    def __getattr__(self, name: str) -> object:
        found = getattr(self.__host, name)
        if not callable(found) or inspect.isasyncgenfunction(found):
            return found
        return _awaited(found)

    def __dir__(self) -> list[str]:
        return dir(self.__host)


def _awaited(hook: Callable[..., object]) -> Callable[..., object]:
    def call(*args: object) -> object:
        answer = hook(*args)
        return wait_for(answer) if inspect.isawaitable(answer) else answer

    call.__wrapped__ = hook  # type: ignore[attr-defined]  # its signature is the hook's
    return call
