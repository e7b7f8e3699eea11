"""A picture as a Mermaid state diagram."""

from __future__ import annotations

import re
from collections.abc import Iterator

from escalation_engine.chart.picture import Arrow, Box, BoxKind, Picture, Region

__all__ = ["SIGNS", "mermaid"]

_CLASSES = {
    BoxKind.WORK: "fill:#eef4fb,stroke:#4a78a8,color:#1b2733",
    BoxKind.DECISION: "fill:#fff3d6,stroke:#c98a00,stroke-width:2px,color:#3d2c00",
    BoxKind.END: "fill:#33414e,stroke:#33414e,stroke-width:3px,color:#ffffff",
    BoxKind.IDLE: "fill:#f4f4f4,stroke:#9a9a9a,color:#444444",
    BoxKind.ANYTIME: "fill:#ffffff,stroke:#8a8a8a,stroke-dasharray:4 3,color:#333333",
    BoxKind.HISTORY: "fill:#ffffff,stroke:#7a4fa3,stroke-dasharray:4 3,color:#52307a",
}
_CHANGES = {
    "added": "fill:#ddf3e0,stroke:#2e7d32,stroke-width:3px,color:#12351a",
    "changed": "fill:#fff0c2,stroke:#b26a00,stroke-width:3px,color:#3d2c00",
    "removed": "fill:#fbe3e1,stroke:#b3261e,stroke-width:2px,stroke-dasharray:6 4,color:#5c1511",
}
SIGNS = {"added": "+ ", "changed": "~ ", "removed": "− "}
"""What stands before the title of what has changed, for eyes that cannot tell the colours."""
_PLAIN = re.compile(r"[^A-Za-z0-9 .,'?!()+=äöüÄÖÜßéèàçñ–…·↺⏱→−-]")


def mermaid(picture: Picture) -> str:
    """Return the picture as the text of a `stateDiagram-v2`."""
    lines = ["stateDiagram-v2", "    direction TB"]
    lines += [f"    classDef {kind.value} {style}" for kind, style in _CLASSES.items()]
    if any(box.change for region in picture.regions for box in _all(region.boxes)):
        lines += [f"    classDef {change} {style}" for change, style in _CHANGES.items()]
    if len(picture.regions) == 1:
        region = picture.regions[0]
        lines += _indented(_boxes(region.boxes, region), 1)
    else:
        lines.append(f'    state "{_escaped(picture.title)}" as process {{')
        for number, region in enumerate(picture.regions):
            lines += ["        --"] if number else []
            lines.append(f'        state "{_escaped(region.title)}" as {region.id} {{')
            lines += _indented(_boxes(region.boxes, region), 3)
            lines.append("        }")
        lines.append("    }")
    for region in picture.regions:
        lines += _indented(_arrows(region), 1)
        lines += _indented(_classes(region.boxes), 1)
    return "\n".join(lines) + "\n"


def _boxes(boxes: tuple[Box, ...], region: Region) -> Iterator[str]:
    for box in boxes:
        if box.kind is BoxKind.START:
            starts = (arrow for arrow in region.arrows if arrow.source == box.id)
            yield from (_arrow(arrow, "[*]", arrow.target) for arrow in starts)
        elif box.kind is BoxKind.SCOPE:
            title = " · ".join(filter(None, (_signed(box.title, box.change), box.note)))
            yield f'state "{_escaped(title)}" as {box.id} {{'
            yield from _indented(_boxes(box.inner, region), 1)
            yield "}"
        else:
            said = (_signed(box.title, box.change), box.note)
            title = "<br/>".join(_escaped(text) for text in said if text)
            yield f'state "{title}" as {box.id}'
            yield from (f"{box.id} : {_escaped(f'↺ {text}')}" for text in box.lines)


def _arrows(region: Region) -> Iterator[str]:
    starts = {box.id for box in _all(region.boxes) if box.kind is BoxKind.START}
    for arrow in region.arrows:
        if arrow.source not in starts:
            yield _arrow(arrow, arrow.source, arrow.target)


def _arrow(arrow: Arrow, source: str, target: str) -> str:
    label = "<br/>".join(_escaped(_signed(text, arrow.change)) for text in arrow.lines)
    return f"{source} --> {target} : {label}" if label else f"{source} --> {target}"


def _classes(boxes: tuple[Box, ...]) -> Iterator[str]:
    for box in _all(boxes):
        if box.kind in _CLASSES:
            yield f"class {box.id} {box.change or box.kind.value}"


def _signed(text: str, change: str) -> str:
    return f"{SIGNS.get(change, '')}{text}"


def _all(boxes: tuple[Box, ...]) -> Iterator[Box]:
    for box in boxes:
        yield box
        yield from _all(box.inner)


def _escaped(text: str) -> str:
    """Return the text with every character that Mermaid might read as its own as an entity."""
    return _PLAIN.sub(lambda found: f"#{ord(found.group())};", " ".join(text.split()))


def _indented(lines: Iterator[str], depth: int) -> Iterator[str]:
    return ("    " * depth + line for line in lines)
