"""Which branch an input chooses, and why not: the core's own choice, looked at from outside."""

from __future__ import annotations

from functools import lru_cache

from escalation_engine.chart.model import Branch, Chart, Track
from escalation_engine.condition import Condition
from escalation_engine.condition.evaluate import Holds
from escalation_engine.condition.evaluate import prepare as compiled
from escalation_engine.condition.tree import (
    All,
    Among,
    Any,
    Compare,
    Flag,
    IsSet,
    Not,
    Tree,
    Truth,
    all_of,
    any_of,
    not_,
)
from escalation_engine.core import Case, Opened, Sent
from escalation_engine.core.bring import bring
from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.machine import chooses
from escalation_engine.core.plan import plan_of
from escalation_engine.core.prepared import prepare
from escalation_engine.verify.answering import Answered, Script
from escalation_engine.verify.epoch import EPOCH
from escalation_engine.verify.model import Model

__all__ = ["branches_of", "chosen", "draft_of", "is_open", "may_hold"]


def branches_of(chart: Chart, case: Case, input: Opened | Sent) -> list[tuple[Track, Branch]]:
    """Return the branches that an input may take where the case stands, in order."""
    if isinstance(input, Opened):
        return [(chart.main, branch) for branch in chart.openings[input.event].branches]
    return [
        (track, branch)
        for track in chart.tracks
        for branch in track.branches.get(case.states[track.name], {}).get(input.event, ())
    ]


def draft_of(model: Model, case: Case, input: Opened | Sent, answered: Answered) -> Draft | None:
    """Return the case with the input's data laid over it; None where that is refused."""
    script = Script([], (), frozenset())
    script.said.update(answered)
    chart = model.chart
    draft = Draft(plan_of(chart), case, input, said=input, now=EPOCH, given=script, edition=None)
    about = (chart.openings if isinstance(input, Opened) else chart.events)[input.event]
    try:
        bring(draft, input.data, needs=about.needs, brings=about.brings)
    except Refused:
        return None
    return draft


def is_open(draft: Draft, track: Track, branch: Branch) -> bool:
    """Return whether every chooser of a branch holds."""
    return chooses(prepare(track, branch), draft)


def chosen(draft: Draft, branches: list[tuple[Track, Branch]]) -> list[tuple[Track, Branch]]:
    """Return the branch that each track chooses."""
    found: dict[str, tuple[Track, Branch]] = {}
    for track, branch in branches:
        if track.name not in found and is_open(draft, track, branch):
            found[track.name] = track, branch
    return list(found.values())


def may_hold(condition: Condition | None, draft: Draft) -> bool:
    """Return whether a condition could hold with other values: who and where it asks for fits."""
    return condition is None or _without_values(condition)(draft) is not False


@lru_cache(maxsize=4096)
def _without_values(condition: Condition) -> Holds:
    return compiled(_forget_values(condition.tree))


def _forget_values(tree: Tree) -> Tree:
    match tree:
        case Flag() | Compare() | Among() | IsSet():
            return Truth(None)
        case All(parts):
            return all_of(map(_forget_values, parts))
        case Any(parts):
            return any_of(map(_forget_values, parts))
        case Not(part):
            return not_(_forget_values(part))
        case _:
            return tree
