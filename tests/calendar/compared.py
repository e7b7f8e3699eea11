"""What the package says of a schedule beside what the minutes say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from escalation_engine.calendar import (
    Cause,
    Pause,
    Stop,
    Target,
    WorkingDays,
    WorkingTime,
    add_open,
    add_period,
    due,
    explain,
    is_open,
    next_close,
    next_open,
    nth_working_day_close,
    open_between,
)
from tests.calendar.drawn import Desk, Sample, drawn, instant, minute, opened, optional_minute
from tests.calendar.oracle import Break

Check = tuple[str, object, object]  # What is compared, what the oracle says, what the package says.


def differences(zone: str, *, seeds: range, samples: int) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for seed in seeds:
        random = Random(f"{zone} {seed}")  # noqa: S311 - a sample, no secret
        desk = opened(random, zone)
        for _ in range(samples):
            sample = drawn(random, desk.oracle)
            found += [
                (seed, desk.rules, sample, *check)
                for check in checks(desk, sample)
                if check[1] != check[2]
            ]
    return found


def checks(desk: Desk, sample: Sample) -> Iterator[Check]:
    yield from of_opening(desk, sample)
    yield from of_working_time(desk, sample)
    yield from of_elapsed_time(desk, sample)
    yield from of_working_days(desk, sample)
    yield from of_periods(desk, sample)


def of_opening(desk: Desk, sample: Sample) -> Iterator[Check]:
    oracle, calendar = desk.oracle, desk.calendar
    start, end = sample.start, sample.start + sample.minutes
    since, until = given(desk, sample, start), given(desk, sample, end)
    yield "is_open", oracle.is_open(start), is_open(calendar, since)
    yield (
        "open_between",
        timedelta(minutes=oracle.open_between(start, end)),
        open_between(calendar, since, until),
    )
    yield "next_open", oracle.next_open(start), minute(next_open(calendar, since))
    expected = oracle.next_close(start) if oracle.closes_after(start) else None
    yield "next_close", expected, optional_minute(next_close(calendar, since))


def of_working_time(desk: Desk, sample: Sample) -> Iterator[Check]:
    length = timedelta(minutes=sample.minutes)
    expected = desk.oracle.working_time(sample.start, sample.minutes)
    got = add_open(desk.calendar, given(desk, sample, sample.start), length)
    yield "add_open", expected, minute(got)
    yield from of_due(desk, sample, WorkingTime(length), expected, ())
    expected = desk.oracle.working_time(sample.start, sample.minutes, sample.breaks)
    yield from of_due(desk, sample, WorkingTime(length), expected, sample.breaks)


def of_elapsed_time(desk: Desk, sample: Sample) -> Iterator[Check]:
    expected = desk.oracle.elapsed(sample.start, sample.minutes, sample.breaks)
    length = timedelta(minutes=sample.minutes)
    yield from of_due(desk, sample, length, expected, sample.breaks)


def of_working_days(desk: Desk, sample: Sample) -> Iterator[Check]:
    oracle, start, days = desk.oracle, given(desk, sample, sample.start), sample.days
    expected = oracle.working_days(sample.start, days)
    got = nth_working_day_close(desk.calendar, start, days)
    yield "nth_working_day_close", expected, minute(got)
    yield from of_due(desk, sample, WorkingDays(days), expected, ())
    expected = oracle.working_days(sample.start, days, sample.breaks)
    yield from of_due(desk, sample, WorkingDays(days), expected, sample.breaks)
    yield from of_days_counted_otherwise(desk, sample)


def of_days_counted_otherwise(desk: Desk, sample: Sample) -> Iterator[Check]:
    """Compare what `counting:` chooses."""
    oracle, start, days = desk.oracle, given(desk, sample, sample.start), sample.days
    for claim, expected, calendar in (
        ("cutoff: close", oracle.working_days_after_close, desk.after_close),
        ("end_of_day: same_time", oracle.working_days_at_same_time, desk.same_time),
        ("end_of_day: midnight", oracle.working_days_at_midnight, desk.midnight),
    ):
        got = nth_working_day_close(calendar, start, days)
        yield claim, expected(sample.start, days), minute(got)


def of_periods(desk: Desk, sample: Sample) -> Iterator[Check]:
    start, period = given(desk, sample, sample.start), sample.period
    months, days = period.months, period.weeks * 7 + period.days
    expected = desk.oracle.period(sample.start, months=months, days=days)
    yield "add_period", expected, minute(add_period(desk.calendar, start, period))
    yield "due of a period", expected, optional_minute(due(desk.calendar, start, period))
    expected = desk.oracle.rolled_period(sample.start, months=months, days=days)
    yield "roll", expected, minute(add_period(desk.same_time, start, period))


def of_due(
    desk: Desk, sample: Sample, target: Target, expected: int | None, breaks: Sequence[Break]
) -> Iterator[Check]:
    """Compare when a target is due, and whether its explanation accounts for every minute."""
    start = given(desk, sample, sample.start)
    pauses = [pause(desk, sample, one, at) for at, one in enumerate(breaks)]
    claim = f"due of {target!r} with {len(breaks)} breaks"
    got = optional_minute(due(desk.calendar, start, target, pauses))
    yield claim, expected, got
    if got is None or got != expected:
        return
    told = explain(desk.calendar, start, target, at=instant(got), breaks=pauses)
    yield f"used by {claim}", target.time if isinstance(target, WorkingTime) else target, told.used
    bounds = [sample.start, *(minute(one.end) for one in told.intervals)]
    begins = [*(minute(one.start) for one in told.intervals), got]
    yield f"intervals end to end, {claim}", bounds, begins
    counts = desk.oracle.counting(breaks, elapsed=isinstance(target, timedelta))
    painted = bytearray(counts)
    for one in told.intervals:
        begin, end = minute(one.start), minute(one.end)
        painted[begin:end] = bytes([one.cause is Cause.COUNTED]) * (end - begin)
    yield f"first minute told differently, {claim}", None, first_difference(counts, painted)


def first_difference(one: bytes | bytearray, other: bytes | bytearray) -> int | None:
    if one == other:
        return None
    return next(at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1])


def given(desk: Desk, sample: Sample, at: int) -> datetime:
    """Return an instant as the package is given it."""
    return instant(at).astimezone(ZoneInfo(desk.rules.zone)) if sample.local else instant(at)


def pause(desk: Desk, sample: Sample, one: Break, at: int) -> Pause | Stop:
    start = given(desk, sample, one.start)
    end = None if one.end is None else given(desk, sample, one.end)
    return Stop(start, end) if at == 2 else Pause(start, end, f"reason {at % 2}")
