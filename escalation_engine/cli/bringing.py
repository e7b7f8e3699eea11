"""What a person brings with an event: data, note, evidence, on whose behalf; asked by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from escalation_engine.chart.model import Chart
from escalation_engine.cli.person_host import PersonHost
from escalation_engine.cli.prompt import ask_text, ask_value
from escalation_engine.cli.screen import show
from escalation_engine.core import Case
from escalation_engine.core.plan import plan_of
from escalation_engine.errors import EventRefused

__all__ = ["Brought", "complete"]

_QUESTIONS = {"note": "Note", "evidence": "Evidence", "on_behalf_of": "On behalf of"}
_MISSING = {"missing_data", "missing_note", "missing_evidence", "missing_on_behalf_of"}


@dataclass(slots=True)
class Brought:
    """What comes with one event so far."""

    chart: Chart
    data: dict[str, object] = field(default_factory=dict)
    along: dict[str, str] = field(default_factory=dict)

    def ask(self, names: Iterable[str], *, is_optional: bool = False) -> None:
        """Ask for data fields, and for the words note, evidence and on_behalf_of."""
        for name in names:
            if name in self.chart.fields:
                field, misfit = self.chart.fields[name], plan_of(self.chart).misfit
                value = ask_value(field, is_optional=is_optional, misfit=misfit)
                self.data |= {} if value is None else {name: value}
            elif name in _QUESTIONS:
                text = ask_text(_QUESTIONS[name], is_optional=is_optional)
                self.along |= {name: text} if text else {}


def complete(brought: Brought, host: PersonHost, act: Callable[[Brought], Case]) -> Case:
    """Return the case after the act; what turns out to be missing is asked for and brought.

    Raises EventRefused where something else is in its way.
    """
    host.begin()
    while True:
        try:
            return act(brought)
        except EventRefused as refused:
            if not all(reason.kind in _MISSING for reason in refused.reasons):
                raise
            show("It takes more:")
            brought.ask(reason.subject for reason in refused.reasons)
            host.begin_again()
