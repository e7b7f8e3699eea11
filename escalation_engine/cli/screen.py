"""Printing: a line with some of its words marked, in colour on a terminal only."""

from __future__ import annotations

import os
import re
import shutil
import sys

import typer

__all__ = ["complain", "mark", "show", "visible", "width"]

_STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True},
    "good": {"fg": "green", "bold": True},
    "bad": {"fg": "red", "bold": True},
    "warn": {"fg": "yellow", "bold": True},
    "place": {"fg": "cyan"},
    "faint": {"dim": True},
}


def mark(text: str, style: str) -> str:
    """Return the text marked as title, good, bad, warn, place or faint."""
    return typer.style(visible(text), **_STYLES[style])  # type: ignore[arg-type]  # options by name


def visible(text: str) -> str:
    """Return the text with what steers a terminal or breaks a line written out, as `\\x1b`."""
    return text if text.isascii() and text.isprintable() else _STEERS.sub(_written_out, text)


# Control characters, line separators, and what turns the direction of writing.
_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_OURS = re.compile("([\n\t]|\x1b\\[(?:0|1|2|31|32|33|36)m)")


def _written_out(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def show(text: str = "") -> None:
    """Print a line; marks are dropped where it does not go to a terminal, or NO_COLOR is set.

    What steers a terminal and is no mark is written out. Lines are kept apart: who prints what
    somebody else wrote within a line takes `visible`.
    """
    typer.echo(_harmless(text), color=_in_colour())


def width() -> int | None:
    """Return the columns of the terminal, and None where lines go elsewhere and stay whole."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def complain(text: str) -> None:
    """Print to stderr, written out and marked as `show` does."""
    typer.echo(_harmless(text), err=True, color=_in_colour())


def _harmless(text: str) -> str:
    parts = _OURS.split(text)
    return "".join(part if number % 2 else visible(part) for number, part in enumerate(parts))


def _in_colour() -> bool | None:
    """Not at all with NO_COLOR, else where it goes to a terminal."""
    return False if os.environ.get("NO_COLOR") else None
