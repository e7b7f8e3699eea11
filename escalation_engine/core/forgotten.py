"""Whether a case may be forgotten now. Nothing moves by it: the journal is the shell's to empty."""

from __future__ import annotations

from escalation_engine.core.draft import Draft, Refused
from escalation_engine.core.input import Forgotten
from escalation_engine.errors import Reason

__all__ = ["forgotten"]


def forgotten(draft: Draft, said: Forgotten) -> None:
    """Raise Refused while the case is open, unless that is meant; everything needs it closed."""
    if not said.reason.strip():
        raise Refused(Reason("missing_reason", "forgetting needs a reason", "reason"))
    if draft.before.is_closed:
        return
    if said.everything:
        raise Refused(Reason("still_open", "the case is open: its people still work on it"))
    if not said.while_open:
        raise Refused(Reason("still_open", "the case is open; forget it then with `while_open`"))
