"""An edition: the holidays of a definition's calendars, as one release of the packages has them.

It is looked up once, when a definition is published, and kept beside it, so that nothing that is
installed later moves what runs. Zones are not part of it: which release they were of is noted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from escalation_engine.calendar.calendar import Calendar
from escalation_engine.calendar.resolve import CalendarSpec, dated_calendar, holidays_in

__all__ = ["Edition", "edition_from", "look_up", "years_from"]

YEARS_BEFORE = 5
YEARS_AHEAD = 10
_DIGEST_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Edition:
    """Holidays by calendar, in `years`; `packages` are the releases that they come from.

    `name` says all of it in short, with a digest of the dates: another name, other contents.
    """

    name: str
    years: range
    holidays: Mapping[str, Mapping[date, str]] = field(repr=False)
    packages: Mapping[str, str] = field(repr=False)

    def calendar(self, spec: CalendarSpec, *, name: str) -> Calendar:
        """Return a calendar on the dates of this edition."""
        known = self.holidays.get(name, {})
        return dated_calendar(spec, name=name, holidays=known, years=self.years)

    def continued_by(self, later: Edition) -> Edition:
        """Return this edition with the years behind its own as a later one has them.

        Its own years stay as they are, and so does its name.
        """
        if later.years.stop <= self.years.stop:
            return self
        holidays = {}
        for name, known in self.holidays.items():
            further = later.holidays.get(name, {})
            holidays[name] = {
                **known,
                **{day: title for day, title in further.items() if day.year >= self.years.stop},
            }
        years = range(self.years.start, later.years.stop)
        return Edition(self.name, years, holidays, self.packages)

    def text(self) -> str:
        """Return the edition as JSON text, which `edition_from` reads."""
        return json.dumps(
            {
                "name": self.name,
                "years": [self.years.start, self.years.stop - 1],
                "packages": dict(self.packages),
                "holidays": _by_text(self.holidays),
            },
            ensure_ascii=False,
        )


def edition_from(text: str) -> Edition:
    """Return the edition of a text. Raises ValueError, KeyError or TypeError where it is none."""
    document = json.loads(text)
    first, last = document["years"]
    holidays = {
        name: {date.fromisoformat(day): title for day, title in known.items()}
        for name, known in document["holidays"].items()
    }
    return Edition(document["name"], range(first, last + 1), holidays, document["packages"])


def look_up(
    specs: Mapping[str, CalendarSpec], *, years: range, packages: Mapping[str, str]
) -> Edition:
    """Return the edition of some calendars by name, from what is installed now.

    Raises TextError for a place whose holidays are not known.
    """
    holidays = {name: holidays_in(spec, years) for name, spec in specs.items()}
    content = json.dumps([[*years], _by_text(holidays), sorted(packages.items())])
    digest = sha256(content.encode()).hexdigest()[:_DIGEST_CHARACTERS]
    releases = ", ".join(f"{package} {release}" for package, release in packages.items())
    name = f"{releases}, {years.start} to {years.stop - 1}, {digest}"
    return Edition(name, years, holidays, packages)


def years_from(year: int) -> range:
    """Return the years of an edition that is looked up in a year: five before it, ten ahead."""
    return range(year - YEARS_BEFORE, year + YEARS_AHEAD + 1)


def _by_text(holidays: Mapping[str, Mapping[date, str]]) -> dict[str, dict[str, str]]:
    return {
        name: {str(day): title for day, title in sorted(known.items())}
        for name, known in sorted(holidays.items())
    }
