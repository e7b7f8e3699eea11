"""A picture as a Graphviz graph."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html import escape

from escalation_engine.chart.mermaid import SIGNS
from escalation_engine.chart.picture import Arrow, Box, BoxKind, Picture, Region

__all__ = ["dot"]

_FONT = "Helvetica,Arial,sans-serif"
_HEAD = f"""\
    graph [compound=true, newrank=true, nodesep=0.45, ranksep=0.55, pad=0.3]
    graph [fontname="{_FONT}", fontsize=16, labelloc=t]
    node [fontname="{_FONT}", fontsize=12, shape=box, style="rounded,filled", margin="0.18,0.1"]
    edge [fontname="{_FONT}", fontsize=10, color="#55606b", fontcolor="#333b43", arrowsize=0.7]"""
_STYLES = {
    BoxKind.WORK: 'fillcolor="#eef4fb", color="#4a78a8"',
    BoxKind.DECISION: 'shape=hexagon, style=filled, fillcolor="#fff3d6", color="#c98a00"',
    BoxKind.END: 'fillcolor="#33414e", color="#33414e", fontcolor="#ffffff", peripheries=2',
    BoxKind.IDLE: 'fillcolor="#f4f4f4", color="#9a9a9a"',
    BoxKind.ANYTIME: 'style="rounded,dashed", color="#8a8a8a"',
    BoxKind.HISTORY: 'shape=circle, style=filled, fillcolor="#ffffff", color="#7a4fa3"',
}
_CHANGES = {
    "added": 'fillcolor="#ddf3e0", color="#2e7d32", fontcolor="#12351a", penwidth=2.5',
    "changed": 'fillcolor="#fff0c2", color="#b26a00", fontcolor="#3d2c00", penwidth=2.5',
    "removed": 'style="rounded,filled,dashed", fillcolor="#fbe3e1", color="#b3261e", '
    'fontcolor="#5c1511"',
}
_CHANGED_LINES = {
    "added": 'color="#2e7d32", fontcolor="#12351a", penwidth=2',
    "changed": 'color="#b26a00", fontcolor="#3d2c00", penwidth=2',
    "removed": 'color="#b3261e", fontcolor="#5c1511", style=dashed',
}
_WIDEST_LABEL = 26
_WIDEST_LINE = 40


def dot(picture: Picture) -> str:
    """Return the picture as the text of a `digraph`."""
    lines = ["digraph process {", _HEAD, f"    label={_quoted(picture.title)}"]
    for region in picture.regions:
        boxes = list(_boxes(region.boxes))
        if len(picture.regions) > 1:
            boxes = [f"subgraph {_cluster(region.id)} {{", *_indented(iter(boxes)), "}"]
            boxes.insert(1, f'    label={_quoted(region.title)}; style=dashed; color="#9aa5b0"')
        lines += _indented(iter(boxes))
        lines += _indented(_arrows(region))
        lines += _indented(_held_together(region))
    return "\n".join([*lines, "}"]) + "\n"


def _boxes(boxes: tuple[Box, ...]) -> Iterator[str]:
    for box in boxes:
        if box.kind is BoxKind.START:
            yield f'{box.id} [shape=circle, width=0.16, label="", fillcolor="#33414e"]'
        elif box.kind is BoxKind.SCOPE:
            yield f"subgraph {_cluster(box.id)} {{"
            yield f"    label={_title(box)}; fontsize=13; labeljust=l"
            yield '    style="rounded,filled"; fillcolor="#00000008"; color="#9aa5b0"; margin=14'
            if box.change:
                yield f"    {_CHANGED_LINES[box.change].replace(', ', '; ')}"
            yield from _indented(_boxes(box.inner))
            yield "}"
        elif box.kind is BoxKind.HISTORY:
            yield f'{box.id} [label="H*", tooltip={_quoted(box.title)}, {_STYLES[box.kind]}]'
        else:
            change = f", {_CHANGES[box.change]}" if box.change else ""
            yield f"{box.id} [label={_title(box)}, {_STYLES[box.kind]}{change}]"


def _title(box: Box) -> str:
    """An HTML-like label: the title in bold, below it smaller who holds it and what stays in it."""
    title = escape(f"{SIGNS.get(box.change, '')}{box.title}")
    if box.kind is BoxKind.SCOPE:
        return f"<<b>{title}</b>{escape(f' · {box.note}' if box.note else '')}>"
    rows = [f"<b>{title}</b>"]
    lines = [part for text in box.lines for part in textwrap.wrap(f"↺ {text}", _WIDEST_LINE)]
    small = [escape(text) for text in (box.note, *lines) if text]
    rows += [f'<font point-size="10">{text}</font>' for text in small]
    return f"<{'<br/>'.join(rows)}>"


def _arrows(region: Region) -> Iterator[str]:
    scopes = {box.id: box for box in _all(region.boxes) if box.kind is BoxKind.SCOPE}
    for arrow in region.arrows:
        tail, head = _last_inside(scopes, arrow.source), _start_inside(scopes, arrow.target)
        words = [f"ltail={_cluster(arrow.source)}"] if arrow.source in scopes else []
        words += [f"lhead={_cluster(arrow.target)}"] if arrow.target in scopes else []
        words += [f"label={_label(arrow)}"] if arrow.lines else []
        words += ["style=dashed", 'color="#7a4fa3"'] if arrow.is_back else []
        words += [_CHANGED_LINES[arrow.change]] if arrow.change else []
        yield f"{tail} -> {head}" + (f" [{', '.join(words)}]" if words else "")


def _held_together(region: Region) -> Iterator[str]:
    """Unseen edges to what no arrow leads to: it would float to the top and stretch its scope."""
    reached = {arrow.target for arrow in region.arrows}
    for scope in _all(region.boxes):
        start = scope.inner[0].id if scope.inner else ""
        for box in scope.inner[1:]:
            if box.id not in reached and box.kind is not BoxKind.SCOPE:
                yield f"{start} -> {box.id} [style=invis]"


def _start_inside(scopes: dict[str, Box], id: str) -> str:
    """The box to lead an arrow to, which is cut at the border of the scope."""
    return scopes[id].inner[0].id if id in scopes else id


def _last_inside(scopes: dict[str, Box], id: str) -> str:
    """The box to let an arrow begin at: the lowest, so that what follows comes below the scope."""
    while id in scopes:
        id = next(box.id for box in reversed(scopes[id].inner) if box.kind is not BoxKind.HISTORY)
    return id


def _label(arrow: Arrow) -> str:
    sign = SIGNS.get(arrow.change, "")
    wrapped = [
        part for text in arrow.lines for part in textwrap.wrap(f"{sign}{text}", _WIDEST_LABEL)
    ]
    return _quoted("\n".join(f"  {text}  " for text in wrapped))  # away from the line


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + plain.replace("\n", "\\n") + '"'


def _cluster(id: str) -> str:
    return f"cluster_{id}"


def _all(boxes: tuple[Box, ...]) -> Iterator[Box]:
    for box in boxes:
        yield box
        yield from _all(box.inner)


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)
