"""Whether a case that is kept in memory is one of those that are looked for."""

from __future__ import annotations

from escalation_engine.core.case import Case
from escalation_engine.store.protocol import CaseFilter

__all__ = ["fits"]


def fits(case: Case, wanted: CaseFilter) -> bool:
    """Return whether a case fits all that is given."""
    state, held_by = wanted.state, wanted.held_by
    return (
        (wanted.process is None or case.process == wanted.process)
        and (state is None or case.state == state or case.state.startswith(f"{state}."))
        and (wanted.is_closed is None or case.is_closed == wanted.is_closed)
        and (wanted.outcome is None or case.outcome == wanted.outcome)
        and (wanted.after is None or case.id > wanted.after)
        and (wanted.closed_after is None or (case.is_closed and case.at > wanted.closed_after))
        and (held_by is None or _holds(case, held_by))
    )


def _holds(case: Case, name: str) -> bool:
    return any(name in (it.person, it.role) for it in case.slots.get("assignee", ()))
