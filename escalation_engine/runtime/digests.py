"""Digests: when each is due next, and what is sent then; once for each due time, however late.

Of what is read nothing stays in memory but the rows that are listed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from escalation_engine.calendar import OnHoliday, next_after, parse_schedule
from escalation_engine.chart.amount import OFF
from escalation_engine.chart.model import Chart
from escalation_engine.chart.model import Digest as Declared
from escalation_engine.core import scope_of_digest
from escalation_engine.core.plan import plan_of
from escalation_engine.errors import CallerError, HostError
from escalation_engine.runtime.attempt import PROBLEM_CHARACTERS, told
from escalation_engine.runtime.clock import Clock
from escalation_engine.runtime.compiling import Compiling
from escalation_engine.runtime.definitions import Definitions
from escalation_engine.runtime.directory import Directory
from escalation_engine.runtime.lost import DefinitionLost
from escalation_engine.runtime.retry import RetryPolicy
from escalation_engine.store.protocol import KeptDigest, Store

__all__ = ["Digests", "SentDigests"]

_LOG = logging.getLogger("escalation_engine.runtime")
_MOST_OCCURRENCES = 10_000
_SHORTEST_WAIT = timedelta(minutes=1)
"""Between attempts without end, whatever the policy."""


class SentDigests(NamedTuple):
    """How many digests went out, also empty ones, and how many could not be made this time."""

    fired: int = 0
    failed: int = 0


class Digests:
    """The digests of all processes in a store. Any number of engines may send them at once.

    Of each process the highest published version decides, also in an engine that was started with
    an older one.
    """

    def __init__(
        self,
        store: Store,
        definitions: Definitions,
        directory: Directory | None,
        *,
        retries: RetryPolicy,
        clock: Clock,
    ) -> None:
        self._store = store
        self._definitions = definitions
        self._compiling = Compiling(store, definitions, directory=directory)
        self._retries = retries
        self._clock = clock

    def arm(self) -> None:
        """Let the digests of the loaded processes be due from now on, where they are not yet.

        A newer version takes over: what it does not declare is sent no more. Raises NoOpenTime.
        """
        now, found = self._clock.now(), self._store.digests()
        for chart in self._definitions.all_opening(now=now):
            known = {kept.name: kept for kept in found if kept.process == chart.process}
            if all(kept.version <= chart.version for kept in known.values()):
                for name in {**known, **chart.digests}:
                    self._arm(chart, name, known.get(name), now)

    def tick(self, limit: int, *, now: datetime) -> SentDigests:
        """Send what is due at `now`, at most `limit` digests, earliest first.

        What is due in cases by then has to have fired: it comes before a digest of that instant.
        """
        fired = failed = 0
        for kept in self._due(now):
            if fired >= limit:
                break
            try:
                fired += int(self._send(kept, now))
            except (CallerError, HostError, DefinitionLost) as error:
                failed += int(self._put_off(kept, error))
        return SentDigests(fired, failed)

    def retry(self, name: str) -> bool:
        """Let a digest that failed be tried again now; False where there is none of that name."""
        for kept in self._store.digests():
            if kept.problem and name == scope_of_digest(kept.process, kept.name):
                now = self._clock.now()
                again = replace(kept, revision=kept.revision + 1, attempts=0, next_at=now)
                return self._store.keep_digest(again, since=kept, at=now)
        return False

    def _due(self, now: datetime) -> Sequence[KeptDigest]:
        waiting = [(kept.next_at, kept) for kept in self._store.digests() if kept.next_at]
        due = [(at, kept) for at, kept in waiting if at <= now]
        return [kept for _, kept in sorted(due, key=lambda pair: pair[0])]

    def _arm(self, chart: Chart, name: str, known: KeptDigest | None, now: datetime) -> None:
        if known is not None and known.definition == chart.hash:
            return
        declared = chart.digests.get(name)
        due_at = None
        if declared is not None:
            is_overdue = known is not None and known.due_at is not None and known.due_at <= now
            due_at = known.due_at if known and is_overdue else self._next(chart, declared, now)
        revision = known.revision + 1 if known else 1
        kept = KeptDigest(
            chart.process, name, revision, chart.version, chart.hash, due_at, next_at=due_at
        )
        self._store.keep_digest(kept, since=known, at=now)

    def _send(self, kept: KeptDigest, now: datetime) -> bool:
        """Queue the digest of the last due time that has come; False where another was first."""
        chart = self._definitions.chart_of_digest(kept)
        declared = chart.digests[kept.name]
        assert kept.due_at is not None
        due_at, following, missed = kept.due_at, self._next(chart, declared, kept.due_at), 0
        while following is not None and following <= now and missed < _MOST_OCCURRENCES:
            due_at, following, missed = (
                following,
                self._next(chart, declared, following),
                missed + 1,
            )
        made = self._compiling.digests(chart, declared, due_at, missed=missed)
        after = replace(
            kept,
            revision=kept.revision + 1,
            due_at=following,
            next_at=following,
            attempts=0,
            problem="",
        )
        return self._store.keep_digest(after, since=kept, at=now, effects=made)

    def _put_off(self, kept: KeptDigest, error: Exception) -> bool:
        """Try again later, at last with the longest wait again and again: it is never given up."""
        now, attempts, most = self._clock.now(), kept.attempts + 1, self._retries.attempts
        wait = self._retries.wait_after(min(attempts, most - 1))
        assert wait is not None
        if attempts >= most:
            wait = max(wait, _SHORTEST_WAIT)
        if attempts == most:
            scope = scope_of_digest(kept.process, kept.name)
            _LOG.warning("digest_failing digest=%s attempts=%d", scope, attempts)
        after = replace(
            kept,
            revision=kept.revision + 1,
            attempts=attempts,
            next_at=now + wait,
            problem=told(error)[:PROBLEM_CHARACTERS],
        )
        return self._store.keep_digest(after, since=kept, at=now)

    def _next(self, chart: Chart, declared: Declared, after: datetime) -> datetime | None:
        """Return the first due time after an instant; None where a parameter switches it off.

        A digest is of no case: it counts on the dates that are installed.
        """
        if declared.every.text == OFF:
            return None
        edition = self._definitions.current_edition(chart)
        calendar = plan_of(chart).timetable.calendar(declared.calendar, edition)
        on_holiday = OnHoliday(declared.on_holiday) if declared.on_holiday else None
        return next_after(parse_schedule(declared.every.text), after, calendar, on_holiday)
