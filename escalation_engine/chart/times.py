"""Everything about time in all parts of a process: what stands beside its tracks in the chart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from escalation_engine.chart.amount import needs_calendar
from escalation_engine.chart.body import BodyReader
from escalation_engine.chart.calendars import note_no_calendar, read_calendars
from escalation_engine.chart.digests import check_senders, read_digests
from escalation_engine.chart.model import Body, Clock, Digest, Duty, NamedCalendar, Timer
from escalation_engine.chart.moment import FindState
from escalation_engine.chart.owed import read_duties
from escalation_engine.chart.scope import Scope
from escalation_engine.chart.timing import TimeReader, timer_key
from escalation_engine.chart.track import Plan
from escalation_engine.chart.ways import WayFinder

__all__ = ["Times", "read_times"]


@dataclass(slots=True)
class Times:
    """What is about time, by canonical name, as it comes into a chart."""

    calendars: dict[str, NamedCalendar] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    digests: dict[str, Digest] = field(default_factory=dict)

    def bodies(self) -> list[Body]:
        """Everything that may happen as time passes."""
        warnings = [
            *(warning for timer in self.timers.values() for warning in timer.warnings),
            *(warning for clock in self.clocks.values() for warning in clock.warnings),
        ]
        return [
            *(warning.body for warning in warnings if warning.body),
            *(clock.breach for clock in self.clocks.values()),
            *(duty.missed for duty in self.duties.values()),
        ]


def read_times(plans: list[Plan], finders: list[WayFinder], own: WayFinder, root: Scope) -> Times:
    """Return what is about time in a process and in the tracks that it takes in.

    `own` finds the ways of the process itself, from `root`; `finders` those of each plan.
    """
    times = Times()
    _read_part(times, own, root)
    for plan, finder in zip(plans, finders, strict=True):
        if plan.names is not own.names:
            _read_part(times, finder, plan.root)
        _read_timers(times, finder, plan.root)
    if plans and plans[0].written is not own.names.part.definition:
        _read_process_timers(times, own, root, plans[0].name)
    readers = [own.reader, *(finder.reader for finder in finders)]
    _check_extensions(times, readers)
    check_senders(times.digests, readers)
    return times


def _read_part(times: Times, finder: WayFinder, root: Scope) -> None:
    """Add the calendars, clocks, duties and digests of a part; `root` is where it finds states."""
    reader = _reader(finder, root)
    times.calendars |= read_calendars(finder.names)
    times.clocks |= reader.clocks()
    times.duties |= read_duties(reader)
    times.digests |= read_digests(reader, lambda text, at: finder.condition(text, root, at))


def _read_timers(times: Times, finder: WayFinder, root: Scope) -> None:
    """Add the timers of one track, outer scopes first."""
    for scope in (root, *root.scopes()):
        written, at = scope.written.timers, (*scope.at, "timers")
        times.timers |= _reader(finder, scope).timers(written, finder.track, scope, at)


def _read_process_timers(times: Times, finder: WayFinder, root: Scope, track: str) -> None:
    """Add the timers of a process whose first track stands under `tracks:`: they run with it."""
    written = finder.names.part.definition.timers
    for name in written:
        if timer_key(track, "", name) in times.timers:
            message = f"`{name}` is a timer of the process and of its first track, `{track}`"
            finder.faults.add("E120", message, ("timers", name), at_key=True)
    whole = Scope("", "", (), None, root.written)
    times.timers |= _reader(finder, root).timers(written, track, whole, ("timers",))


def _check_extensions(times: Times, readers: Iterable[BodyReader]) -> None:
    """An extension that counts on a calendar needs a clock that has one."""
    for reader in readers:
        for clock, amount, at in reader.extensions:
            known = times.clocks.get(clock)
            if known is not None and not known.calendar and needs_calendar(amount):
                note_no_calendar(reader.names, amount, list(times.calendars), at)


def _reader(finder: WayFinder, scope: Scope) -> TimeReader:
    """A reader that finds states from a scope outwards, then in the other tracks."""
    find = FindState(lambda name: finder.state_reference(name, scope), scope.names_seen)
    return TimeReader(finder.names, finder.reader, find)
