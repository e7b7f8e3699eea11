"""What a host gives an engine at start, checked there: its store, charts and clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from escalation_engine.chart.model import Chart
from escalation_engine.errors import BadInput
from escalation_engine.runtime.clock import Clock, SystemClock
from escalation_engine.store import open_store
from escalation_engine.store.protocol import Store

__all__ = ["Closed", "checked_charts", "checked_clock", "opened_store"]

_PROMISED = [name for name in vars(Store) if not name.startswith("_")]


def opened_store(store: object) -> Store:
    """Return the store that is given, or the one of a URL."""
    if isinstance(store, str):
        return open_store(store)
    if not isinstance(store, type) and all(callable(getattr(store, it, None)) for it in _PROMISED):
        return store  # type: ignore[return-value]  # it has every method of one
    raise BadInput(
        "store",
        f"{_shown(store)} is no store",
        accepted='a URL such as "sqlite:///desk.db" or "memory://", or a store such as '
        "SqlStore(engine)",
    )


def checked_charts(charts: object) -> list[Chart]:
    """Return the charts: some, in a list or the like."""
    if isinstance(charts, str) or not isinstance(charts, Iterable):
        raise _no_charts(_shown(charts))
    found = list(charts)
    for chart in found:
        if not isinstance(chart, Chart):
            raise _no_charts(f"{_shown(chart)} among them")
    return found


def checked_clock(clock: object) -> Clock:
    """Return the clock, each of whose instants is checked; without one the machine's."""
    if clock is None:
        return SystemClock()
    now = getattr(clock, "now", None)
    if isinstance(clock, type) or not callable(now):
        raise BadInput(
            "clock",
            f"{_shown(clock)} does not tell the time",
            accepted="an object with now() -> an aware datetime",
        )
    return _HostClock(now)


class Closed:
    """Stands where a part of a closed engine stood, and says so to whoever turns to it."""

    def __getattr__(self, name: str) -> object:
        raise BadInput("engine", "it was closed", accepted="a new Engine")


class _HostClock:
    """The host's clock. It may be wrong at any time, so each instant is looked at."""

    def __init__(self, now: Callable[[], object]) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the instant in UTC. Raises BadInput for anything but an aware datetime."""
        found = self._now()
        if isinstance(found, datetime) and found.utcoffset() is not None:
            return found.astimezone(UTC)
        problem = "a datetime without time zone" if isinstance(found, datetime) else _shown(found)
        raise BadInput("clock", f"now() returned {problem}", accepted="an aware datetime")


def _no_charts(found: str) -> BadInput:
    accepted = 'a list of charts, such as [load("desk.yaml")] or load_family("desk.yaml")'
    return BadInput("charts", f"{found}", accepted=accepted)


def _shown(value: object) -> str:
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return repr(value) if isinstance(value, str) else f"a value of type {type(value).__name__}"
