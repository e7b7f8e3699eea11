"""`escalate journal`: what happened to a case, from the database alone."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from escalation_engine.cli.edge import at_the_edge, refuse_usage
from escalation_engine.cli.screen import show

__all__ = ["journal"]


class View(StrEnum):
    """Whose view of the journal."""

    INTERNAL = "internal"
    CLIENT = "client"


class Form(StrEnum):
    """For people, for programs, or to be kept and audited."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


@at_the_edge
def journal(
    case: Annotated[str, typer.Argument(help="The id or the reference of a case.")],
    url: Annotated[
        str, typer.Option("--db", metavar="URL", help="The database, such as sqlite:///desk.db")
    ],
    view: Annotated[
        View, typer.Option("--visibility", help="Everything, or what the client may see.")
    ] = View.INTERNAL,
    output: Annotated[
        Form,
        typer.Option(
            "--format",
            help="Lines for people, JSON for programs, or JSON Lines: the case as a whole.",
        ),
    ] = Form.TEXT,
) -> None:
    """Tell what happened to a case, entry by entry. No process file is needed."""
    if not case.strip():
        refuse_usage("CASE is empty; give the id or the reference of a case")
    from escalation_engine.cli.archive import open_archive
    from escalation_engine.cli.journal_text import journal_lines

    with open_archive(url) as archive:
        found = archive.find(case)
        if output is Form.JSONL:
            if view is View.CLIENT:
                refuse_usage("--format jsonl is the whole of a case, not what the client may see")
            show(archive.reader.export(found.id).rstrip("\n"))
            return
        entries = archive.reader.journal(found.id, visibility=view.value)
        if output is Form.JSON:
            show(archive.as_json(entries))
            return
        effects = () if view is View.CLIENT else archive.reader.outbox(found.id)
        chart = archive.definitions.chart_of(found)
        for line in journal_lines(chart, found, entries, [queued.effect for queued in effects]):
            show(line)
