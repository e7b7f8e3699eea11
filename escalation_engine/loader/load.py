"""From a file to a chart: text, marked tree, merged tree, definition, chart, and every fault."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from errno import EINVAL
from pathlib import Path

from escalation_engine.chart import Chart, ChartFault, ChartFaults, build_chart
from escalation_engine.definition import Process
from escalation_engine.errors import BadInput, DefinitionError, Finding, Mark
from escalation_engine.loader.faults import Faults, ReadingEnds
from escalation_engine.loader.inside import place_inside
from escalation_engine.loader.merge import complete_levels
from escalation_engine.loader.salvage import salvage
from escalation_engine.loader.tree import MarkedMap, locate, locate_name, reach
from escalation_engine.loader.validate import validate
from escalation_engine.loader.yaml import parse_into

__all__ = ["LANGUAGE", "check", "check_text", "load", "load_stored", "load_text"]

LANGUAGE = 1
"""The version of the language that stored definitions are written in."""


def load(
    path: str | Path,
    *,
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> Chart:
    """Return the process that a YAML file describes, ready for an Engine.

    `parameters` bind the knobs of the process. Track files that it takes in are looked for beside
    the file, then in the folders of `search`. Raises DefinitionError with all faults found.
    """
    chart, findings = check(path, parameters=parameters, search=search)
    if chart is None:
        raise DefinitionError(findings)
    return chart


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
    chart, findings = check_text(text, name=name, parameters=parameters, search=search)
    if chart is None:
        raise DefinitionError(findings)
    return chart


def check(
    path: str | Path,
    *,
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> tuple[Chart | None, tuple[Finding, ...]]:
    """Return the chart of a file, or None, and all findings; never raises for its content."""
    _check_path(path)
    _check_arguments(parameters, search)
    try:
        text = _read(Path(path))
    except OSError as error:
        problem = error.strerror or type(error).__name__
        finding = Finding("E100", f"the file cannot be read: {problem}", Mark(str(path), 1, 1))
        return None, (finding,)
    folders = (Path(path).parent, *map(Path, search))
    return check_text(text, name=str(path), parameters=parameters, search=folders)


def check_text(
    text: str | bytes,
    *,
    name: str = "<text>",
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> tuple[Chart | None, tuple[Finding, ...]]:
    """Return the chart of a text, or None, and all findings; never raises for its content."""
    if not isinstance(text, (str, bytes)):
        raise BadInput("text", f"a {type(text).__name__} is not text", accepted="str or bytes")
    if not isinstance(name, str):
        raise BadInput("name", f"a {type(name).__name__} is not text", accepted="a str")
    _check_arguments(parameters, search)
    file = _File(name)
    taken: dict[str, _File] = {}
    chart = None
    with suppress(ReadingEnds):
        file.read(text)
        if file.definition is not None:
            _take_in(file, [Path(folder) for folder in search], taken)
            if not any(part.faults.findings for part in (file, *taken.values())):
                chart = _chart(file, taken, dict(parameters or {}))
        elif file.tree is not None:
            _look_further(file, file.tree)
    parts = (file, *taken.values())
    return chart, tuple(finding for part in parts for finding in part.faults.in_file_order())


def load_stored(source: str) -> Chart:
    """Return the chart of a stored definition, as `Chart.source` holds it."""
    stored = json.loads(source)
    return build_chart(
        Process.model_validate(stored["definition"]),
        taken={name: Process.model_validate(text) for name, text in stored["taken"].items()},
        parameters=stored["parameters"],
        hash=_hash(source),
        source=source,
    )


@dataclass(slots=True)
class _File:
    """One file on its way: its faults, its merged tree, and what it defines."""

    name: str
    faults: Faults = field(init=False)
    tree: MarkedMap | None = None
    definition: Process | None = None

    def __post_init__(self) -> None:
        self.faults = Faults(self.name)

    def read(self, text: str | bytes) -> None:
        """Parse, merge and validate the text. Raises ReadingEnds after too many faults."""
        tree = parse_into(self.faults, text)
        if tree is not None:
            self.tree = complete_levels(tree, self.faults)
            self.definition = validate(self.tree, self.faults)

    def add(self, fault: ChartFault) -> None:
        """Note a fault of the chart at its place. Raises ReadingEnds after too many faults."""
        assert self.tree is not None
        mark = (locate_name if fault.at_key else locate)(self.tree, fault.path)
        if fault.offset is not None:
            value = fault.path[-1] if fault.at_key else reach(self.tree, fault.path)
            if isinstance(value, str):
                mark = place_inside(self.faults.lines, mark, value, fault.offset)
        self.faults.add(fault.code, fault.message, mark, fault.hint)


def _take_in(file: _File, folders: Sequence[Path], taken: dict[str, _File]) -> None:
    """Read the track files that a process takes in; what cannot be taken in is noted."""
    assert file.definition is not None
    for name, track in file.definition.tracks.items():
        if track.process is None:
            continue
        wanted, _, version = track.process.partition("@")
        at = ("tracks", name, "process")
        text, path = _text_of(f"{wanted}.yaml", folders)
        if text is None:
            looked = ", ".join(str(folder) for folder in folders) or "nowhere"
            hint = f"looked in {looked}; put the file beside this one, or name its folder"
            file.add(ChartFault("E124", f"there is no file {wanted}.yaml", at, hint))
            continue
        part = taken[name] = _File(str(path))
        part.read(text)
        if part.definition is not None:
            for problem, hint in _misfits(wanted, version, part.definition):
                file.add(ChartFault("E124", f"`{wanted}` {problem}", at, hint))


def _text_of(name: str, folders: Sequence[Path]) -> tuple[bytes | None, Path]:
    """The content of the first file of that name that can be read."""
    for folder in folders:
        with suppress(OSError):
            return _read(folder / name), folder / name
    return None, Path(name)


def _read(path: Path) -> bytes:
    """The content of a regular file: a pipe without a writer would be waited for without end."""
    if path.exists() and not path.is_file():
        raise OSError(EINVAL, "it is not a regular file")
    return path.read_bytes()


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


def _chart(file: _File, taken: Mapping[str, _File], parameters: dict[str, object]) -> Chart | None:
    stored = {
        "language": LANGUAGE,
        "definition": file.tree,
        "taken": {name: part.tree for name, part in taken.items()},
        "parameters": parameters,
    }
    source = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    definitions = {
        name: part.definition for name, part in taken.items() if part.definition is not None
    }
    assert file.definition is not None
    try:
        return build_chart(
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


def _look_further(file: _File, tree: MarkedMap) -> None:
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
