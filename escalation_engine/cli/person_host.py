"""The host of a case that is played by hand: the person answers its guards and does its actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from escalation_engine.chart.model import Action, Chart, Guard
from escalation_engine.cli.journal_text import effect_text
from escalation_engine.cli.prompt import Back, ask_text, ask_yes, choose
from escalation_engine.cli.screen import mark, show
from escalation_engine.cli.words import Words
from escalation_engine.core import Case, Digest, Effect, Verdict
from escalation_engine.runtime.hooks import attribute_of, senders_in

__all__ = ["PersonHost"]

_GuardHook = Callable[[Case, str | None], Verdict]
_ActionHook = Callable[[Case, Effect], str | None]


class PersonHost:
    """Hooks for everything that charts name; guards and reports are asked at the terminal.

    The words shown are those of the first chart, the one that is played.
    """

    def __init__(self, charts: Sequence[Chart]) -> None:
        self._words = Words(charts[0])
        self._would_say = True
        self._said: list[tuple[str, Verdict]] = []
        self._before: list[tuple[str, Verdict]] = []
        for chart in charts:
            for guard in chart.guards.values():
                setattr(self, attribute_of(guard.name), self._guard(guard))
            for action in chart.actions.values():
                setattr(self, attribute_of(action.name), self._action(action))
            for sender in senders_in(chart):
                setattr(self, attribute_of(sender), self._send)

    @contextmanager
    def saying_no(self) -> Iterator[None]:
        """Let every guard say no, instead of yes, when the engine asks what would be possible."""
        self._would_say = False
        try:
            yield
        finally:
            self._would_say = True

    def begin(self) -> None:
        """Ask every guard from here on."""
        self._said, self._before = [], []

    def begin_again(self) -> None:
        """Give the answers since `begin` once more, in their order, before anything is asked."""
        self._said, self._before = [], self._said

    def notify(self, case: Case, effect: Effect) -> None:  # noqa: ARG002 - the shape of a hook
        """Show who would be told what."""
        self._show(effect)

    def alarm(self, case: Case, effect: Effect) -> None:  # noqa: ARG002 - the shape of a hook
        """Show the alarm."""
        self._show(effect)

    def _send(self, digest: Digest) -> None:
        self._show(digest)

    def _guard(self, guard: Guard) -> _GuardHook:
        def hook(case: Case, event: str | None) -> Verdict:  # noqa: ARG001 - the shape of a guard
            if event is None:  # The engine only asks what would be possible: nobody is bothered.
                return Verdict(self._would_say)
            if self._before and self._before[0][0] == guard.name:
                verdict = self._before.pop(0)[1]
            else:
                is_yes = ask_yes(f"      ? {guard.title}")
                verdict = Verdict(is_yes, ask_text("        because", is_optional=True))
            self._said.append((guard.name, verdict))
            return verdict

        return hook

    def _action(self, action: Action) -> _ActionHook:
        def hook(case: Case, effect: Effect) -> str | None:  # noqa: ARG001 - the shape of an action
            self._show(effect)
            if not action.reports:
                return None
            titles = [self._words.event(name) for name in action.reports]
            try:
                return choose("      it reports", action.reports, titles=titles, is_optional=True)
            except Back:  # it was called: there is nothing to go back to
                return None

        return hook

    def _show(self, effect: Effect) -> None:
        show(f"      {mark('→', 'place')} {effect_text(self._words, effect)}")
