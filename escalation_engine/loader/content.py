"""Read what is in files: only regular ones, and the first of a name along a search path."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from errno import EINVAL
from pathlib import Path

__all__ = ["first_content", "folders_around", "read_content"]


def first_content(name: str, folders: Sequence[Path]) -> tuple[bytes | None, Path]:
    """Return the content of the first file of that name that can be read, and its path."""
    for folder in folders:
        with suppress(OSError):
            return read_content(folder / name), folder / name
    return None, Path(name)


def folders_around(path: Path) -> tuple[Path, Path]:
    """Return the folder that a file stands in, and the folder above: tailorings stand deeper."""
    folder = path.parent
    above = folder / ".." if folder.name in ("", "..") else folder.parent
    return folder, above


def read_content(path: Path) -> bytes:
    """Return the content of a regular file: a pipe without a writer would never end."""
    if path.exists() and not path.is_file():
        raise OSError(EINVAL, "it is not a regular file")
    return path.read_bytes()
