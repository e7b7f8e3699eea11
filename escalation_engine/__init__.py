"""An embeddable engine for escalation workflows that process owners write in YAML.

Start here: `load` reads a process file, `Engine` runs its cases, `Actor` is who acts.
`definition` says what the YAML says, `chart` its flat form, `core` what a case does (`decide`);
`store`, `runtime` and `cli` are the shells around that one pure function. `errors` draws the
error tree. The map of the code is docs/architecture.md, the words are in docs/glossary.md.

Importing this package loads nothing else: each name below is fetched at its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from escalation_engine.core import Actor, Case, Unavailable, Verdict
    from escalation_engine.errors import (
        BadInput,
        CaseNotFound,
        Conflict,
        DefinitionError,
        EscalationError,
        EventRefused,
        Finding,
        HookError,
        HooksMismatch,
        KeyReused,
        Reason,
        StoreError,
    )
    from escalation_engine.loader import load, load_text
    from escalation_engine.runtime import Engine, SystemClock
    from escalation_engine.runtime.async_engine import AsyncEngine

__all__ = [
    "Actor",
    "AsyncEngine",
    "BadInput",
    "Case",
    "CaseNotFound",
    "Conflict",
    "DefinitionError",
    "Engine",
    "EscalationError",
    "EventRefused",
    "Finding",
    "HookError",
    "HooksMismatch",
    "KeyReused",
    "Reason",
    "StoreError",
    "SystemClock",
    "Unavailable",
    "Verdict",
    "load",
    "load_text",
]

_HOMES = {
    "Actor": "core",
    "AsyncEngine": "runtime.async_engine",
    "Case": "core",
    "Engine": "runtime",
    "SystemClock": "runtime",
    "Unavailable": "core",
    "Verdict": "core",
    "load": "loader",
    "load_text": "loader",
}


if not TYPE_CHECKING:  # mypy would take any name for a public one

    def __getattr__(name: str) -> object:
        """Fetch a public name from its home module, once (PEP 562)."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = import_module(f"{__name__}.{_HOMES.get(name, 'errors')}")
        value = getattr(home, name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
