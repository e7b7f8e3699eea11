"""A process together with those that it opens cases of: what has to be loaded to run it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from escalation_engine.chart import Chart
from escalation_engine.loader.load import load

__all__ = ["load_family"]


def load_family(
    path: str | Path,
    *,
    parameters: Mapping[str, object] | None = None,
    search: Sequence[str | Path] = (),
) -> tuple[Chart, ...]:
    """Return the process of a file first, then the linked ones, each once.

    A linked process NAME is read from NAME.yaml beside the file, or in the folders of `search`; one
    that has no file is left out, for the engine to miss. Raises DefinitionError.
    """
    first = load(path, parameters=parameters, search=search)
    found = {first.process: first}
    waiting = sorted(first.linked)
    folders = (Path(path).parent, *map(Path, search))
    while waiting:
        name = waiting.pop(0)
        file = next((f for folder in folders if (f := folder / f"{name}.yaml").is_file()), None)
        if name in found or file is None:
            continue
        found[name] = load(file, search=search)
        waiting += sorted(found[name].linked)
    return tuple(found.values())
