"""W603: states and fields without a title, where others of their kind have one.

A sketch that titles nothing is left alone; people see titles, and a mixture looks like a slip. An
end has its outcome.
"""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.chart.traceability import element
from escalation_engine.definition import Process, State
from escalation_engine.loader import Loaded
from escalation_engine.verify.flaw import Element, Flaw

__all__ = ["titled"]

_Path = tuple[str | int, ...]


def titled(loaded: Loaded) -> Iterator[Flaw]:
    """Yield each state and each field that has neither a title nor a description."""
    definition = loaded.definition
    states = dict(_states(definition))
    if any(state.title for state in states.values()):
        for at, state in states.items():
            if not (state.title or state.description or state.outcome):
                yield _flaw("state", at)
    if any(field.title for field in definition.data.values()):
        for name, field in definition.data.items():
            if not (field.title or field.description):
                yield _flaw("field", ("data", name))


def _states(definition: Process) -> Iterator[tuple[_Path, State]]:
    for name, state in definition.states.items():
        yield from _inside(state, ("states", name))
    for track, said in definition.tracks.items():
        for name, state in said.states.items():
            yield from _inside(state, ("tracks", track, "states", name))


def _inside(state: State, at: _Path) -> Iterator[tuple[_Path, State]]:
    yield at, state
    for group, inner in (("states", state.states), ("levels", state.levels)):
        for name, one in inner.items():
            yield from _inside(one, (*at, group, name))


def _flaw(kind: str, at: _Path) -> Flaw:
    name = element(at).removeprefix("field ")
    return Flaw(
        "W603",
        f"the {kind} `{name}` has no title, and others have one",
        Element(path=at),
        "write `title:` as people call it",
    )
