"""Write the beginning of a tailoring: what can be turned, as comments, ready to be uncommented.

The text loads as it stands. What the base leaves open without a default is bound to something that
fits, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from escalation_engine.definition import Parameter, State
from escalation_engine.loader.load import Loaded
from escalation_engine.loader.write import write_document

__all__ = ["write_scaffold"]

_STAND_INS = {
    "duration": "none", "schedule": "day at 09:00", "integer": 1, "number": 1, "boolean": False,
}  # fmt: skip


def write_scaffold(base: Loaded, *, name: str) -> str:
    """Return the text of a tailoring that changes nothing yet, and shows what it could."""
    definition = base.definition
    lines = [
        f"# Tailors {definition.process}: {definition.title}",
        "# Write only what differs: mappings merge, lists and values replace, null takes away.",
        f"tailoring: {name}",
        f"extends: {definition.process}@{definition.version}",
        f"# {_pair('title', definition.title)}",
        *_parameters(base),
        *_roles(base),
        *_levels(base),
        *_sealed(base),
    ]
    return "\n".join(lines) + "\n"


def _parameters(base: Loaded) -> Iterator[str]:
    """The knobs; those that must be bound stand there, the others are comments."""
    knobs = base.definition.parameters
    if not knobs:
        return
    is_open = {name: _is_open(knob) for name, knob in knobs.items()}
    yield from ("", "# The knobs, with the values that they have now.")
    yield "parameters:" if any(is_open.values()) else "# parameters:"
    for name, knob in knobs.items():
        bound = _stand_in(knob, base) if is_open[name] else _shown(knob.default)
        said = " ".join((knob.title or name).split())
        values = f" ({', '.join(map(str, knob.enum))})" if knob.enum else f" ({knob.type})"
        lead = "  " if is_open[name] else "#   "
        note = "to be set: " if is_open[name] else ""
        yield f"{lead}{_pair(name, bound)}  # {note}{said}{values}"


def _is_open(knob: Parameter) -> bool:
    """Without a value the base does not load; a contact may stay unbound."""
    return (
        knob.default is None and "default" not in knob.model_fields_set and (knob.type != "contact")
    )


def _stand_in(knob: Parameter, base: Loaded) -> object:
    if knob.enum:
        return knob.enum[0]
    if knob.type == "role" and base.definition.roles:
        return next(iter(base.definition.roles))
    return _STAND_INS.get(knob.type, "to_be_named")


def _shown(default: object) -> object:
    return "to_be_named" if default is None else default


def _roles(base: Loaded) -> Iterator[str]:
    """The roles, and how somebody is reached."""
    roles = base.definition.roles
    if roles:
        yield from ("", "# The roles: rename them in words, and say how they are reached.")
        yield "# roles:"
        for name, role in roles.items():
            if not _is_sealed(base, f"roles.{name}"):
                contact = "contacts: [{channel: email, address: desk@example.org}]"
                title = _pair("title", role.title)
                yield f"#   {name}: {{{title}, {contact}}}"


def _levels(base: Loaded) -> Iterator[str]:
    """Every ladder with its levels, and a line for one more."""
    nested: dict[str, Any] = {}
    for path, state in _ladders(base):
        node = nested
        for key in (*path, "levels"):
            node = node.setdefault(key, {})
        for name, level in state.levels.items():
            held = f", held by {level.assignee}" if level.assignee else ""
            node[name] = f"{{}}  # {level.title or name}{held}"
        node["new_level"] = f"{{assignee: ROLE, place: after {next(iter(state.levels))}}}"
    if nested:
        yield from ("", "# The levels: null takes one away, `place` puts or moves one.")
        yield from _nested(nested, "# ")


def _nested(node: dict[str, Any], indent: str) -> Iterator[str]:
    for key, inner in node.items():
        if isinstance(inner, str):
            yield f"{indent}{key}: {inner}"
        else:
            yield f"{indent}{key}:"
            yield from _nested(inner, f"{indent}  ")


def _ladders(base: Loaded) -> Iterator[tuple[tuple[str, ...], State]]:
    definition = base.definition
    roots: list[tuple[tuple[str, ...], dict[str, State]]] = [((), definition.states)]
    roots += [(("tracks", name), track.states) for name, track in definition.tracks.items()]
    for root, states in roots:
        yield from _within(root, states)


def _within(
    path: tuple[str, ...], states: dict[str, State]
) -> Iterator[tuple[tuple[str, ...], State]]:
    for name, state in states.items():
        at = (*path, "states", name)
        if state.levels:
            yield at, state
        yield from _within(at, state.states)


def _sealed(base: Loaded) -> Iterator[str]:
    paths = [*base.definition.sealed, *(f"promises.{name}" for name in base.definition.promises)]
    if paths:
        yield from ("", f"# Not to be touched, as the base says: {', '.join(paths)}")


def _is_sealed(base: Loaded, path: str) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in base.definition.sealed)


def _pair(key: str, value: object) -> str:
    """A key and its value as YAML, on one line."""
    return write_document({key: value}).strip().replace("\n", " ")
