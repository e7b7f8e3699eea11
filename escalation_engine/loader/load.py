"""From a file to a chart: text, marked tree, merged tree, definition, chart, and every fault."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from escalation_engine.chart import Chart, ChartFaults, build_chart
from escalation_engine.definition import Process
from escalation_engine.errors import BadInput, DefinitionError, Finding, Mark
from escalation_engine.loader.content import folders_around, read_content
from escalation_engine.loader.faults import ReadingEnds
from escalation_engine.loader.file import File
from escalation_engine.loader.origins import Origins
from escalation_engine.loader.salvage import salvage
from escalation_engine.loader.taking import take_in
from escalation_engine.loader.tree import MarkedMap

__all__ = [
    "LANGUAGE",
    "Loaded",
    "check",
    "check_text",
    "load",
    "load_stored",
    "load_text",
    "read",
    "read_text",
]

LANGUAGE = 1
"""The version of the language that stored definitions are written in."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A chart, the merged definition that it was built from, and where each part was written.

    `taken` are the definitions of the track files that the process takes in, by track.
    """

    chart: Chart
    origins: Origins
    definition: Process
    taken: Mapping[str, Process]


def load(
    path: str | Path,
    *,
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> Chart:
    """Return the process that a YAML file describes, ready for an Engine.

    `parameters` bind the knobs of the process. What it extends and the track files that it takes in
    are looked for beside the file, in the folder above, then in the folders of `search`. Raises
    DefinitionError with all faults found.
    """
    return read(path, parameters=parameters, search=search).chart


def load_text(
    text: str | bytes,
    *,
    name: str = "<text>",
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> Chart:
    """Return the process that a YAML text describes; `name` stands for the file in messages.

    Raises DefinitionError with all faults found.
    """
    return read_text(text, name=name, parameters=parameters, search=search).chart


def read(
    path: str | Path,
    *,
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> Loaded:
    """Return what `load` returns, with the definition behind it and the place of each part."""
    return _found(*_look_at_file(path, parameters, search))


def read_text(
    text: str | bytes,
    *,
    name: str = "<text>",
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> Loaded:
    """Return what `load_text` returns, with the definition behind it and each part's place."""
    return _found(*_look_at_text(text, name, parameters, search))


def check(
    path: str | Path,
    *,
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> tuple[Chart | None, tuple[Finding, ...]]:
    """Return the chart of a file, or None, and all findings; never raises for its content."""
    loaded, findings = _look_at_file(path, parameters, search)
    return loaded.chart if loaded else None, findings


def check_text(
    text: str | bytes,
    *,
    name: str = "<text>",
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> tuple[Chart | None, tuple[Finding, ...]]:
    """Return the chart of a text, or None, and all findings; never raises for its content."""
    loaded, findings = _look_at_text(text, name, parameters, search)
    return loaded.chart if loaded else None, findings


def load_stored(source: str) -> Chart:
    """Return the chart of a stored definition, as `Chart.source` holds it.

    Its calendars were tried when it was published, on the holidays of that day: those that are
    installed now may have other names, and do not matter to it.
    """
    stored = json.loads(source)
    return build_chart(
        Process.model_validate(stored["definition"]),
        taken={name: Process.model_validate(text) for name, text in stored["taken"].items()},
        parameters=stored["parameters"],
        hash=_hash(source),
        source=source,
        passed_over=("E130",),
    )


def _found(loaded: Loaded | None, findings: tuple[Finding, ...]) -> Loaded:
    if loaded is None:
        raise DefinitionError(findings)
    return loaded


def _look_at_file(
    path: str | Path,
    parameters: Mapping[str, object] | None,
    search: Sequence[str | Path],
) -> tuple[Loaded | None, tuple[Finding, ...]]:
    _check_path(path)
    _check_arguments(parameters, search)
    try:
        text = read_content(Path(path))
    except OSError as error:
        problem = error.strerror or type(error).__name__
        finding = Finding("E100", f"the file cannot be read: {problem}", Mark(str(path), 1, 1))
        return None, (finding,)
    folders = (*folders_around(Path(path)), *map(Path, search))
    return _look_at_text(text, str(path), parameters, folders)


def _look_at_text(
    text: str | bytes,
    name: str,
    parameters: Mapping[str, object] | None,
    search: Sequence[str | Path],
) -> tuple[Loaded | None, tuple[Finding, ...]]:
    if not isinstance(text, (str, bytes)):
        raise BadInput("text", f"a {type(text).__name__} is not text", accepted="str or bytes")
    if not isinstance(name, str):
        raise BadInput("name", f"a {type(name).__name__} is not text", accepted="a str")
    _check_arguments(parameters, search)
    file = File(name)
    taken: dict[str, File] = {}
    loaded = None
    with suppress(ReadingEnds):
        folders = [Path(folder) for folder in search]
        file.read(text, folders)
        if file.definition is not None:
            take_in(file, folders, taken)
            if not any(part.faults.findings for part in (file, *taken.values())):
                loaded = _loaded(file, taken, dict(parameters or {}))
        elif file.tree is not None:
            _look_further(file, file.tree)
    parts = (file, *taken.values())
    return loaded, tuple(finding for part in parts for finding in part.faults.in_file_order())


def _check_path(path: object) -> None:
    if not isinstance(path, (str, Path)) or "\0" in str(path):
        raise BadInput("path", "is no path", accepted="a str without NUL, or a pathlib.Path")


def _check_arguments(parameters: object, search: object) -> None:
    """Raise BadInput for parameters and folders that are none."""
    if parameters is not None:
        accepted = "knob to a text, number, true or false"
        if not isinstance(parameters, Mapping) or not all(
            isinstance(key, str) for key in parameters
        ):
            raise BadInput("parameters", "is no mapping of names", accepted=accepted)
        try:
            json.dumps(dict(parameters), allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise BadInput("parameters", f"is not JSON: {error}", accepted=accepted) from None
    folders = (
        search if isinstance(search, Sequence) and not isinstance(search, (str, bytes)) else [0]
    )
    if not all(isinstance(one, (str, Path)) and "\0" not in str(one) for one in folders):
        raise BadInput("search", "is no list of folders", accepted="a list of str or pathlib.Path")


def _loaded(file: File, taken: Mapping[str, File], parameters: dict[str, object]) -> Loaded | None:
    assert file.definition is not None
    assert file.tree is not None
    trees = {name: part.tree for name, part in taken.items() if part.tree is not None}
    stored = {
        "language": LANGUAGE,
        "definition": file.tree,
        "taken": trees,
        "parameters": parameters,
    }
    source = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    definitions = {
        name: part.definition for name, part in taken.items() if part.definition is not None
    }
    try:
        chart = build_chart(
            file.definition,
            taken=definitions,
            parameters=parameters,
            hash=_hash(source),
            source=source,
        )
    except ChartFaults as found:
        for fault in found.faults:
            part = taken[fault.part] if fault.part else file
            part.add(fault)
        return None
    lines: dict[str, list[str]] = {}
    for part in (file, *taken.values()):
        lines |= {part.name: part.faults.lines, **part.faults.others}
    return Loaded(chart, Origins(file.tree, trees, lines), file.definition, definitions)


def _look_further(file: File, tree: MarkedMap) -> None:
    """Note the faults of a definition that has others in its form already, as far as they show."""
    left = salvage(tree)
    if left is None or any(track.process for track in left.definition.tracks.values()):
        return
    try:
        build_chart(left.definition, taken={}, parameters={}, hash="", source="")
    except ChartFaults as found:
        for fault in found.faults:
            if left.is_worth_telling(fault):
                file.add(fault)


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
