"""Kinds of time: which watches run in step, in what unit, and which can run side by side.

Time of one kind (elapsed; working time of one calendar) passes for all its watches alike. Working
days, calendar periods, schedules and what is agreed at run time are each a kind of their own: any
order between them and everything else is possible, which is more than can happen, never less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import gcd

from escalation_engine.calendar import Before, Share, TextError, WorkingTime, parse_mark
from escalation_engine.chart.model import Amount, Chart
from escalation_engine.core.timetable import target_of
from escalation_engine.verify.reads import all_bodies, all_transitions

__all__ = ["Kinds", "kinds_of"]

Name = tuple[str, str]
"""A watch: timer, clock or duty, and its key."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kind of time of each watch; `units` are those kinds that are counted step by step.

    A kind of which at most one watch can run at a time needs no steps. `positions` settle ties:
    timers go before clocks and clocks before duties, each in the chart's order.
    """

    of: Mapping[Name, str]
    units: Mapping[str, timedelta]
    positions: Mapping[Name, int]


def kinds_of(chart: Chart) -> Kinds:
    """Return the kinds of time of a chart that holds only what matters."""
    of = {name: _kind(name, amounts, calendar) for name, amounts, calendar in _watches(chart)}
    units = {}
    for kind in dict.fromkeys(of.values()):
        members = [name for name, one in of.items() if one == kind]
        if len(members) > 1 and _side_by_side(chart, members):
            units[kind] = _unit(chart, members)
    return Kinds(of, units, {name: position for position, name in enumerate(of)})


def _watches(chart: Chart) -> Iterable[tuple[Name, tuple[Amount | None, ...], str]]:
    for key, timer in chart.timers.items():
        yield ("timer", key), (timer.after, timer.every), timer.calendar
    extended = {
        one.clock for body in all_bodies(chart, all_transitions(chart)) for one in body.extend
    }
    for name, clock in chart.clocks.items():
        # From a fact's own instant on, or made longer on the way, it is in step with nothing.
        is_own = bool(clock.counts_from) or name in extended
        amounts = (None,) if is_own else (clock.target,)
        yield ("clock", name), amounts, clock.calendar
    for name, duty in chart.duties.items():
        yield ("duty", name), ((None,) if duty.every else (duty.due,)), duty.calendar


def _kind(name: Name, amounts: tuple[Amount | None, ...], calendar: str) -> str:
    own = ":".join(name)
    kinds = set()
    for amount in amounts:
        if amount is None:
            continue
        if amount.agreed_in:
            return own
        for text in amount.texts:
            kinds.add(_kind_of_text(text, calendar))
    kinds.discard(None)
    kind = kinds.pop() if len(kinds) == 1 else None
    return kind or own


def _kind_of_text(text: str, calendar: str) -> str | None:
    """Return the kind of one amount; None for no limit, an empty text for one of its own."""
    if text == "none":
        return None
    try:
        target = target_of(text)
    except ValueError:  # a schedule
        return ""
    match target:
        case timedelta():
            return "elapsed"
        case WorkingTime():
            return f"working {calendar}"
        case _:
            return ""


def _side_by_side(chart: Chart, members: list[Name]) -> bool:
    """Return whether two of them can run at the same time, as far as their scopes tell."""
    timers = [chart.timers[key] for sort, key in members if sort == "timer"]
    if len(timers) < len(members):
        return True
    if any(
        state.remembers for track in chart.tracks for state in track.states.values()
    ):  # what sleeps may wake beside another
        return True
    scopes: set[tuple[str, str]] = set()
    for timer in timers:
        if (timer.track, timer.scope) in scopes:
            return True
        scopes.add((timer.track, timer.scope))
    if len({timer.track for timer in timers}) > 1:
        return True
    return any(_has_above(track, scope, scopes) for track, scope in scopes)


def _has_above(track: str, scope: str, scopes: set[tuple[str, str]]) -> bool:
    while scope:
        scope = scope.rpartition(".")[0]
        if (track, scope) in scopes:
            return True
    return False


def _unit(chart: Chart, members: list[Name]) -> timedelta:
    """Return the largest step in which every threshold of theirs is a whole number of steps."""
    seconds = 0
    for sort, key in members:
        for amount, marks in _amounts(chart, sort, key):
            for text in amount.texts:
                if text == "none":
                    continue
                for length in _lengths(text, marks):
                    seconds = gcd(seconds, int(length.total_seconds()))
    return timedelta(seconds=seconds or 3600)


def _amounts(chart: Chart, sort: str, key: str) -> Iterable[tuple[Amount, list[str]]]:
    if sort == "timer":
        timer = chart.timers[key]
        yield timer.after, [one.mark for one in timer.warnings]
        if timer.every is not None:
            yield timer.every, []
    elif sort == "clock":
        clock = chart.clocks[key]
        yield clock.target, [one.mark for one in clock.warnings]
    else:
        due = chart.duties[key].due
        if due is not None:
            yield due, []


def _lengths(text: str, marks: list[str]) -> Iterable[timedelta]:
    target = target_of(text)
    whole = target.time if isinstance(target, WorkingTime) else target
    assert isinstance(whole, timedelta), "only what passes in step is counted in steps"
    yield whole
    for mark in marks:
        try:
            read = parse_mark(mark)
        except TextError:
            continue
        match read:
            case Share(percent):
                yield whole * percent / 100
            case Before(timedelta() as length) | Before(WorkingTime(length)):
                yield length
            case _:
                continue
