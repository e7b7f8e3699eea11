"""Calendars and schedules drawn at random: for the oracle and, as text, for the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from escalation_engine.calendar import Calendar, CalendarSpec, Period, resolve_calendar
from tests.calendar.oracle import DAY, ORIGIN, Break, Oracle, Range, Rules, clock_changes

YEARS = range(2025, 2031)
FIRST_START = date(2026, 1, 5)
LAST_START = date(2027, 5, 1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
