"""Calendars, timers, clocks and duties: from what an author wrote to their place in the chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from escalation_engine.calendar import CalendarSpec, resolve_calendar
from escalation_engine.chart.amount import AmountReader
from escalation_engine.chart.body import BodyReader
from escalation_engine.chart.fault import Path, did_you_mean
from escalation_engine.chart.model import Body
from escalation_engine.chart.moment import FindState, read_moments
from escalation_engine.chart.names import Names
from escalation_engine.chart.scope import Scope
from escalation_engine.chart.time_model import Clock, Duty, NamedCalendar, Timer, Warning
from escalation_engine.definition import Body as WrittenBody
from escalation_engine.definition import time as written_time

__all__ = ["CHECKED_YEARS", "TimeReader", "read_calendars"]

CHECKED_YEARS = range(2024, 2028)
"""The years for which a definition's calendars are tried when it is loaded."""


def read_calendars(names: Names) -> dict[str, NamedCalendar]:
    """Return the calendars of one part by canonical name; their faults are noted."""
    found = {}
    for name, written in names.part.definition.calendars.items():
        at: Path = ("calendars", name)
        spec = _spec(written, names, at)
        if spec is None:
            continue
        canonical = names.known["calendar"][name]
        tried = resolve_calendar(spec, name=name, years=CHECKED_YEARS)
        if isinstance(tried, tuple):
            for fault in tried:
                names.faults.add("E130", fault.message, (*at, *fault.at), hint=fault.hint)
        else:
            found[canonical] = NamedCalendar(canonical, written.title or name, spec)
    return found


def _spec(written: written_time.CalendarEntry, names: Names, at: Path) -> CalendarSpec | None:
    dates: dict[str, date] = {}
    before = len(names.faults.found)
    for key in ("added", "special"):
        for index, text in enumerate(getattr(written, key)):
            try:
                dates[text] = date.fromisoformat(text)
            except ValueError:
                place = (*at, key, index if key == "added" else text)
                names.faults.add("E130", f"`{text}` is not a date such as 2026-12-24", place)
    if len(names.faults.found) > before:
        return None
    counting = written.counting.model_dump() if written.counting is not None else {}
    return CalendarSpec(
        timezone=written.timezone,
        hours=written.hours,
        holidays=written.holidays,
        added={dates[text]: "added" for text in written.added},
        removed=[_date_or_name(text) for text in written.removed],
        special={dates[text]: ranges for text, ranges in written.special.items()},
        yearly=written.yearly,
        counting=counting,
    )


