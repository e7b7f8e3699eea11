"""W604 and W606: elements that come from nowhere, and statements that nothing comes from.

Only where the process lists its `sources`. What acts or binds is asked: states and ways on, roles,
guards, gates, times, promises.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from escalation_engine.chart.traceability import element, statements
from escalation_engine.definition.model import Traced
from escalation_engine.loader import Loaded
from escalation_engine.verify.flaw import Element, Flaw

__all__ = ["cited"]

_Path = tuple[str | int, ...]

_SERVING = (
    "sources", "references", "data", "messages", "parameters", "counts", "calendars", "events",
    "actions", "slots", "ignore",
)  # fmt: skip
"""What serves the rest: where it is used, it is said why."""


def cited(loaded: Loaded) -> Iterator[Flaw]:
    """Yield what cites nothing, then what is cited by nothing."""
    definition = loaded.definition
    if not definition.sources:
        return
    for at in _untraced(definition, ()):
        yield Flaw(
            "W604",
            f"`{element(at)}` comes from no statement of the sources",
            Element(path=at),
            "cite it under `source`, or write `inferred: true`",
        )
    for one in statements(definition):
        if one.is_missing:
            yield Flaw(
                "W606",
                f"nothing cites `{one.source}.{one.name}`",
                Element(path=("sources", one.source, "statements")),
                "cite it where it counts, or list it under `furniture` if it asks for nothing",
            )


def _untraced(value: object, at: _Path) -> Iterator[_Path]:
    """Yield the outermost elements that say nothing; one that is traced speaks for what is inside.

    Of a whole that says nothing itself, the parts are asked, if any of them says something.
    """
    if isinstance(value, Traced) and at:
        if _is_traced(value):
            return
        if not any(map(_says_something, _parts(value).values())):
            yield at
            return
    for key, part in _parts(value).items():
        if at or key not in _SERVING:
            yield from _untraced(part, (*at, key))


def _parts(value: object) -> dict[str | int, object]:
    if isinstance(value, BaseModel):
        names = (name for name in type(value).model_fields if name != "each_level")
        return {name.rstrip("_"): getattr(value, name) for name in names}
    if isinstance(value, dict):
        return dict(value)
    return dict(enumerate(value)) if isinstance(value, tuple) else {}


def _is_traced(value: Traced) -> bool:
    return bool(value.source or value.inferred or value.assumption)


def _says_something(value: object) -> bool:
    if isinstance(value, Traced) and _is_traced(value):
        return True
    return any(map(_says_something, _parts(value).values()))
