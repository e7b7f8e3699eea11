"""The edge of the shell: every error on purpose becomes words on stderr and an exit code."""

from __future__ import annotations

import functools
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import typer

from escalation_engine.cli.screen import complain, mark, width
from escalation_engine.errors import (
    BadInput,
    DefinitionError,
    EscalationError,
    Finding,
    StoreError,
)

__all__ = ["FAULTS", "INTERRUPTED", "USAGE", "at_the_edge", "refuse_usage"]

FAULTS = 1
USAGE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_BROKEN_PIPE = 141  # 128 + SIGPIPE

_SILENT = logging.NullHandler()

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def at_the_edge(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Return the command with its errors told: never a traceback for bad input."""

    @functools.wraps(command)
    def guarded(*given: _Parameters.args, **named: _Parameters.kwargs) -> _Result:
        # What the engine logs is told in words where it matters; raw lines would stand between.
        logging.getLogger("escalation_engine").addHandler(_SILENT)
        try:
            result = command(*given, **named)
            sys.stdout.flush()
        except EscalationError as error:
            raise typer.Exit(_tell(error)) from error
        except KeyboardInterrupt as error:
            complain("\ninterrupted")
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError as error:
            # Whoever read has gone; Python would complain once more when it flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(_BROKEN_PIPE) from error
        return result

    return guarded


def refuse_usage(problem: str) -> NoReturn:
    """Say what is wrong with the call, and leave."""
    complain(f"{_program()}: {problem}")
    raise typer.Exit(USAGE)


def _tell(error: EscalationError) -> int:
    """Write an error to stderr and return its exit code; a database is named by its option."""
    match error:
        case DefinitionError():
            _tell_findings(error.findings)
            return FAULTS
        case StoreError(url=url) if "://" in url:
            complain(f"{_program()}: --db {error}")
            return USAGE
        case BadInput(what="url"):
            complain(f"{_program()}: --db: {str(error).removeprefix('url: ')}")
            return USAGE
    complain(str(error))
    return FAULTS


def _program() -> str:
    return Path(sys.argv[0]).name


def _tell_findings(findings: Sequence[Finding]) -> None:
    """Write them as `escalate check` does, to stderr."""
    from escalation_engine.cli.report_text import summary

    found: dict[Path, list[Finding]] = {}
    for finding in findings:
        found.setdefault(Path(finding.mark.file), []).append(finding)
        complain("\n".join([*finding.lines(mark, width=width()), ""]))
    complain(summary(found))
