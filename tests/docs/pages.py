"""The pages of the documentation, cut into their fenced blocks.

An HTML comment on the line above a fence says what the block is for:
`<!-- not run -->` leaves it out, `<!-- file: NAME -->` makes it a file of the reader,
`<!-- output -->` is what the Python before it printed, `<!-- typed: A | B -->` is typed into the
command, and `<!-- faulty -->` in front of any of these says that the process does not load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]

FENCE = re.compile(
    r"^(?:<!-- (?P<marker>[^\n]+?) -->\n+)?"
    r"```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```[ ]*$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page; `line` is where its text starts."""

    page: Path
    language: str
    marker: str
    text: str
    line: int

    @property
    def file(self) -> str:
        """The name of the file that the reader makes of it, or nothing."""
        return self.after("file: ")

    @property
    def is_faulty(self) -> bool:
        """The process in it is meant not to load."""
        return self.marker.startswith("faulty")

    def after(self, word: str) -> str:
        """What the marker says behind a word, or nothing."""
        return self.marker.partition(word)[2]


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page that are not left out."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        marker = found["marker"] or ""
        if marker != "not run":
            yield Block(page, found["language"], marker, found["text"], line)


def named(page: Path) -> str:
    """The page as the tests call it."""
    return str(page.relative_to(ROOT))
