"""Processes with faults of soundness planted (soundness.txt), each in three shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

__all__ = ["LINTS", "SHAPES", "Planted", "all_planted"]

LINTS = frozenset(["I303", "I304", "W601", "W603", "W604", "W605", "W606"])
"""What is said of how a process is written, which has tests of its own."""

PLACE = "▶"
SHAPES = ("flat", "ladder", "tracks")

_HEAD = "process: planted\nversion: 1\ntitle: A fault is planted\n"
_DONE = "  done: {kind: end, outcome: done}\n"
_LADDER = """\
  help:
    levels: {first: {title: First}, second: {title: Second}}
    each_level:
      timers: {box: {after: 3 hours, send: escalate}}
      on: {escalate: {to: next_level}}
    after_last_level: a
"""
_SIDE = """\
  side:
    start: resting
    states:
      resting: {kind: idle, on: {call: {to: busy}}}
      busy: {on: {answered: {to: resting}}}
"""
_BLOCK = re.compile(
    r"^=== (?P<codes>(?:[A-Z]\d+ )+)(?P<claim>.*?)(?P<whole> \(process\))?\n"
    r"(?P<top>(?:(?!states:).+\n)*)states:\n(?P<states>(?: .*\n)+)"
    r"(?:path:(?P<path>.*)\n)?(?:also: (?P<also>.*)\n)?",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Planted:
    """A process, and what is to be found: each code with its place, and the way to the first."""

    claim: str
    shape: str
    text: str
    found: tuple[tuple[str, int, int], ...]
    path: tuple[str, ...] | None
    also: frozenset[str]

    def __str__(self) -> str:
        """Return a name for the test."""
        return f"{' '.join(code for code, _, _ in self.found)} {self.claim}: {self.shape}"


def all_planted() -> Iterator[Planted]:
    """Yield every block of soundness.txt in each shape."""
    written = Path(__file__).with_name("soundness.txt").read_text(encoding="utf-8")
    for block in _BLOCK.finditer(written):
        for shape in SHAPES:
            yield _planted(block, shape)


def _planted(block: re.Match[str], shape: str) -> Planted:
    marked = _in_shape(shape, block["top"], block["states"] + _DONE)
    if block["whole"]:
        marked = PLACE + marked.replace("  done:", f"  {PLACE}done:")
    text, places = _unmarked(marked)
    way = None
    if block["path"] is not None:
        steps = [step.strip() for step in block["path"].split(",") if step.strip()]
        way = ("open", *(["escalate"] * 2 if shape == "ladder" else []), *steps)
    codes = block["codes"].split()
    found = tuple((code, *place) for code, place in zip(codes, places, strict=True))
    also = frozenset((block["also"] or "").split())
    return Planted(block["claim"], shape, text, found, way, also)


def _in_shape(shape: str, top: str, states: str) -> str:
    if shape == "flat":
        return f"{_HEAD}{top}opens: {{open: {{to: a}}}}\nstates:\n{states}"
    if shape == "ladder":
        return f"{_HEAD}{top}opens: {{open: {{to: help}}}}\nstates:\n{_LADDER}{states}"
    main = indent(f"opens: {{open: {{to: a}}}}\nstates:\n{states}", "    ")
    return f"{_HEAD}{top}tracks:\n  main:\n{main}{_SIDE}"


def _unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    places = []
    lines = marked.split("\n")
    for index, line in enumerate(lines):
        while PLACE in lines[index]:
            places.append((index + 1, lines[index].index(PLACE) + 1))
            lines[index] = lines[index].replace(PLACE, "", 1)
        del line
    return "\n".join(lines), places
