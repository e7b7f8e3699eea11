"""Timers and clocks: from what an author wrote to their place in the chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from escalation_engine.calendar import (
    Before,
    NoLimit,
    moves_with_pauses,
    parse_duration,
    parse_mark,
    write_duration,
)
from escalation_engine.chart.amount import AmountReader
from escalation_engine.chart.body import BodyReader
from escalation_engine.chart.calendars import calendar_of
from escalation_engine.chart.fault import Path
from escalation_engine.chart.model import Amount, Body, Clock, Moment, Timer, Warning
from escalation_engine.chart.moment import FindState, read_moments, read_state
from escalation_engine.chart.names import Names
from escalation_engine.chart.scope import Scope
from escalation_engine.definition import Body as WrittenBody
from escalation_engine.definition import Clock as WrittenClock
from escalation_engine.definition import Timer as WrittenTimer

__all__ = ["TimeReader", "timer_key"]


def timer_key(track: str, scope: str, name: str) -> str:
    """Return `TRACK.PATH:NAME`; `TRACK:NAME` for a timer of a whole track."""
    return f"{track}.{scope}:{name}" if scope else f"{track}:{name}"


@dataclass(frozen=True, slots=True)
class TimeReader:
    """Reads what is about time in one part, or in one scope of it, where states are found."""

    names: Names
    bodies: BodyReader
    find_state: FindState

    @property
    def amounts(self) -> AmountReader:
        """The reader of durations and schedules."""
        return self.bodies.amounts

    def timers(
        self, written: Mapping[str, WrittenTimer], track: str, scope: Scope, at: Path
    ) -> dict[str, Timer]:
        """Return the timers of one scope by key."""
        read = [
            self._timer(name, timer, track, scope, (*at, name)) for name, timer in written.items()
        ]
        return {timer.key: timer for timer in read if timer is not None}

    def _timer(
        self, name: str, written: WrittenTimer, track: str, scope: Scope, at: Path
    ) -> Timer | None:
        level, repeat = scope.level(), written.repeat
        after = self.amounts.duration(written.after, (*at, "after"))
        every = None
        if repeat is not None:
            every = self.amounts.duration(repeat.every, (*at, "repeat", "every"))
        send = self.names.find("event", written.send, (*at, "send")) if written.send else ""
        warnings = self._warnings(written.warn, (*at, "warn"), level.name if level else None)
        self._check_timer(name, written, at)
        paused_in = self._paused_in(written.paused_in, after, at)
        calendar = calendar_of(self.names, written.calendar, (after, every, *_of(warnings)), at)
        if after is None or send is None or (repeat is not None and every is None):
            return None
        return Timer(
            key=timer_key(track, scope.path, name),
            title=written.title or name.replace("_", " "),
            track=track,
            scope=scope.path,
            after=after,
            send=send,
            warnings=warnings,
            paused_in=paused_in,
            every=every,
            times=_times(written),
            calendar=calendar,
            restarts=written.on_return == "restart",
        )

    def _check_timer(self, name: str, written: WrittenTimer, at: Path) -> None:
        faults = self.names.faults
        if written.send is None and not written.warn:
            hint = "add `send: EVENT`, or `warn: {75%: {notify: …}}`"
            faults.add("E132", f"the timer `{name}` does nothing", at, at_key=True, hint=hint)
        elif written.repeat is not None and written.send is None:
            message = f"the timer `{name}` sends nothing that could be repeated"
            faults.add("E132", message, (*at, "repeat"), at_key=True, hint="add `send: EVENT`")

    def clocks(self) -> dict[str, Clock]:
        """Return the clocks of the part by canonical name."""
        read = [
            self._clock(self.names.known["clock"][name], name, written, ("clocks", name))
            for name, written in self.names.part.definition.clocks.items()
        ]
        return {clock.name: clock for clock in read if clock is not None}

    def _clock(self, canonical: str, name: str, written: WrittenClock, at: Path) -> Clock | None:
        target = self.amounts.duration(written.target, (*at, "target"))
        warnings = self._warnings(written.warn, (*at, "warn"), None)
        clock = Clock(
            name=canonical,
            title=written.title or name.replace("_", " "),
            starts=self.moments(written.starts, (*at, "starts")),
            stops=self.moments(written.stops, (*at, "stops")),
            target=target or Amount(),
            counts_from=self._origin(written.from_, (*at, "from")),
            calendar=calendar_of(self.names, written.calendar, (target, *_of(warnings)), at),
            paused_in=self._paused_in(written.paused_in, target, at),
            warnings=warnings,
            breach=self.body(written.breach, (*at, "breach")),
            on_reopen=written.on_reopen,
            on_change=written.on_change,
        )
        return None if target is None else clock

    def _origin(self, name: str | None, at: Path) -> str:
        field = self.names.find("field", name, at) if name is not None else None
        if field is None:
            return ""
        if self.bodies.fields[field].type not in ("date", "instant"):
            message = f"`{name}` is not a field of type date or instant"
            hint = "declare it as {type: instant}"
            self.names.faults.add("E122", message, at, hint=hint)
        return field

    def moments(self, texts: Iterable[str], at: Path) -> tuple[Moment, ...]:
        """Return the moments that can be read."""
        return read_moments(texts, self.names, self.find_state, at, self.names.faults)

    def body(self, written: WrittenBody | None, at: Path) -> Body:
        """Return what happens outside any ladder."""
        return self.bodies.body(written, at, None) if written is not None else Body()

    def states(self, names: Iterable[str], at: Path) -> tuple[str, ...]:
        """Return those states that exist, as `TRACK.PATH`."""
        found = [
            read_state(name, self.find_state, (*at, index), self.names.faults)
            for index, name in enumerate(names)
        ]
        return tuple(state for state in found if state is not None)

    def _warnings(
        self, written: Mapping[str, WrittenBody], at: Path, level: str | None
    ) -> tuple[Warning, ...]:
        """The warnings in the order written; a mark alone has no body."""
        found = []
        for text, body in written.items():
            mark = self.amounts.mark(text, (*at, text))
            read = self.bodies.body(body, (*at, text), level) if body.model_fields_set else None
            if mark is not None:
                found.append(Warning(mark, read))
        return tuple(found)

    def _paused_in(self, names: Iterable[str], amount: Amount | None, at: Path) -> tuple[str, ...]:
        states = self.states(names, (*at, "paused_in"))
        texts = amount.texts if amount and states else ()
        fixed = [text for text in texts if not _is_movable(text)]
        if fixed:
            self.names.faults.add(
                "E132",
                f"`{fixed[0]}` ends on a day of the calendar: no pause can move that",
                (*at, "paused_in"),
                at_key=True,
                hint="count it in working days, working hours or hours, or take `paused_in` away",
            )
        return states


def _times(written: WrittenTimer) -> int | None:
    if written.repeat is None:
        return 1
    return None if written.repeat.until == "forever" else written.repeat.until


def _is_movable(text: str) -> bool:
    duration = parse_duration(text)
    return isinstance(duration, NoLimit) or moves_with_pauses(duration)


def _of(warnings: Iterable[Warning]) -> list[Amount]:
    """How long before something is due its warnings come, where they say so."""
    marks = [parse_mark(warning.mark) for warning in warnings]
    return [Amount(write_duration(mark.duration)) for mark in marks if isinstance(mark, Before)]
