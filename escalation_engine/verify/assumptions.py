"""What a proof takes to be possible, said in words: it stands on these and no others."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.verify.model import Model

__all__ = ["assumptions"]


def assumptions(model: Model) -> tuple[str, ...]:
    """Return what was assumed for this process; what it does not use is not listed."""
    return tuple(_assumed(model))


def _assumed(model: Model) -> Iterator[str]:
    chart = model.original
    roles = sorted(name for name in chart.roles if name not in model.refusing_roles)
    if roles:
        yield f"each role has a holder, sooner or later: {', '.join(roles)}"
    for name in sorted(model.cone.checklists):
        yield f"the checklist `{name}` can be answered by those who may"
    for name in chart.tasks:
        yield f"tasks can be put on `{name}` and finished by those who may"
    if model.cone.has_persons:
        yield "there is always another person who may act"
    for name in model.kept:
        if chart.fields[name].changes == "anytime":
            yield f"`{name}` may change at any time"
    for name, action in chart.actions.items():
        if action.reports:
            yield f"`{name}` may report any of {', '.join(action.reports)}, or nothing yet"
    if chart.linked:
        names = ", ".join(sorted(chart.linked))
        yield f"linked cases may end with any outcome, at any time: {names}"
    for name in sorted(model.cone.duties):
        if chart.duties[name].done_by or chart.duties[name].owed_by:
            yield f"the duty `{name}` can be done by those who owe it"
    for name in sorted(model.cone.clocks):
        if chart.clocks[name].on_reopen == "continue":
            yield f"the clock `{name}` loses no time while it is stopped"
