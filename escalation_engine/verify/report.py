"""What a proof has come to: findings, numbers, and what was shown, said no stronger than it is."""

from __future__ import annotations

from dataclasses import dataclass

from escalation_engine.errors import Finding, Severity
from escalation_engine.verify.flaw import Flaw
from escalation_engine.verify.place import Ignored

__all__ = ["Bound", "Report"]


@dataclass(frozen=True, slots=True)
class Bound:
    """How long a case stays on its way from a state when nobody acts.

    `within` is in words, such as "4 working hours + 24 hours"; None: for ever.
    """

    state: str
    within: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """The facts of a proof. How they are printed is for others.

    `fair` (S1): every path can go on to an end. `silent` (S7): when nobody acts, every path comes
    to rest within `bounds`. `bounded` (S8): every path ends, however people choose. None: not
    decided. `ignored` counts against none of these: the reasons are listed, the facts stay.
    """

    process: str
    states: int
    transitions: int
    configurations: int
    moves: int
    findings: tuple[Finding, ...]
    flaws: tuple[Flaw, ...]
    fair: bool | None
    silent: bool | None
    bounded: bool | None
    bounds: tuple[Bound, ...]
    assumptions: tuple[str, ...]
    ignored: tuple[Ignored, ...]

    @property
    def is_sound(self) -> bool:
        """Nothing wrong was found (S1 to S6), and nothing was left undecided."""
        return self.fair is not None and not any(
            finding.severity is Severity.ERROR for finding in self.findings
        )
