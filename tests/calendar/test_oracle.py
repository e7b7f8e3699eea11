"""The arithmetic of the package against a model that steps through the minutes.

Calendars, starts, lengths and pauses are drawn at random from a seed, which names a failure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from escalation_engine.calendar import (
    Calendar,
    CalendarSpec,
    Cause,
    Pause,
    Period,
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
    resolve_calendar,
)
from tests.calendar.oracle import (
    DAY,
    ORIGIN,
    Break,
    Oracle,
    Range,
    Rules,
    clock_changes,
)

ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Santiago",
    "Asia/Riyadh",
    "UTC",
)
YEARS = range(2025, 2031)
FIRST_START = date(2026, 1, 5)
LAST_START = date(2027, 5, 1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Check = tuple[str, object, object]  # What is compared, what the oracle says, what the package says.


@dataclass(frozen=True)
class Desk:
    """One calendar for the oracle and, counting days as usual and in other ways, the package."""

    rules: Rules
    oracle: Oracle
    calendar: Calendar
    after_close: Calendar
    same_time: Calendar
    midnight: Calendar


@dataclass(frozen=True)
class Sample:
    """One schedule: where it starts, how much of each kind, and what interrupts it."""

    start: int
    minutes: int
    days: int
    period: Period
    breaks: tuple[Break, ...]
    local: bool  # The package is given local instants rather than instants in UTC.


# ---- the comparison -----------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES)
def test_the_package_agrees_with_the_minutes(zone: str):
    assert differences(zone, seeds=range(8), samples=30)[:3] == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("zone", ZONES)
def test_the_package_agrees_with_the_minutes_on_a_hundred_thousand_schedules(zone: str):
    assert differences(zone, seeds=range(1000, 1160), samples=80)[:3] == []


@pytest.mark.parametrize(
    ("rules", "start", "hours", "pause", "due_at"),
    [
        pytest.param("office", "2026-03-27T16:00", 4, None, "2026-03-30T11:00", id="S11 spring"),
        pytest.param("office", "2026-10-23T15:00", 4, None, "2026-10-26T12:00", id="S11 autumn"),
        pytest.param("office", "2026-06-08T08:00", 8, None, "2026-06-08T16:00", id="S28"),
        pytest.param("office", "2026-06-08T16:00", 1, None, "2026-06-09T09:00", id="S29"),
        pytest.param("night", "2026-03-08T03:00", 8, None, "2026-03-09T03:00", id="S13 spring"),
        pytest.param("night", "2026-11-01T02:00", 8, None, "2026-11-01T10:00", id="S13 autumn"),
        pytest.param(
            "office",
            "2026-06-08T09:00",
            8,
            ("2026-06-08T11:00", "2026-06-09T10:00"),
            "2026-06-09T16:00",
            id="S33",
        ),
        pytest.param(
            "office",
            "2026-06-05T15:00",
            8,
            ("2026-06-05T15:30", "2026-06-08T08:30"),
            "2026-06-08T16:00",
            id="S35",
        ),
    ],
)
def test_the_oracle_gives_what_the_worked_cases_say(
    rules: str, start: str, hours: int, pause: tuple[str, str] | None, due_at: str
):
    nine_to_five = (Range(9 * 60, 17 * 60),)
    oracle = Oracle(
        Rules("Europe/London", (nine_to_five,) * 5 + ((), ()))
        if rules == "office"
        else Rules("America/New_York", (NIGHT,) * 7)
    )
    breaks = [] if pause is None else [Break(utc(pause[0]), utc(pause[1]))]

    assert oracle.working_time(utc(start), hours * 60, breaks) == utc(due_at)


def test_the_oracle_counts_working_days_as_the_worked_case_does():
    easter = frozenset([date(2026, 4, 3), date(2026, 4, 6)])
    office = Rules("Europe/London", ((Range(9 * 60, 17 * 60),),) * 5 + ((), ()), easter)

    assert Oracle(office).working_days(utc("2026-04-02T14:00"), 2) == utc("2026-04-08T16:00")  # S1


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
    """Compare what `counting:` chooses, where the rulings say what the day of the event is."""
    oracle, start, days = desk.oracle, given(desk, sample, sample.start), sample.days
    today = oracle.wall(sample.start).date()
    if oracle.is_working_day(today):
        expected = oracle.working_days_after_close(sample.start, days)
        got = nth_working_day_close(desk.after_close, start, days)
        yield "cutoff: close", expected, minute(got)
    if oracle.day_of(sample.start) == today:
        same = oracle.minute_of_day(sample.start)
        expected = oracle.working_days_ending(sample.start, days, minute_of_day=same)
        got = nth_working_day_close(desk.same_time, start, days)
        yield "end_of_day: same_time", expected, minute(got)
    expected = oracle.working_days_ending(sample.start, days, minute_of_day=DAY)
    yield (
        "end_of_day: midnight",
        expected,
        minute(nth_working_day_close(desk.midnight, start, days)),
    )


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


# ---- samples ------------------------------------------------------------------------------------


Week = tuple[tuple[Range, ...], ...]
NINE_TO_HALF_PAST_FIVE = (Range(9 * 60, 17 * 60 + 30),)
SPLIT = (Range(9 * 60, 12 * 60 + 30), Range(13 * 60 + 30, 17 * 60))
NIGHT = (Range(22 * 60, 30 * 60),)
ALL_DAY = (Range(0, DAY),)
SMALL_HOURS = (Range(15, 90), Range(105, 120), Range(150, 165), Range(170, 195))
SHIFTS: tuple[Week, ...] = (
    (NINE_TO_HALF_PAST_FIVE,) * 5 + ((), ()),
    (SPLIT,) * 4 + ((Range(9 * 60, 13 * 60),), (), ()),
    (NIGHT,) * 5 + ((), ()),
    (NIGHT,) * 7,
    (ALL_DAY,) * 7,
    (NINE_TO_HALF_PAST_FIVE,) * 4 + ((), (), NINE_TO_HALF_PAST_FIVE),
    (SMALL_HOURS,) * 7,
    (ALL_DAY,) * 5 + ((), ()),
    ((), (), (), (), (), (Range(10 * 60, 10 * 60 + 30),), ()),
)


def week_of(random: Random) -> Week:
    """Return one of the shifts that people work, or any ranges at all."""
    if random.random() < 0.6:
        return random.choice(SHIFTS)
    nights = random.random() < 0.5
    week = tuple(any_ranges(random, nights=nights) for _ in WEEKDAYS)
    return week if any(week) else (NIGHT,) * 7


def any_ranges(random: Random, *, nights: bool) -> tuple[Range, ...]:
    """Return up to three ranges, which may touch; nights begin after 04:00 and end before it."""
    step = random.choice([1, 15, 30])
    ends = sorted(random.sample(range(240 * nights, DAY + 1, step), 2 * random.randint(0, 3)))
    if len(ends) == 6 and random.random() < 0.3:
        ends[2] = ends[1]
    if ends and nights and random.random() < 0.5:
        ends[-1] = DAY + random.randrange(0, 240, step)
    return tuple(Range(*pair) for pair in zip(ends[::2], ends[1::2], strict=True))


def opened(random: Random, zone: str) -> Desk:
    """Return a calendar with holidays and special days, some of them where the clocks change."""
    week = week_of(random)
    holidays = [any_day(random, zone) for _ in range(random.choice([0, 8, 40]))]
    special: dict[date, tuple[Range, ...]] = {}
    rules = Rules(zone, week, frozenset(holidays), special)
    for day in [any_day(random, zone) for _ in range(random.choice([0, 4, 20]))]:
        ranges = any_ranges(random, nights=random.random() < 0.5)
        if fits(rules, day, ranges):
            special[day] = ranges
    return Desk(
        rules,
        Oracle(rules),
        resolved(rules),
        resolved(rules, cutoff="close"),
        resolved(rules, end_of_day="same_time", roll="next_working_day"),
        resolved(rules, end_of_day="midnight"),
    )


def fits(rules: Rules, day: date, ranges: Sequence[Range]) -> bool:
    """Return whether ranges of a day overlap none of the days around it, as S24 has it."""
    one_day = timedelta(days=1)
    ends = [end for one in rules.of(day - one_day) for end in (one.opens - DAY, one.closes - DAY)]
    ends += [end for one in ranges for end in (one.opens, one.closes)]
    ends += [end for one in rules.of(day + one_day) for end in (one.opens + DAY, one.closes + DAY)]
    return ends == sorted(ends)


def any_day(random: Random, zone: str) -> date:
    changes = [at for at in clock_changes(zone) if instant(at).date() < LAST_START]
    if changes and random.random() < 0.3:
        return instant(random.choice(changes)).date() + timedelta(days=random.randint(-2, 2))
    return FIRST_START + timedelta(days=random.randrange((LAST_START - FIRST_START).days))


def resolved(rules: Rules, **counting: str) -> Calendar:
    calendar = resolve_calendar(
        CalendarSpec(
            timezone=rules.zone,
            hours={day: text(rules.week[at]) for at, day in enumerate(WEEKDAYS)},
            added=dict.fromkeys(rules.holidays, "A holiday"),
            special={day: text(ranges) for day, ranges in rules.special.items()},
            counting=counting,
        ),
        name="drawn",
        years=YEARS,
    )
    assert isinstance(calendar, Calendar), calendar
    return calendar


def text(ranges: Sequence[Range]) -> str | list[str]:
    texts = [f"{clock(one.opens)}-{clock(one.closes)}" for one in ranges]
    return texts[0] if len(texts) == 1 else texts or "closed"


def clock(minute: int) -> str:
    hours, minutes = divmod(minute if minute <= DAY else minute - DAY, 60)
    return f"{hours:02}:{minutes:02}"


def drawn(random: Random, oracle: Oracle) -> Sample:
    """Return a schedule that starts where clocks change, shops open or close, or anywhere."""
    zone = oracle.rules.zone
    noon = datetime.combine(any_day(random, zone), time(12), UTC)
    start = near(random, oracle, minute(noon) + random.randint(-DAY, DAY))
    if clock_changes(zone) and random.random() < 0.25:
        start = random.choice(clock_changes(zone)[:3]) + random.randint(-180, 180)
    breaks = tuple(interruption(random, oracle, start) for _ in range(random.randint(0, 3)))
    return Sample(
        start=start,
        minutes=length(random, oracle, start, breaks),
        days=random.choice([1, 2, 3, 5, random.randint(1, 30)]),
        period=any_period(random, oracle, start),
        breaks=breaks,
        local=random.random() < 0.5,
    )


def any_period(random: Random, oracle: Oracle, start: int) -> Period:
    """Return a period, often one that ends around the next day on which the clocks change."""
    ahead = [at - start for at in clock_changes(oracle.rules.zone) if at > start + 2 * DAY]
    if ahead and random.random() < 0.4:
        return Period(days=random.choice(ahead[:2]) // DAY + random.randint(0, 1))
    weeks = random.choice([0, random.randint(1, 10)])
    return Period(random.choice([0, 1, random.randint(1, 4)]), weeks, random.randint(1, 10))


def near(random: Random, oracle: Oracle, at: int) -> int:
    """Return an instant, or the next opening or closing one with as many chances."""
    match random.randrange(4):
        case 0:
            return oracle.next_open(at)
        case 1 if oracle.closes_after(at):
            return oracle.next_close(at)
        case _:
            return at


def length(random: Random, oracle: Oracle, start: int, breaks: Sequence[Break]) -> int:
    """Return a length for which a season has room, often used up exactly at closing time."""
    end = near(random, oracle, start + random.choice([DAY, DAY, 3 * DAY, 12 * DAY]))
    wanted = random.choice([random.randint(1, 3000), oracle.open_between(start, end)])
    counts = oracle.counting([one for one in breaks if one.end is not None])
    return max(1, min(wanted, sum(counts[start : start + 90 * DAY])))


def interruption(random: Random, oracle: Oracle, start: int) -> Break:
    begin = near(random, oracle, start + random.randint(-2 * DAY, 6 * DAY))
    if random.random() < 0.12:
        return Break(begin, None)
    return Break(begin, near(random, oracle, begin + random.randint(0, 4 * DAY)))


# ---- both ways ----------------------------------------------------------------------------------


def given(desk: Desk, sample: Sample, at: int) -> datetime:
    """Return an instant as the package is given it."""
    return instant(at).astimezone(ZoneInfo(desk.rules.zone)) if sample.local else instant(at)


def pause(desk: Desk, sample: Sample, one: Break, at: int) -> Pause | Stop:
    start = given(desk, sample, one.start)
    end = None if one.end is None else given(desk, sample, one.end)
    return Stop(start, end) if at == 2 else Pause(start, end, f"reason {at % 2}")


def instant(at: int) -> datetime:
    return ORIGIN + timedelta(minutes=at)


def utc(written: str) -> int:
    return minute(datetime.fromisoformat(f"{written}+00:00"))


def minute(at: datetime) -> int:
    """Return the number of an instant, which is one in UTC and a whole minute."""
    assert at.utcoffset() == timedelta(0), at
    number, rest = divmod(at - ORIGIN, timedelta(minutes=1))
    assert not rest, at
    return number


def optional_minute(at: datetime | None) -> int | None:
    return None if at is None else minute(at)
