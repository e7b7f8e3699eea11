"""The edge of the shell: every error on purpose becomes words on stderr and an exit code."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import typer

from escalation_engine.errors import EscalationError

__all__ = ["FAULTS", "INTERRUPTED", "USAGE", "at_the_edge", "refuse_usage"]

FAULTS = 1
USAGE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_BROKEN_PIPE = 141  # 128 + SIGPIPE

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def at_the_edge(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Return the command with its errors told: never a traceback for bad input."""

    @functools.wraps(command)
    def guarded(*given: _Parameters.args, **named: _Parameters.kwargs) -> _Result:
        try:
            result = command(*given, **named)
            sys.stdout.flush()
        except EscalationError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(FAULTS) from error
        except KeyboardInterrupt as error:
            typer.echo("\ninterrupted", err=True)
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError as error:
            # Whoever read has gone; Python would complain once more when it flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(_BROKEN_PIPE) from error
        return result

    return guarded


def refuse_usage(problem: str) -> NoReturn:
    """Say what is wrong with the call, and leave."""
    typer.echo(f"{Path(sys.argv[0]).name}: {problem}", err=True)
    raise typer.Exit(USAGE)
