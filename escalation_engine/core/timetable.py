"""What a chart says about time, looked up once: calendars, timers by scope, clocks by moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from escalation_engine.calendar import (
    NO_LIMIT,
    Calendar,
    Edition,
    Target,
    around_the_clock,
    look_up,
    parse_duration,
    parse_mark,
)
from escalation_engine.chart.model import Chart, Moment, MomentKind
from escalation_engine.chart.time_model import Clock, Duty, Timer

__all__ = ["RESOLVED_YEARS", "Moments", "Timetable", "mark_of", "target_of"]

RESOLVED_YEARS = range(2020, 2046)
"""The years in which holidays are known where a chart is used without any edition."""

Moments = frozenset[tuple[MomentKind, str]]
"""What has happened in one microstep."""

_ROUND_THE_CLOCK = around_the_clock("UTC")
_FIXED = re.compile(r"\d{4}-\d\d-\d\d")


class Timetable:
    """The timers, clocks and duties of a chart, with the calendars that they count on."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.timers: dict[tuple[str, str], tuple[Timer, ...]] = {}
        for timer in chart.timers.values():
            scope = (timer.track, timer.scope)
            self.timers[scope] = (*self.timers.get(scope, ()), timer)
        clocks, duties = chart.clocks.values(), chart.duties.values()
        self.starts = _by_moment((one, one.starts) for one in clocks)
        self.stops = _by_moment((one, one.stops) for one in clocks)
        self.opens = _by_moment((one, one.opens) for one in duties)
        self.done_by = _by_moment((one, one.done_by) for one in duties)
        self.recurring = tuple(one for one in duties if one.every is not None)
        self._calendars: dict[tuple[str, str, int], Calendar] = {}

    def calendar(self, name: str, edition: Edition | None) -> Calendar:
        """Return a calendar by its canonical name, on the dates of an edition.

        Without one on those of the packages that are installed, in `RESOLVED_YEARS`.
        """
        if not name:
            return _ROUND_THE_CLOCK
        key = (name, edition.name, edition.years.stop) if edition is not None else (name, "", 0)
        found = self._calendars.get(key)
        if found is None:
            specs = {name: self.chart.calendars[name].spec}
            dates = edition or look_up(specs, years=RESOLVED_YEARS, packages={})
            found = self._calendars[key] = dates.calendar(specs[name], name=name)
        return found

    def start_of(self, calendar: str, text: str) -> datetime | None:
        """Return the instant that a field of type date or instant stands for, in UTC.

        None for one so early or late that there is no such instant in UTC.
        """
        try:
            if "T" in text or " " in text:
                return datetime.fromisoformat(text).astimezone(UTC)
            # A date is its local midnight, from which working time begins at opening.
            zone = ZoneInfo(self.chart.calendars[calendar].spec.timezone) if calendar else UTC
            return datetime.combine(date.fromisoformat(text), time(), zone).astimezone(UTC)
        except OverflowError:
            return None


@lru_cache(maxsize=1024)
def target_of(text: str) -> Target:
    """Return the duration or fixed instant of a canonical text; an empty one has no limit."""
    if not text:
        return NO_LIMIT
    if _FIXED.match(text):
        return datetime.fromisoformat(text)
    return parse_duration(text)


mark_of = lru_cache(maxsize=1024)(parse_mark)


def _by_moment(
    waiting: Iterable[tuple[Clock, tuple[Moment, ...]] | tuple[Duty, tuple[Moment, ...]]],
) -> Mapping[str, Moments]:
    return {
        one.name: frozenset((moment.kind, moment.name) for moment in moments)
        for one, moments in waiting
        if moments
    }
