"""A worker: ticks, and sleeps until the next instant at which something is due, or a signal."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from types import FrameType
from typing import Self

from escalation_engine.chart.model import Chart
from escalation_engine.cli.edge import refuse_usage
from escalation_engine.cli.screen import complain, show
from escalation_engine.cli.without_host import WithoutHost
from escalation_engine.core import Case, Digest, Effect
from escalation_engine.errors import StoreError
from escalation_engine.loader import load_family
from escalation_engine.runtime import Engine, RetryPolicy, SystemClock, Ticked
from escalation_engine.runtime.hooks import attribute_of, senders_in
from escalation_engine.store import open_store
from escalation_engine.store.waking import NEVER, Listening

__all__ = ["NoHooks", "Pace", "Stop", "imported", "work", "work_on"]

_NOTHING_DONE_SECONDS = 0.1  # somebody else does what is due: look again soon, but do not spin
_LONGEST_BACK_OFF_SECONDS = 30.0
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

    def wait(self, seconds: float, *, also: int | None = None) -> None:
        """Sleep so long, or until it is set, or until a file number can be read."""
        files = [self._read] if also is None else [self._read, also]
        select.select(files, [], [], seconds)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a worker goes about it: see the options of `escalate work`."""

    is_once: bool = False
    poll_seconds: float = 5.0
    batch: int = 1


def work(url: str, files: Iterable[Path], pace: Pace, *, hooks: str, lease: timedelta) -> None:
    """Work on the database for the processes and those that they link to, until a signal.

    Raises DefinitionError, HooksMismatch, StoreError.
    """
    loaded = (chart for file in files for chart in load_family(file))
    charts = list({chart.hash: chart for chart in loaded}.values())
    retries = RetryPolicy(lease=lease)
    with closing(open_store(url)) as store, closing(store.listen()) as listening, Stop() as stop:
        if hooks:
            engine = Engine(store, charts, hooks=imported(hooks), retries=retries)
            work_on(engine, stop, pace, listening=listening)
            return
        without = WithoutHost(store)
        engine = Engine(without, charts, hooks=NoHooks(charts), retries=retries)  # type: ignore[arg-type]  # it has every method of a store
        work_on(engine, stop, pace)
        effects, cases = without.left(SystemClock().now())
        show(f"left for a worker with --hooks: {effects} effects, {cases} firings")


def work_on(engine: Engine, stop: Stop, pace: Pace, *, listening: Listening = NEVER) -> None:
    """Do what is due, a batch at a time, and sleep in between; until `stop`, or once.

    While the database cannot be reached it tries again, less often each time.
    """
    total, failures = Ticked(), 0
    while not stop.is_set:
        try:
            ticked = engine.tick(limit=pace.batch)
            total = Ticked(*(sum(pair) for pair in zip(total, ticked, strict=True)))
            if not any(ticked):
                if pace.is_once:
                    break
                _sleep(engine, stop, pace, listening)
            failures = 0
        except StoreError as error:
            if pace.is_once:
                raise
            seconds = min(_NOTHING_DONE_SECONDS * 2**failures, _LONGEST_BACK_OFF_SECONDS)
            failures += 1
            complain(f"{error}; trying again in {seconds:g} seconds")
            stop.wait(seconds)
    show(
        f"fired {total.fired}, delivered {total.delivered}, "
        f"failed {total.failed}, parked {total.parked}"
    )


def _sleep(engine: Engine, stop: Stop, pace: Pace, listening: Listening) -> None:
    """Sleep until something is due, or somebody says that something is due before."""
    seconds = _until_due(engine, pace)
    if listening is NEVER:
        stop.wait(seconds)
        return
    listening.sleep_until(SystemClock().now() + timedelta(seconds=seconds))
    try:
        # What came to be due before others knew of the sleep.
        stop.wait(_until_due(engine, pace), also=listening.fileno())
    finally:
        listening.wake()


def _until_due(engine: Engine, pace: Pace) -> float:
    due, longest = engine.next_due(), pace.poll_seconds
    seconds = longest if due is None else (due - SystemClock().now()).total_seconds()
    return min(max(seconds, _NOTHING_DONE_SECONDS), longest)


def imported(name: str) -> object:
    """Return the hooks that MODULE:OBJECT names, or leave where they cannot be had."""
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
