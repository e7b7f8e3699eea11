"""The dates that calendars count on: as they are installed now, and as each case has them.

A case stays on the edition that it was opened with, until somebody recalculates it.
"""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import TZPATH

from escalation_engine.calendar import (
    Edition,
    TextError,
    edition_from,
    holidays_release,
    look_up,
    years_from,
)
from escalation_engine.chart.model import Chart
from escalation_engine.core import Case
from escalation_engine.runtime.lost import DefinitionLost
from escalation_engine.store.protocol import KeptEdition, Store

__all__ = ["Editions", "installed_packages"]


class Editions:
    """Editions by definition. What a chart without calendars counts on is None."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._now: datetime | None = None
        self._current: dict[str, Edition] = {}
        self._kept: dict[tuple[str, str], Edition] = {}

    def begin(self, *, now: datetime) -> None:
        """Look up from here on what is asked for, for ten years ahead of now."""
        self._now = now

    def publish(self, chart: Chart) -> Edition | None:
        """Return the edition of what is installed now, kept in the store beside the definition."""
        edition = self.current(chart)
        if edition is not None:
            assert self._now is not None
            kept = KeptEdition(chart.hash, edition.name, edition.text(), self._now)
            self._store.keep_edition(kept)
        return edition

    def current(self, chart: Chart) -> Edition | None:
        """Return the edition of what was installed when the engine started.

        Raises DefinitionLost for a place whose holidays are not known any more.
        """
        if not chart.calendars or self._now is None:
            return None
        found = self._current.get(chart.hash)
        if found is None:
            specs = {name: named.spec for name, named in chart.calendars.items()}
            years, packages = years_from(self._now.year), installed_packages()
            try:
                found = look_up(specs, years=years, packages=packages)
            except TextError as error:
                raise DefinitionLost(f"{chart.process}@{chart.version}", str(error)) from error
            self._current[chart.hash] = found
        return found

    def of(self, case: Case, chart: Chart) -> Edition | None:
        """Return the edition that a case counts on; years behind its end are of the current one.

        Raises DefinitionLost where the store has not got it.
        """
        name = case.edition
        if not chart.calendars or not name:
            return self.current(chart)
        current = self._current.get(chart.hash)
        if current is not None and current.name == name:
            return current
        key = (chart.hash, name)
        if key not in self._kept:
            self._kept[key] = self._continued(self._stored(case, chart), chart)
        return self._kept[key]

    def _continued(self, edition: Edition, chart: Chart) -> Edition:
        try:
            current = self.current(chart)
        except DefinitionLost:
            return edition
        return edition if current is None else edition.continued_by(current)

    def _stored(self, case: Case, chart: Chart) -> Edition:
        kept = self._store.edition(chart.hash, case.edition)
        if kept is None:
            problem = f"the dates of its calendars ({case.edition}) are not in the store"
            raise DefinitionLost(f"case {case.id}", problem)
        try:
            return edition_from(kept.source)
        except (KeyError, TypeError, ValueError) as error:
            problem = f"the dates of its calendars ({case.edition}) cannot be read"
            raise DefinitionLost(f"case {case.id}", problem) from error


def installed_packages() -> dict[str, str]:
    """Return the releases of the packages that dates and zones come from."""
    return {"holidays": holidays_release(), "tzdata": _zone_data_release()}


def _zone_data_release() -> str:
    """Return the release of the zone data that the standard library takes: the system's first."""
    for folder in map(Path, TZPATH):
        if (folder / "Europe" / "London").is_file():
            try:
                with (folder / "tzdata.zi").open(encoding="ascii") as file:
                    return file.readline().removeprefix("# version").strip()
            except (OSError, ValueError):
                return "of the system"
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return "unknown"
