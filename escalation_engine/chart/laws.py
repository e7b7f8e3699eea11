"""Laws that a whole chart keeps, whatever its conditions: checked once, when it is built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from escalation_engine.chart.fault import Faults, Path
from escalation_engine.chart.model import Body, Branch, Track
from escalation_engine.chart.scope import Scope
from escalation_engine.definition import State

__all__ = ["check_always", "check_back", "check_one_setter", "remembers"]


def check_always(track: Track, roots: Scope, faults: Faults) -> None:
    """No cycle of `always` edges, whatever their conditions; and each must lead somewhere."""
    edges: dict[str, list[tuple[str, Branch]]] = {}
    for leaf, branches in track.always.items():
        for branch in branches:
            at = _always_path(branch, roots)
            if branch.is_back:
                faults.add("E116", "back stands only in the `on:` of a state", at)
            elif branch.target is None and not branch.transition.refuse:
                faults.add(
                    "E117",
                    "an `always` without `to` would never come to rest",
                    at,
                    hint="say where it leads, or use `entry:`",
                )
            elif branch.target is not None:
                edges.setdefault(leaf, []).append((branch.target, branch))
    done: set[str] = set()
    for leaf in edges:
        cycle = _cycle(leaf, edges, done, [])
        if cycle:
            names = " → ".join([*(found.leaf for found in cycle), cycle[0].leaf])
            faults.add(
                "E117",
                f"`always` leads in a circle: {names}",
                _always_path(cycle[0], roots),
                hint="a circle is refused even where its conditions exclude each other",
            )
            return


def _cycle(
    leaf: str, edges: dict[str, list[tuple[str, Branch]]], done: set[str], trail: list[Branch]
) -> list[Branch]:
    stack: list[tuple[str, Iterator[tuple[str, Branch]]]] = [(leaf, iter(edges.get(leaf, ())))]
    while stack:
        here, ways = stack[-1]
        step = next(ways, None)
        if step is None:
            done.add(here)
            stack.pop()
            if trail:
                trail.pop()
            continue
        target, branch = step
        on_stack = [name for name, _ in stack]
        if target in on_stack:
            return [*trail[on_stack.index(target) :], branch]
        if target not in done:
            trail.append(branch)
            stack.append((target, iter(edges.get(target, ()))))
    return []


def _always_path(branch: Branch, root: Scope) -> Path:
    declared = branch.transition.declared_in
    scope = root.find(declared) if declared else root
    return (*(scope or root).at, "always", branch.transition.number - 1)


def check_back(root: Scope, begins: Iterable[Scope], faults: Faults) -> None:
    """`to: back` stands in the `on:` of a state, and nothing ever starts in that state."""
    starts = list(begins)
    for scope in [root, *root.scopes()]:
        for event, branches in scope.written.on.items():
            for index, branch in enumerate(branches):
                at = (*scope.at, "on", event, index, "to")
                if branch.to == "back" and scope.parent is None:
                    faults.add("E116", "back stands only in the `on:` of a state", at)
                elif branch.to == "back" and _is_start(scope, starts):
                    faults.add(
                        "E116",
                        f"`{scope.name}` is a start state: there is nothing to go back to",
                        at,
                    )


def _is_start(scope: Scope, begins: list[Scope]) -> bool:
    around = [outer.start() for outer in scope.around() if outer is not scope and outer.parent]
    return any(scope.contains(leaf) for leaf in (*begins, *around))


def remembers(state: State | None) -> bool:
    """Return whether a state has a way back, so that the leaf it was entered from is kept."""
    if state is None:
        return False
    return any(branch.to == "back" for branches in state.on.values() for branch in branches)


def check_one_setter(tracks: Sequence[Track], roots: Mapping[str, tuple[Scope, Faults]]) -> None:
    """Two tracks never set one field on one event: which came last would be an accident."""
    setters: dict[tuple[str, str], str] = {}
    told: set[tuple[str, str]] = set()
    for track in tracks:
        root, faults = roots[track.name]
        ways = [
            way for events in track.branches.values() for found in events.values() for way in found
        ]
        for way in ways:
            for name, at in _fields_set(track, way, root):
                first = setters.setdefault((way.event, name), track.name)
                if first != track.name and (way.event, name) not in told:
                    told.add((way.event, name))
                    message = (
                        f"the tracks `{first}` and `{track.name}` both set `{name}` "
                        f"on the event `{way.event}`"
                    )
                    faults.add("E125", message, at, at_key=True, hint="let one of them set it")


def _fields_set(track: Track, way: Branch, root: Scope) -> Iterator[tuple[str, Path]]:
    """The fields that taking a branch sets or clears, leaving and entering included, and where."""
    transition = way.transition
    declared = (root.find(transition.declared_in) if transition.declared_in else root) or root
    event = next((name for name in declared.written.on if way.event.endswith(name)), way.event)
    places: list[tuple[Body, Path]] = [
        (transition.body, (*declared.at, "on", event, transition.number - 1))
    ]
    for paths, key in ((way.leaves, "exit"), (way.enters, "entry")):
        for path in paths:
            scope = root.find(path) or root
            places.append((getattr(track.states[path], key), (*scope.at, key)))
    for body, at in places:
        for name, _ in body.set:
            yield name, (*at, "set", name.rpartition(".")[2])
        for name in body.clear:
            yield name, (*at, "clear")
