"""`escalate sources`: what of a text a process has, and what it has besides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from escalation_engine.cli.argument import ProcessFile
from escalation_engine.cli.edge import at_the_edge
from escalation_engine.cli.screen import mark, show, visible

if TYPE_CHECKING:
    from escalation_engine.chart.printed_order import Misprint
    from escalation_engine.chart.traceability import Inference, Statement

__all__ = ["sources"]


@at_the_edge
def sources(file: ProcessFile) -> None:
    """Tell for each statement of the texts what comes from it, and what no text says.

    Exits with 1 when nothing comes from a statement.
    """
    import typer

    from escalation_engine.chart.printed_order import misprints
    from escalation_engine.chart.traceability import inferences, statements
    from escalation_engine.loader import read

    loaded = read(file)
    listed = statements(loaded.definition)
    titles = {name: source.title for name, source in loaded.definition.sources.items()}
    for name, group in groupby(listed, lambda one: one.source):
        show(f"{mark(name, 'title')}  {visible(titles[name])}")
        for cell, told in _rows(list(group)):
            show(f"  {cell}  {told}")
        show()
    for line in (
        *_misprinted(misprints(loaded.chart, loaded.definition.sources)),
        *_inferred(inferences(loaded.definition)),
    ):
        show(line)
    if any(one.is_missing for one in listed):
        raise typer.Exit(1)


def _rows(group: list[Statement]) -> Iterator[tuple[str, str]]:
    width = max(len(visible(one.name)) for one in group)
    return ((visible(one.name).ljust(width), _told(one)) for one in group)


def _told(one: Statement) -> str:
    if one.elements:
        return visible("; ".join(one.elements))
    if one.repeats:
        return f"repeats {visible(one.repeats)}"
    return mark("asks for nothing", "faint") if one.is_furniture else mark("no element", "bad")


def _misprinted(found: tuple[Misprint, ...]) -> Iterator[str]:
    if found:
        yield mark("Printed before what leads to it", "title")
    for one in found:
        printed = visible(", ".join(one.printed))
        yield f"  {visible(one.then)} ({printed}), after {visible(one.first)}"


def _inferred(found: tuple[Inference, ...]) -> Iterator[str]:
    if found:
        yield mark("Inferred", "title")
    for one in found:
        yield f"  {visible(one.element)}" + (f": {visible(one.why)}" if one.why else "")
