"""Write a chart, or any plain document, as YAML that people read and that `parse` reads back.

What is short stands on one line; texts are quoted only where they would be read as something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from escalation_engine.chart.expand import chart_document
from escalation_engine.chart.model import Chart
from escalation_engine.loader.merge import document_of
from escalation_engine.loader.scalars import resolve
from escalation_engine.loader.tree import MarkedMap

__all__ = ["LINE_WIDTH", "write_chart", "write_definition", "write_document"]

LINE_WIDTH: Final = 100
"""The most characters of a line that holds a whole mapping or list."""

_INDENT: Final = 2
_UNFOLDED: Final = 10**9  # a folded text reads worse than a long line
# libyaml writes these as they are, and `parse` refuses them: they need escapes in double quotes.
_TO_ESCAPE: Final = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_TAGS: Final[dict[type, str]] = {
    bool: "tag:yaml.org,2002:bool",
    int: "tag:yaml.org,2002:int",
    float: "tag:yaml.org,2002:float",
    str: "tag:yaml.org,2002:str",
    type(None): "tag:yaml.org,2002:null",
}


def write_chart(chart: Chart) -> str:
    """Return the chart as YAML, complete: what `escalate expand` prints."""
    return f"# {chart.title}: the flat form, as the engine runs it\n" + write_document(
        chart_document(chart)
    )


def write_definition(tree: MarkedMap) -> str:
    """Return a merged process as YAML that loads as the same process."""
    return write_document(document_of(tree))


def write_document(document: Mapping[str, object]) -> str:
    """Return YAML for mappings with text keys, lists, texts, numbers, booleans and None."""
    return yaml.dump(
        dict(document),
        Dumper=_Dumper,
        width=_UNFOLDED,
        indent=_INDENT,
        allow_unicode=True,
        sort_keys=False,
    )


class _Dumper(yaml.SafeDumper):
    """PyYAML's emitter, by our rules for scalars and for what fits on a line."""

    depth = 0

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write everything out: an alias saves lines and costs the reader."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's signature
        """Indent the items of a list, which PyYAML does not."""
        super().increase_indent(flow, indentless=False)

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:
        """Return the tag that our reader would give a plain scalar, so that others get quotes."""
        if kind is ScalarNode and implicit[0]:
            return _TAGS[type(resolve(value))]
        return str(super().resolve(kind, value, implicit))  # type: ignore[no-untyped-call]  # no stub

    def represent_mapping(
        self,
        tag: str,
        mapping: Any,
        flow_style: bool | None = None,  # noqa: FBT001 - PyYAML's signature
    ) -> MappingNode:
        """Put a mapping of plain values on one line where it fits."""
        room = self._room()
        self.depth += 1
        node = super().represent_mapping(tag, mapping, flow_style)
        self.depth -= 1
        if self.depth > 1:
            width = sum(_width(key) + _width(value) + 4 for key, value in node.value)
            node.flow_style = _is_flat(node) and 0 < width <= room
        return node

    def represent_sequence(
        self,
        tag: str,
        sequence: Any,
        flow_style: bool | None = None,  # noqa: FBT001 - PyYAML's signature
    ) -> SequenceNode:
        """Put a list of plain values on one line where it fits."""
        room = self._room()
        self.depth += 1
        node = super().represent_sequence(tag, sequence, flow_style)
        self.depth -= 1
        node.flow_style = _is_flat(node) and sum(_width(item) + 2 for item in node.value) <= room
        return node

    def represent_text(self, data: str) -> ScalarNode:
        """Write several lines as a block, and what cannot be shown with escapes."""
        style = None
        if _TO_ESCAPE.search(data) or data == "<<":  # unquoted, YAML 1.1's merge key
            style = '"'
        elif "\n" in data:
            style = "|"
        return self.represent_scalar(_TAGS[str], data, style)

    def _room(self) -> int:
        return LINE_WIDTH - _INDENT * self.depth - 24  # about what the key takes


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_multi_representer(dict, _Dumper.represent_dict)  # marked trees as well
_Dumper.add_multi_representer(list, _Dumper.represent_list)


def _is_flat(node: MappingNode | SequenceNode) -> bool:
    """It holds nothing that needs lines of its own."""
    return all(_is_inline(value) for value in _values(node))


def _is_inline(node: Node) -> bool:
    if isinstance(node, ScalarNode):
        return node.style != "|"
    return isinstance(node, SequenceNode | MappingNode) and (
        bool(node.flow_style) or not node.value
    )


def _values(node: MappingNode | SequenceNode) -> Sequence[Node]:
    if isinstance(node, MappingNode):
        return [value for _, value in node.value]
    return list(node.value)


def _width(node: Node) -> int:
    if isinstance(node, ScalarNode):
        return len(node.value)
    if isinstance(node, MappingNode):
        return 2 + sum(_width(key) + _width(value) + 4 for key, value in node.value)
    return 2 + sum(_width(item) + 2 for item in node.value)
