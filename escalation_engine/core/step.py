"""One microstep: each track chooses against the case as it was, gates refuse, then phases run.

The phases are ruled by the language: exits (inner to outer), set and clear, counts, assign, do,
notify, entries (outer to inner), `always`, sent events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from escalation_engine.chart.model import MomentKind, StateKind, Track
from escalation_engine.core.body import act, change, hold, run, tell
from escalation_engine.core.case import Holder
from escalation_engine.core.counting import count
from escalation_engine.core.decision import Move, Step
from escalation_engine.core.draft import ENGINE_ACTOR, SILENCE, Draft, Refused
from escalation_engine.core.effect import TellOpener
from escalation_engine.core.gate import unmet_gates, unmet_requirements
from escalation_engine.core.input import Due, Sent
from escalation_engine.core.machine import Cursor, chooses
from escalation_engine.core.prepared import Prepared, prepare_move
from escalation_engine.core.timing import end_time, keep_time
from escalation_engine.core.value import FrozenMap
from escalation_engine.errors import Reason

__all__ = [
    "MAX_MICROSTEPS",
    "choose",
    "come_to_rest",
    "path_to",
    "refuse_without_data",
    "take",
]

MAX_MICROSTEPS = 100
"""A decision with more microsteps is refused: something sends events to itself."""

_Path = tuple[tuple[str, ...], tuple[str, ...]]


def choose(draft: Draft, event: str) -> list[Prepared]:
    """Return the branch of each track that takes the event, against the case as it is."""
    chosen = []
    states = draft.states
    for track, events in draft.plan.events:
        known = events.get(event)
        if known is None:
            continue
        cursor = Cursor(states[track], draft)
        if known.trigger(cursor):
            assert cursor.branch is not None
            chosen.append(cursor.branch)
    return chosen


def path_to(track: Track, source: str, target: str, declared_in: str) -> _Path:
    """Return what is left and entered between two leaves, by the rule of the chart's own paths."""
    inward, outward = track.scopes(target), track.scopes(source)
    around = track.scopes(declared_in)[1:] if declared_in else ()
    common = next((scope for scope in around if scope in inward), "")
    leaves = outward[: outward.index(common)] if common else outward
    enters = inward[: inward.index(common)] if common else inward
    return leaves, tuple(reversed(enters))


def take(draft: Draft, chosen: Sequence[Prepared]) -> None:
    """Run the phases of one microstep, or raise Refused with every unmet gate of every track."""
    if any([branch.is_gated for branch in chosen]):  # noqa: C419 - a list is faster than a generator here
        chosen = _pass_gates(draft, chosen)
    slots_before = draft.slots
    for branch in chosen:
        if branch.is_client_visible:
            draft.visibility = "client"
        for body in branch.exits:
            run(draft, body)
    _happen(draft, chosen)
    for branch in chosen:
        _enter(draft, branch)
    moved = []
    if draft.slots is not slots_before:
        moved = _moved(slots_before, draft.slots)
        if draft.plan.has_moments:
            count(draft, moved)
    if draft.plan.has_time:
        keep_time(draft, chosen, [*moved, *(one for branch in chosen for one in branch.moments)])


def _moved(
    before: Mapping[str, tuple[Holder, ...]], now: Mapping[str, tuple[Holder, ...]]
) -> list[tuple[MomentKind, str]]:
    return [(MomentKind.SLOT, slot) for slot, held in now.items() if before.get(slot, ()) != held]


def _pass_gates(draft: Draft, chosen: Sequence[Prepared]) -> list[Prepared]:
    """Return the branches as they are taken, or raise Refused with all unmet gates."""
    reasons = [
        reason
        for branch in chosen
        for reason in unmet_gates(draft, branch.transition, asks_nothing=_arrives(draft, branch))
    ]
    taken = [_way_back(draft, one, reasons) if one.is_back else one for one in chosen]
    if reasons:
        raise Refused(*reasons)
    for branch in taken:
        if branch.transition.asks is not None:
            draft.asked += tuple(unmet_requirements(draft, branch.transition.asks))
    return taken


def _arrives(draft: Draft, branch: Prepared) -> bool:
    """A timer's arrival at a decision point is never refused for what a person has yet to bring."""
    return (
        draft.microstep == 0
        and isinstance(draft.input, Due)
        and branch.track.states[branch.target].kind is StateKind.DECISION
    )


def _happen(draft: Draft, chosen: Sequence[Prepared]) -> None:
    """Run the bodies phase by phase for all tracks, and count."""
    bodies = [branch.body for branch in chosen if branch.body is not None]
    for body in bodies:
        if body.set or body.clear:
            change(draft, body)
    if draft.plan.has_moments:
        count(draft, [moment for branch in chosen for moment in branch.moments])
    for body in bodies:
        if body.assign:
            hold(draft, body)
    for body in bodies:
        if body.do or body.open_case:
            act(draft, body)
    for body in bodies:
        if body.notify:
            tell(draft, body)
        if body.send:
            draft.queue += body.send
        if body.extend:
            draft.extensions += body.extend
    if len(chosen) == 1:
        draft.steps += (chosen[0].step,)
    else:
        event = chosen[0].branch.event
        draft.steps += (Step(event, tuple([branch.move for branch in chosen])),)


