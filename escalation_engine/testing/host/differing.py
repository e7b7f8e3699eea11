"""How a host differs from its process: the journey, what was expected and found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from escalation_engine.core import Decision, Refusal
from escalation_engine.errors import EscalationError
from escalation_engine.testing.journey import Journey

__all__ = ["HostDiffers", "decided", "standing"]


@dataclass(frozen=True, slots=True)
class Way:
    """One step of a journey, and where the process says that it leads."""

    told: str
    leads: str


class HostDiffers(EscalationError, AssertionError):
    """The host is not where the process says; `.journey` ends with the step that shows it."""

    def __init__(
        self, journey: Journey, *, ways: Sequence[Way], expected: str, found: str, kept: str = ""
    ) -> None:
        self.journey = journey
        self.ways = tuple(ways)
        self.expected = expected
        self.found = found
        self.kept = kept
        count = len(journey.steps)
        width = max((len(way.told) for way in ways), default=0)
        lines = [f"the host leaves the process at step {count} of a journey through it"]
        lines += [
            f"{number:>4}  {way.told:<{width}}  → {way.leads}" for number, way in enumerate(ways, 1)
        ]
        lines += [f"  the process: {expected}", f"  the host:    {found}"]
        super().__init__("\n".join([*lines, *([kept] if kept else [])]))

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.journey, self.ways, self.expected, self.found, self.kept)

    def kept_as(self, text: str) -> HostDiffers:
        """Return the same difference with a word on where it is kept."""
        return _again(self.journey, self.ways, self.expected, self.found, text)


def _again(
    journey: Journey, ways: Sequence[Way], expected: str, found: str, kept: str
) -> HostDiffers:
    return HostDiffers(journey, ways=ways, expected=expected, found=found, kept=kept)


def standing(states: Mapping[str, str]) -> str:
    """Return where a case stands, in words."""
    return ", ".join(states.values()) if states else "not open"


def decided(found: Decision | Refusal) -> str:
    """Return what the process says to a step, in words."""
    if isinstance(found, Decision):
        return standing(found.case.states)
    return "refused: " + "; ".join(reason.message for reason in found.reasons)
