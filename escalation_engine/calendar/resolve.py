"""From what the YAML says of a calendar to a calendar with dates, or everything wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from escalation_engine.calendar.calendar import Calendar, Counting, Cutoff, EndOfDay, Roll
from escalation_engine.calendar.fault import CalendarFault, TextError, did_you_mean, listed
from escalation_engine.calendar.holiday import holidays_of
from escalation_engine.calendar.hours import (
    DAY_MINUTES,
    WEEKDAYS,
    Range,
    read_ranges,
    read_weekdays,
)
from escalation_engine.calendar.overlap import days_beside, overlaps
from escalation_engine.calendar.yearly import YearlyRange, read_yearly

__all__ = ["CalendarSpec", "dated_calendar", "holidays_in", "resolve_calendar"]

Ranges = str | Sequence[str]
_RULES = ("cutoff", "end_of_day", "roll")
_ONE_LIST = "list all ranges of a day in one place"
_Rule = TypeVar("_Rule", bound=StrEnum)
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSpec:
    """A calendar as its author wrote it.

    `hours` are by weekdays (`mon-fri`), `special` by date, `yearly` by days of the year; each says
    ranges or `closed`. `added` holidays have a name; `removed` are dates, or names for every year.
    """

    timezone: str
    hours: Mapping[str, Ranges]
    holidays: str | None = None
    added: Mapping[date, str] = field(default_factory=dict)
    removed: Sequence[date | str] = ()
    special: Mapping[date, Ranges] = field(default_factory=dict)
    yearly: Mapping[str, Ranges] = field(default_factory=dict)
    counting: Mapping[str, str] = field(default_factory=dict)


def resolve_calendar(
    spec: CalendarSpec, *, name: str, years: range
) -> Calendar | tuple[CalendarFault, ...]:
    """Return the calendar with its holidays in those years, or all its faults; never raises."""
    reading = _Reading()
    calendar = reading.calendar(spec, name=name, years=years)
    # The years around a special day as well, or a holiday beside it would not be known as one.
    beside = {near.year for day in spec.special for near in days_beside(day)}
    holidays = reading.holidays(spec, sorted({*years, *beside}))
    if not reading.faults:
        known = replace(calendar, holidays=holidays)
        found = overlaps(known, special=list(spec.special), yearly=list(spec.yearly), years=years)
        reading.faults += found
    if reading.faults:
        return tuple(reading.faults)
    kept = {day: title for day, title in holidays.items() if day.year in years or day in spec.added}
    calendar = replace(calendar, holidays=kept)
    if any(calendar.working_days(year) for year in years):
        return calendar
    span = f"{years.start} to {years.stop - 1}" if years else "no year at all"
    hint = "give `hours` to at least one day that is no holiday"
    return (CalendarFault(("hours",), f"no time is open in {span}", hint),)


def dated_calendar(
    spec: CalendarSpec, *, name: str, holidays: Mapping[date, str], years: range
) -> Calendar:
    """Return the calendar of a specification, on holidays that are known.

    It was tried when it was loaded. Raises TextError where it cannot be read after all, as where
    its zone is not known here.
    """
    reading = _Reading()
    calendar = reading.calendar(spec, name=name, years=years)
    for fault in reading.faults:
        raise TextError(fault.message, hint=fault.hint)
    return replace(calendar, holidays=holidays)


def holidays_in(spec: CalendarSpec, years: range) -> dict[date, str]:
    """Return the holidays of a specification in those years, and all that it adds.

    What `removed` names and is not known is passed over: releases differ in that. Raises TextError
    for a place whose holidays are not known.
    """
    found = holidays_of(spec.holidays, years) if spec.holidays is not None else {}
    return _as_declared(found, spec)


def _as_declared(found: Mapping[date, str], spec: CalendarSpec) -> dict[date, str]:
    """Return holidays without those that are removed, and with those that are added."""
    # A removed date that is no holiday is no fault: releases of `holidays` differ in that.
    kept = {
        day: name
        for day, name in found.items()
        if day not in spec.removed and not set(name.split("; ")) <= set(spec.removed)
    }
    return dict(sorted({**kept, **spec.added}.items()))


class _Reading:
    """Collects the faults of one calendar; what is faulty goes on as if it had not been written."""

    def __init__(self) -> None:
        self.faults: list[CalendarFault] = []

    def calendar(self, spec: CalendarSpec, *, name: str, years: range) -> Calendar:
        return Calendar(
            name=name,
            zone=self.zone(spec.timezone),
            weekly=self.weekly(spec.hours),
            special={
                day: self.ranges(("special", str(day)), text) for day, text in spec.special.items()
            },
            yearly=tuple(self.yearly(text, ranges) for text, ranges in spec.yearly.items()),
            counting=self.counting(spec.counting),
            years=years,
        )

    def zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # ZoneInfo raises any of them for a bad key
            zones = available_timezones()
            cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(zones)}
            city = cities.get(name.replace(" ", "_").casefold())
            hint = f"did you mean `{city}`?" if city else did_you_mean(name, zones)
            hint = hint or "write an IANA name like `Europe/London`"
            self.add(("timezone",), f"`{name}` is no time zone", hint)
            return ZoneInfo("UTC")

    def weekly(self, hours: Mapping[str, Ranges]) -> tuple[tuple[Range, ...], ...]:
        week: dict[int, tuple[Range, ...]] = {}
        for key, text in hours.items():
            at = ("hours", key)
            ranges = self.ranges(at, text)
            none: tuple[int, ...] = ()
            for weekday in self._read(at, partial(read_weekdays, key), none):
                if weekday in week:
                    self.add(at, f"{WEEKDAYS[weekday]} has hours already", _ONE_LIST)
                week[weekday] = ranges
        weekly = tuple(week.get(weekday, ()) for weekday in range(7))
        self._check_nights(weekly)
        return weekly

    def ranges(self, at: tuple[str, ...], text: Ranges) -> tuple[Range, ...]:
        return self._read(at, partial(read_ranges, text), ())

    def yearly(self, text: str, hours: Ranges) -> YearlyRange:
        ranges = self.ranges(("yearly", text), hours)
        nothing = YearlyRange((1, 1), (1, 1))
        return self._read(("yearly", text), partial(read_yearly, text, ranges), nothing)

    def holidays(self, spec: CalendarSpec, years: Sequence[int]) -> dict[date, str]:
        found: dict[date, str] = {}
        if spec.holidays is not None:
            find = partial(holidays_of, spec.holidays, years)
            found = self._read(("holidays",), find, found)
        names = {name for joined in found.values() for name in joined.split("; ")}
        for removed in spec.removed:
            if isinstance(removed, str) and removed not in names:
                hint = did_you_mean(removed, names) or f"accepted: {listed(sorted(names))}"
                message = f"`{removed}` is no holiday of these years"
                self.add(("removed", removed), message, hint)
        return _as_declared(found, spec)

    def counting(self, rules: Mapping[str, str]) -> Counting:
        for key in sorted(rules.keys() - _RULES):
            hint = did_you_mean(key, _RULES) or f"accepted: {listed(_RULES)}"
            self.add(("counting", key), f"`{key}` is no rule of counting", hint)
        return Counting(
            cutoff=self._rule(rules, "cutoff", Cutoff),
            end_of_day=self._rule(rules, "end_of_day", EndOfDay),
            roll=self._rule(rules, "roll", Roll),
        )

    def _rule(self, rules: Mapping[str, str], key: str, accepted: type[_Rule]) -> _Rule:
        default: _Rule = getattr(Counting(), key)
        text = rules.get(key, default.value)
        if text in list(accepted):
            return accepted(text)
        hint = did_you_mean(text, accepted) or f"accepted: {listed(accepted)}"
        message = f"`{text}` is no `{key}`"
        self.add(("counting", key), message, hint)
        return default

    def _check_nights(self, weekly: tuple[tuple[Range, ...], ...]) -> None:
        """Add a fault for each night whose hours reach into those of the next morning."""
        for weekday, ranges in enumerate(weekly):
            morning = weekly[(weekday + 1) % 7]
            if ranges and morning and ranges[-1].end_minute - DAY_MINUTES > morning[0].start_minute:
                today, tomorrow = WEEKDAYS[weekday], WEEKDAYS[(weekday + 1) % 7]
                message = f"`{ranges[-1]}` of {today} overlaps `{morning[0]}` of {tomorrow}"
                hint = "end the first where the second begins"
                self.add(("hours",), message, hint)

    def add(self, at: tuple[str, ...], message: str, hint: str) -> None:
        self.faults.append(CalendarFault(at, message, hint))

    def _read(self, at: tuple[str, ...], read: Callable[[], _Read], otherwise: _Read) -> _Read:
        """Return what was read; a `TextError` becomes a fault at that place."""
        try:
            return read()
        except TextError as error:
            self.add(at, error.message, error.hint)
            return otherwise
