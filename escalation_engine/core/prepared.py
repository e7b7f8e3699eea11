"""A branch made ready to be taken: everything about it that no case can change, found once."""

from __future__ import annotations

from escalation_engine.chart.model import Body, Branch, MomentKind, State, StateKind, Track
from escalation_engine.core.decision import Move, Step
from escalation_engine.core.value import FrozenMap

__all__ = ["NOTHING", "Prepared", "prepare", "prepare_move"]

NOTHING = Body()


class Prepared:
    """A branch of one track, with the parts that matter when it is chosen and taken.

    `exits` and `entries` hold only what does something, `body` is None where nothing happens,
    `moments` are what counts and checklists may wait for. `step` and `states` are what the journal
    and the case become when no other track moves.
    """

    __slots__ = (
        "body", "branch", "enters", "entries", "exits", "guards", "is_back", "is_client_visible",
        "is_gated", "is_main_end", "leaves", "moments", "move", "outcome", "remembering", "source",
        "states", "step", "target", "track", "transition", "when",
    )  # fmt: skip

    def __init__(self, track: Track, branch: Branch, move: Move, enters: tuple[str, ...]) -> None:
        transition = branch.transition
        self.track = track
        self.branch = branch
        self.transition = transition
        self.when = transition.when.holds if transition.when is not None else None
        self.guards = transition.guards
        self.is_gated = bool(
            transition.by
            or transition.requires
            or transition.refuse
            or transition.asks
            or branch.is_back
        )
        self.body = transition.body if transition.body != NOTHING else None
        self.is_back = branch.is_back
        self.is_client_visible = transition.visibility == "client"
        self.source = move.source
        self.target = move.target
        self.move = move
        self.step = Step(branch.event, (move,))
        self.states = FrozenMap({track.name: move.target})
        self.exits: tuple[Body, ...] = ()
        self.entries: tuple[Body, ...] = ()
        self.leaves: tuple[str, ...] = ()
        self.enters = enters
        self.remembering: tuple[str, ...] = ()
        self.moments: tuple[tuple[MomentKind, str], ...] = ()
        leaf = track.states[move.target]
        self.is_main_end = bool(enters) and leaf.kind is StateKind.END
        self.outcome = leaf.outcome


def prepare(track: Track, branch: Branch) -> Prepared:
    """Return the branch ready to be taken; a way back is finished by `prepare_move` at run time."""
    return prepare_move(
        track,
        branch,
        source=branch.leaf,
        target=branch.target,
        leaves=branch.leaves,
        enters=branch.enters,
    )


def prepare_move(
    track: Track,
    branch: Branch,
    *,
    source: str,
    target: str | None,
    leaves: tuple[str, ...],
    enters: tuple[str, ...],
) -> Prepared:
    """Return a branch ready to be taken along a given path.

    Going back enters nothing anew: no entry runs, no moment of entering passes (decision 0009).
    """
    transition = branch.transition
    move = Move(
        track.name, source, target or source, branch.number, transition.declared_in,
        transition.body.reason,
    )  # fmt: skip
    prepared = Prepared(track, branch, move, enters)
    prepared.leaves = leaves
    prepared.exits = _doing([track.states[path] for path in leaves], "exit")
    moments = [(MomentKind.EVENT, branch.event)] if branch.event else []
    moments += [(MomentKind.LEAVING, f"{track.name}.{path}") for path in leaves]
    if not branch.is_back:
        inward = [track.states[path] for path in enters]
        prepared.entries = _doing(inward, "entry")
        prepared.remembering = tuple(
            state.path for state in inward if state.remembers and _is_outside(source, state.path)
        )
        moments += [(MomentKind.ENTERING, f"{track.name}.{path}") for path in enters]
    prepared.moments = tuple(moments)
    return prepared


def _is_outside(leaf: str, scope: str) -> bool:
    return bool(leaf) and leaf != scope and not leaf.startswith(f"{scope}.")


def _doing(states: list[State], attribute: str) -> tuple[Body, ...]:
    bodies: list[Body] = [getattr(state, attribute) for state in states]
    return tuple(body for body in bodies if body != NOTHING)
