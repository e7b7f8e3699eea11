"""Questions to the person at the terminal, or to a pipe: texts, choices, typed values."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from escalation_engine.chart.model import Field
from escalation_engine.cli.screen import show

__all__ = ["Back", "Quit", "ask", "ask_text", "ask_value", "ask_yes", "choose"]

_YES = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}


class Back(Exception):
    """The person does not want to go on with this question."""


class Quit(BaseException):  # as KeyboardInterrupt: no hook's `except Exception` may swallow it
    """The person, or the pipe, has nothing more to say."""


def ask(question: str) -> str:
    """Return one line. `:b` raises Back, `:q` and the end of the input raise Quit."""
    try:
        answer = input(f"{question} ").strip()
    except EOFError:
        show()
        raise Quit from None
    if answer in (":b", ":back"):
        raise Back
    if answer in (":q", ":quit"):
        raise Quit
    return answer


def ask_text(question: str, *, is_optional: bool = False) -> str:
    """Return a text; asked again while it is empty, unless it is optional."""
    while True:
        answer = ask(f"{question}{' (Enter: none)' if is_optional else ''}:")
        if answer or is_optional:
            return answer


def ask_yes(question: str) -> bool:
    """Return whether the answer is yes."""
    while True:
        answer = ask(f"{question} [y/n]").lower()
        if answer in _YES:
            return _YES[answer]
        _leave(answer)


def choose(
    question: str, choices: Sequence[str], *, titles: Sequence[str] = (), is_optional: bool = False
) -> str | None:
    """Return one of the choices, by its number or its name; None for Enter where it is optional."""
    for number, choice in enumerate(choices, start=1):
        title = titles[number - 1] if titles else choice
        show(f"  {number:>2}  {title}")
    while True:
        answer = ask(f"{question}{' (Enter: none)' if is_optional else ''}:")
        if not answer and is_optional:
            return None
        if answer in choices:
            return answer
        if answer.isdecimal() and 0 < int(answer) <= len(choices):
            return choices[int(answer) - 1]
        _leave(answer)
        show(f"      a number from 1 to {len(choices)}, b for back, q to quit")


def ask_value(field: Field, *, is_optional: bool, misfit: Callable[[Field, object], str]) -> object:
    """Return a value for the field that fits it; None for Enter where it is optional.

    `misfit` says why a value does not fit, which is then asked for again.
    """
    title = field.title or field.name
    if field.domain.values:
        values = {_shown(value): value for value in field.domain.values}
        chosen = choose(title, list(values), is_optional=is_optional)
        return None if chosen is None else values[chosen]
    read, hint = _READERS.get(field.type, (str, ""))
    while True:
        answer = ask_text(f"{title}{hint}", is_optional=is_optional)
        if not answer:
            return None
        try:
            value = read(answer)
        except (ValueError, KeyError):
            show(f"      that is not a value for it{hint}")
            continue
        problem = misfit(field, value)
        if not problem:
            return value
        show(f"      that {problem}")


def _leave(answer: str) -> None:
    if answer in ("b", "back"):
        raise Back
    if answer in ("q", "quit"):
        raise Quit


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


_READERS: dict[str, tuple[Callable[[str], object], str]] = {
    "integer": (int, " (a whole number)"),
    "number": (float, " (a number)"),
    "boolean": (lambda answer: _YES[answer.lower()], " (yes or no)"),
    "array": (json.loads, " (a JSON list)"),
    "object": (json.loads, " (a JSON object)"),
    "date": (str, " (such as 2026-04-02)"),
    "instant": (str, " (such as 2026-04-02T15:00:00Z)"),
    "duration": (str, " (such as 4 working hours)"),
    "person": (str, " (a name)"),
}
