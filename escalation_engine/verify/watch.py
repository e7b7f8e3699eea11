"""A promise watched on one case, with its deadlines on the real calendar.

The journal is all that it reads: the same entries give the same standing, whenever it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from escalation_engine.calendar import Edition, due
from escalation_engine.chart.model import Chart, Promise, PromiseForm
from escalation_engine.core import Case, Decision
from escalation_engine.core.arming import BEYOND, amount_in, is_known
from escalation_engine.core.plan import plan_of
from escalation_engine.core.timetable import target_of
from escalation_engine.verify.monitor import Memory, Monitor, Verdict, monitors_of
from escalation_engine.verify.observation import Observation

__all__ = ["PromiseStanding", "watched"]


EditionOf = Callable[[Case], Edition | None]


def _as_installed(_case: Case) -> Edition | None:
    return None


class PromiseStanding(NamedTuple):
    """How one promise stands in one case.

    A promise is open while something is owed, `until` then being the deadline, or None without one;
    kept while nothing is. With `is_settled` no input changes that any more. A broken one says at
    which revision of the journal the case stood then, since which revision it was owed (None: it
    was not), when, and why.
    """

    name: str
    say: str
    verdict: Verdict
    is_settled: bool
    until: datetime | None = None
    revision: int | None = None
    since: int | None = None
    at: datetime | None = None
    why: str = ""


class _Watch(NamedTuple):
    """A memory with its dates: since which entry something is owed, until when, and what broke."""

    memory: Memory
    since: int | None = None
    until: datetime | None = None
    broken_at: datetime | None = None
    revision: int | None = None


def watched(
    chart: Chart,
    decisions: Iterable[tuple[Case, Decision]],
    *,
    now: datetime,
    edition_of: EditionOf = _as_installed,
) -> tuple[PromiseStanding, ...]:
    """Return how each promise stands at `now` in a case that these decisions have led to.

    Each decision comes with the case before it; `edition_of` a case are the dates that its
    deadlines count on, without it those of the packages that are installed. A promise that
    something is `possible` speaks of the process and not of one case; it is not among them.
    """
    monitors = [one for one in monitors_of(chart) if one.promise.form is not PromiseForm.POSSIBLE]
    watches = [_Watch(one.start) for one in monitors]
    revision = 0
    for before, decision in decisions:
        seen = Observation(chart, before, decision)
        watches = [
            _follow(monitor, watch, seen, decision, edition_of)
            for monitor, watch in zip(monitors, watches, strict=True)
        ]
        revision = decision.entry.revision
    watches = [_passed_by(watch, now, revision) for watch in watches]
    return tuple(
        [_standing(one.promise, watch) for one, watch in zip(monitors, watches, strict=True)]
    )


def _follow(
    monitor: Monitor,
    watch: _Watch,
    seen: Observation,
    decision: Decision,
    edition_of: EditionOf,
) -> _Watch:
    entry, promise = decision.entry, monitor.promise
    watch = _passed_by(watch, entry.at, entry.revision - 1)
    if watch.memory.verdict is not Verdict.OPEN:
        return watch
    memory = monitor.step(watch.memory, seen)
    if memory.verdict is Verdict.BROKEN:
        return watch._replace(memory=memory, broken_at=entry.at, revision=entry.revision)
    if not memory.is_owed:
        return _Watch(memory)
    if watch.memory.is_owed and not _owes_anew(promise, seen):
        return watch._replace(memory=memory)
    until = _deadline(monitor.chart, promise, decision, edition_of)
    return _Watch(memory, entry.revision, until)


def _passed_by(watch: _Watch, now: datetime, revision: int) -> _Watch:
    """Return the watch broken where its deadline is past; at the very instant it is still kept."""
    if watch.memory.verdict is not Verdict.OPEN or watch.until is None or now <= watch.until:
        return watch
    broken = Memory(Verdict.BROKEN)
    return watch._replace(memory=broken, broken_at=watch.until, revision=revision)


def _owes_anew(promise: Promise, seen: Observation) -> bool:
    """Return whether what is owed now is not what was owed before: somebody has acted since."""
    if promise.form is PromiseForm.IF_NOBODY_ACTS:
        return not seen.is_silent
    return promise.repeats and promise.until is not None and seen.makes_true(promise.until)


def _deadline(
    chart: Chart, promise: Promise, decision: Decision, edition_of: EditionOf
) -> datetime | None:
    """Return until when what is owed has to be done; None where there is no limit."""
    text = amount_in(decision.case.data, promise.within) if promise.within is not None else ""
    if not is_known(text):
        return None
    edition = edition_of(decision.case)
    calendar = plan_of(chart).timetable.calendar(promise.calendar, edition)
    try:
        return due(calendar, decision.entry.at, target_of(text))
    except BEYOND:
        return None


def _standing(promise: Promise, watch: _Watch) -> PromiseStanding:
    memory = watch.memory
    verdict, is_settled = memory.verdict, memory.verdict is not Verdict.OPEN
    if verdict is Verdict.BROKEN:
        return PromiseStanding(
            promise.name, promise.title, verdict, is_settled, watch.until, watch.revision,
            watch.since, watch.broken_at, _why(promise, watch),
        )  # fmt: skip
    is_open = memory.is_owed or (memory.is_counting and promise.form is PromiseForm.EVERY_CASE)
    verdict = Verdict.OPEN if is_open else Verdict.KEPT
    return PromiseStanding(
        promise.name, promise.title, verdict, is_settled, watch.until, since=watch.since
    )


def _why(promise: Promise, watch: _Watch) -> str:
    is_late = watch.until is not None and watch.broken_at == watch.until
    match promise.form:
        case PromiseForm.WHENEVER:
            ended = "in time" if is_late else "while it counted"
            return f"`{promise.then}` did not follow {ended}"
        case PromiseForm.IF_NOBODY_ACTS:
            ended = "in time" if is_late else "before the case ended"
            return f"nobody acted, and `{promise.subject}` did not come {ended}"
        case PromiseForm.AT_MOST:
            return f"`{promise.subject}` has happened more often than {promise.limit} times"
        case PromiseForm.EVERY_CASE:
            return f"`{promise.subject}` was not true at the end"
    before = "" if promise.until is None else f", and `{promise.until}` has not happened"
    return f"`{promise.subject}` is true{before}"
