"""A finding: what is wrong with a process, where, how to get there, and how all of that reads."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, TypeAlias

__all__ = ["Finding", "Mark", "PathStep", "Severity", "Styled", "plain", "wrapped"]

Styled: TypeAlias = Callable[[str, str], str]
"""Makes a text look like title, good, bad, warn, place or faint."""


class Severity(Enum):
    """How much a finding weighs: only an error keeps a definition from loading."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


_STYLES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFORMATION: "place"}


class Mark(NamedTuple):
    """A place in a file. Lines and columns count from 1, as editors show them."""

    file: str
    line: int
    column: int


class PathStep(NamedTuple):
    """One step of the way to a finding: what happens, who does it, and what it leads to.

    `states` maps each track to its leaf after the step, `changes` a field or count to its new value
    in words; `answers` are what the host says, `after` how much time passes first, in words. `mark`
    is where the process says what then happens.
    """

    what: str
    by: str = ""
    states: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    after: str = ""
    mark: Mark | None = None

    def told(self, before: dict[str, str]) -> str:
        """Return the step in words; `before` maps each track to its leaf before it."""
        moved = [leaf for track, leaf in self.states if before.get(track) != leaf]
        facts = ", ".join(f"{name} = {value}" for name, value in (*self.changes, *self.answers))
        after = f"after {self.after}: " if self.after else ""
        by = f" by {self.by}" if self.by else ""
        to = f" -> {', '.join(moved)}" if moved else ""
        return f"{after}{self.what}{by}{to}{f' ({facts})' if facts else ''}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a definition, at the place that caused it.

    `code` is stable (E1xx language, E2xx soundness, E3xx conditions, W4xx time, E5xx promises,
    W6xx style). `excerpt` is the line of the file, with a caret below the column, or empty. `path`
    is the shortest way to it, where there is one.
    """

    code: str
    message: str
    mark: Mark
    severity: Severity = Severity.ERROR
    hint: str = ""
    excerpt: str = ""
    path: tuple[PathStep, ...] = ()

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, styled: Styled | None = None, *, width: int | None = None) -> list[str]:
        """Return place, code and message, the line with a caret, what to do, and how to get there.

        Marked by `styled`, and wrapped to `width` columns where that is given.
        """
        styled, style = styled or plain, _STYLES[self.severity]
        file, line, column = self.mark
        first, *more = wrapped(f"{file}:{line}:{column}: {self.code} {self.message}", width, "  ")
        place, code, message = first.partition(f" {self.code} ")
        shown = f"{styled(place, 'title')} {styled(self.code, style)} {message}" if code else first
        text, _, caret = self.excerpt.partition("\n")
        lines = [shown, *more]
        lines += [text] if text else []
        lines += [styled(caret, style)] if caret else []
        return lines + self.advice(styled, width=width)

    def advice(self, styled: Styled | None = None, *, width: int | None = None) -> list[str]:
        """Return those of the lines that say what to do and how to get there."""
        styled, lines = styled or plain, []
        if self.hint:
            first, *more = wrapped(f"  hint: {self.hint}", width, "        ")
            lines = [f"  {styled('hint:', 'place')}{first.removeprefix('  hint:')}", *more]
        return lines + [styled(one, "faint") for one in self._path_lines(width)]

    def _path_lines(self, width: int | None) -> Iterator[str]:
        if self.path:
            steps = "1 step" if len(self.path) == 1 else f"{len(self.path)} steps"
            yield f"  how to get there ({steps}, no shorter way):"
        before: dict[str, str] = {}
        for number, step in enumerate(self.path, start=1):
            head = f"{number:>5}. "
            yield from wrapped(f"{head}{step.told(before)}", width, " " * len(head))
            before = dict(step.states)


def plain(text: str, style: str) -> str:  # noqa: ARG001 - what it stands for takes a style
    """Return the text as it is."""
    return text


def wrapped(text: str, width: int | None, indent: str) -> list[str]:
    """Return the lines of a text; after the first they are indented. Long words stay whole."""
    if width is None or len(text) <= width:
        return [text]
    return textwrap.wrap(
        text,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
