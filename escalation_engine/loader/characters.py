"""Read a file's bytes as text: UTF-8, of bounded size, without characters that nobody sees.

Done before the parser sees anything, since a text may be hostile.
"""

from __future__ import annotations

import re
from typing import Final

from escalation_engine.errors import Mark
from escalation_engine.loader.faults import Faults, ReadingEnds

__all__ = ["MAX_DIRECTIVES", "MAX_FILE_BYTES", "readable"]

MAX_FILE_BYTES: Final = 1024 * 1024  # of UTF-8
MAX_DIRECTIVES: Final = 16  # lines that begin with %: libyaml's time for them is quadratic

_LOOKED_AT: Final = 4096
_ODD_AT_MOST: Final = 20  # of the characters looked at; with more it is no text at all

# The characters that YAML 1.2.2 (5.1) lets a file hold, without those that are invisible or that
# libyaml counts as line breaks where editors do not: U+0085, U+2028, U+2029, U+FEFF.
_NOT_ALLOWED: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def readable(text: str | bytes, faults: Faults) -> str:
    """The text without its byte order mark, kept in `faults` for its excerpts.

    Raises ReadingEnds when it is too large, or holds what is not allowed.
    """
    start = Mark(faults.file, 1, 1)
    if len(text) > MAX_FILE_BYTES or (
        isinstance(text, str) and len(text.encode(errors="surrogatepass")) > MAX_FILE_BYTES
    ):
        raise faults.end("E104", f"the file is larger than {MAX_FILE_BYTES} bytes", start)
    if isinstance(text, bytes):
        text = text.decode(errors="surrogateescape")  # a wrong byte is found as U+DC80 to U+DCFF
    faults.text = text = text.removeprefix("\ufeff")
    if _NOT_ALLOWED.search(text):
        if len(_NOT_ALLOWED.findall(text[:_LOOKED_AT])) > _ODD_AT_MOST:
            hint = "save it as a text in UTF-8"
            raise faults.end("E109", "this is not a text file in UTF-8", start, hint)
        _report_characters(faults)
        raise ReadingEnds
    if text.startswith("%") + text.count("\n%") + text.count("\r%") > MAX_DIRECTIVES:
        message = f"more than {MAX_DIRECTIVES} lines begin with %"
        raise faults.end("E104", message, start, "put a text that begins with % in quotes")
    return text


def _report_characters(faults: Faults) -> None:
    for number, line in enumerate(faults.lines, start=1):
        for match in _NOT_ALLOWED.finditer(line):
            point = ord(match.group())
            message = f"the character U+{point:04X} is not allowed"
            hint = f'remove it, or write it as "\\u{point:04X}" in double quotes'
            if 0xDC80 <= point <= 0xDCFF:  # PEP 383
                message = f"the byte 0x{point - 0xDC00:02X} is not UTF-8"
                hint = "save the file as UTF-8"
            elif 0xD800 <= point <= 0xDFFF:
                hint = "remove it: half of a surrogate pair is no character"
            faults.add("E109", message, Mark(faults.file, number, match.start() + 1), hint)
