"""Instants as text and back: UTC at a fixed width, so that the order of text is that of time."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["instant_from", "instant_text", "maybe_from", "maybe_text"]

instant_from = datetime.fromisoformat


def instant_text(at: datetime) -> str:
    """Return "2026-06-11T09:00:00.000000Z": UTC at a fixed width, so text order is time order."""
    if at.tzinfo is not UTC:
        assert at.tzinfo is not None, "an instant without a time zone is none"
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")[:-6] + "Z"


def maybe_text(at: datetime | None) -> str | None:
    """Return the instant's text, or None for none."""
    return None if at is None else instant_text(at)


def maybe_from(text: str | None) -> datetime | None:
    """Return the instant of the text, or None for none."""
    return None if text is None else instant_from(text)
