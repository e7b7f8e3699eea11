"""Files as programs beside us name them: from the working directory, with `/`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

__all__ = ["relative_uri"]


def relative_uri(file: str, *, is_quoted: bool = True) -> str:
    """Return a file as seen from here, or as a `file:` URI where it lies elsewhere."""
    path = Path.cwd() / file
    here = Path.cwd()
    if path.is_relative_to(here):
        found = path.relative_to(here).as_posix()
        return quote(found) if is_quoted else found
    return path.as_uri() if is_quoted else path.as_posix()
