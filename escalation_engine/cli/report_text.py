"""What a proof has shown of a process, and what was found in all, as people read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from escalation_engine.cli.screen import mark, width
from escalation_engine.errors import Finding, Mark, Severity
from escalation_engine.finding import wrapped

if TYPE_CHECKING:
    from escalation_engine.verify import Report

__all__ = ["report_lines", "summary"]

_WORDS = {Severity.ERROR: "fault", Severity.WARNING: "warning", Severity.INFORMATION: "remark"}
_INDENT = " " * 16

# What is shown, the codes that speak against it, and how it is said: yes, no.
_SHOWN = (
    (
        "fair",
        ("E201", "E202", "E208"),
        "from wherever it is, every case can still come to an end or a decision",
        "some case can get where no way leads to an end or a decision",
    ),
    (
        "silent",
        ("W401",),
        "when nobody acts, time brings every case to an end or a decision",
        "when nobody acts, some case waits for ever",
    ),
    (
        "bounded",
        ("W209", "E201", "E202", "E208"),
        "every case ends, however people choose",
        "some case can go on for ever",
    ),
)


def report_lines(report: Report, *, seconds: float, is_verbose: bool) -> Iterator[str]:
    """Yield the numbers, what was shown and what was not, and what is meant as it is."""
    name = report.process
    numbers = (
        f"{_many(report.states, 'state')}, {_many(report.transitions, 'transition')}, "
        f"{_many(report.configurations, 'configuration')}, {seconds:.1f} s"
    )
    yield f"{mark(name, 'title')}: {numbers}"
    for title, codes, yes, no in _SHOWN:
        yield from _shown(report, title, codes, yes=yes, no=no)
    yield from _ignored(report)
    if is_verbose:
        yield from _bounds(report)
        yield from _assumptions(report)


def summary(found: Mapping[Path, Sequence[Finding]]) -> str:
    """Return the last line: how many findings of which weight, in how many files."""
    counts = Counter(finding.severity for listed in found.values() for finding in listed)
    files = _many(len(found), "file")
    if not counts:
        return mark(f"{files} checked, no faults", "good")
    said = [_many(counts[kind], word) for kind, word in _WORDS.items() if counts[kind]]
    faulty = sum(bool(listed) for listed in found.values())
    where = f"in {faulty} of {files}" if len(found) > 1 else f"in {next(iter(found))}"
    return mark(f"{', '.join(said)} {where}", "bad" if counts[Severity.ERROR] else "warn")


def _shown(
    report: Report, title: str, codes: tuple[str, ...], *, yes: str, no: str
) -> Iterator[str]:
    answer = getattr(report, title)
    if answer is None:
        word, style, said = "?", "warn", f"not decided whether {yes}"
    elif answer:
        word, style, said = "yes", "good", yes
    else:
        meant = {one.code for one in report.ignored} & set(codes)
        open_codes = {one.code for one in report.findings} & set(codes)
        is_meant = bool(meant) and not open_codes
        tail = f" ({', '.join(sorted(meant or open_codes))}{', meant' if is_meant else ''})"
        word, style = "no", "faint" if is_meant else "warn"
        said = no + tail
    first, *more = wrapped(f"{_INDENT}{said}", width(), _INDENT)
    yield f"  {title:<9}{mark(f'{word:<5}', style)}{first.removeprefix(_INDENT)}"
    yield from more


def _ignored(report: Report) -> Iterator[str]:
    """Yield each reason once, with the places that it stands at and how much it covers."""
    reasons: dict[tuple[str, str], Counter[Mark]] = {}
    for one in report.ignored:
        reasons.setdefault((one.code, one.reason), Counter())[one.place.mark] += 1
    is_tailored = len({one.place.mark.file for one in report.ignored}) > 1
    for (code, reason), marks in reasons.items():
        times = f", {marks.total()} times" if marks.total() > len(marks) else ""
        places = [
            f"{Path(at.file).name}:{at.line}" if is_tailored else str(at.line)
            for at in sorted(marks)
        ]
        where = "" if is_tailored else "line " if len(places) == 1 else "lines "
        said = f"  ignored  {code} {reason} ({where}{', '.join(places)}{times})"
        yield from (mark(one, "faint") for one in wrapped(said, width(), _INDENT))


def _bounds(report: Report) -> Iterator[str]:
    if not report.bounds:
        return
    yield "  longest time on the way from each state when nobody acts:"
    longest = max(len(bound.state) for bound in report.bounds)
    for bound in report.bounds:
        within = bound.within or mark("for ever", "warn")
        yield f"    {bound.state:<{longest}}  {within}"


def _assumptions(report: Report) -> Iterator[str]:
    if report.assumptions:
        yield "  assumed:"
    for one in report.assumptions:
        yield from wrapped(f"    - {one}", width(), "      ")


def _many(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count} {word}s"
