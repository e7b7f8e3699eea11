"""Processes with one fault planted in each (planted.txt), and where it is to be found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BASES", "Planted", "all_planted", "in_process", "unmarked"]

BASES = Path(__file__).with_name("bases")
"""Where the processes stand that tailorings with faults extend."""

_PLACE = "▶"
_BELL = "␇"
_HEAD = "process: p\nversion: 1\ntitle: A process\nstart: a\n"
_BLOCK = re.compile(
    r"^=== (?P<code>E\d+) (?P<claim>.*?)(?P<alone> \(alone\))?\n"
    r"(?P<text>(?:.*\n)*?)"
    r"says: (?P<says>.*)\n"
    r"(?:hint: (?P<hint>.*)\n)?",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Planted:
    """A marked text, the code of its only fault, and parts of the message and the hint."""

    claim: str
    code: str
    text: str
    says: str
    hint: str


def all_planted() -> Iterator[Planted]:
    """Yield every block of planted.txt."""
    written = Path(__file__).with_name("planted.txt").read_text(encoding="utf-8")
    for found in _BLOCK.finditer(written):
        text = found["text"].replace(_BELL, "\a")
        if not found["alone"] and not re.search(r"^▶?(process: p|tailoring:)", text):
            text = in_process(text)
        yield Planted(found["claim"], found["code"], text, found["says"], found["hint"] or "")


def in_process(rest: str) -> str:
    """Return a process that opens in state `a`; `rest` holds its states and all else."""
    return _HEAD + rest.lstrip("\n")


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text without its marks, and the line and column of each mark."""
    places = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        while _PLACE in line:
            places.append((number, line.index(_PLACE) + 1))
            line = line.replace(_PLACE, "", 1)  # noqa: PLW2901 - one mark after the other
        lines[number - 1] = line
    return "\n".join(lines), places
