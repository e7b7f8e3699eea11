"""What a proof has shown, and the way to a finding, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_engine.cli.screen import mark
from escalation_engine.errors import PathStep

if TYPE_CHECKING:
    from escalation_engine.verify import Report

__all__ = ["path_lines", "proof_lines"]


def proof_lines(report: Report) -> list[str]:
    """Return one line with the numbers and what was shown, and one for each `ignore`."""
    numbers = (
        f"{report.states} states, {report.transitions} transitions, "
        f"{report.configurations} configurations"
    )
    shown = [
        _said(report.fair, "every fair path ends", "not every path can end"),
        _said(report.silent, "every silent path ends", "silence lasts for ever somewhere"),
        _said(
            report.bounded, "every path ends, however people choose", "people can go on for ever"
        ),
    ]
    lines = [f"{mark(report.process, 'title')}: {numbers}; {'; '.join(shown)}"]
    lines += [
        mark(f"  ignored {one.code} at line {one.place.mark.line}: {one.reason}", "faint")
        for one in report.ignored
    ]
    return lines


def path_lines(path: tuple[PathStep, ...]) -> list[str]:
    """Return how to get there, a line for each step; none where there is no path."""
    if not path:
        return []
    steps = "1 step" if len(path) == 1 else f"{len(path)} steps"
    lines = [f"  how to get there ({steps}, no shorter way):"]
    before: dict[str, str] = {}
    for number, step in enumerate(path, start=1):
        moved = [leaf for track, leaf in step.states if before.get(track) != leaf]
        before = dict(step.states)
        told = [f"{name} = {value}" for name, value in (*step.changes, *step.answers)]
        who = f" by {step.by}" if step.by else ""
        after = f"after {step.after}: " if step.after else ""
        to = f" -> {', '.join(moved)}" if moved else ""
        facts = f" ({', '.join(told)})" if told else ""
        lines.append(mark(f"    {number}. {after}{step.what}{who}{to}{facts}", "faint"))
    return lines


def _said(shown: bool | None, yes: str, no: str) -> str:
    return f"not decided whether {yes}" if shown is None else yes if shown else no
