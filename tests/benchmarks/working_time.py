"""Adding open time beside pandas' CustomBusinessHour, and beside one bare bisection of integers.

Run with `python -m tests.benchmarks.working_time`; it needs pandas, which nothing else here
does. The ratios are what counts: all run in turns in one process, so that a busy machine slows all.
At least 5 times as fast as pandas, and at most 10 times the time of the bisection, must hold.
"""

from __future__ import annotations

import sys
import timeit
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import cycle
from random import Random
from statistics import median
from typing import Any

from escalation_engine.calendar import (
    Calendar,
    CalendarSpec,
    WorkingTime,
    add_open,
    due,
    resolve_calendar,
)

YEARS = range(2026, 2028)
SPEC = CalendarSpec(timezone="Europe/London", hours={"mon-fri": "09:00-17:00"}, holidays="GB-ENG")
TIME = timedelta(hours=20)
PANDAS_AT_LEAST = 5.0
BISECT_AT_MOST = 10.0


def starts(count: int = 997) -> list[datetime]:
    """Return instants all over one year, at any time of day, the same at each run."""
    random = Random(1)  # noqa: S311 - it only has to be the same every time
    year = datetime(YEARS.start, 1, 1, tzinfo=UTC)
    return [year + timedelta(seconds=random.randrange(360 * 86_400)) for _ in range(count)]


def in_pandas(calendar: Calendar) -> Callable[[], object]:
    """Return the same addition in pandas, whose business hours go by local time in the zone."""
    try:
        pandas: Any = import_module("pandas")
    except ModuleNotFoundError:
        sys.exit("this benchmark compares with pandas: install it with `pip install pandas`")
    hours = TIME // timedelta(hours=1)
    holidays = [str(day) for day in calendar.holidays]
    offset = pandas.offsets.CustomBusinessHour(
        n=hours, start="09:00", end="17:00", holidays=holidays
    )
    stamps = cycle([pandas.Timestamp(start).tz_convert(calendar.zone) for start in starts()])
    return lambda: next(stamps) + offset


def per_call(function: Callable[[], object], number: int) -> float:
    """Return the nanoseconds of one call."""
    return timeit.timeit(function, number=number) / number * 1e9


def measure(rounds: int = 15, number: int = 20_000) -> dict[str, float]:
    """Return the median nanoseconds of each way."""
    calendar = resolve_calendar(SPEC, name="office", years=YEARS)
    assert isinstance(calendar, Calendar)
    instants = cycle(starts())
    opens = [int(open_.timestamp()) for open_ in calendar.table(YEARS.start).opens]
    seconds = cycle([int(start.timestamp()) for start in starts()])
    ways: dict[str, tuple[Callable[[], object], int]] = {
        "nothing": (lambda: next(instants), number),
        "bisect": (lambda: bisect_right(opens, next(seconds)), number),
        "add_open": (lambda: add_open(calendar, next(instants), TIME), number),
        "due": (lambda: due(calendar, next(instants), WorkingTime(TIME)), number // 10),
        "pandas": (in_pandas(calendar), number // 100),
    }
    timed: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (function, count) in ways.items():
            timed[name].append(per_call(function, count))
    return {name: median(times) - median(timed["nothing"]) for name, times in timed.items()}


if __name__ == "__main__":
    times = measure()
    ours = times["add_open"]
    faster, slower = times["pandas"] / ours, ours / times["bisect"]
    print("  ".join(f"{name} {time:,.0f} ns" for name, time in times.items() if time))
    print(f"pandas takes {faster:.0f} times as long as add_open (at least {PANDAS_AT_LEAST:.0f})")
    print(f"add_open takes {slower:.1f} times as long as bisect (at most {BISECT_AT_MOST:.0f})")
    sys.exit(faster < PANDAS_AT_LEAST or slower > BISECT_AT_MOST)
