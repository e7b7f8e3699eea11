"""Every answer that a host can give to one input: guards, the directory, calendars.

A script of choices stands in for the host. What the script does not say yet is answered with the
first choice and noted, so that the next script can take the second: each run is one way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from escalation_engine.chart.model import Chart
from escalation_engine.core import (
    Answer,
    Case,
    Decision,
    Found,
    GuardQuestion,
    HolderQuestion,
    Input,
    InstantQuestion,
    Question,
    Refusal,
    Unavailable,
    Verdict,
    decide,
)
from escalation_engine.verify.epoch import EPOCH

__all__ = ["Answered", "Script", "every_way"]

_YES_NO: tuple[Answer, ...] = (Verdict(True), Verdict(False))
_SOMEBODY: tuple[Answer, ...] = (Found(None),)

Answered = tuple[tuple[Question, Answer], ...]
"""What the host has answered on one way, in the order in which it was asked."""


class Script(dict[Any, Any]):
    """Answers that are found when they are asked for: by the choices made, then by the first.

    `people` are the persons that a directory may name; none where persons make no difference.
    `refusing` are the roles of which it matters that nobody may be there.
    """

    def __init__(
        self, choices: list[int], people: tuple[str, ...], refusing: frozenset[str]
    ) -> None:
        super().__init__()
        self._refusing = refusing
        self._choices = choices
        self._people = people
        self.said: dict[Question, Answer] = {}
        self.widths: list[int] = []

    def get(self, question: Any, default: Any = None) -> Any:
        """Return the answer to a question, the same whenever it is asked again."""
        if question in self.said:
            return self.said[question]
        possible = self._possible(question)
        if not possible:
            return default
        turn = len(self.widths)
        if len(possible) > 1:
            self.widths.append(len(possible))
            chosen = possible[self._choices[turn] if turn < len(self._choices) else 0]
        else:
            chosen = possible[0]
        self.said[question] = chosen
        return chosen

    def _possible(self, question: Question) -> tuple[Answer, ...]:
        match question:
            case GuardQuestion():
                return _YES_NO
            case HolderQuestion(role=role):
                found = tuple(map(Found, self._people)) or _SOMEBODY
                # Nobody there makes a difference only where that refuses: the role holds it else.
                return (*found, Unavailable()) if role in self._refusing else found
            case InstantQuestion(about="during"):
                return _YES_NO
            case _:
                return ()


def every_way(
    chart: Chart,
    case: Case,
    input: Input,
    *,
    people: tuple[str, ...] = (),
    refusing: frozenset[str] = frozenset(),
) -> Iterator[tuple[Decision | Refusal, Answered]]:
    """Yield what becomes of an input for every combination of answers that it asks for."""
    choices: list[int] | None = []
    while choices is not None:
        script = Script(choices, people, refusing)
        found = decide(chart, case, input, now=EPOCH, answers=script)
        assert isinstance(found, (Decision, Refusal)), "a script answers every question"
        yield found, tuple(script.said.items())
        choices = _next(choices, script.widths)


def _next(choices: list[int], widths: list[int]) -> list[int] | None:
    """Return the next combination, as an odometer counts; None after the last."""
    digits = [*choices[: len(widths)], *[0] * (len(widths) - len(choices))]
    while digits:
        digits[-1] += 1
        if digits[-1] < widths[len(digits) - 1]:
            return digits
        digits.pop()
    return None
