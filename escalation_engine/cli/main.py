"""The console script `escalate` and its commands. What a command needs it imports when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from escalation_engine.cli.audit import audit
from escalation_engine.cli.check import check
from escalation_engine.cli.diagram import diagram
from escalation_engine.cli.diff import diff
from escalation_engine.cli.expand import expand
from escalation_engine.cli.hooks import hooks
from escalation_engine.cli.journal import journal
from escalation_engine.cli.migrate import migrate
from escalation_engine.cli.play import play
from escalation_engine.cli.schema import schema
from escalation_engine.cli.screen import show
from escalation_engine.cli.sources import sources
from escalation_engine.cli.tailor import tailor
from escalation_engine.cli.upgrade import upgrade
from escalation_engine.cli.work import work

__all__ = ["app", "run"]

app = typer.Typer(
    help="Check, show, play and run escalation processes that are written in YAML.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # joins the lines of a paragraph, as the docstrings mean it
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        show(f"escalate {version('escalation-engine')}")
        raise typer.Exit


for command in (
    check, expand, tailor, diff, play, diagram, sources, hooks, schema, journal, audit,
    migrate, work, upgrade,
):  # fmt: skip
    app.command()(command)


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Take what stands before a command."""


def run() -> None:
    """Run the command line of this process and leave with its exit code."""
    app()
