"""Where the element of a flaw stands in the text, and whether the text says to ignore it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel

from escalation_engine.chart.model import MAIN
from escalation_engine.definition import Process
from escalation_engine.errors import Mark
from escalation_engine.loader import Origins, Place
from escalation_engine.verify.flaw import Element, Flaw

__all__ = ["Ignored", "Places", "Unused"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that the process owner means as it is, with the reason."""

    code: str
    reason: str
    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class Unused:
    """An `ignore` that nothing needs."""

    code: str
    place: Place


@dataclass(slots=True)
class Places:
    """The places of one process; without origins all is at its beginning."""

    process: str
    origins: Origins | None = None
    definition: Process | None = None
    _ignores: list[tuple[Path, str, str]] = field(default_factory=list)
    _used: set[tuple[Mark, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.definition is not None:
            self._ignores = list(_ignores_in(self.definition, ()))

    def of(self, element: Element) -> Place:
        """Return where an element stands, or the nearest thing around it."""
        if self.origins is None:
            return Place(Mark(self.process, 1, 1))
        return self.origins.nearest(self._path(element))

    def removals(self, element: Element) -> str:
        """Return in words what a tailoring has taken away from a state, or nothing.

        What is missing has no place of its own, and a fault by it points to what is left.
        """
        if self.origins is None or element.event or element.section or element.path:
            return ""
        removed = list(self.origins.removed_in(self._path(element)) if element.state else ())
        told = [f"`{key}` was taken away at {file}:{line}" for key, (file, line, _) in removed]
        return "; ".join(told)

    def ignored(self, flaw: Flaw) -> Ignored | None:
        """Return the reason why a flaw is meant, if the element or one around it gives it."""
        if self.origins is None:
            return None
        for at, code, reason in self._meant(flaw.code, flaw.element):
            place = self.origins.nearest((*at, "ignore", code))
            self._used.add((place.mark, code))
            return Ignored(code, reason, flaw.message, place)
        return None

    def is_meant(self, code: str, element: Element) -> bool:
        """Return whether an `ignore` would cover such a flaw of the element."""
        return any(self._meant(code, element))

    def _meant(self, code: str, element: Element) -> Iterator[tuple[Path, str, str]]:
        if self._ignores:
            path = self._path(element)
            yield from (one for one in self._ignores if one[1] == code and _covers(one[0], path))

    def unused(self, known: frozenset[str]) -> Iterator[Unused]:
        """Yield each `ignore` of a known code that was not needed; ask last."""
        seen = set(self._used)
        for at, code, _ in self._ignores:
            assert self.origins is not None, "an ignore is read with its origins"
            place = self.origins.nearest((*at, "ignore", code))
            if code in known and (place.mark, code) not in seen:
                seen.add((place.mark, code))
                yield Unused(code, place)

    def _path(self, element: Element) -> Path:
        assert self.origins is not None, "without origins there is no path"
        if element.path:
            return element.path
        if element.section and not element.track:
            return (element.section, element.name)
        if not element.track:
            return ()
        path = self.origins.path_to_state(element.track, element.state)
        if path is None:
            path = () if element.track == MAIN else ("tracks", element.track)
        if element.section:
            return (*path, element.section, element.name.rpartition(":")[2])
        if element.event or element.number:
            return self._branch(path, element)
        return path

    def _branch(self, path: Path, element: Element) -> Path:
        assert self.origins is not None, "without origins there is no path"
        if not element.event:
            return (*path, "always", element.number - 1)
        local = element.event.rpartition(".")[2]
        for section in ("on", "opens"):
            for event in (element.event, local):
                found = (*path, section, event)
                if self.origins.place_of(found) is not None:
                    return (*found, element.number - 1) if element.number else found
        start = (*path, "start")  # is short for an opening
        is_opened = not element.state and self.origins.place_of(start) is not None
        return start if is_opened else path


def _covers(at: Path, path: Path) -> bool:
    """Return whether a path is what stands at another, or inside; a branch speaks for its event."""
    if at and isinstance(at[-1], int) and path == at[:-1]:
        return True
    return path[: len(at)] == at


def _ignores_in(model: object, at: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield (path, code, reason) of every `ignore` in a definition."""
    if isinstance(model, BaseModel):
        for code, reason in getattr(model, "ignore", {}).items():
            yield at, code, reason
        for name, info in type(model).model_fields.items():
            if name not in ("ignore", "each_level"):
                yield from _ignores_in(getattr(model, name), (*at, info.alias or name))
    elif isinstance(model, dict):
        for key, value in model.items():
            yield from _ignores_in(value, (*at, str(key)))
    elif isinstance(model, tuple):
        for index, value in enumerate(model):
            yield from _ignores_in(value, (*at, index))
