"""What a message says to one reader: the wording in their language, inside the host's frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from escalation_engine.core import Case, Notify
from escalation_engine.errors import BadInput

__all__ = ["Ask", "Letter", "address_for", "checked_frames", "letter"]

Ask = Callable[[Case, Notify], str | None]
"""A question to the host about the reader: an address, or a language."""

_TEXT = "{text}"


class Letter(NamedTuple):
    """The words for one reader. Without a subject of its own a message has its first line."""

    subject: str
    text: str


def letter(effect: Notify, *, language: str | None, frames: Mapping[str, str]) -> Letter:
    """Return the message in `language`, in the frame of that language if there is one.

    A language without a translation gets the message as it is written, in the frame of "".
    `de-AT` finds `de` where there is nothing nearer.
    """
    wordings = {"": (effect.subject, effect.text), **effect.translations}
    chosen = next(one for one in _nearest(language) if one in wordings)
    subject, text = wordings[chosen]
    frame = next((frames[one] for one in _nearest(chosen) if one in frames), _TEXT)
    first_line = text.strip().partition("\n")[0]
    return Letter(" ".join((subject or first_line).split()), frame.replace(_TEXT, text))


def address_for(case: Case, effect: Notify, address_of: Ask | None) -> str | None:
    """Return the address of the contact that is being tried, else the one that the host knows."""
    bound = [address for _, address in effect.contacts if address]
    if bound:
        return bound[0]
    return None if address_of is None else address_of(case, effect)


def checked_frames(frames: Mapping[str, str] | None) -> Mapping[str, str]:
    """Return the frames. Raises BadInput for one that leaves the text out."""
    for language, frame in (frames or {}).items():
        if _TEXT not in frame:
            what = f"frames[{language!r}]"
            raise BadInput(what, "it leaves the text out", accepted="a text with {text} in it")
    return dict(frames or {})


def _nearest(language: str | None) -> tuple[str, ...]:
    """The language, the same without its region, and the one that a message is written in."""
    return (language or "", (language or "").partition("-")[0], "")
