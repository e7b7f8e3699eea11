"""The roles of a person, as they are typed: `ann:tier1,tier2`, or chosen out of a list."""

from __future__ import annotations

from collections.abc import Iterable

from escalation_engine.chart.fault import did_you_mean
from escalation_engine.chart.model import Chart
from escalation_engine.cli.prompt import ask
from escalation_engine.cli.screen import show
from escalation_engine.cli.words import Words

__all__ = ["ask_roles", "roles_in", "unknown_role"]


def roles_in(given: str) -> list[str]:
    """Return the roles behind the colon."""
    return [role.strip() for role in given.partition(":")[2].split(",") if role.strip()]


def ask_roles(words: Words, name: str) -> list[str]:
    """Return roles of the process for a person, by number or name."""
    known = list(words.chart.roles)
    for number, role in enumerate(known, start=1):
        show(f"  {number:>2}  {words.role(role)}")
    while True:
        answer = ask(f"Roles of {name} (numbers or names, Enter: none):")
        roles = [
            known[int(part) - 1] if part.isdecimal() and 0 < int(part) <= len(known) else part
            for part in answer.replace(",", " ").split()
        ]
        unknown = unknown_role(words.chart, roles)
        if not unknown:
            return roles
        show(f"      {unknown}")


def unknown_role(chart: Chart, roles: Iterable[str]) -> str:
    """Return what to say of the first role that the process does not know; empty: it knows all."""
    for role in roles:
        if role not in chart.roles:
            return f"there is no role `{role}`; {did_you_mean(role, chart.roles)}"
    return ""
