"""Find every place of a tree that names an element, by the key that it stands behind.

What cannot be told apart without the chart is left out; the chart tells what then has no meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from escalation_engine.errors import Mark
from escalation_engine.loader.asked import names_asked
from escalation_engine.loader.named import Named, Path
from escalation_engine.loader.positions import (
    CONDITIONS,
    HOLDING_NAMES,
    MOMENT_WORDS,
    NAMES,
    PAIRS,
    PROSE,
    SECTIONS,
    STATE,
    WORDED,
)
from escalation_engine.loader.tree import MarkedList, MarkedMap

__all__ = ["Reference", "references"]

_NAME: Final = r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*"
_WORD: Final = re.compile(_NAME)
_PARAMETER: Final = re.compile(rf"\$({_NAME})$")
_PLACEHOLDER: Final = re.compile(rf"\{{data\.({_NAME})\}}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A part of a text, or of a key, that names an element; `targets` are where that is written."""

    path: Path
    at_key: bool
    start: int
    end: int
    mark: Mark
    targets: tuple[Path, ...]


def references(tree: MarkedMap) -> Iterator[Reference]:
    """Yield every reference of a process as written, `each_level` not yet laid under the levels."""
    yield from _Finder(Named(tree)).inside(tree, (), ())


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of the tree, as a value or as a key, in the scope of a state."""

    text: str
    path: Path
    mark: Mark
    scope: Path
    at_key: bool = False

    def at(self, start: int, name: str, targets: tuple[Path, ...]) -> Reference:
        """Return the reference that the name at `start` is."""
        end = start + len(name)
        return Reference(self.path, self.at_key, start, end, self.mark, targets)


@dataclass(frozen=True, slots=True)
class _Finder:
    named: Named

    def inside(self, node: object, path: Path, scope: Path) -> Iterator[Reference]:
        """Yield the references of a mapping by its keys, of a list by its items."""
        if isinstance(node, MarkedList):
            for index, item in enumerate(node):
                yield from self.inside(item, (*path, index), scope)
        elif isinstance(node, MarkedMap):
            for key, value in node.items():
                if key == "promises":
                    yield from self._promises(value, path, node.value_marks[key])
                elif key not in PROSE:
                    here = _Text("", (*path, key), node.value_marks[key], scope)
                    yield from self._behind(key, value, here)
                    yield from self._further(key, value, here)

    def _behind(self, key: str, value: object, here: _Text) -> Iterator[Reference]:
        """Yield the references of the texts behind a key that has a meaning."""
        texts, keys, values = list(_texts(value, here)), _keys(value, here), _values(value, here)
        is_section = len(here.path) == 1 and key in SECTIONS
        for text in texts:
            if found := _PARAMETER.match(text.text):
                yield from self._named(text, ("parameters",), found[1], 1)
        if key in CONDITIONS:
            yield from (found for text in texts for found in self._condition(text))
        elif key in ("text", "subject"):
            yield from (found for text in texts for found in self._placeholders(text))
        elif key in WORDED and texts:
            yield from (found for text in texts for found in self._worded(text))
        elif key in NAMES and not is_section:
            in_mapping = () if STATE in NAMES[key] else values  # `to: {level: FIELD}` is no state
            yield from self._all_named((*texts, *in_mapping), NAMES[key])
        elif key in PAIRS:
            yield from self._all_named((*texts, *keys), PAIRS[key][0])
            yield from self._all_named(values, PAIRS[key][1])
        elif key == "events":
            yield from self._all_named(texts, ("events",))

    def _further(self, key: str, value: object, here: _Text) -> Iterator[Reference]:
        """Yield what stands deeper: behind names of its own, or in the same way."""
        if key not in HOLDING_NAMES or not isinstance(value, MarkedMap):
            scope = here.path if key == "each_level" else here.scope
            yield from self.inside(value, here.path, scope)
            if isinstance(value, MarkedMap) and isinstance(value.get("depends_on"), str):
                for text in (*_keys(value, here), *_values(value, here)):
                    yield from self._value(str(value["depends_on"]), text, text.text, 0)
            return
        is_scope = key in ("states", "levels", "tracks")
        for name, inner in value.items():
            at = (*here.path, name)
            yield from self.inside(inner, at, at if is_scope else here.scope)
            text = replace(here, path=at, mark=value.value_marks[name])
            yield from self._given(key, name, inner, text)

    def _given(self, key: str, name: str, value: object, here: _Text) -> Iterator[Reference]:
        """Yield the parameter, level or role that a field is set to, or has by default."""
        if key == "data" and isinstance(value, MarkedMap) and isinstance(value.get("default"), str):
            mark, path = value.value_marks["default"], (*here.path, "default")
            text = replace(here, text=str(value["default"]), path=path, mark=mark)
            yield from self._value(name, text, text.text, 0)
        for text in _texts(value, here):
            if found := _PARAMETER.match(text.text):
                yield from self._named(text, ("parameters",), found[1], 1)
            elif key == "set":
                yield from self._value(name, text, text.text, 0)
            elif key == "messages":
                yield from self._placeholders(text)  # a message may be its text alone

    def _value(self, field: str, text: _Text, name: str, start: int) -> Iterator[Reference]:
        """Yield what a value of a field names, where the field holds levels or roles."""
        kind = "level" if field == "this_level" else self.named.type_of(field)
        if kind == "role":
            yield from self._named(text, ("roles",), name, start)
        elif kind == "level" and name in self.named.levels:
            yield text.at(start, name, self.named.levels[name])

    def _all_named(self, texts: Iterable[_Text], kinds: tuple[str, ...]) -> Iterator[Reference]:
        for text in texts:
            yield from self._named(text, kinds, text.text, 0)

    def _named(
        self, text: _Text, kinds: tuple[str, ...], name: str, start: int
    ) -> Iterator[Reference]:
        """Yield the reference by one name: to the first kind that has it."""
        for kind in kinds:
            if kind == STATE:
                yield from self._state(text, name, start)
            elif target := self.named.element(kind, name):
                yield text.at(start, name, (target,))
                return
        track = name.partition(".")[0]
        if STATE not in kinds and track != name and track in self.named.mapping("tracks"):
            yield text.at(start, track, (("tracks", track),))

    def _state(self, text: _Text, name: str, start: int) -> Iterator[Reference]:
        for part, targets in zip(name.split("."), self.named.state(name, text.scope), strict=False):
            if targets:
                yield text.at(start, part, targets)
            start += len(part) + 1

    def _worded(self, text: _Text) -> Iterator[Reference]:
        """Yield what a moment names, or `in STATE`, `due of CLOCK`, `slot NAME`."""
        for words, kind in MOMENT_WORDS.items():
            if found := re.match(rf"{words} +({_NAME})", text.text):
                yield from self._named(text, (kind,), found[1], found.start(1))

    def _placeholders(self, text: _Text) -> Iterator[Reference]:
        for found in _PLACEHOLDER.finditer(text.text):
            yield from self._named(text, ("data",), found[1], found.start(1))

    def _condition(self, text: _Text) -> Iterator[Reference]:
        for asked in names_asked(text.text, self.named):
            if asked.value_of:
                yield from self._value(asked.value_of, text, asked.name, asked.start)
            else:
                yield from self._named(text, asked.kinds, asked.name, asked.start)

    def _promises(self, value: object, path: Path, mark: Mark) -> Iterator[Reference]:
        """Yield every word of a promise that is a name: of a state, else of anything else."""
        here = _Text("", (*path, "promises"), mark, ())
        for text in _all_texts(value, here):
            for found in _WORD.finditer(text.text):
                states = list(self._state(text, found[0], found.start()))
                kinds = tuple(section for section in SECTIONS if section != "promises")
                yield from states or self._named(text, kinds, found[0], found.start())


def _texts(value: object, here: _Text) -> Iterator[_Text]:
    """The text itself, or the texts of a list."""
    if isinstance(value, str):
        yield replace(here, text=value)
    elif isinstance(value, MarkedList):
        for index, item in enumerate(value):
            if isinstance(item, str):
                path, mark = (*here.path, index), value.item_marks[index]
                yield replace(here, text=item, path=path, mark=mark)


def _keys(value: object, here: _Text) -> Iterator[_Text]:
    if isinstance(value, MarkedMap):
        for key in value:
            yield _Text(key, (*here.path, key), value.key_marks[key], here.scope, at_key=True)


def _values(value: object, here: _Text) -> Iterator[_Text]:
    if isinstance(value, MarkedMap):
        for key, item in value.items():
            path, mark = (*here.path, key), value.value_marks[key]
            yield from _texts(item, replace(here, path=path, mark=mark))


def _all_texts(value: object, here: _Text) -> Iterator[_Text]:
    """Every text inside that is no prose."""
    yield from _texts(value, here)
    if isinstance(value, MarkedMap):
        for key, item in value.items():
            if key not in PROSE:
                path, mark = (*here.path, key), value.value_marks[key]
                yield from _all_texts(item, replace(here, path=path, mark=mark))
