"""`verify`: explore a process, hold it to every rule, and report what was shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from escalation_engine.chart.model import Chart
from escalation_engine.errors import Finding, Mark
from escalation_engine.loader import Loaded
from escalation_engine.verify.alive import alive, taken
from escalation_engine.verify.assumptions import assumptions
from escalation_engine.verify.codes import CODES, severity_of
from escalation_engine.verify.decision_points import answerable
from escalation_engine.verify.ends import ending
from escalation_engine.verify.explore import MOST_CONFIGURATIONS, explore
from escalation_engine.verify.flaw import Element, Flaw
from escalation_engine.verify.graph import Graph
from escalation_engine.verify.lint import lints
from escalation_engine.verify.loops import loops
from escalation_engine.verify.lost import Lost
from escalation_engine.verify.overlap import overlaps, ties
from escalation_engine.verify.path import told
from escalation_engine.verify.place import Places
from escalation_engine.verify.promised import answers_in, followers_of
from escalation_engine.verify.reads import all_transitions
from escalation_engine.verify.realise import is_across_kinds, realised
from escalation_engine.verify.report import Bound, Report
from escalation_engine.verify.silence import bounds, refused_firings, silent
from escalation_engine.verify.span_text import write_span
from escalation_engine.verify.watcher import Watcher

__all__ = ["proven", "verify"]


def verify(
    process: Chart | Loaded,
    *,
    watchers: Sequence[Watcher] = (),
    most: int = MOST_CONFIGURATIONS,
) -> Report:
    """Return what can be shown of a process: that every path ends, or a shortest one that does not.

    With what `loader.read` returns, findings stand at their place in the file and `ignore` is
    heeded; a bare chart has neither. `most` bounds the configurations: beyond it the answer is
    "not decided" (X901).
    """
    return proven(process, watchers=watchers, most=most)[0]


def proven(
    process: Chart | Loaded,
    *,
    watchers: Sequence[Watcher] = (),
    most: int = MOST_CONFIGURATIONS,
) -> tuple[Report, Graph]:
    """Return the report and the graph that it was read from."""
    chart = process.chart if isinstance(process, Loaded) else process
    places = Places(chart.process)
    if isinstance(process, Loaded):
        places = Places(chart.process, process.origins, process.definition)
    lost = Lost()
    graph = explore(chart, watchers=watchers, refused=lost, most=most)
    found = [(graph, flaw) for flaw in _flaws(graph, lost, places)]
    found += _broken(chart, most)
    if isinstance(process, Loaded):
        told = frozenset((flaw.code, flaw.element) for _, flaw in found)
        found += [(graph, flaw) for flaw in lints(process, graph, told)]
    flaws = [(of, _as_far_as_real(of, flaw)) for of, flaw in found]
    return _report(graph, places, flaws), graph


def _flaws(graph: Graph, lost: Lost, places: Places) -> Iterator[Flaw]:
    yield from ending(graph)
    yield from lost.flaws(graph)
    yield from _unused(graph, places)
    yield from answerable(graph)
    yield from refused_firings(graph)
    yield from overlaps(graph)
    yield from silent(graph)
    yield from loops(graph, is_meant=cache(partial(places.is_meant, "W209")))
    yield from ties(graph)
    if not graph.is_whole:
        yield Flaw(
            "X901",
            f"not decided: a limit was reached at {len(graph.nodes) - 1} configurations, or at the "
            "answers to one input",
            hint="raise the limit, or let fewer facts steer the process",
        )
    for name in graph.model.unsampled:
        yield Flaw(
            "X901",
            f"not decided: no value is known that fits `{name}`",
            hint="give the field a `default`",
        )


def _unused(graph: Graph, places: Places) -> Iterator[Flaw]:
    """What is written once for all levels is used when one of them uses it."""
    live = {places.of(one).mark for one in taken(graph)} if places.origins is not None else set()
    for flaw in alive(graph):
        is_branch = flaw.element.event or (flaw.element.number and not flaw.element.section)
        if not (is_branch and places.of(flaw.element).mark in live):
            yield flaw


def _broken(chart: Chart, most: int) -> Iterator[tuple[Graph, Flaw]]:
    """Yield what is wrong with promises, each with the exploration that its path belongs to.

    It is one of its own: what a promise remembers would tell apart what is one loop.
    """
    followers = followers_of(chart)
    if not followers:
        return
    graph = explore(chart, watchers=followers, most=most)
    for one in answers_in(graph, followers):
        if one.code:
            element = Element(section="promises", name=one.promise.name)
            yield graph, Flaw(one.code, one.message, element, one.hint, one.path)


def _as_far_as_real(graph: Graph, flaw: Flaw) -> Flaw:
    """An error whose path leans on an order between kinds of time counts when it can come about."""
    if flaw.code[0] != "E" or not flaw.path or not is_across_kinds(graph, flaw.path):
        return flaw
    if realised(graph, flaw.path) is not None:
        return flaw
    message = f"not decided: {flaw.message}; no start within a year makes that come about"
    return Flaw("X901", message, flaw.element, flaw.hint, flaw.path)


def _report(graph: Graph, places: Places, flawed: list[tuple[Graph, Flaw]]) -> Report:
    flaws = [flaw for _, flaw in flawed]
    ignored = {index: found for index, flaw in enumerate(flaws) if (found := places.ignored(flaw))}
    left = [pair for index, pair in enumerate(flawed) if index not in ignored]
    kept = [flaw for _, flaw in left]
    findings = _once([_finding(of, places, flaw) for of, flaw in left])
    for unused in places.unused(frozenset(CODES)):
        message = f"`ignore` names {unused.code}, which is not found here"
        mark, excerpt = unused.place.mark, unused.place.excerpt
        findings.append(Finding("W602", message, mark, severity_of("W602"), "take it out", excerpt))
    codes = {flaw.code for of, flaw in flawed if of is graph}
    chart = graph.model.original
    leaves = [one for track in chart.tracks for one in track.states.values() if one.is_leaf]
    return Report(
        process=chart.process,
        states=len(leaves),
        transitions=len(all_transitions(chart)),
        configurations=len(graph.nodes) - 1,
        moves=graph.transitions,
        findings=tuple(findings),
        flaws=tuple(kept),
        fair=_shown(graph, codes, {"E201", "E202", "E208"}),
        silent=_shown(graph, codes, {"W401"}),
        bounded=_shown(graph, codes, {"W209", "E201", "E202", "E208"}),
        bounds=_bounds(graph),
        assumptions=assumptions(graph.model),
        ignored=tuple(ignored.values()),
    )


def _bounds(graph: Graph) -> tuple[Bound, ...]:
    """Return the bounds in the order of the document."""
    spans = bounds(graph)
    return tuple(
        Bound(state, write_span(graph.model, span) if (span := spans[state]) is not None else None)
        for state in graph.model.original.main.states
        if state in spans
    )


def _once(findings: list[Finding]) -> list[Finding]:
    """Tell what is found again and again at one place, such as in each level, once."""
    alike: dict[tuple[str, Mark], list[Finding]] = {}
    for index, one in enumerate(findings):
        code = one.code if one.mark.column > 1 or one.mark.line > 1 else f"{one.code} {index}"
        alike.setdefault((code, one.mark), []).append(one)
    return [
        replace(first, message=f"{first.message} (and so {len(more)} times more here)")
        if more
        else first
        for first, *more in alike.values()
    ]


def _shown(graph: Graph, codes: set[str], broken_by: set[str]) -> bool | None:
    if codes & broken_by:
        return False
    return None if "X901" in codes or not graph.is_whole else True


def _finding(graph: Graph, places: Places, flaw: Flaw) -> Finding:
    place = places.of(flaw.element)
    removed = places.removals(flaw.element) if flaw.code.startswith("E") else ""
    return Finding(
        flaw.code,
        flaw.message,
        place.mark,
        severity_of(flaw.code),
        "; ".join(filter(None, (flaw.hint, removed))),
        place.excerpt,
        told(graph, flaw.path, places),
    )
