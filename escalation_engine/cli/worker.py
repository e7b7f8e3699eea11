"""A worker: ticks, and sleeps until the next instant at which something is due, or a signal."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterable
from contextlib import closing
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from types import FrameType
from typing import Self

from escalation_engine.chart.model import Chart
from escalation_engine.cli.edge import refuse_usage
from escalation_engine.cli.screen import show
from escalation_engine.cli.without_host import WithoutHost
from escalation_engine.core import Case, Digest, Effect
from escalation_engine.loader import load_family
from escalation_engine.runtime import Engine, SystemClock, Ticked
from escalation_engine.runtime.hooks import attribute_of, senders_in
from escalation_engine.store import open_store

__all__ = ["NoHooks", "Stop", "work", "work_on"]

_NOTHING_DONE_SECONDS = 0.1  # somebody else does what is due: look again soon, but do not spin
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Set by SIGTERM and SIGINT, for as long as it is entered.

    A pipe and not an Event, whose lock a signal handler might want while the wait holds it.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        self._read, self._write = os.pipe()
        self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # it came from signal itself
        os.close(self._read)
        os.close(self._write)

    def set(self) -> None:
        """Ask to stop."""
        if not self.is_set:
            self.is_set = True
            os.write(self._write, b".")

    def wait(self, seconds: float) -> None:
        """Sleep so long, or until it is set."""
        select.select([self._read], [], [], seconds)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self.set()


class NoHooks:
    """Stands for a host that is not there: its guards and actions fail, and nobody is told."""

    def __init__(self, charts: Iterable[Chart]) -> None:
        for chart in charts:
            for guard in chart.guards:
                setattr(self, attribute_of(guard), _guard)
            senders = senders_in(chart)
            for action in chart.actions:
                setattr(self, attribute_of(action), _sender if action in senders else _action)


def work(
    url: str, files: Iterable[Path], *, hooks: str, is_once: bool, poll_seconds: float
) -> None:
    """Work on the database for the processes and those that they link to, until a signal.

    Raises DefinitionError, HooksMismatch, StoreError.
    """
    loaded = (chart for file in files for chart in load_family(file))
    charts = list({chart.hash: chart for chart in loaded}.values())
    if hooks:
        with Stop() as stop, Engine(url, charts, hooks=_imported(hooks)) as engine:
            work_on(engine, stop, is_once=is_once, poll_seconds=poll_seconds)
        return
    with closing(open_store(url)) as store, Stop() as stop:
        without = WithoutHost(store)
        engine = Engine(without, charts, hooks=NoHooks(charts))  # type: ignore[arg-type]  # it has every method of a store
        work_on(engine, stop, is_once=is_once, poll_seconds=poll_seconds)
        effects, cases = without.left(SystemClock().now())
        show(f"left for a worker with --hooks: {effects} effects, {cases} firings")


def work_on(engine: Engine, stop: Stop, *, is_once: bool, poll_seconds: float) -> None:
    """Do what is due, one thing at a time, and sleep in between; until `stop`, or `is_once`."""
    clock = SystemClock()
    total = Ticked()
    while not stop.is_set:
        ticked = engine.tick(limit=1)
        total = Ticked(*(sum(pair) for pair in zip(total, ticked, strict=True)))
        if any(ticked):
            continue
        due = engine.next_due()
        seconds = poll_seconds if due is None else (due - clock.now()).total_seconds()
        if is_once:
            break
        stop.wait(min(max(seconds, _NOTHING_DONE_SECONDS), poll_seconds))
    show(
        f"fired {total.fired}, delivered {total.delivered}, "
        f"failed {total.failed}, parked {total.parked}"
    )


def _imported(name: str) -> object:
    module, _, path = name.partition(":")
    if not (module and path):
        refuse_usage(f"--hooks takes module:object, not {name}")
    sys.path.insert(0, str(Path.cwd()))
    try:
        found: object = attrgetter(path)(import_module(module))
    except (ImportError, AttributeError) as error:
        refuse_usage(f"--hooks {name}: {error}")
    return found


def _guard(case: Case) -> bool:
    raise RuntimeError(f"nobody answers for case {case.id}: no --hooks were given")


def _action(case: Case, effect: Effect) -> None:
    raise RuntimeError(f"nobody performs {effect.id} of case {case.id}: no --hooks were given")


def _sender(digest: Digest) -> None:
    raise RuntimeError(f"nobody sends {digest.id}: no --hooks were given")
