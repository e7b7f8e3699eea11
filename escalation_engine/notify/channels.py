"""A `notify` hook that leaves each channel to the hook for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from escalation_engine.core import Case, Notify
from escalation_engine.errors import HookError

__all__ = ["ByChannel"]

Hook = Callable[[Case, Notify], object]


@dataclass(frozen=True, slots=True)
class ByChannel:
    """Chooses by the channel of the contact that is being tried: `ByChannel({"email": Mail(…)})`.

    `otherwise` takes the other channels, and messages for somebody without contacts. Called, it
    raises HookError for a channel that nobody takes, so that the next contact is tried.
    """

    hooks: Mapping[str, Hook]
    otherwise: Hook | None = None

    def __call__(self, case: Case, effect: Notify) -> None:
        """Hand the message on, or raise."""
        channel = effect.contacts[0][0] if effect.contacts else ""
        hook = self.hooks.get(channel, self.otherwise)
        if hook is None:
            accepted = ", ".join(sorted(self.hooks)) or "none"
            named = f"channel {channel!r}" if channel else "a message without a channel"
            raise HookError("notify", f"has nobody for {named}; accepted: {accepted}")
        hook(case, effect)
