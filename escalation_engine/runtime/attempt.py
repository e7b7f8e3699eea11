"""One attempt to deliver an effect: the call of the host, and how it went."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, ParamSpec

__all__ = ["PROBLEM_CHARACTERS", "Delivered", "Failed", "Outcome", "called", "told"]

Given = ParamSpec("Given")
PROBLEM_CHARACTERS = 1000
"""How much of a problem is kept."""


class Delivered(NamedTuple):
    """It is done. A `problem` says what nobody can mend by trying again."""

    problem: str = ""


class Failed(NamedTuple):
    """It is not done; with `is_hopeless` trying again would not change that."""

    problem: str
    is_hopeless: bool = False


Outcome = Delivered | Failed


def called(
    handler: Callable[Given, object], *args: Given.args, **kwargs: Given.kwargs
) -> object | Failed:
    """Return what the host's handler returns, or Failed with the error that it raised."""
    try:
        return handler(*args, **kwargs)
    except Exception as error:  # noqa: BLE001  the shell's edge: recorded in outbox and journal
        return Failed(told(error))


def told(error: Exception) -> str:
    """Return type and message of an error, in a length and in characters that any store takes."""
    text = f"{type(error).__name__}: {error}".replace("\0", "")
    return text.encode(errors="replace").decode()[:PROBLEM_CHARACTERS]
