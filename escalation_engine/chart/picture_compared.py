"""Lay the picture of an older chart under that of a newer one: what came, went and changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from escalation_engine.chart.arrow import Arrow
from escalation_engine.chart.difference import differences
from escalation_engine.chart.model import Chart
from escalation_engine.chart.picture import Box, BoxKind, Picture, Region, picture_of

__all__ = ["compared_picture"]

_MARKERS = (BoxKind.START, BoxKind.ANYTIME, BoxKind.HISTORY)


def compared_picture(old: Chart, new: Chart) -> Picture:
    """Return the picture of `new` with each change marked, and what it no longer has."""
    places = {place for found in differences(old, new) for place in found.where if "." in place}
    touched = {place.replace(".", "__") for place in places}
    before = {region.id: region for region in picture_of(old).regions}
    picture = picture_of(new)
    regions = [
        _region(before.pop(region.id, Region(region.id, "", (), ())), region, touched)
        for region in picture.regions
    ]
    gone = [replace(region, boxes=_marked(region.boxes, "removed")) for region in before.values()]
    return replace(picture, regions=(*regions, *gone))


def _region(old: Region, new: Region, touched: set[str]) -> Region:
    boxes = _boxes(old.boxes, new.boxes, touched)
    starts = {box.id for box in _all(boxes) if box.kind is BoxKind.START}
    drawn = {box.id for box in _all(boxes)} - starts
    before = {_ends(arrow): arrow for arrow in old.arrows}
    after = {_ends(arrow) for arrow in new.arrows}
    arrows = [
        replace(arrow, change=_change(before.get(_ends(arrow)), arrow)) for arrow in new.arrows
    ]
    arrows += [
        replace(arrow, change="removed")
        for ends, arrow in before.items()
        if ends not in after and {arrow.source, arrow.target} <= drawn
    ]
    return replace(new, boxes=boxes, arrows=tuple(arrows))


def _ends(arrow: Arrow) -> tuple[str, str, bool]:
    return arrow.source, arrow.target, arrow.is_back


def _change(was: Arrow | None, now: Arrow) -> str:
    if was is None:
        return "added"
    return "changed" if was.lines != now.lines else ""


def _boxes(old: tuple[Box, ...], new: tuple[Box, ...], touched: set[str]) -> tuple[Box, ...]:
    before = {box.id: box for box in old}
    found: list[Box] = []
    for box in new:
        was = before.pop(box.id, None)
        if was is None:
            found += _marked((box,), "" if box.kind in _MARKERS else "added")
            continue
        same = (was.kind, was.title, was.note, was.lines) == (
            box.kind,
            box.title,
            box.note,
            box.lines,
        )
        is_touched = not same or (box.id in touched and box.kind is not BoxKind.START)
        inner = _boxes(was.inner, box.inner, touched) if box.kind is BoxKind.SCOPE else box.inner
        found.append(replace(box, inner=inner, change="changed" if is_touched else ""))
    gone = tuple(box for box in before.values() if box.kind not in _MARKERS)
    return (*found, *_marked(gone, "removed"))


def _marked(boxes: tuple[Box, ...], change: str) -> tuple[Box, ...]:
    return tuple(
        replace(
            box,
            inner=_marked(box.inner, change),
            change="" if box.kind in _MARKERS else change,
        )
        for box in boxes
    )


def _all(boxes: tuple[Box, ...]) -> Iterator[Box]:
    for box in boxes:
        yield box
        yield from _all(box.inner)