def _enter(draft: Draft, branch: Prepared) -> None:
    if branch.source != branch.target:
        name = branch.track.name
        one_track = draft.plan.has_one_track
        states = branch.states if one_track else FrozenMap({**draft.states, name: branch.target})
        draft.states = states
    for path in branch.remembering:
        where = f"{branch.track.name}.{path}"
        draft.remembered = FrozenMap({**draft.remembered, where: branch.source})
    for body in branch.entries:
        assigned = branch.transition.body.assign
        run(draft, body, held=[assignment.slot for assignment in assigned])
    if branch.is_main_end and branch.track is draft.chart.main:
        draft.outcome = branch.outcome


def _way_back(draft: Draft, branch: Prepared, reasons: list[Reason]) -> Prepared:
    track, declared_in = branch.track, branch.transition.declared_in
    target = draft.remembered.get(f"{track.name}.{declared_in}")
    if target is None:
        reasons.append(
            Reason("nothing_to_return_to", "there is no state to go back to", declared_in)
        )
        return branch
    leaves, enters = path_to(track, branch.source, target, declared_in)
    return prepare_move(
        track,
        branch.branch,
        source=branch.source,
        target=target,
        leaves=leaves,
        enters=enters,
    )


def come_to_rest(draft: Draft, entered: Sequence[Prepared]) -> None:
    """Look at `always` until it is stable, take the sent events, and check a case that ends."""
    if draft.plan.has_always:
        _settle(draft, entered)
    while draft.queue:
        event, *rest = draft.queue
        draft.queue = tuple(rest)
        _next_microstep(draft)
        draft.said = Sent(event, ENGINE_ACTOR, note=draft.chart.events[event].title)
        chosen = choose(draft, event)
        if not chosen:
            draft.steps += (Step(event, ()),)
            continue
        refuse_without_data(draft, event)
        take(draft, chosen)
        if draft.plan.has_always:
            _settle(draft, chosen)
    if draft.outcome is not None:
        _close(draft)


def refuse_without_data(draft: Draft, event: str) -> None:
    """What the engine sends brings no data, so that an event which needs some is refused."""
    needs = draft.chart.events[event].needs
    if needs:
        fields = draft.chart.fields
        message = "`{}` ({}) must come with it, and the engine brings no data"
        raise Refused(
            *(
                Reason("missing_data", message.format(name, fields[name].title), name)
                for name in needs
            )
        )


def _next_microstep(draft: Draft) -> None:
    """What follows the input itself is done by the engine, without the input's data."""
    draft.microstep += 1
    draft.said = SILENCE
    if draft.microstep > MAX_MICROSTEPS:
        message = f"it takes more than {MAX_MICROSTEPS} steps: the process sends events in a circle"
        raise Refused(Reason("endless", message))


def _settle(draft: Draft, entered: Sequence[Prepared]) -> None:
    """Take what `always` leads on to; looking without taking is no microstep."""
    fresh = _entered(entered)
    while True:
        said = draft.said
        _next_microstep(draft)
        branch = _next_always(draft, fresh)
        if branch is None:
            draft.microstep -= 1
            draft.said = said
            return
        take(draft, (branch,))
        fresh |= _entered((branch,))


def _entered(chosen: Sequence[Prepared]) -> set[tuple[str, str]]:
    """The scopes that have just been entered; a track is entered as a whole when the case opens."""
    scopes = {(one.track.name, path) for one in chosen for path in one.branch.enters}
    return scopes | {(one.track.name, "") for one in chosen if not one.source}


def _next_always(draft: Draft, fresh: set[tuple[str, str]]) -> Prepared | None:
    """The first `always` branch that holds; its guards are asked on entering its scope only."""
    for track, branches in draft.plan.always:
        for branch in branches.get(draft.states[track], ()):
            if branch.guards and (track, branch.transition.declared_in) not in fresh:
                continue
            if chooses(branch, draft):
                return branch
        fresh.difference_update([scope for scope in fresh if scope[0] == track])
    return None


def _close(draft: Draft) -> None:
    """The main track has ended: side tracks stop, or refuse the end until they rest."""
    reasons = []
    for track in draft.chart.tracks[1:]:
        state = track.states[draft.states[track.name]]
        if track.must_be_idle and state.kind not in (StateKind.IDLE, StateKind.END):
            message = f"the track `{track.title}` is not at rest: it is in {state.title}"
            reasons.append(Reason("not_idle", message, track.name))
    if reasons:
        raise Refused(*reasons)
    for track in draft.chart.tracks[1:]:
        leaf = draft.states[track.name]
        if track.states[leaf].kind is not StateKind.END:
            stop = Move(track.name, leaf, leaf, 0, "", "stopped: the main track has ended")
            draft.steps += (Step("", (stop,)),)
    identity = draft.before.identity
    if identity.opener is not None:
        outcome = draft.outcome or ""
        event = identity.at_end.get(outcome) or identity.at_end.get("otherwise")
        if event:
            told = TellOpener(draft.next_effect_id(), identity.opener, event, outcome)
            draft.effects += (told,)
    if draft.plan.has_time:
        end_time(draft)
        draft.steps += tuple([Step(event, ()) for event in draft.queue])  # Nobody takes them now.
