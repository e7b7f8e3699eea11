"""What a migration would do, case by case, and what it has done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from escalation_engine.migration import VersionMap
from escalation_engine.verify import MOST_CONFIGURATIONS

__all__ = ["MigratedCase", "Plan", "PlannedCase"]


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """What would become of one case, as it stands at this revision.

    `changes` has a line for each part that does not stay as it is. A refused case has a `problem`,
    and the `code` of the finding: E701, E702, X901, or none where the host could not answer.
    """

    case_id: str
    reference: str | None
    revision: int
    states: tuple[tuple[str, str], ...]
    changes: tuple[str, ...] = ()
    code: str = ""
    problem: str = ""

    @property
    def is_refused(self) -> bool:
        """The case stays on its version."""
        return bool(self.problem)


@dataclass(frozen=True, slots=True)
class Plan:
    """A migration of all open cases of one version, as it would be at an instant.

    `old` and `new` are the hashes of the definitions, `mapping` has their versions. The proof ends
    undecided (X901) after `most` configurations.
    """

    process: str
    old: str
    new: str
    at: datetime
    mapping: VersionMap
    cases: tuple[PlannedCase, ...] = ()
    most: int = MOST_CONFIGURATIONS

    @property
    def refused(self) -> tuple[PlannedCase, ...]:
        """The cases that stay where they are."""
        return tuple([one for one in self.cases if one.is_refused])


@dataclass(frozen=True, slots=True)
class MigratedCase:
    """What became of one case of a plan.

    `outcome` is migrated, or one of
    replanned: migrated by a plan made anew, as the case had moved on;
    before: it had been migrated already;
    closed: it has come to its end;
    refused: it stays on its version, with the `problem`;
    moved_on: others changed it just now, or it stands on a third version.
    """

    case_id: str
    outcome: str
    changes: tuple[str, ...] = ()
    problem: str = ""
