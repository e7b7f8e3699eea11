"""W605: what is declared and named nowhere.

Counts are left out: people and statistics read them, and nothing in the process needs to.
"""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.chart.model import Chart
from escalation_engine.loader import Loaded
from escalation_engine.loader.references import references
from escalation_engine.verify.flaw import Element, Flaw

__all__ = ["used"]

_ONE_OF = {
    "actions": "action", "calendars": "calendar", "checklists": "checklist",
    "data": "field", "guards": "guard", "messages": "message", "parameters": "parameter",
    "roles": "role", "slots": "slot",
}  # fmt: skip


def used(loaded: Loaded) -> Iterator[Flaw]:
    """Yield each declared name that nothing else of the process uses."""
    named = _named(loaded)
    for section, kind in _ONE_OF.items():
        for name in getattr(loaded.definition, section):
            if (section, name) not in named:
                yield Flaw(
                    "W605",
                    f"the {kind} `{name}` is used by nothing",
                    Element(path=(section, name)),
                    "name it where it counts, or take it out",
                )


def _named(loaded: Loaded) -> set[tuple[str, str]]:
    """Return (section, name) of all that is referred to from outside of its own declaration."""
    found = {
        (str(target[0]), str(target[1]))
        for one in references(loaded.origins.tree)
        for target in one.targets
        if len(target) == 2 and one.path[:2] != target
    }
    found |= {("data", name) for name in _shown(loaded.chart)}
    found |= {("calendars", name) for name in _calendars(loaded.chart)}
    return found | set(_by_side(loaded))


def _shown(chart: Chart) -> Iterator[str]:
    """Yield the fields that a digest shows."""
    for digest in chart.digests.values():
        yield from (one.removeprefix("data.") for one in digest.shows)


def _calendars(chart: Chart) -> Iterator[str]:
    """Yield the calendars that something counts on, named or as the only one."""
    timed = (chart.timers, chart.clocks, chart.duties, chart.digests)
    for listed in timed:
        for one in listed.values():
            yield getattr(one, "calendar", "")


def _by_side(loaded: Loaded) -> Iterator[tuple[str, str]]:
    """Yield the roles of a side that may do something, or that something is shown to."""
    named = _sides_named(loaded.origins.tree)
    for name, role in loaded.chart.roles.items():
        if role.side and role.side in named:
            yield "roles", name


def _sides_named(node: object) -> frozenset[str]:
    if isinstance(node, dict):
        own = [node[key] for key in ("by", "recorded_by", "visibility") if key in node]
        listed = [one for said in own for one in (said if isinstance(said, list) else [said])]
        inside = [_sides_named(value) for value in node.values()]
        return frozenset(str(one) for one in listed).union(*inside)
    if isinstance(node, list):
        return frozenset().union(*map(_sides_named, node))
    return frozenset()
