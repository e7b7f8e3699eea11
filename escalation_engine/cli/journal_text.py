"""Journal entries as lines that people read: who did what when, and all that it changed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from escalation_engine.chart.model import Chart
from escalation_engine.cli.screen import mark, visible
from escalation_engine.cli.time_text import change_rows, due_text, instant_text
from escalation_engine.cli.words import Words, value_text
from escalation_engine.core import (
    Act,
    Alarm,
    Case,
    Corrected,
    Digest,
    Due,
    Effect,
    Entry,
    Forgotten,
    Found,
    Fulfilled,
    GuardQuestion,
    HolderQuestion,
    Migrated,
    Noted,
    Notify,
    Opened,
    OpenLinked,
    Recalculated,
    Recorded,
    Reported,
    Sent,
    TaskChanged,
    TellOpener,
    Unavailable,
    Verdict,
)

__all__ = ["digest_text", "effect_text", "entry_lines", "journal_lines"]

_WIDTH = 80
_INDENT = "     "
_LABEL = 11
_ATTEMPTS = {"attempted_ok": "done", "attempt_failed": "tried in vain"}


def journal_lines(
    chart: Chart, case: Case, entries: Sequence[Entry], effects: Iterable[Effect]
) -> Iterator[str]:
    """Yield the journal of a case at 80 columns: a heading, then a block for each entry."""
    words = Words(chart)
    reference = f" ({case.reference})" if case.reference else ""
    yield mark(f"Case {case.id}{reference}", "title")
    yield f"{chart.title}, {case.process} version {case.version}; times are UTC"
    by_id = {effect.id: effect for effect in effects}
    before: Mapping[str, str] = {}
    for entry in entries:
        yield ""
        yield from entry_lines(words, entry, by_id, before)
        before = {**before, **entry.states}
    yield ""
    end = f"closed: {case.outcome}" if case.is_closed else "open"
    style = "good" if case.is_closed else "warn"
    yield f"{mark(end, style)}, in {words.where(case.states.items())}"


def entry_lines(
    words: Words, entry: Entry, effects: Mapping[str, Effect], before: Mapping[str, str]
) -> Iterator[str]:
    """Yield one entry: a line with number, time, who and what; below it what came of it.

    `before` are the states before the entry, for inputs that made no step.
    """
    telling = _Telling(words, entry, effects)
    who, what = map(visible, telling.headline())
    at = entry.at.strftime("%Y-%m-%d %H:%M")
    head = f"{entry.revision:>4} {mark(at, 'faint')}  {mark(what, 'title')}"
    fits = len(f"{entry.revision:>4} {at}  {what}  by {who}") <= _WIDTH
    if len(f"{entry.revision:>4} {at}  {what}") > _WIDTH:
        first, *more = textwrap.wrap(what, _WIDTH - len(f"{entry.revision:>4} {at}  "))
        yield f"{entry.revision:>4} {mark(at, 'faint')}  {mark(first, 'title')}"
        yield from (f"{'':23}{mark(line, 'title')}" for line in more)
    else:
        yield f"{head}  by {who}" if fits and who else head
    rows = [] if fits or not who else [("by", who)]
    for label, text in [*rows, *telling.rows(before)]:
        start = f"{_INDENT}{label:<{_LABEL}} "
        gap = " " * len(start)
        wrapped = textwrap.wrap(visible(text), _WIDTH, initial_indent=start, subsequent_indent=gap)
        yield from wrapped or [start.rstrip()]


def effect_text(words: Words, effect: Effect) -> str:
    """Return what is to be done outside, in a few words."""
    match effect:
        case Act(name=name, arguments=arguments):
            title = words.chart.actions[name].title if name in words.chart.actions else name
            given = ", ".join(f"{key}: {value_text(value)}" for key, value in arguments.items())
            return f"do: {title}" + (f" ({given})" if given else "")
        case Notify():
            who = effect.person or words.role(effect.role or effect.recipient)
            return f"tell {who}: {effect.subject or effect.text}"
        case Alarm():
            return f"alarm: {effect.text or effect.subject}"
        case OpenLinked():
            return f"open a case of {effect.process}"
        case TellOpener():
            return f"send {effect.event} to case {effect.case_id}, which opened this one"
        case Digest():
            return digest_text(effect)
        case _:
            assert_never(effect)


def digest_text(digest: Digest) -> str:
    """Return whose digest it is, and the cases in it."""
    cases = ", ".join(row.reference or row.case_id for row in digest.rows)
    missed = f", {digest.missed} missed before" if digest.missed else ""
    return f"digest {digest.title} for {digest.holder or 'nobody'}{missed}: {cases}"


@dataclass(frozen=True, slots=True)
class _Telling:
    """One entry in words."""

    words: Words
    entry: Entry
    effects: Mapping[str, Effect]

    def headline(self) -> tuple[str, str]:
        """Return who acted, and what it was."""
        input = self.entry.input
        match input:
            case Opened() | Sent():
                return self._who(), self.words.event(input.event)
            case Recorded():
                return self._who(), "record"
            case Noted():
                return self._who(), input.kind
            case Corrected():
                return self._who(), "correction"
            case Reported():
                return "", self._report(input)
            case Due():
                return "", due_text(self.words, input)
            case Fulfilled():
                return self._who(), f"done: {self.words.timed('duty', input.duty)}"
            case TaskChanged():
                return self._who(), f"task {input.what}"
            case Recalculated():
                return self._who(), "recalculation"
            case Forgotten():
                return self._who(), "forgetting"
            case Migrated(was_version=was, version=version):
                return self._who(), f"migration from version {was} to {version}"
            case _:
                assert_never(input)

    def rows(self, before: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield label and text of all that is known of the entry."""
        entry = self.entry
        yield from self._brought()
        yield from self._moves(before)
        for field, (old, new) in entry.data.items():
            change = f"{self.words.value(field, old)} → {self.words.value(field, new)}"
            yield "data", f"{self.words.field(field)}: {change}"
        for checklist, item, answer in entry.answered:
            yield "checklist", self._answer(checklist, item, answer)
        for task in entry.tasks:
            yield "task", self.words.task(task.tasks, task.text, task.owner, task.what)
        for slot, (was, is_now) in entry.slots.items():
            change = f"{self.words.holders(was)} → {self.words.holders(is_now)}"
            yield "held", f"{self.words.slot(slot)}: {change}"
        for count, (low, high) in entry.counts.items():
            title = self.words.chart.counts[count].title if count in self.words.chart.counts else ""
            yield "count", f"{title or count}: {low} → {high}"
        yield from change_rows(self.words, entry.timing)
        yield from self._answers()
        for reason in entry.asked:
            yield "not met", f"{reason.message} (asked for, not required)"
        for id in entry.effects:
            yield "then", effect_text(self.words, self.effects[id]) if id in self.effects else id
        if entry.problem:
            yield "problem", entry.problem
        if entry.outcome is not None:
            yield "closed", entry.outcome

    def _who(self) -> str:
        input = self.entry.input
        assert not isinstance(input, Reported | Due)
        who = self.words.actor(input.by)
        behalf = getattr(input, "on_behalf_of", None)
        channel = getattr(input, "channel", None)
        who += f" for {behalf}" if behalf else ""
        return who + (f", through {channel}" if channel else "")

    def _report(self, input: Reported) -> str:
        effect = self.effects.get(input.effect_id)
        about = effect_text(self.words, effect) if effect is not None else input.effect_id
        if input.event is None:
            return f"{_ATTEMPTS.get(input.outcome, input.outcome)}: {about}"
        what = f"report: {self.words.event(input.event)}"
        return f"{what} ({about})" if about else what

    def _brought(self) -> Iterator[tuple[str, str]]:
        input = self.entry.input
        match input:
            case Noted(text=text):
                yield "text", text
            case (
                Corrected(reason=reason)
                | Recalculated(reason=reason)
                | Forgotten(reason=reason)
                | Migrated(reason=reason)
            ):
                if reason:
                    yield "reason", reason
                if isinstance(input, Forgotten):
                    yield "forgotten", self._forgotten(input)
            case Reported():
                channel = " ".join(filter(None, (input.channel, input.address)))
                yield from ((label, text) for label, text in
                            (("by", channel), ("detail", input.detail or "")) if text)  # fmt: skip
            case Opened() | Sent() | Recorded() | Fulfilled() | TaskChanged():
                if input.note:
                    yield "note", input.note
                if not isinstance(input, TaskChanged) and input.evidence:
                    yield "evidence", input.evidence
            case Due(due_at=due_at) if due_at != self.entry.at:
                yield "due at", instant_text(due_at)
        occurred = getattr(input, "occurred_at", None)
        if occurred is not None:
            yield "happened", instant_text(occurred)

    def _forgotten(self, input: Forgotten) -> str:
        if input.everything:
            return "all data, words and names"
        return ", ".join([*map(self.words.field, input.fields), "words"])

    def _moves(self, before: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        moved = set()
        for number, step in enumerate(self.entry.steps):
            if number and step.event:
                yield "sends", self.words.event(step.event) + ("" if step.moves else ": not taken")
            for move in step.moves:
                moved.add(move.track)
                if move.source != move.target:
                    yield "state", self._from_to(move.track, move.source, move.target)
                if move.reason:
                    yield "because", move.reason
        for track, state in self.entry.states.items():
            if track not in moved and before.get(track) != state:
                was = before.get(track, "")
                yield "state", self._from_to(track, was, state)

    def _from_to(self, track: str, source: str, target: str) -> str:
        arrow = f"→ {self.words.where([(track, target)])}"
        return f"{self.words.state(track, source)} {arrow}" if source else arrow

    def _answers(self) -> Iterator[tuple[str, str]]:
        for question, answer in self.entry.answers.items():
            match question, answer:
                case GuardQuestion(guard=guard), Verdict(yes=yes, reason=reason):
                    said = "yes" if yes else "no"
                    yield (
                        "asked",
                        f"{self.words.guard(guard)} {said}" + (f": {reason}" if reason else ""),
                    )
                case HolderQuestion(role=role), Unavailable(reason=reason):
                    why = f" ({reason})" if reason else ""
                    yield "directory", f"{self.words.role(role)}: nobody available{why}"
                case HolderQuestion(role=role), Found(person=str() as person):
                    yield "directory", f"{self.words.role(role)}: {person}"

    def _answer(self, checklist: str, item: str, answer: str) -> str:
        found = self.words.chart.checklists.get(checklist)
        text = found.items[item].text if found is not None and item in found.items else item
        return f"{text} {answer}" if answer else f"{text}: taken back"
