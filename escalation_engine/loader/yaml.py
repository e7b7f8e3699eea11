"""Read the text of one YAML file into a marked tree, straight from the parser's events.

Bounds are enforced on the events, before anything is built from them: a text may be hostile. Tags,
merge keys and further documents are no part of the language. There is no fall-back to PyYAML's pure
parser, which reads some texts differently (a `?` in flow style for one).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from escalation_engine.errors import Finding, Mark, OperatorError
from escalation_engine.loader.characters import readable
from escalation_engine.loader.excerpt import shown
from escalation_engine.loader.faults import Faults, ReadingEnds
from escalation_engine.loader.scalars import resolve
from escalation_engine.loader.syntax import report_syntax
from escalation_engine.loader.tree import MarkedList, MarkedMap, kind_of

try:
    from yaml._yaml import CParser

    HAS_LIBYAML = True
except ImportError:
    HAS_LIBYAML = False

__all__ = ["MAX_DEPTH", "MAX_NODES", "MAX_SCALAR_CHARACTERS", "parse", "parse_into"]

MAX_DEPTH: Final = 64  # of mappings and lists, aliases written out; the top mapping has depth 1
MAX_NODES: Final = 100_000  # keys, values and items; an alias counts as all that it stands for
MAX_SCALAR_CHARACTERS: Final = 64 * 1024


def parse(text: str | bytes, file: str) -> tuple[MarkedMap | None, list[Finding]]:
    """The tree of a file's text, and all that is wrong with it, in file order; see `parse_into`.

    `file` is only the name that marks carry.
    """
    faults = Faults(file)
    tree = parse_into(faults, text)
    return tree, faults.in_file_order()


def parse_into(faults: Faults, text: str | bytes) -> MarkedMap | None:
    """The tree of a file's text; what is wrong with the text is added to `faults`.

    The tree is None when nothing can be built: after a syntax fault, beyond a bound, without a
    mapping at the top. Otherwise there is a tree beside the faults, so that a caller can look for
    further ones; of a doubled key it holds the first.

    Raises OperatorError when PyYAML was built without libyaml.
    """
    if not HAS_LIBYAML:
        raise OperatorError("PyYAML was built without libyaml: install one of its wheels instead")
    with suppress(ReadingEnds):
        try:
            return _Builder(readable(text, faults), faults).document()
        except YAMLError as error:
            report_syntax(error, faults)
    return None


@dataclass(slots=True)
class _Anchor:
    """What an alias stands for; `nodes` is 0 until the value is complete."""

    mark: Mark
    value: object = None
    nodes: int = 0
    height: int = 0


class _Builder:
    """Builds the tree in one pass over the events. Recursion is no deeper than MAX_DEPTH."""

    __slots__ = ("_anchors", "_deepest", "_depth", "_faults", "_file", "_next", "_nodes")

    def __init__(self, text: str, faults: Faults) -> None:
        self._next = cast("Callable[[], Event]", CParser(text).get_event)
        self._faults = faults
        self._file = faults.file
        self._anchors: dict[str, _Anchor] = {}
        self._nodes = self._depth = self._deepest = 0

    def document(self) -> MarkedMap:
        """The only document. Raises YAMLError at a syntax fault, ReadingEnds without a tree."""
        self._next()  # the start of the stream
        start = self._next()
        if isinstance(start, StreamEndEvent):
            mark, hint = Mark(self._file, 1, 1), "begin with `process: NAME`"
            raise self._faults.end("E107", "the file is empty", mark, hint)
        assert isinstance(start, DocumentStartEvent)
        if start.tags or start.version not in (None, (1, 2)):
            hint = "%YAML 1.2 is the only directive: remove the others"
            self._report(start, "E103", "a directive is not allowed", hint)
        top = self._next()
        tree, mark = self._node(top)
        self._next()  # the end of the document
        after = self._next()
        if isinstance(after, DocumentStartEvent):
            hint = "write it into a file of its own, or remove the line ---"
            self._report(after, "E108", "a second document begins", hint)
        if isinstance(tree, MarkedMap):
            return tree
        found = "empty" if tree is None else f"{kind_of(tree)}, not a mapping"
        hint = "begin with 'key: value', with a space behind the ':'"
        raise self._faults.end("E107", f"the file is {found}", mark, hint)

    def _report(self, event: Event, code: str, message: str, hint: str) -> None:
        assert event.start_mark is not None
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        self._faults.add(code, message, Mark(self._file, line, column), hint)

    def _mapping(self, mark: Mark) -> MarkedMap:
        tree, node, next_event = MarkedMap(mark), self._node, self._next
        key_marks, value_marks = tree.key_marks, tree.value_marks
        while type(event := next_event()) is not MappingEndEvent:
            key, key_mark = node(event)
            if type(key) is not str or key == "<<":
                key = self._odd_key(event, key, key_mark)
            event = next_event()
            value, value_mark = node(event)
            if key is None:
                continue
            if key in tree:
                message = f"the key {shown(key)} is written twice in this mapping"
                hint = f"keep one: the first is at line {key_marks[key].line}"
                self._faults.add("E102", message, key_mark, hint)
                continue
            tree[key] = value
            key_marks[key] = key_mark
            value_marks[key] = value_mark
            if value is None and isinstance(event, ScalarEvent) and not event.value:
                tree.empty_keys |= {key}
        return tree

    def _list(self, mark: Mark) -> MarkedList:
        tree, next_event = MarkedList(mark), self._next
        while type(event := next_event()) is not SequenceEndEvent:
            item, item_mark = self._node(event)
            tree.append(item)
            tree.item_marks.append(item_mark)
        return tree

    def _odd_key(self, event: Event, key: object, mark: Mark) -> str | None:
        """The key when it may stand, or None when it was refused."""
        if key is None and isinstance(event, AliasEvent):
            return None  # already refused as an alias
        if not isinstance(key, str):
            hint = "put a key that begins with any of [ { * in quotes"
            if isinstance(event, ScalarEvent):
                hint = f"write it in quotes: {shown(event.value)}"
            self._faults.add("E106", f"the key is {kind_of(key)}, not a text", mark, hint)
            return None
        if isinstance(event, ScalarEvent) and event.implicit[0]:  # plain
            hint = "YAML 1.2 has no merge keys: write the keys out, or use 'key: *name'"
            self._faults.add("E105", "the merge key << is not allowed", mark, hint)
            return None
        return key

    def _node(self, event: Event) -> tuple[object, Mark]:
        """The value that begins with this event, and its place."""
        start = event.start_mark
        assert start is not None  # libyaml marks every event
        # Half the time of Mark(…); and nearly every node goes one of the two short ways below.
        mark = tuple.__new__(Mark, (self._file, start.line + 1, start.column + 1))
        self._nodes += 1
        if type(event) is ScalarEvent and event.anchor is None and event.tag is None:
            text = event.value
            if len(text) <= MAX_SCALAR_CHARACTERS and self._nodes <= MAX_NODES:
                return (resolve(text) if event.implicit[0] else text), mark
        elif isinstance(event, CollectionStartEvent) and event.anchor is None and event.tag is None:
            return self._collection(event, mark, None), mark
        return self._rare_node(event, mark), mark

    def _rare_node(self, event: Event, mark: Mark) -> object:
        self._count(0, mark)
        if isinstance(event, AliasEvent):
            return self._alias(event, mark)
        assert isinstance(event, (ScalarEvent, CollectionStartEvent))
        if event.tag is not None:
            hint = "remove it; put a text that begins with ! in quotes"
            self._faults.add("E103", f"the tag {shown(event.tag)} is not allowed", mark, hint)
        anchor = None if event.anchor is None else self._anchor(event.anchor, mark)
        if isinstance(event, CollectionStartEvent):
            return self._collection(event, mark, anchor)
        if len(event.value) > MAX_SCALAR_CHARACTERS:
            message = f"a text is longer than {MAX_SCALAR_CHARACTERS} characters"
            self._faults.add("E104", message, mark)
        value = resolve(event.value) if event.implicit[0] else event.value
        if anchor:
            anchor.value, anchor.nodes = value, 1
        return value

    def _collection(
        self, event: CollectionStartEvent, mark: Mark, anchor: _Anchor | None
    ) -> MarkedMap | MarkedList:
        nodes_before, deepest_before = self._nodes, self._deepest
        self._depth = self._deepest = self._depth + 1
        if self._depth > MAX_DEPTH:
            self._reach(self._depth, mark)
        value = self._mapping(mark) if isinstance(event, MappingStartEvent) else self._list(mark)
        if anchor:
            anchor.value = value
            anchor.nodes = self._nodes - nodes_before + 1
            anchor.height = self._deepest - self._depth + 1
        self._depth -= 1
        self._deepest = max(self._deepest, deepest_before)
        return value

    def _alias(self, event: AliasEvent, mark: Mark) -> object:
        name = shown(event.anchor or "")
        anchor = self._anchors.get(event.anchor or "")
        if anchor is None:
            hint = "an unquoted * begins an alias: put a text that begins with * in quotes"
            self._faults.add("E105", f"the alias {name} names no anchor before it", mark, hint)
            return None
        if not anchor.nodes:
            hint = f"the anchor is at line {anchor.mark.line}: a value cannot contain itself"
            self._faults.add("E105", f"the alias {name} stands inside its anchor", mark, hint)
            return None
        self._count(anchor.nodes - 1, mark)
        self._reach(self._depth + anchor.height, mark)
        return anchor.value

    def _anchor(self, name: str, mark: Mark) -> _Anchor:
        known = self._anchors.get(name)
        if known:
            message = f"the anchor {shown(name)} is defined twice, first at line {known.mark.line}"
            self._faults.add("E105", message, mark, "rename one of them")
        anchor = self._anchors[name] = _Anchor(mark)
        return anchor

    def _count(self, nodes: int, mark: Mark) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            message = f"the file has more than {MAX_NODES} nodes, aliases written out"
            raise self._faults.end("E104", message, mark)

    def _reach(self, depth: int, mark: Mark) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > MAX_DEPTH:
            message = f"mappings and lists are nested deeper than {MAX_DEPTH}, aliases written out"
            raise self._faults.end("E104", message, mark)
