"""`escalate play`: walk a case through a process, by hand or by a script."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from escalation_engine.cli.argument import ProcessFile
from escalation_engine.cli.edge import at_the_edge

__all__ = ["play"]


@at_the_edge
def play(  # noqa: PLR0917 - Typer reads options from plain parameters
    file: ProcessFile,
    script: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A scenario that says what happens."),
    ] = None,
    url: Annotated[
        str, typer.Option("--db", metavar="URL", help="Keeps the case, and leaves others alone.")
    ] = "memory://",
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Who you are: ann, or ann:tier1,tier2")
    ] = "",
    host: Annotated[
        str,
        typer.Option(
            metavar="MODULE:NAME",
            help="Play the script on this adapter of your host, beside what the process says.",
        ),
    ] = "",
    with_journal: Annotated[
        bool, typer.Option("--journal", help="Print the journal at the end.")
    ] = False,
) -> None:
    """Walk a case through a process, by hand or by a script.

    By hand you choose among what can happen, and answer for the host. Exits with 1 when a script
    does not go as told, or a host does not keep the process.
    """
    if host:
        from escalation_engine.cli.hosted import play_on_host

        play_on_host(file, script, host=host)
    elif script is not None:
        from escalation_engine.cli.scripted import play_script

        play_script(file, script, url=url, with_journal=with_journal)
    else:
        from escalation_engine.cli.console import play_by_hand

        play_by_hand(file, url=url, name=name, with_journal=with_journal)
