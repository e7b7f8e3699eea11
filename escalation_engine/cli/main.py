"""The console script `escalate` and its commands. What a command needs it imports when it runs."""

from __future__ import annotations

import typer

from escalation_engine.cli.check import check
from escalation_engine.cli.diagram import diagram
from escalation_engine.cli.expand import expand
from escalation_engine.cli.hooks import hooks
from escalation_engine.cli.journal import journal
from escalation_engine.cli.play import play
from escalation_engine.cli.schema import schema
from escalation_engine.cli.work import work

__all__ = ["app", "run"]

app = typer.Typer(
    help="Check, show, play and run escalation processes that are written in YAML.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (check, expand, play, diagram, hooks, schema, journal, work):
    app.command()(command)


def run() -> None:
    """Run the command line of this process and leave with its exit code."""
    app()
