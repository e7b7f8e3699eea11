"""The names in a scenario, held against its process: what nobody defines is a fault of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.chart.model import Chart
from escalation_engine.errors import DefinitionError
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.tree import locate_name
from escalation_engine.testing.scenario import Acting, Expected, Scenario

__all__ = ["REASON_KINDS", "check_names"]

REASON_KINDS = frozenset({
    "already_open", "checklist", "closed", "condition", "count_exhausted", "different_from",
    "duty", "endless", "extended_before", "fixed_data", "guard", "invalid_data", "missing_data",
    "missing_evidence", "missing_note", "missing_on_behalf_of", "missing_reason",
    "no_place", "nobody_available", "nobody_before", "not_due", "not_idle", "not_open",
    "not_owed", "not_possible", "not_running", "nothing_to_return_to", "other_version", "paused",
    "refused", "stale", "still_open", "task_done", "task_open", "tasks", "unexpected_data",
    "unknown_duty", "unknown_event", "unknown_state", "unknown_task", "wrong_role", "wrong_state",
})  # fmt: skip
"""Every kind of reason that the core gives; a test compares."""

_Path = tuple[str | int, ...]
_Named = tuple[str, str, _Path]


def check_names(scenario: Scenario, charts: Sequence[Chart]) -> None:
    """Raise DefinitionError for guards, roles, states and kinds of reasons that nobody defines."""
    chart = charts[0]
    known: dict[str, Collection[str]] = {
        "guard": {name for one in charts for name in one.guards},
        "role": {name for one in charts for name in one.roles},
        "state": set(chart.main.states),
        "track": {track.name for track in chart.tracks},
        "kind of reason": REASON_KINDS,
    }
    for track in chart.tracks:
        known[f"state of {track.name}"] = set(track.states)
    faults = Faults(str(scenario.path), text=scenario.path.read_text(encoding="utf-8"))
    for what, name, path in _named(scenario):
        if what in known and name not in known[what]:
            hint = did_you_mean(name, known[what])
            mark = locate_name(scenario.tree, path)
            faults.add("E113", f"there is no {what} `{name}`", mark, hint)
    if faults.findings:
        raise DefinitionError(faults.in_file_order())


def _named(scenario: Scenario) -> Iterator[_Named]:
    script = scenario.script
    for person, roles in script.people.items():
        yield from (("role", role, ("people", person, role)) for role in roles)
    yield from (("role", role, ("directory", role)) for role in script.directory or ())
    yield from (("guard", guard, ("guards", guard)) for guard in script.guards)
    yield from _expected(script.then, ("then",))
    for index, step in enumerate(script.steps):
        at: _Path = ("steps", index)
        yield from (("guard", guard, (*at, "guards", guard)) for guard in step.guards)
        yield from _expected(step.then, (*at, "then"))
        if isinstance(step, Acting):
            kinds = step.refused or ()
            yield from (("kind of reason", kind, (*at, "refused", kind)) for kind in kinds)


def _expected(expected: Expected | None, at: _Path) -> Iterator[_Named]:
    if expected is None:
        return
    if expected.state is not None:
        yield "state", expected.state, (*at, "state", expected.state)
    for track, state in (expected.states or {}).items():
        yield "track", track, (*at, "states", track)
        yield f"state of {track}", state, (*at, "states", track, state)
