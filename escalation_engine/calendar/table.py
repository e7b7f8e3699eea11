"""The open time of one calendar in one UTC year, laid out so that two bisections answer a question.

Instants stay datetimes and lengths stay timedeltas: both compare and add exactly and in C, whereas
turning an instant into a number and back costs more than the search itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["Table", "lay_out"]


@dataclass(frozen=True, slots=True)
class Table:
    """Open intervals in order, half-open, none touching the next; parallel lists.

    The first interval is empty and stands at the beginning of the year, so that every instant of
    the year has one at or before it.
    """

    opens: list[datetime]
    closes: list[datetime]
    used_before: list[timedelta]
    used_after: list[timedelta]
    origins: list[datetime]
    """Within interval i, the time used since the year began is `instant - origins[i]`."""
    total: timedelta

    def used(self, instant: datetime) -> timedelta:
        """Return the open time from the beginning of the year to an instant of the year."""
        index = bisect_right(self.opens, instant) - 1
        inside = instant - self.origins[index]
        after = self.used_after[index]
        return inside if inside < after else after

    def reached(self, used: timedelta) -> datetime:
        """Return the first instant at which so much is used: more than nothing, at most all."""
        return self.origins[bisect_left(self.used_after, used)] + used

    def last_at(self, used: timedelta) -> datetime:
        """Return the last instant at which no more is used: nothing or more, less than all."""
        return self.origins[bisect_right(self.used_before, used) - 1] + used


def lay_out(year: int, intervals: Iterable[tuple[datetime, datetime]]) -> Table:
    """Return the table of a year from intervals in any order that may overlap or leave the year."""
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    opens, closes = [begin], [begin]
    for open_, close in sorted(intervals):
        start, stop = max(open_, begin), min(close, end)
        if start >= stop:
            continue
        if len(opens) > 1 and start <= closes[-1]:
            closes[-1] = max(closes[-1], stop)
        else:
            opens.append(start)
            closes.append(stop)
    used, used_before, used_after = timedelta(), [], []
    for start, stop in zip(opens, closes, strict=True):
        used_before.append(used)
        used += stop - start
        used_after.append(used)
    origins = [start - before for start, before in zip(opens, used_before, strict=True)]
    return Table(opens, closes, used_before, used_after, origins, used)
