"""Keep a journey on which a host has left its process, as a scenario file that can be played."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from escalation_engine.chart.model import Chart
from escalation_engine.testing.host.differing import HostDiffers
from escalation_engine.testing.journey import scenario_text

__all__ = ["keep"]


def keep(
    differs: HostDiffers, chart: Chart, *, process: Path, folder: Path, host: str
) -> HostDiffers:
    """Write the journey into the folder; return the difference with the command that replays it."""
    digest = sha256(repr(differs.journey).encode()).hexdigest()[:8]
    path = folder / f"{chart.process}-{digest}.yaml"
    command = f"escalate play {_short(process)} --script {_short(path)}"
    command += f" --host {host}" if host else ""
    text = scenario_text(
        differs.journey,
        chart,
        process=process,
        folder=folder,
        title=f"The host keeps the process at step {len(differs.journey.steps)}",
        remark=f"the process: {differs.expected}\nthe host:    {differs.found}\nagain: {command}",
    )
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return differs.kept_as(f"  kept in {_short(path)}; again: {command}")


def _short(path: Path) -> str:
    """Return the path from here, where it lies below."""
    here = Path.cwd()
    whole = path.resolve()
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()
