"""What every code means, why it matters, and a small process that has it, with what mends that.

Each code has a page in `explained/`: paragraphs, then a `diff` block of whole files. A line that
begins with `-` is at fault, one with `+` mends it; `# file: NAME` begins another file, and the last
is the one that is checked. The reference and `--explain` show these pages; a test checks them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from escalation_engine import loader
from escalation_engine.errors import Severity
from escalation_engine.verify.codes import CODES, severity_of

__all__ = ["ALL_CODES", "Explained", "explained"]

ALL_CODES: Final = {**loader.CODES, **CODES}
"""Every code that a finding can have, with its title: those of the loader, then of the proof."""

_FILE: Final = "# file: "
_CHECKED: Final = "example.yaml"


@dataclass(frozen=True, slots=True)
class Explained:
    """A code with its explanation; `example` are the lines of a difference, or empty."""

    code: str
    title: str
    paragraphs: tuple[str, ...]
    example: tuple[str, ...]

    @property
    def severity(self) -> Severity:
        """How much a finding with this code weighs."""
        return severity_of(self.code)

    def faulty(self) -> dict[str, str]:
        """Return the files of the example as they are at fault; the last is to be checked."""
        return dict(self._files("-"))

    def mended(self) -> dict[str, str]:
        """Return the files of the example as they are right."""
        return dict(self._files("+"))

    def _files(self, kept: str) -> Iterator[tuple[str, str]]:
        name, lines = _CHECKED, list[str]()
        for line in self.example:
            if line[1:].startswith(_FILE):
                if lines:
                    yield name, "".join(lines)
                name, lines = line[1:].removeprefix(_FILE), []
            elif line[0] in (" ", kept):
                lines.append(f"{line[1:]}\n")
        yield name, "".join(lines)


@cache
def explained(code: str) -> Explained | None:
    """Return what a code means; None where there is no such code."""
    if code not in ALL_CODES:
        return None
    page = files(__package__).joinpath("explained", f"{code}.md").read_text(encoding="utf-8")
    said, _, example = page.partition("```diff\n")
    paragraphs = tuple(" ".join(one.split()) for one in said.split("\n\n") if one.strip())
    lines = example.partition("```")[0].splitlines()
    return Explained(code, ALL_CODES[code], paragraphs, tuple(line or " " for line in lines))
