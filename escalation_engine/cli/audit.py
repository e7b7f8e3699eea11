"""`escalate audit`: whether journals are as they were written, in a database or in an export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from escalation_engine.cli.argument import Output
from escalation_engine.cli.edge import FAULTS, at_the_edge, refuse_usage
from escalation_engine.cli.screen import mark, show

if TYPE_CHECKING:
    from escalation_engine.store.audit import Audited

__all__ = ["audit"]


@at_the_edge
def audit(
    case: Annotated[
        str | None, typer.Argument(help="The id or the reference of a case; without it, all.")
    ] = None,
    url: Annotated[
        str | None,
        typer.Option("--db", metavar="URL", help="The database, such as sqlite:///desk.db"),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="An export, in place of a database."),
    ] = None,
    output: Annotated[
        Output, typer.Option("--format", help="Lines for people, or JSON for programs.")
    ] = Output.TEXT,
) -> None:
    """Check that journals and cases are as they were written, by the chains of their journals.

    Exit code 0: everything fits; 1: something does not, and the first break of each case is told;
    2: there is nothing that can be read. The head of a chain, kept elsewhere, shows later that a
    journal was not written anew.
    """
    if (url is None) == (file is None):
        refuse_usage("give either --db URL or --file FILE")
    checked = list(_of_file(file, case) if file is not None else _of_database(url or "", case))
    if output is Output.JSON:
        _show_json(checked)
    else:
        for one in checked:
            show(_line(one))
        broken = sum(one.broken is not None for one in checked)
        show(f"{len(checked)} cases, {broken} broken")
    if any(one.broken is not None for one in checked):
        raise typer.Exit(FAULTS)


def _of_database(url: str, case: str | None) -> Iterator[Audited]:
    from escalation_engine.cli.archive import open_archive

    with open_archive(url) as archive:
        if case is None:
            yield from archive.reader.audit_all()
            return
        # Not by reading the case: one that was tampered with may not be read at all.
        yield archive.reader.audit(archive.id_of(case))


def _of_file(file: Path, case: str | None) -> Iterator[Audited]:
    from escalation_engine.store.audit import audited
    from escalation_engine.store.portable import imported

    found = False
    try:
        with file.open(encoding="utf-8") as lines:
            for kept in imported(lines):
                if case is None or kept.case_id == case:
                    found = True
                    yield audited(kept)
    except (OSError, ValueError) as error:
        refuse_usage(f"--file {file}: {error}")
    if not found:
        refuse_usage(f"--file {file}: there is no case {case or 'in it'}")


def _line(one: Audited) -> str:
    if one.broken is not None:
        where = f"revision {one.broken.revision}" if one.broken.revision else "the case"
        return f"{mark('broken', 'bad')}  {one.case_id}  at {where}: {one.broken.what}"
    notes = [f"{one.entries} {'entry' if one.entries == 1 else 'entries'}"]
    notes += [f"{one.unchained} of them from before the chain"] if one.unchained else []
    notes += [f"something forgotten in {one.forgotten}"] if one.forgotten else []
    return f"{mark('fits', 'good')}    {one.case_id}  {', '.join(notes)}, head {one.head or 'none'}"


def _show_json(checked: list[Audited]) -> None:
    import json
    from dataclasses import asdict

    show(json.dumps([asdict(one) for one in checked], indent=2))
