"""From nested states as written to the scopes of a track, with every fault of their structure."""

from __future__ import annotations

from escalation_engine.chart.fault import Faults, Path, did_you_mean
from escalation_engine.chart.scope import Scope
from escalation_engine.definition import Process, State, Track

__all__ = ["RESERVED", "root_scope"]

RESERVED = ("next_level", "previous_level", "first_level", "last_level", "this_level", "back")
"""Words that are targets by themselves, so that no state can be called so."""

_ONLY_FOR_LADDERS = ("each_level", "after_last_level", "before_first_level")


def root_scope(written: Track | Process, at: Path, faults: Faults) -> Scope:
    """Return the root of a track with all its states; faults in their structure are noted."""
    root = Scope("", "", at, None, written)
    _grow(root, written.states, (*at, "states"), faults, are_levels=False)
    for scope in root.scopes():
        _check(scope, faults)
    return root


def _grow(
    parent: Scope, states: dict[str, State], at: Path, faults: Faults, *, are_levels: bool
) -> None:
    for name, state in states.items():
        path = f"{parent.path}.{name}" if parent.path else name
        scope = Scope(name, path, (*at, name), parent, state, is_level=are_levels)
        if name in RESERVED:
            faults.add(
                "E120",
                f"`{name}` has a meaning of its own as a target",
                scope.at,
                at_key=True,
                hint="give the state another name",
            )
        parent.children[name] = scope
        _grow(scope, state.states, (*scope.at, "states"), faults, are_levels=False)
        if state.levels and state.states:
            faults.add(
                "E114",
                f"`{name}` has both states and levels",
                scope.at,
                at_key=True,
                hint="put the states inside a state of their own",
            )
        elif state.levels:
            _grow(scope, state.levels, (*scope.at, "levels"), faults, are_levels=True)


def _check(scope: Scope, faults: Faults) -> None:
    state = scope.state
    assert state is not None
    if state.kind in ("end", "idle") and scope.children:
        message = f"`{scope.name}` is of kind {state.kind} and cannot have inner states"
        faults.add("E114", message, (*scope.at, "kind"))
    if state.kind == "end":
        _check_end(scope, state, faults)
    elif state.outcome is not None:
        faults.add("E114", "only a state of kind end has an outcome", (*scope.at, "outcome"))
    if not scope.is_ladder:
        for key in _ONLY_FOR_LADDERS:
            if getattr(state, key) is not None:
                message = f"`{key}` has a meaning only beside `levels`"
                faults.add("E114", message, (*scope.at, key), at_key=True)
    if state.must_resolve and not scope.is_level:
        message = "`must_resolve` has a meaning only on a level"
        faults.add("E114", message, (*scope.at, "must_resolve"), at_key=True)
    if state.start is not None:
        _check_start(scope, state.start, faults)


def _check_end(scope: Scope, state: State, faults: Faults) -> None:
    going_on = [key for key in ("on", "always", "timers") if getattr(state, key)]
    if going_on:
        faults.add(
            "E114",
            f"`{scope.name}` is an end: nothing leads on from it",
            (*scope.at, going_on[0]),
            at_key=True,
            hint="an end is absolute; reopen from a resting state such as `resolved`",
        )
    if state.outcome is None:
        faults.add(
            "E112",
            f"the end `{scope.name}` has no outcome",
            scope.at,
            at_key=True,
            hint="add `outcome: NAME`, such as `outcome: resolved`",
        )


def _check_start(scope: Scope, start: str, faults: Faults) -> None:
    found = scope.find(start)
    if found is None or found is scope or not scope.contains(found):
        message = f"`{scope.name}` starts in `{start}`, which is not inside it"
        inside = [inner.name for inner in scope.scopes()]
        faults.add("E113", message, (*scope.at, "start"), hint=did_you_mean(start, inside))
