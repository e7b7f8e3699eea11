"""The host that a scenario is played on: guards, actions and a directory that answer as it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from escalation_engine.chart.model import Chart
from escalation_engine.core import Case, Digest, Effect, Unavailable, Verdict
from escalation_engine.runtime.hooks import STANDARD, attribute_of, senders_in
from escalation_engine.testing.scenario import Answer, Away, Directory, Guards

__all__ = ["ScriptedDirectory", "ScriptedHooks"]

FAILS = "fails"


class ScriptedHooks:
    """Every guard and action of some charts, and the standard hooks, as attributes."""

    def __init__(self, charts: Sequence[Chart], answers: Guards) -> None:
        self._answers: dict[str, list[Answer]] = {}
        self._reports: dict[str, str | None] = {}
        self._is_peeking = False
        self.answer(answers)
        guards = {name for chart in charts for name in chart.guards}
        actions = {name for chart in charts for name in chart.actions}
        for guard in guards:
            setattr(self, attribute_of(guard), self._guard(guard))
        for action in (*actions, *STANDARD):
            setattr(self, attribute_of(action), self._action(action))
        for sender in {name for chart in charts for name in senders_in(chart)}:
            setattr(self, attribute_of(sender), self._sender(sender))

    def answer(self, answers: Guards) -> None:
        """Answer so from here on."""
        self._answers.update((guard, list(given)) for guard, given in answers.items())

    def report(self, reports: Mapping[str, str | None]) -> None:
        """Return so from the actions named, and nothing from the others."""
        self._reports = dict(reports)

    @contextmanager
    def peeking(self) -> Iterator[None]:
        """Use no answer up: somebody only wants to know what would be possible."""
        self._is_peeking = True
        try:
            yield
        finally:
            self._is_peeking = False

    def _guard(self, name: str) -> Callable[[Case], Verdict]:
        def guard(case: Case) -> Verdict:  # noqa: ARG001  the shape of a guard
            answers = self._answers.get(name)
            if not answers:
                raise LookupError(f"the scenario does not say what the guard {name} answers")
            is_used_up = len(answers) > 1 and not self._is_peeking
            return _verdict(answers.pop(0) if is_used_up else answers[0])

        return guard

    def _action(self, name: str) -> Callable[[Case, Effect], str | None]:
        def action(case: Case, effect: Effect) -> str | None:  # noqa: ARG001  the shape of an action
            report = self._reports.get(name)
            if report == FAILS:
                raise RuntimeError(f"the scenario lets {name} fail")
            return report

        return action

    def _sender(self, name: str) -> Callable[[Digest], None]:
        def sender(digest: Digest) -> None:  # noqa: ARG001  the shape of an action that sends one
            if self._reports.get(name) == FAILS:
                raise RuntimeError(f"the scenario lets {name} fail")

        return sender


class ScriptedDirectory:
    """Names the holder that the scenario names, or the first of its people who has the role."""

    def __init__(self, holders: Directory, people: Mapping[str, tuple[str, ...]]) -> None:
        self._holders = dict(holders)
        self._people = people

    def change(self, holders: Directory) -> None:
        """Name these from here on."""
        self._holders.update(holders)

    def holder(self, role: str, case: Case) -> str | Unavailable | None:  # noqa: ARG002  the protocol's
        """Return a person, or that nobody is there."""
        if role not in self._holders:
            return next((name for name, roles in self._people.items() if role in roles), None)
        holder = self._holders[role]
        return Unavailable(holder.unavailable) if isinstance(holder, Away) else holder


def _verdict(answer: Answer) -> Verdict:
    if isinstance(answer, str):
        return Verdict(answer == "yes")
    word, reason = next(iter(answer.items()))
    return Verdict(word == "yes", reason)
