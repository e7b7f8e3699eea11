"""What can go wrong, and who must act.

    EscalationError
    ├── DefinitionError      the author of the YAML must act     .findings
    ├── CallerError          the caller of the API must act
    │   ├── EventRefused     the process says no                 .reasons .accepted
    │   ├── Conflict         somebody else was first             .expected .found
    │   ├── KeyReused        one key, two payloads               .key
    │   ├── CaseNotFound     no case of that name                .case_id
    │   ├── NoOpenTime       a calendar that stays closed        (in calendar)
    │   └── BadInput         a value that cannot be taken        .what
    ├── HostError            the host application must act
    │   ├── HooksMismatch    hooks and YAML disagree             .problems
    │   └── HookError        a hook raised                       .hook
    └── OperatorError        whoever runs the database must act
        └── StoreError       the store cannot be used            .url
            └── DefinitionLost   a stored definition does not load   (in runtime)

The same facts that a message tells are attributes of the error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from escalation_engine.finding import Finding, Mark, PathStep, Severity

__all__ = [
    "BadInput",
    "CallerError",
    "CaseNotFound",
    "Conflict",
    "DefinitionError",
    "EscalationError",
    "EventRefused",
    "Finding",
    "HookError",
    "HooksMismatch",
    "HostError",
    "KeyReused",
    "Mark",
    "OperatorError",
    "PathStep",
    "Reason",
    "Severity",
    "StoreError",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an event was refused, as one fact.

    `kind` is a stable word ("wrong_state", "wrong_role", "missing_data", "guard" and so on; the
    reference lists them), `subject` the name it is about (a field, a guard, a checklist item).
    """

    kind: str
    message: str
    subject: str = ""


class EscalationError(Exception):
    """The root of every error that this package raises on purpose."""


class DefinitionError(EscalationError):
    """A process file cannot be loaded. `.findings` holds all its faults, in file order."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        count = len(self.findings)
        title = "1 fault" if count == 1 else f"{count} faults"
        super().__init__("\n".join([title, *(str(finding) for finding in self.findings)]))


class CallerError(EscalationError):
    """The call was understood and cannot be done as it was made. Nothing has changed."""


class EventRefused(CallerError):
    """The process does not accept this input now; the case is unchanged.

    `.what` is the refused input, `.where` the states of the case, `.reasons` every reason that is
    known, `.accepted` what would be accepted instead.
    """

    def __init__(
        self, what: str, *, where: str, reasons: Sequence[Reason], accepted: Sequence[str] = ()
    ) -> None:
        self.what = what
        self.where = where
        self.reasons = tuple(reasons)
        self.accepted = tuple(accepted)
        lines = [f"{what} was refused in {where}"]
        lines += [f"  because {reason.message}" for reason in self.reasons]
        if self.accepted:
            lines.append(f"  accepted: {', '.join(self.accepted)}")
        super().__init__("\n".join(lines))


class Conflict(CallerError):
    """The case has moved on since `expected`, to `found`. Read it again and decide anew."""

    def __init__(self, case_id: str, *, expected: int, found: int) -> None:
        self.case_id = case_id
        self.expected = expected
        self.found = found
        super().__init__(
            f"case {case_id} is at revision {found}, not {expected}: read it again, then decide"
        )


class KeyReused(CallerError):
    """An idempotency key came back with another payload."""

    def __init__(self, key: str, *, differs: Sequence[str]) -> None:
        self.key = key
        self.differs = tuple(differs)
        super().__init__(
            f"key {key!r} was used before with other content ({', '.join(differs)} differ); "
            "a new input needs a new key"
        )


class CaseNotFound(CallerError):
    """There is no case with this id."""

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        super().__init__(f"there is no case {case_id!r}")


class BadInput(CallerError):
    """An argument cannot be taken as it is; `.what` names it, `.accepted` says what can."""

    def __init__(self, what: str, problem: str, *, accepted: str = "") -> None:
        self.what = what
        self.accepted = accepted
        tail = f"; accepted: {accepted}" if accepted else ""
        super().__init__(f"{what}: {problem}{tail}")


class HostError(EscalationError):
    """The host application has to be changed or repaired."""


class HooksMismatch(HostError):
    """The hooks given at start do not fit what the definitions name; `.problems` lists them all."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(["the host's hooks do not fit:", *self.problems]))


class HookError(HostError):
    """A hook raised or answered nonsense; the case is unchanged. The cause is chained."""

    def __init__(self, hook: str, problem: str) -> None:
        self.hook = hook
        super().__init__(f"hook {hook!r} {problem}")


class OperatorError(EscalationError):
    """Whoever runs the database or the machine has to act."""


class StoreError(OperatorError):
    """The store cannot be opened, read or written; `.url` names it without its password."""

    def __init__(self, url: str, problem: str) -> None:
        self.url = url
        self.problem = problem
        super().__init__(f"{url}: {problem}")
