"""`escalate work`: a process that only fires what falls due, and delivers what waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from escalation_engine.cli.edge import at_the_edge

__all__ = ["work"]


_Batch = Annotated[
    int,
    typer.Option(
        min=1,
        help="How many firings, and attempts, until it looks whether it shall stop.",
    ),
]
_LeaseSeconds = Annotated[
    float,
    typer.Option(
        min=0.1,
        help="After so long others do what a worker had claimed that died. One that lives "
        "renews it; longer than the slowest hook takes.",
    ),
]


@at_the_edge
def work(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", exists=True, dir_okay=False, readable=True, help="Processes in YAML."
        ),
    ],
    *,
    url: Annotated[str, typer.Option("--db", metavar="URL", help="Where the cases are kept.")],
    hooks: Annotated[
        str,
        typer.Option(
            metavar="MODULE:OBJECT",
            help="The host's hooks; the module is imported, also from the current folder. Without "
            "them timers, clocks and duties fall due, and nothing is delivered: effects, and "
            "firings that ask a guard, are left for a worker with hooks.",
        ),
    ] = "",
    is_once: Annotated[bool, typer.Option("--once", help="Do what is due now, and leave.")] = False,
    poll_seconds: Annotated[
        float,
        typer.Option(
            min=0.01,
            help="The longest sleep. What this database knows is done on time all the same; only "
            "what others commit meanwhile may wait so long. Without hooks everything may.",
        ),
    ] = 5.0,
    batch: _Batch = 20,
    lease_seconds: _LeaseSeconds = 300.0,
) -> None:
    """Fire what falls due and deliver what waits, until SIGTERM or SIGINT; any number may run.

    Workers on any machines share what there is to do: each claims some of it, and gives back what
    it has not done. It leaves after the batch that is under way, with exit code 0.
    """
    from escalation_engine.cli import worker

    pace = worker.Pace(is_once=is_once, poll_seconds=poll_seconds, batch=batch)
    lease = timedelta(seconds=lease_seconds)
    worker.work(url, files, pace, hooks=hooks, lease=lease)
