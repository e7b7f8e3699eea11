"""The charts that an engine runs: those loaded at start, and older ones that cases stand on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

from escalation_engine.calendar import Edition
from escalation_engine.chart.model import Chart
from escalation_engine.chart.validity import opens_on
from escalation_engine.core import EMPTY, Case, scope_of_digest
from escalation_engine.errors import BadInput
from escalation_engine.loader import load_stored
from escalation_engine.runtime.editions import Editions
from escalation_engine.runtime.hooks import Hooks
from escalation_engine.runtime.lost import DefinitionLost
from escalation_engine.runtime.published import check_published
from escalation_engine.store.protocol import KeptDigest, Publication, Store

__all__ = ["Definitions", "only_opening"]


class Definitions:
    """Charts by content hash. A case keeps the definition that it was opened with."""

    def __init__(self, charts: Iterable[Chart], *, hooks: Hooks, store: Store) -> None:
        self._hooks = hooks
        self._store = store
        self._editions = Editions(store)
        self._by_hash = {chart.hash: chart for chart in charts}
        self._versions: dict[str, list[Chart]] = {}
        for chart in sorted(self._by_hash.values(), key=lambda chart: -chart.version):
            self._versions.setdefault(chart.process, []).append(chart)
        _check_kinds(self._by_hash.values())
        _check_versions(self._by_hash.values())
        _check_links(self._by_hash.values(), self._versions)
        hooks.require(self._by_hash.values())
        self._bound = set(self._by_hash)

    def publish(self, *, now: datetime) -> None:
        """Keep every loaded definition in the store, so that its cases outlive the file.

        With each goes the edition of its calendars, as they are installed and for ten years ahead.

        Raises BadInput, and keeps none, where the store has other content under the same version.
        """
        for chart in self._by_hash.values():
            check_published(chart, self._store.publications(chart.process, chart.version))
        self._editions.begin(now=now)
        for chart in self._by_hash.values():
            self._store.publish(
                Publication(chart.hash, chart.process, chart.version, chart.source, now)
            )
            self._editions.publish(chart)

    def look_up(self, *, now: datetime) -> None:
        """Look dates up for ten years ahead of now, and keep nothing: for a plan."""
        self._editions.begin(now=now)

    def version(self, process: str, version: int) -> Chart:
        """Return one version of a process, loaded or kept in the store.

        Raises BadInput for one that is neither, DefinitionLost.
        """
        for chart in self._versions.get(process, ()):
            if chart.version == version:
                return chart
        kept = self._store.publications(process)
        for one in kept:
            if one.version == version:
                return self._by_name(one.hash, f"{process}@{version}", process)
        loaded = [chart.version for chart in self._versions.get(process, ())]
        known = sorted({*loaded, *(one.version for one in kept)})
        accepted = ", ".join(map(str, known)) or "none was ever published here"
        raise BadInput("version", f"there is no {process}@{version}", accepted=accepted)

    def versions(self, process: str) -> Sequence[Chart]:
        """Return the loaded versions, the highest first. Raises BadInput for an unknown name."""
        if process in self._versions:
            return self._versions[process]
        close = get_close_matches(process, self._versions, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        accepted = ", ".join(sorted(self._versions)) or "none, as no process is loaded"
        raise BadInput("process", f"{process!r} is not loaded{hint}", accepted=accepted)

    def opening(self, process: str, *, now: datetime, data: Mapping[str, object] = EMPTY) -> Chart:
        """Return the version that opens a case now which brings this data: the highest valid one.

        Raises BadInput for an unknown process, and where none is valid yet.
        """
        versions = self.versions(process)
        found = next((one for one in versions if opens_on(one, now=now, data=data)), None)
        if found is None:
            since = min(one.validity.since for one in versions)
            problem = f"no loaded version of {process!r} is valid yet"
            raise BadInput("process", problem, accepted=f"a case from {since} on")
        return found

    def all_opening(self, *, now: datetime) -> Iterator[Chart]:
        """Yield of each process the version that opens cases now."""
        for versions in self._versions.values():
            yield from [one for one in versions if opens_on(one, now=now, data=EMPTY)][:1]

    def chart_of(self, case: Case) -> Chart:
        """Return the definition that a case stands on, from the store when it is not loaded."""
        return self._by_name(case.identity.definition, f"case {case.id}", case.process)

    def runnable_chart_of(self, case: Case) -> Chart:
        """Return the same, with hooks for all that it names; raises HooksMismatch without them."""
        return self.runnable(self.chart_of(case))

    def published(self, name: str) -> Chart:
        """Return a definition by its content hash, loaded or kept in the store.

        Raises DefinitionLost.
        """
        return self._by_name(name, f"definition {name[:12]}", "")

    def chart_of_digest(self, kept: KeptDigest) -> Chart:
        """Return the definition that a digest is sent by, with hooks for all that it names."""
        of = scope_of_digest(kept.process, kept.name)
        return self.runnable(self._by_name(kept.definition, of, kept.process))

    def runnable(self, chart: Chart) -> Chart:
        """Return a chart with hooks for all that it names; raises HooksMismatch without them."""
        if chart.hash not in self._bound:
            self._hooks.require([chart])
            self._bound.add(chart.hash)
        return chart

    def edition_of(self, case: Case) -> Edition | None:
        """Return the dates that a case counts on; a new one counts on what is installed."""
        return self._editions.of(case, self.chart_of(case))

    def current_edition(self, chart: Chart) -> Edition | None:
        """Return the dates of what is installed."""
        return self._editions.current(chart)

    def newest_edition(self, chart: Chart) -> Edition | None:
        """Return the dates of what is installed, kept in the store for the case that adopts it."""
        return self._editions.publish(chart)

    def _by_name(self, name: str, of: str, process: str) -> Chart:
        if name not in self._by_hash:
            self._by_hash[name] = self._stored(name, of, process)
        return self._by_hash[name]

    def _stored(self, name: str, of: str, process: str) -> Chart:
        publication = self._store.publication(name)
        if publication is None:
            raise DefinitionLost(
                of,
                f"its definition {name}{f' ({process})' if process else ''} is neither loaded "
                "nor in the store",
            )
        try:
            return load_stored(publication.source)
        except Exception as error:  # the shell's edge: what another version of the engine has kept
            raise DefinitionLost(
                of,
                f"its definition {publication.hash} ({publication.process}@{publication.version}) "
                f"cannot be loaded ({type(error).__name__}: {error})",
            ) from error


def _check_kinds(charts: Iterable[Chart]) -> None:
    tracks = [f"{chart.process}@{chart.version}" for chart in charts if chart.kind == "track"]
    if tracks:
        raise BadInput(
            "charts",
            f"{', '.join(tracks)} cannot run alone: it is a track, to be taken in by a process",
        )


def _check_versions(charts: Iterable[Chart]) -> None:
    seen: dict[tuple[str, int], str] = {}
    for chart in charts:
        name = (chart.process, chart.version)
        if name in seen:
            raise BadInput(
                "charts",
                f"{chart.process}@{chart.version} is given twice with different content "
                f"({seen[name][:12]} and {chart.hash[:12]})",
                accepted="a new version for new content",
            )
        seen[name] = chart.hash


def _check_links(charts: Iterable[Chart], loaded: Iterable[str]) -> None:
    names = set(loaded)
    missing = [
        f"{chart.process}@{chart.version} opens cases of {process}"
        for chart in charts
        for process in sorted(chart.linked)
        if process not in names
    ]
    if missing:
        raise BadInput("charts", f"linked processes are not loaded: {'; '.join(missing)}")


def only_opening(chart: Chart) -> str:
    """Return the event that opens a case; raises BadInput where there are several."""
    if len(chart.openings) == 1:
        return next(iter(chart.openings))
    raise BadInput(
        "event", f"{chart.process} opens by several events", accepted=", ".join(chart.openings)
    )
