"""Take in track files: find what `tracks: {NAME: {process: FILE@VERSION}}` names, and read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from escalation_engine.chart import ChartFault
from escalation_engine.definition import Process
from escalation_engine.loader.content import first_content, folders_around
from escalation_engine.loader.file import File

__all__ = ["take_in"]


def take_in(file: File, folders: Sequence[Path], taken: dict[str, File]) -> None:
    """Read the track files that a process takes in; what cannot be taken in is noted."""
    assert file.definition is not None
    for name, track in file.definition.tracks.items():
        if track.process is None:
            continue
        wanted, _, version = track.process.partition("@")
        at = ("tracks", name, "process")
        text, path = first_content(f"{wanted}.yaml", folders)
        if text is None:
            looked = ", ".join(str(folder) for folder in folders) or "nowhere"
            hint = f"looked in {looked}; put the file beside this one, or name its folder"
            file.add(ChartFault("E124", f"there is no file {wanted}.yaml", at, hint))
            continue
        part = taken[name] = File(str(path))
        part.read(text, (*folders_around(path), *folders))
        if part.definition is not None:
            for problem, hint in _misfits(wanted, version, part.definition):
                file.add(ChartFault("E124", f"`{wanted}` {problem}", at, hint))


def _misfits(name: str, version: str, definition: Process) -> Iterator[tuple[str, str]]:
    """What keeps a definition from being taken in as a track, each with a hint."""
    if definition.kind != "track":
        yield "is not made to be taken in", f"write `kind: track` in {name}.yaml"
    if version and str(definition.version) != version:
        yield (
            f"is at version {definition.version}, not {version}",
            f"write {name}@{definition.version}",
        )
    if definition.tracks:
        yield "has tracks of its own", "a track file has `states:` and no `tracks:`"