def _date_or_name(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


@dataclass(slots=True)
class TimeReader:
    """Reads what is about time in one part."""

    names: Names
    amounts: AmountReader
    bodies: BodyReader
    calendars: Mapping[str, NamedCalendar]

    def timers(self, scope: Scope, track: str, find_state: FindState) -> dict[str, Timer]:
        """Return the timers of one scope by key."""
        found = {}
        for name, written in getattr(scope.written, "timers", {}).items():
            timer = self._timer(name, written, scope, track, find_state)
            if timer is not None:
                found[timer.key] = timer
        return found

    def _timer(
        self,
        name: str,
        written: written_time.Timer,
        scope: Scope,
        track: str,
        find_state: FindState,
    ) -> Timer | None:
        at = (*scope.at, "timers", name)
        level = scope.level()
        after = self.amounts.duration(written.after, (*at, "after"))
        every, times = None, 1
        if written.repeat is not None:
            every = self.amounts.duration(written.repeat.every, (*at, "repeat", "every"))
            until = written.repeat.until
            times = None if until == "forever" else until
        send = self.names.find("event", written.send, (*at, "send")) if written.send else ""
        if after is None or send is None:
            return None
        return Timer(
            key=f"{track}.{scope.path}:{name}",
            title=written.title or name.replace("_", " "),
            track=track,
            scope=scope.path,
            after=after,
            send=send,
            warnings=self._warnings(written.warn, (*at, "warn"), level.name if level else None),
            paused_in=self._states(written.paused_in, find_state, (*at, "paused_in")),
            every=every,
            times=times,
            calendar=self._calendar(written.calendar, at),
            restarts=written.on_return == "restart",
        )

    def clocks(self, find_state: FindState) -> dict[str, Clock]:
        """Return the clocks of the part by canonical name."""
        found = {}
        for name, written in self.names.part.definition.clocks.items():
            at: Path = ("clocks", name)
            target = self.amounts.duration(written.target, (*at, "target"))
            counts_from = ""
            if written.from_ is not None:
                counts_from = self.names.find("field", written.from_, (*at, "from")) or ""
            if target is None:
                continue
            canonical = self.names.known["clock"][name]
            found[canonical] = Clock(
                name=canonical,
                title=written.title or name.replace("_", " "),
                starts=self._moments(written.starts, find_state, (*at, "starts")),
                stops=self._moments(written.stops, find_state, (*at, "stops")),
                target=target,
                counts_from=counts_from,
                calendar=self._calendar(written.calendar, at),
                paused_in=self._states(written.paused_in, find_state, (*at, "paused_in")),
                warnings=self._warnings(written.warn, (*at, "warn"), None),
                breach=self._body(written.breach, (*at, "breach")),
                on_reopen=written.on_reopen,
                on_change=written.on_change,
            )
        return found

    def duties(self, find_state: FindState) -> dict[str, Duty]:
        """Return the duties of the part by canonical name."""
        found = {}
        for name, written in self.names.part.definition.duties.items():
            at: Path = ("duties", name)
            if (written.every is None) == (not written.opens):
                self.names.faults.add(
                    "E112",
                    f"the duty `{name}` is owed by a schedule (`every`) or once (`opens`)",
                    at,
                    at_key=True,
                )
                continue
            every = self.amounts.schedule(written.every, (*at, "every")) if written.every else None
            due = self.amounts.duration(written.due, (*at, "due")) if written.due else None
            canonical = self.names.known["duty"][name]
            found[canonical] = Duty(
                name=canonical,
                title=written.title or name.replace("_", " "),
                every=every,
                opens=self._moments(written.opens, find_state, (*at, "opens")),
                due=due,
                active_in=self._states(written.while_, find_state, (*at, "while")),
                calendar=self._calendar(written.calendar, at),
                on_holiday=written.on_holiday or "",
                owed_by=self._who(written.owed_by, (*at, "owed_by")),
                owed_to=self._who(written.for_, (*at, "for")),
                needs=self.names.find_all("field", written.needs, (*at, "needs")),
                done_by=self._moments(written.done_by, find_state, (*at, "done_by")),
                missed=self._body(written.missed, (*at, "missed")),
                is_first_at_once=written.first == "at_once",
                counts_from_last=written.counted_from == "last_done",
                must_be_done=written.at_end == "must_be_done",
                catch_up=written.catch_up,
            )
        return found

    def _who(self, name: str | None, at: Path) -> str:
        if name is None:
            return ""
        found = self.names.known["slot"].get(name)
        return found or self.names.find("role", name, at) or ""

    def _moments(self, texts: tuple[str, ...], find: FindState, at: Path):  # type: ignore[no-untyped-def]  # as read
        return read_moments(texts, self.names, find, at, self.names.faults)

    def _body(self, written: WrittenBody | None, at: Path) -> Body:
        return self.bodies.body(written, at, None) if written is not None else Body()

    def _warnings(
        self, written: Mapping[str, WrittenBody], at: Path, level: str | None
    ) -> tuple[Warning, ...]:
        found = []
        for text, body in written.items():
            mark = self.amounts.mark(text, (*at, text))
            if mark is not None:
                says_nothing = not body.model_fields_set
                read = None if says_nothing else self.bodies.body(body, (*at, text), level)
                found.append(Warning(mark, read))
        return tuple(found)

    def _states(
        self, names: tuple[str, ...], find_state: Callable[[str], str | None], at: Path
    ) -> tuple[str, ...]:
        found = []
        for index, name in enumerate(names):
            state = find_state(name)
            if state is None:
                self.names.faults.add("E113", f"there is no state `{name}`", (*at, index))
            else:
                found.append(state)
        return tuple(found)

    def _calendar(self, written: str | None, at: Path) -> str:
        """The calendar that is named, or the only one that is declared, or none."""
        if written is not None:
            return self.names.find("calendar", written, (*at, "calendar")) or ""
        declared = self.names.known["calendar"]
        if len(declared) == 1:
            return next(iter(declared.values()))
        if declared:
            self.names.faults.add(
                "E131",
                "several calendars are declared, and it names none",
                at,
                at_key=True,
                hint=did_you_mean("", declared),
            )
        return ""
