"""Play a scenario and print each step, the state after it, and how it ended."""

from __future__ import annotations

from pathlib import Path

from escalation_engine.cli.edge import refuse_usage
from escalation_engine.cli.journal_text import digest_text, effect_text, journal_lines
from escalation_engine.cli.promise_text import promise_lines
from escalation_engine.cli.screen import mark, show
from escalation_engine.cli.time_text import due_text, instant_text
from escalation_engine.cli.words import Words
from escalation_engine.core import Due, Reported
from escalation_engine.loader import load
from escalation_engine.runtime.contacts import ATTEMPT_FAILED
from escalation_engine.runtime.replay import decisions
from escalation_engine.testing.playing import Happened, Played, play
from escalation_engine.testing.scenario import (
    AtStep,
    DeliverStep,
    DirectoryStep,
    FulfilStep,
    NoteStep,
    OpenStep,
    RecordStep,
    Scenario,
    SendStep,
    Step,
    TaskStep,
    WaitStep,
    read_scenario,
)
from escalation_engine.verify import watched

__all__ = ["play_script"]


def play_script(file: Path, script: Path, *, url: str, with_journal: bool) -> None:
    """Play the scenario on the process. Raises DefinitionError, ScenarioFailed."""
    scenario = read_scenario(script)
    if scenario.process_file.resolve() != file.resolve():
        refuse_usage(f"{script} is about {scenario.process_file}, not about {file}")
    words = Words(load(file, parameters=scenario.script.parameters))
    show(mark(scenario.script.scenario, "title"))
    played = play(scenario, engine_url=url, on_step=lambda happened: _show_step(words, happened))
    _show_end(played, scenario, with_journal=with_journal)
    if played.case is not None and url != "memory://":
        show(f"kept in {url} as {played.case.reference or played.case.id}")


def _show_step(words: Words, happened: Happened) -> None:
    step = happened.step
    show(f"{happened.number:>4}  {_told(words, step)}")
    if happened.refusal is not None:
        for reason in happened.refusal.reasons:
            show(f"      {mark('refused', 'warn')}, as told: {reason.message}")
    for entry in happened.entries:
        if isinstance(entry.input, Due):
            show(f"      {instant_text(entry.at)} {due_text(words, entry.input)}")
    for effect in happened.effects:
        show(f"      {effect_text(words, effect)}")
    for digest in happened.digests:
        show(f"      {instant_text(digest.due_at)} {digest_text(digest)}")
    for entry in happened.entries:
        if isinstance(tried := entry.input, Reported) and tried.outcome == ATTEMPT_FAILED:
            way = " ".join(filter(None, (tried.channel, tried.address)))
            show(f"      {mark('failed', 'warn')}: telling by {way}: {tried.detail}")
    if happened.case is not None:
        slot = happened.case.slots.get("assignee", ())
        held = f", with {words.holders(slot)}" if slot and not happened.case.is_closed else ""
        show(f"      → {words.where(happened.case.states.items())}{held}")


def _told(words: Words, step: Step) -> str:
    match step:
        case OpenStep():
            return f"{mark(words.event(step.open), 'title')} by {step.by}"
        case SendStep():
            behalf = f" for {step.on_behalf_of}" if step.on_behalf_of else ""
            return f"{mark(words.event(step.send), 'title')} by {step.by}{behalf}"
        case RecordStep():
            named = [words.field(name) for name in step.record.data]
            named += [name.replace("_", " ") for name in step.record.checklists]
            return f"{mark('record', 'title')} {', '.join(named)} by {step.by}"
        case NoteStep():
            return f"{mark(step.kind, 'title')} by {step.by}: {step.note}"
        case DirectoryStep():
            return mark("other people hold the roles", "title")
        case DeliverStep():
            return mark("the host does what waits for it", "title")
        case FulfilStep():
            return f"{mark(words.timed('duty', step.fulfil), 'title')} done by {step.by}"
        case TaskStep():
            ((tasks, text),) = step.task.items()
            said = words.task(tasks, text, step.owner, step.is_)
            return f"{mark('task', 'title')} {said} by {step.by}"
        case WaitStep():
            return mark(f"wait {step.wait}", "title")
        case AtStep():
            return mark(f"it is {step.at.isoformat(' ', 'minutes')}", "title")


def _show_end(played: Played, scenario: Scenario, *, with_journal: bool) -> None:
    case = played.case
    if with_journal and case is not None:
        show()
        for line in journal_lines(played.chart, case, played.journal, played.effects):
            show(line)
    if case is not None and played.chart.promises:
        show()
        found = decisions(played.chart, case.identity, played.journal)
        for line in promise_lines(watched(played.chart, found, now=case.at)):
            show(line)
    count = len(scenario.script.steps)
    went = "1 step went" if count == 1 else f"{count} steps went"
    show()
    show(mark(f"{went} as told", "good") + (f"; {_end(played)}" if case is not None else ""))


def _end(played: Played) -> str:
    case = played.case
    assert case is not None
    return f"closed: {case.outcome}" if case.is_closed else "the case is open"
