"""Say where a text stops being YAML, and what its author may have meant.

The hints read the messages of libyaml, which says what its scanner missed and not what was meant.
"""

from __future__ import annotations

import re
from typing import Final

from yaml.error import YAMLError

from escalation_engine.errors import Mark
from escalation_engine.loader.faults import Faults

__all__ = ["report_syntax"]

_QUOTE_START: Final = "put a text that begins with {0} in quotes"

# The first fragment that libyaml's message contains decides; {0} is the character at the fault.
_SYNTAX_HINTS: Final = (
    ("a tab character", "indent with spaces, not with tabs"),
    ("scanning an alias", "an unquoted * begins an alias: put a text such as '***' in quotes"),
    (
        "scanning an anchor",
        "an unquoted & begins an anchor: put a text that begins with & in quotes",
    ),
    ("cannot start any token", _QUOTE_START),
    (
        "mapping keys are not allowed",
        "an unquoted ? begins a key: put a text such as '?' in quotes",
    ),
    (
        "mapping values are not allowed",
        "put a text that contains ': ' in quotes; otherwise check the indentation of this line",
    ),
    (
        "sequence entries are not allowed",
        "begin a list on a line of its own; put a text that begins with '- ' in quotes",
    ),
    ("scanning a tag", "an unquoted ! begins a tag: put a text that begins with ! in quotes"),
    ("undefined tag handle", "an unquoted ! begins a tag: put a text that begins with ! in quotes"),
    ("scanning a block scalar", "put a text that begins with | or > in quotes"),
    ("directive", "put a text that begins with % in quotes; %YAML 1.2 is the only directive"),
    ("incompatible YAML", "the language is YAML 1.2: remove the %YAML line"),
    ("unexpected end of stream", "the quote that opens here is never closed"),
    ("document indicator", "the quote that opens here is never closed"),
    (
        "escape",
        "in double quotes \\ begins an escape: write \\\\, or use single quotes",
    ),
    ("could not find expected ':'", "end a key with ':'; indent further lines of a text deeper"),
    (
        "parsing a flow",
        (
            "close each [ with ] and each { with }, and separate items with ','; or this is a text "
            "with one of [ ] { } , or ': ' in it: put it in quotes"
        ),
    ),
    ("expected node content", _QUOTE_START),
    (
        "did not find expected key",
        (
            "check the indentation; a text that begins with [ { \" or ' ends where that closes: "
            "put the whole text in quotes"
        ),
    ),
    ("expected '-' indicator", "begin each item with '- ', all at the same column"),
    ("<document start>", "nothing may follow the end of the document"),
)


_MENDED_WHERE_IT_BEGINS: Final = re.compile(
    r"an alias|an anchor|a directive|a simple key|unexpected end of stream"
)


def report_syntax(error: YAMLError, faults: Faults) -> None:
    """Add libyaml's fault as E101, at the place that an author would look at."""
    problem = getattr(error, "problem", None) or str(error)
    context = getattr(error, "context", None) or ""
    found, begun = _place(error, "problem_mark", faults), _place(error, "context_mark", faults)
    message = f"this is not YAML: {problem}"
    if context and begun != found:
        message += f", {context} that begins at line {begun.line}, column {begun.column}"
    place = begun if _MENDED_WHERE_IT_BEGINS.search(f"{context} {problem}") else found
    line = faults.lines[place.line - 1] if place.line <= len(faults.lines) else ""
    character = line[place.column - 1 : place.column]
    faults.add("E101", message, place, _syntax_hint(f"{context}; {problem}", character))


def _place(error: YAMLError, name: str, faults: Faults) -> Mark:
    """The place of one of the error's marks; at the end of a file, behind its last word."""
    mark = getattr(error, name, None)
    if mark is None:
        return Mark(faults.file, 1, 1)
    if any(line.strip() for line in faults.lines[mark.line :]):
        return Mark(faults.file, mark.line + 1, mark.column + 1)
    last = max((i for i, line in enumerate(faults.lines) if line.strip()), default=0)
    return Mark(faults.file, last + 1, len(faults.lines[last].rstrip()) + 1)


def _syntax_hint(problem: str, character: str) -> str:
    """What an author may do about a syntax fault of libyaml; empty when nothing is known.

    `problem` is libyaml's whole message, `character` the one at the fault (empty at a line's end).
    """
    if character == "\t":
        return "indent with spaces, not with tabs"
    for fragment, hint in _SYNTAX_HINTS:
        if fragment in problem:
            return hint.format(character or "such a character") if "{0}" in hint else hint
    return ""
