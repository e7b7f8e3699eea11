"""The chart as a plain document: everything that it holds, in the words of the process language.

The loader writes the document as YAML and reads it back. What has its usual value is left out.
"""

from __future__ import annotations

import json

from escalation_engine.chart.expand_terms import (
    brought,
    given_pair,
    named,
    only_said,
    pairs,
    passing,
    plain,
    terms,
)
from escalation_engine.chart.expand_time import amount, times
from escalation_engine.chart.model import (
    Assignment,
    Body,
    Branch,
    Chart,
    Extend,
    HolderKind,
    Link,
    Opening,
    Recipient,
    Requirements,
    State,
    StateKind,
    Track,
    Transition,
)

__all__ = ["chart_document"]

Document = dict[str, object]


def chart_document(chart: Chart) -> Document:
    """Return mappings, lists, texts, numbers, booleans and None only, in a fixed order.

    Nothing is lost: two charts with equal documents are equal.
    """
    return only_said(
        {
            "chart": chart.process,
            "version": chart.version,
            "title": chart.title,
            "valid_from": chart.validity.since,
            "valid_by": chart.validity.by,
            "description": chart.description,
            "kind": chart.kind,
            "hash": chart.hash,
        }
    ) | only_said(
        {
            "parameters": plain(chart.parameters),
            **terms(chart),
            **times(chart, _body),
            "linked": sorted(chart.linked),
            "opens": {
                name: _opening(chart, opening, name) for name, opening in chart.openings.items()
            },
            "tracks": {track.name: _track(chart, track) for track in chart.tracks},
            "source": _source(chart.source),
        }
    )


def _source(text: str) -> object:
    """The merged text as a tree where it is JSON that can be written again, else as it stands."""
    try:
        tree = json.loads(text)
    except ValueError:
        return text
    return tree if json.dumps(tree, ensure_ascii=False, separators=(",", ":")) == text else text


def _opening(chart: Chart, opening: Opening, name: str) -> Document:
    return only_said(
        {"event": opening.event if opening.event != name else "", "title": opening.title}
        | brought(opening.needs, opening.brings)
    ) | {"branches": [_branch(chart, branch, opening.event, "") for branch in opening.branches]}


def _track(chart: Chart, track: Track) -> Document:
    return only_said(
        {
            "title": track.title,
            "start": track.start,
            "enters": list(track.enters),
            "at_end": "must_be_idle" if track.must_be_idle else "",
        }
    ) | {"states": {path: _state(chart, track, state) for path, state in track.states.items()}}


def _state(chart: Chart, track: Track, state: State) -> Document:
    path = state.path
    return only_said(
        {
            "title": state.title,
            "description": state.description,
            "guidance": state.guidance,
            "inside": state.parent,
            "kind": "" if state.kind is StateKind.WORK else state.kind.value,
            "start": state.start,
            "holds_states": not state.is_leaf,
            "level": state.level,
            "outcome": state.outcome,
            "remembers": state.remembers,
            "must_resolve": state.must_resolve,
            "entry": _body(state.entry),
            "exit": _body(state.exit),
            "source": list(state.source),
            "inferred": state.inferred,
            "on": {
                event: [_branch(chart, branch, event, path) for branch in branches]
                for event, branches in track.branches.get(path, {}).items()
            },
            "always": [_branch(chart, branch, "", path) for branch in track.always.get(path, ())],
        }
    )


def _branch(chart: Chart, branch: Branch, event: str, leaf: str) -> Document:
    """One way of one leaf: how it is chosen, what it demands, where it leads, what happens."""
    written = branch.transition
    return only_said(
        {
            "event": branch.event if branch.event != event else "",
            "leaf": branch.leaf if branch.leaf != leaf else "",
        }
    ) | {
        "branch": branch.number,
        **_transition(chart, written, branch.event),
        **only_said(
            {
                "leads_to": "back" if branch.is_back else branch.target,
                # A way back finds its target at run time; only a hand-made chart says more.
                "back_target": branch.target if branch.is_back else None,
                "leaves": list(branch.leaves),
                "enters": list(branch.enters),
            }
        ),
        **_body(written.body),
    }


def _transition(chart: Chart, written: Transition, event: str) -> Document:
    declared = only_said(
        {
            "event": written.event if written.event != event else "",
            "in": written.declared_in,
        }
    ) | {"number": written.number}
    return {"declared": declared} | only_said(
        {
            "title": written.title,
            "to": written.to,
            "when": None if written.when is None else str(written.when),
            "if": [name for name, wanted in written.guards if wanted],
            "unless": [name for name, wanted in written.guards if not wanted],
            "by": passing(chart, written.by),
            "recorded_by": passing(chart, written.recorded_by),
            "requires": _requirements(written.requires),
            "asks": _requirements(written.asks),
            "refuse": written.refuse,
            "visibility": "" if written.visibility == "internal" else written.visibility,
            "source": list(written.source),
            "inferred": written.inferred,
        },
        keep=("by", "recorded_by", "requires", "asks"),
    )


def _requirements(wanted: Requirements | None) -> Document | None:
    if wanted is None:
        return None
    return only_said(
        {
            "data": list(wanted.data),
            "note": wanted.note,
            "guard": list(wanted.guards),
            "evidence": wanted.evidence,
            "checklist": list(wanted.checklists),
            "duty": list(wanted.duties),
            "tasks": list(wanted.tasks),
            "tasks_done": list(wanted.tasks_done),
            "past": f"due of {wanted.past}" if wanted.past else "",
            "different_from": pairs(wanted.different_from),
        }
    )


def _body(body: Body) -> Document:
    return only_said(
        {
            "set": pairs(given_pair(name, given) for name, given in body.set),
            "clear": list(body.clear),
            "assign": pairs((moved.slot, _holder(moved)) for moved in body.assign),
            "do": pairs(
                (name, pairs(given_pair(key, given) for key, given in arguments))
                for name, arguments in body.do
            ),
            "notify": [_told(recipient, message) for recipient, message in body.notify],
            "open_case": [_link(link) for link in body.open_case],
            "send": list(body.send),
            "extend": [_extension(extend) for extend in body.extend],
            "reason": body.reason,
        }
    )


def _extension(extend: Extend) -> Document:
    said = {"clock": extend.clock, "by": amount(extend.by)}
    return said | only_said({"at_most": extend.at_most}, keep=("at_most",))


def _holder(moved: Assignment) -> object:
    if moved.kind in (HolderKind.ROLE, HolderKind.PERSON) or moved.name:
        return {moved.kind.value: moved.name}
    return moved.kind.value


def _told(recipient: Recipient, message: str) -> Document:
    who = named(role=recipient.role, slot=recipient.slot)
    return {"message": message} | (who or {"everyone_told": True})


def _link(link: Link) -> Document:
    return {"process": link.process} | only_said(
        {"event": link.event, "with": dict(link.data), "send": dict(link.send)}
    )
