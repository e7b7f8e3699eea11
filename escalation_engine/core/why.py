"""Why an input is refused, in words that say what would be accepted."""

from __future__ import annotations

from collections.abc import Iterable

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.chart.model import Branch, Chart, State, StateKind
from escalation_engine.core.case import Case
from escalation_engine.core.draft import Draft
from escalation_engine.errors import Reason

__all__ = ["accepted_events", "where", "why_closed", "why_not_taken", "why_unknown"]


def accepted_events(chart: Chart, case: Case) -> tuple[str, ...]:
    """Return the events that some active leaf takes of a host, in document order."""
    if not case.states:
        return tuple(chart.openings)
    if case.is_closed:
        return ()
    found = [
        event
        for track in chart.tracks
        for event, branches in track.branches.get(case.states[track.name], {}).items()
        if not all(_is_engines(branch) for branch in branches)
    ]
    return tuple(dict.fromkeys(found))


def _is_engines(branch: Branch) -> bool:
    """Nobody but the engine may send it, not even as another's word."""
    by = branch.transition.by
    is_alone = by is not None and by.engine and not by.roles and not by.slots
    return is_alone and branch.transition.recorded_by is None


def where(chart: Chart, case: Case) -> list[State]:
    """Return the active leaves, without the side tracks that are at rest."""
    found = []
    for track in chart.tracks:
        state = track.states.get(case.states.get(track.name, ""))
        if state is not None and state.kind is not StateKind.IDLE:
            found.append(state)
    return found


def why_closed(draft: Draft) -> Reason:
    """An end is absolute."""
    message = f"the case is closed ({draft.before.outcome}); open a new one that reopens it"
    return Reason("closed", message)


def why_unknown(draft: Draft, event: str) -> Reason:
    """No track knows the event at all."""
    hint = did_you_mean(event, draft.chart.events)
    return Reason("unknown_event", f"there is no event `{event}`; {hint}", event)


def why_not_taken(
    draft: Draft, event: str, branches: Iterable[Branch] | None = None
) -> list[Reason]:
    """Return why no branch is chosen: the wrong state, or what each branch lacks."""
    if branches is None:
        branches = [
            branch
            for track in draft.chart.tracks
            for branch in track.branches.get(draft.states[track.name], {}).get(event, ())
        ]
    reasons = list(dict.fromkeys(_why_not_chosen(draft, branch) for branch in branches))
    if reasons:
        return reasons
    places = [
        track.states[leaf].title
        for track in draft.chart.tracks
        for leaf, events in track.branches.items()
        if event in events
    ]
    known = ", ".join(f"`{place}`" for place in dict.fromkeys(places)) or "no state"
    here = " and ".join(f"`{state.title}`" for state in where(draft.chart, draft.before))
    message = f"`{event}` is not taken in {here}, only in {known}"
    return [Reason("wrong_state", message, event)]


def _why_not_chosen(draft: Draft, branch: Branch) -> Reason:
    transition = branch.transition
    when = transition.when
    if when is not None and when.holds(draft) is not True:
        unset = [f"`{name}`" for name in sorted(when.fields) if draft.data.get(name) is None]
        tail = f" ({', '.join(unset)} not set)" if unset else ""
        return Reason("condition", f"it does not hold that {when}{tail}", when.text)
    for name, wanted in transition.guards:
        verdict = draft.verdict(name)
        if verdict.yes is not wanted:
            because = f": {verdict.reason}" if verdict.reason else ""
            answer = "no" if wanted else "yes"
            title = draft.chart.guards[name].title
            return Reason("guard", f"the answer to `{title}` is {answer}{because}", name)
    raise AssertionError("a branch that holds is chosen")
