"""Telling somebody: contacts are tried one after the other, and each attempt is journaled."""

from __future__ import annotations

import re
from collections.abc import Callable

from escalation_engine.core import Case, Notify, Reported
from escalation_engine.runtime.attempt import (
    PROBLEM_CHARACTERS,
    Delivered,
    Failed,
    Outcome,
    called,
)
from escalation_engine.runtime.hooks import Handler

__all__ = ["ATTEMPT_FAILED", "ATTEMPT_OK", "is_bound", "tell"]

ATTEMPT_OK = "attempted_ok"
ATTEMPT_FAILED = "attempt_failed"
UNBOUND = "the address is not bound"

# What stands where a text was blackened or left open: stars, dots, dashes, question marks, blocks,
# runs of x; an @ between them makes no address.
_PLACEHOLDER = re.compile(r"(?:[\s*_.?…–—@\-\u2580-\u259f\u25a0-\u25a1]|[xX]{2,})*")


def tell(
    handler: Handler, case: Case, effect: Notify, *, journal: Callable[[Reported], Case]
) -> Outcome:
    """Return how telling went. The handler gets the effect with the one contact that is tried.

    Without contacts the host finds the way itself, and the outbox alone says how it went.
    """
    if not effect.contacts:
        answer = called(handler, case, effect)
        return answer if isinstance(answer, Failed) else Delivered()
    problems = []
    for channel, address in effect.contacts:
        problem = _try(handler, case, effect, channel, address)
        case = journal(_attempt(effect, channel, address, problem))
        if not problem:
            return Delivered()
        problems.append(f"{channel}: {problem}")
    is_hopeless = not any(is_bound(address) for _, address in effect.contacts)
    return Failed(f"nobody was reached ({'; '.join(problems)})"[:PROBLEM_CHARACTERS], is_hopeless)


def is_bound(address: str | None) -> bool:
    """An address is there and is more than a placeholder such as *** or ▇▇▇."""
    return address is not None and _PLACEHOLDER.fullmatch(address) is None


def _try(handler: Handler, case: Case, effect: Notify, channel: str, address: str | None) -> str:
    if not is_bound(address):
        return UNBOUND
    answer = called(handler, case, effect._replace(contacts=((channel, address),)))
    return answer.problem if isinstance(answer, Failed) else ""


def _attempt(effect: Notify, channel: str, address: str | None, problem: str) -> Reported:
    return Reported(
        effect.id,
        outcome=ATTEMPT_FAILED if problem else ATTEMPT_OK,
        recipient=effect.recipient,
        channel=channel,
        address=address,
        detail=problem or None,
    )
