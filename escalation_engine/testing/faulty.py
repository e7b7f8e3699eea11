"""What is wrong with a scenario file, in words of whoever writes it: one finding per mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from escalation_engine.loader.faults import Faults
from escalation_engine.loader.tree import MarkedList, MarkedMap, kind_of, locate, locate_key

__all__ = ["note_faults"]

_Path = tuple[str | int, ...]

_WORDS = {
    "string_type": "a text",
    "string_too_short": "a text that is not empty",
    "int_type": "a whole number",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "too_short": "at least one",
}


def note_faults(
    problems: Sequence[ErrorDetails],
    tree: MarkedMap,
    faults: Faults,
    *,
    models: Mapping[str, type[BaseModel]],
) -> None:
    """Note each mistake once. `models` are the parts by the key or tag that leads to them.

    Pydantic tells a mistake once for each alternative; the deepest it came to is what was meant.
    """
    by_path: dict[_Path, list[ErrorDetails]] = {}
    meant = _meant(problems, tree, models)
    for problem in problems:
        path = _reached(tree, problem)
        if problem["type"] != "missing" or (*path, problem["loc"][-1]) not in meant:
            by_path.setdefault(path, []).append(problem)
    for path, several in by_path.items():
        if not any(len(other) > len(path) and other[: len(path)] == path for other in by_path):
            _note(path, several, tree, faults, models)
        else:
            _note(path, [it for it in several if _is_of_keys(it)], tree, faults, models)


def _note(
    path: _Path,
    several: Sequence[ErrorDetails],
    tree: MarkedMap,
    faults: Faults,
    models: Mapping[str, type[BaseModel]],
) -> None:
    accepted = []
    for problem in several:
        match problem["type"]:
            case "extra_forbidden":
                known = _known(problem["loc"], models)
                hint = _nearest(str(path[-1]), known)
                message = f"the key `{path[-1]}` is not known here"
                faults.add("E110", message, locate_key(tree, path), hint)
            case "missing":
                name = problem["loc"][-1]
                message = f"the key `{name}` is missing"
                faults.add("E112", message, locate(tree, path), f"add `{name}: …`")
            case "no_step":
                faults.add("E111", problem["msg"], locate(tree, path))
            case "literal_error":
                accepted.append(str(problem["ctx"]["expected"]).replace("'", "`"))
            case kind:
                accepted.append(_WORDS.get(kind, problem["msg"]))
    if accepted:
        listed = " or ".join(dict.fromkeys(accepted))
        value = several[0]["input"]
        found = kind_of(value) if isinstance(value, (dict, list)) else f"`{_written(value)}`"
        name = next((f"`{part}`" for part in reversed(path) if isinstance(part, str)), "it")
        faults.add("E111", f"{name} is {found}; accepted: {listed}", locate(tree, path))


def _reached(tree: MarkedMap, problem: ErrorDetails) -> _Path:
    """Return what of the path the file has; tags of alternatives are pydantic's own."""
    node: object = tree
    path: _Path = ()
    for part in problem["loc"]:
        match node, part:
            case MarkedMap(), str() if part in node:
                node = node[part]
            case MarkedList(), int() if part < len(node):
                node = node[part]
            case _:
                continue
        path = (*path, part)
    return path


def _meant(
    problems: Sequence[ErrorDetails], tree: MarkedMap, models: Mapping[str, type[BaseModel]]
) -> set[_Path]:
    """Return the keys that a key which is not known stands for: they are not missing besides."""
    found: set[_Path] = set()
    for problem in problems:
        if problem["type"] == "extra_forbidden":
            *holder, name = _reached(tree, problem)
            near = get_close_matches(str(name)[:60], _known(problem["loc"], models), n=1)
            found |= {(*holder, key) for key in near}
    return found


def _is_of_keys(problem: ErrorDetails) -> bool:
    return problem["type"] in ("extra_forbidden", "missing")


def _known(loc: Sequence[str | int], models: Mapping[str, type[BaseModel]]) -> list[str]:
    names = [part for part in loc[:-1] if part in models]
    return list(models[str(names[-1]) if names else ""].model_fields)


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name[:60], known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"accepted: {', '.join(sorted(known))}"


def _written(value: object) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
