"""Answers the core's questions from the host's guards and directory, until none is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from escalation_engine.calendar import Edition
from escalation_engine.chart.model import Chart
from escalation_engine.core import (
    Actor,
    Answer,
    Ask,
    Case,
    Decision,
    Due,
    GuardQuestion,
    HolderQuestion,
    Input,
    Migrated,
    Opened,
    Option,
    Question,
    Recalculated,
    Refusal,
    Reported,
    Sent,
    decide,
    next_firing,
    options,
)
from escalation_engine.runtime.definitions import Definitions
from escalation_engine.runtime.directory import Directory, find_holder
from escalation_engine.runtime.hooks import Hooks
from escalation_engine.runtime.observing import has_decided

__all__ = ["Asking"]


class Asking:
    """Runs the core on a case with the host at hand. It stores nothing."""

    def __init__(
        self, definitions: Definitions, *, hooks: Hooks, directory: Directory | None
    ) -> None:
        self._definitions = definitions
        self._hooks = hooks
        self._directory = directory

    def decide(self, case: Case, input: Input, *, now: datetime) -> Decision | Refusal:
        """Return what becomes of an input; the host is asked afresh, and only what matters.

        Raises HookError when a guard or the directory raises or answers nonsense.
        """
        chart = self._definitions.runnable_chart_of(case)
        event = input.event if isinstance(input, Opened | Sent | Reported) else None
        input, edition = self._dated(chart, case, input)
        found = self._decided(chart, case, input, event, now=now, edition=edition)
        has_decided(chart, case, input, found, now=now)
        return found

    def migrate(
        self,
        chart: Chart,
        case: Case,
        migrated: Migrated,
        *,
        now: datetime,
        edition: Edition | None,
    ) -> Decision | Refusal:
        """Return what becomes of a case that comes to stand on this chart, and on these dates.

        Raises HookError.
        """
        named = replace(migrated, edition=edition.name if edition is not None else "")
        return self._decided(chart, case, named, None, now=now, edition=edition)

    def _decided(
        self,
        chart: Chart,
        case: Case,
        input: Input,
        event: str | None,
        *,
        now: datetime,
        edition: Edition | None,
    ) -> Decision | Refusal:
        answers: dict[Question, Answer] = {}
        while isinstance(
            found := decide(chart, case, input, now=now, answers=answers, edition=edition), Ask
        ):
            self._answer(found, event, answers)
        return found

    def _dated(self, chart: Chart, case: Case, input: Input) -> tuple[Input, Edition | None]:
        """Return the edition to count on; what begins to count on one says on which."""
        if not chart.calendars:
            return input, None
        if isinstance(input, Recalculated):
            edition = self._definitions.newest_edition(chart)
        else:
            edition = self._definitions.edition_of(case)
        if edition is not None and isinstance(input, Opened | Recalculated):
            input = replace(input, edition=edition.name)
        return input, edition

    def next_firing(self, case: Case) -> Due | None:
        """Return what falls due next in a case; the host is not asked."""
        return next_firing(self._definitions.chart_of(case), case)

    def options(self, case: Case, by: Actor, *, now: datetime) -> tuple[Option, ...]:
        """Return what can happen to a case now. Guards are asked without an event."""
        chart = self._definitions.runnable_chart_of(case)
        answers: dict[Question, Answer] = {}
        edition = self._definitions.edition_of(case)
        while isinstance(
            found := options(chart, case, by, now=now, answers=answers, edition=edition), Ask
        ):
            self._answer(found, None, answers)
        return found

    def _answer(self, ask: Ask, event: str | None, answers: dict[Question, Answer]) -> None:
        assert ask.question not in answers, f"asked twice: {ask.question}"
        match ask.question:
            case GuardQuestion(guard=guard):
                answers[ask.question] = self._hooks.ask(guard, ask.case, event)
            case HolderQuestion(role=role):
                answers[ask.question] = find_holder(self._directory, role, ask.case)
