"""Coverage as one HTML page: each track as boxes in boxes, coloured by what was covered.

The page needs nothing from the network and runs no script.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from escalation_engine.chart.model import Chart, State, Track
from escalation_engine.testing.coverage.goal import KINDS, Aim, transition_name
from escalation_engine.testing.coverage.report import Coverage

__all__ = ["coverage_page"]

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; color: #1b2733 }
table { border-collapse: collapse } td, th { padding: .15rem .8rem .15rem 0; text-align: left }
.box { border: 1px solid #9ab; border-left-width: 6px; border-radius: 4px; margin: .5rem 0;
       padding: .3rem .7rem }
.yes { border-color: #2e7d32 } .no { border-color: #c62828; background: #fdf1f0 }
li.no { background: none; color: #b71c1c } ul { margin: .2rem 0; padding-left: 1.1rem }
li { list-style: "✓  " } li.no { list-style: "✗  " }
code { color: #567 }
"""


def coverage_page(coverage: Coverage, chart: Chart) -> str:
    """Return the page: numbers, the process in colour, and what is missing by its place."""
    parts = [
        "<!doctype html>",
        f'<html lang="en"><meta charset="utf-8"><title>{escape(chart.title)}</title>',
        f"<style>{_STYLE}</style>",
        f"<h1>{escape(chart.title)}: {coverage.percent:g} % covered</h1>",
        "<table><tr><th>of</th><th>covered</th><th>there are</th></tr>",
        *_numbers(coverage),
        "</table>",
    ]
    for track in chart.tracks:
        parts.append(f"<h2>{escape(track.title or track.name)}</h2>")
        parts += _scope(coverage, track, "")
    parts += ["<h2>Missing</h2>", "<ul>", *_missing(coverage), "</ul></html>"]
    return "\n".join(parts) + "\n"


def _numbers(coverage: Coverage) -> Iterator[str]:
    for kind, plural in KINDS.items():
        covered, total = coverage.counts(kind)
        if total:
            yield f"<tr><td>{escape(plural)}</td><td>{covered}</td><td>{total}</td></tr>"


def _scope(coverage: Coverage, track: Track, path: str) -> Iterator[str]:
    """Yield the transitions that a scope declares, and the boxes of the states inside it."""
    yield "<ul>"
    yield from _transitions(coverage, track, path)
    yield "</ul>"
    for state in track.states.values():
        if state.parent == path:
            yield from _box(coverage, track, state)


def _box(coverage: Coverage, track: Track, state: State) -> Iterator[str]:
    leaves = [
        one for one in track.states.values() if one.is_leaf and state.path in track.scopes(one.path)
    ]
    is_covered = all(Aim("state", f"{track.name}.{one.path}") in coverage.covered for one in leaves)
    name = escape(state.path.rpartition(".")[2])
    yield f'<div class="box {_word(is_covered)}"><b>{escape(state.title)}</b> <code>{name}</code>'
    yield from _scope(coverage, track, state.path)
    yield "</div>"


def _transitions(coverage: Coverage, track: Track, path: str) -> Iterator[str]:
    found = {
        transition_name(track.name, branch.transition): branch.transition
        for events in track.branches.values()
        for branches in events.values()
        for branch in branches
        if branch.transition.declared_in == path
    }
    for name, transition in found.items():
        kind = "refusal" if transition.refuse else "transition"
        is_covered = Aim(kind, name) in coverage.covered
        leads = f" → {escape(transition.to)}" if transition.to else ""
        when = f" when {escape(str(transition.when))}" if transition.when else ""
        yield f'<li class="{_word(is_covered)}">{escape(transition.event)}{leads}{when}</li>'


def _missing(coverage: Coverage) -> Iterator[str]:
    for goal in coverage.missing:
        place = f"{escape(goal.mark.file)}:{goal.mark.line}"
        what = f"{escape(goal.aim.kind)} {escape(goal.aim.name)}"
        yield f'<li class="no">{what} <code>{place}</code></li>'


def _word(is_covered: bool) -> str:  # noqa: FBT001 - its one argument
    return "yes" if is_covered else "no"
