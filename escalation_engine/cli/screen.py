"""Printing: a line with some of its words marked, in colour on a terminal only."""

from __future__ import annotations

import os

import typer

__all__ = ["mark", "show"]

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
    return typer.style(text, **_STYLES[style])  # type: ignore[arg-type]  # options by name


def show(text: str = "") -> None:
    """Print a line; marks are dropped where it does not go to a terminal, or NO_COLOR is set."""
    typer.echo(text, color=False if os.environ.get("NO_COLOR") else None)
