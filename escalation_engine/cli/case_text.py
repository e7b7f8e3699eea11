"""A case as lines: where it stands, who holds it, what is known, and what can happen to it now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from escalation_engine.cli.screen import mark
from escalation_engine.cli.time_text import standing_rows
from escalation_engine.cli.words import Words
from escalation_engine.core import Case, Option

__all__ = ["case_lines", "either", "impossible_lines", "option_lines"]


def case_lines(words: Words, case: Case) -> Iterator[str]:
    """Yield the state, who holds the case, its data and counts, and what is due when."""
    if case.is_closed:
        yield f"{mark('Closed', 'good')}: {case.outcome}"
    yield f"{mark('State', 'title')}    {words.where(case.states.items())}"
    for slot, holders in case.slots.items():
        if holders:
            yield f"{_label(words.slot(slot))} {words.holders(holders)}"
    for field, value in case.data.items():
        if value is not None:
            yield f"{_label('data')} {words.field(field)}: {words.value(field, value)}"
    for tasks, listed in case.tasks.items():
        for task in listed:
            how = f"done by {task.done_by}" if task.is_done else "open"
            yield f"{_label('task')} {words.task(tasks, task.text, task.owner, how)}"
    for count, number in case.counts.items():
        if number:
            title = words.chart.counts[count].title if count in words.chart.counts else count
            yield f"{_label('count')} {title}: {number}"
    for kind, text in standing_rows(words, case):
        yield f"{_label(kind)} {text}"


def option_lines(words: Words, case: Case, options: Sequence[Option]) -> Iterator[str]:
    """Yield what can happen, numbered, with what it needs and where it leads."""
    for number, option in enumerate(options, start=1):
        title = mark(option.title or option.event, "title")
        yield f"  {number:>2}  {title}{_leads(words, case, option)}"
        if option.needs:
            needed = ", ".join(_need(words, name) for name in option.needs)
            yield f"      needs {needed}"


def impossible_lines(options: Sequence[Option]) -> Iterator[str]:
    """Yield what cannot happen now, and why not."""
    for option in options:
        yield f"   -  {option.title or option.event}"
        yield from (f"      {mark(reason.message, 'faint')}" for reason in option.reasons)


def either(words: Words, if_yes: Sequence[Option], if_no: Sequence[Option]) -> list[Option]:
    """Return what is possible either way, with the targets of both; then the rest."""
    order = {name: number for number, name in enumerate(words.chart.events)}
    others = {option.event: option for option in if_no}
    joined = []
    for option in if_yes:
        other = others[option.event]
        if option.is_possible and other.is_possible:
            targets = tuple(dict.fromkeys([*option.targets, *other.targets]))
            joined.append(replace(option, targets=targets))
        else:
            joined.append(option if option.is_possible else other)
    return sorted(joined, key=lambda option: (not option.is_possible, order.get(option.event, 0)))


def _leads(words: Words, case: Case, option: Option) -> str:
    """Where it leads: one place or several, by the data that decide."""
    targets = [_target(words, target) for target in option.targets]
    if not targets or targets == [_target(words, case.state)]:
        return ""
    by = ", ".join(words.field(name) for name in option.depends_on)
    return f"  → {' or '.join(targets)}" + (f", by {by}" if by else "")


def _target(words: Words, target: str) -> str:
    tracks = {track.name: track for track in words.chart.tracks}
    name, _, path = target.partition(".")
    if name in tracks and path in tracks[name].states:
        return words.state(name, path)
    return words.state(words.chart.main.name, target)


def _need(words: Words, name: str) -> str:
    return words.field(name) if name in words.chart.fields else name.replace("_", " ")


def _label(text: str) -> str:
    return f"{text.lower():<8}"
