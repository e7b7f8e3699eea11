"""Plans a migration, prints the plan, and carries it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from escalation_engine.chart.model import Chart
from escalation_engine.cli.edge import FAULTS, refuse_usage
from escalation_engine.cli.screen import mark, show
from escalation_engine.cli.worker import NoHooks, imported
from escalation_engine.core import Actor
from escalation_engine.loader import load_family, load_stored
from escalation_engine.migration import VersionMap, read_version_map, write_version_map
from escalation_engine.runtime import Engine, Plan, SystemClock
from escalation_engine.runtime.asking import Asking
from escalation_engine.runtime.definitions import Definitions
from escalation_engine.runtime.hooks import Hooks
from escalation_engine.runtime.planning import Planner
from escalation_engine.store import open_store, open_to_read
from escalation_engine.store.protocol import Store

__all__ = ["Wanted", "carry_out", "show_plan"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    old: str
    new: str
    url: str
    mapping: Path | None
    write_map: Path | None
    hooks: str


@dataclass(frozen=True, slots=True)
class _Versions:
    """Both versions, and the charts that an engine is given with the new one."""

    old: Chart
    new: Chart
    loaded: tuple[Chart, ...]


def show_plan(wanted: Wanted) -> None:
    """Print what would be done; leave with 1 where a case is refused."""
    with closing(open_to_read(wanted.url)) as store:
        versions = _versions(wanted, store)
        charts = [versions.old, versions.new]
        hooks = Hooks(imported(wanted.hooks) if wanted.hooks else NoHooks(charts))
        clock = SystemClock()
        definitions = Definitions([], hooks=hooks, store=store)
        definitions.look_up(now=clock.now())
        asking = Asking(definitions, hooks=hooks, directory=None)
        planner = Planner(store, definitions, asking, clock=clock)
        plan = planner.plan(versions.old, versions.new, _mapping(wanted, versions))
    if wanted.write_map is not None:
        wanted.write_map.write_text(write_version_map(plan.mapping), encoding="utf-8")
        show(f"the mapping is in {wanted.write_map}")
    _show(plan)
    if plan.refused:
        raise typer.Exit(FAULTS)


def carry_out(wanted: Wanted, *, by: str, reason: str, is_partly: bool) -> None:
    """Plan, print and migrate; leave with 1 where a case stays on its version."""
    if not (by.strip() and reason.strip()):
        refuse_usage("--by and --reason go into the journal of each case; or take --dry-run")
    with closing(open_store(wanted.url)) as store:
        versions = _versions(wanted, store)
        with _engine(wanted, versions, store) as engine:
            plan = engine.plan_migration(
                versions.new.process,
                from_version=versions.old.version,
                to_version=versions.new.version,
                mapping=_mapping(wanted, versions),
            )
            _show(plan)
            if plan.refused and not is_partly:
                show(
                    mark("nothing was done, as cases are refused (--partly does the others)", "bad")
                )
                raise typer.Exit(FAULTS)
            done = engine.migrate(plan, by=Actor(by), reason=reason)
    show()
    for one in done:
        if one.problem:
            show(f"{one.case_id} stays: {one.problem}")
    counted = Counter(one.outcome.replace("_", " ") for one in done)
    show(
        ", ".join(f"{count} {outcome}" for outcome, count in sorted(counted.items()))
        or "no open cases"
    )
    if counted["refused"] or counted["moved on"]:
        raise typer.Exit(FAULTS)


@contextmanager
def _engine(wanted: Wanted, versions: _Versions, store: Store) -> Iterator[Engine]:
    charts = [versions.old, versions.new, *versions.loaded]
    hooks = imported(wanted.hooks) if wanted.hooks else NoHooks(charts)
    with Engine(store, versions.loaded, hooks=hooks) as engine:
        yield engine


def _versions(wanted: Wanted, store: Store) -> _Versions:
    """Return both versions; a number is looked up among those that were published."""
    family = load_family(Path(wanted.new)) if _is_file(wanted.new) else ()
    given = load_family(Path(wanted.old))[0] if _is_file(wanted.old) else None
    name = family[0].process if family else given.process if given else ""
    new = family[0] if family else _published(wanted.new, name, store)
    old = given or _published(wanted.old, new.process, store)
    return _Versions(old, new, tuple(family))


def _is_file(name: str) -> bool:
    return Path(name).is_file()


def _published(said: str, process: str, store: Store) -> Chart:
    name, _, number = said.rpartition("@")
    name = name or process
    if not (number.isdigit() and name):
        refuse_usage(f"{said} is no file and no version; accepted: a file, 2, or help_desk@2")
    kept = store.publications(name, int(number))
    if not kept:
        known = ", ".join(str(one.version) for one in store.publications(name)) or "none"
        refuse_usage(f"{name}@{number} was never published here; published: {known}")
    return load_stored(kept[-1].source)


def _mapping(wanted: Wanted, versions: _Versions) -> VersionMap | None:
    if wanted.mapping is None:
        return None
    text = wanted.mapping.read_bytes()
    return read_version_map(text, versions.old, versions.new, name=str(wanted.mapping))


def _show(plan: Plan) -> None:
    mapping = plan.mapping
    cases = "1 open case" if len(plan.cases) == 1 else f"{len(plan.cases)} open cases"
    show(mark(f"{plan.process}: version {mapping.old} → {mapping.new}, {cases}", "title"))
    nowhere = [name for name, to in mapping.states.items() if to is None]
    if nowhere:
        show(f"states without a place: {', '.join(nowhere)}")
    for one in plan.cases:
        where = ", ".join(f"{track}.{leaf}" for track, leaf in one.states)
        show(f"{one.reference or one.case_id} in {where}, revision {one.revision}")
        for line in one.changes or (() if one.is_refused else ("nothing but the version",)):
            show(f"      {line}")
        if one.is_refused:
            code = f"{one.code} " if one.code else ""
            show(f"      {mark('refused', 'bad')}: {code}{one.problem}")
