"""A checklist by hand: its items are asked one after the other, then the answers are recorded."""

from __future__ import annotations

from collections.abc import Mapping

from escalation_engine.chart.model import Chart, Checklist
from escalation_engine.cli.prompt import ask_text, choose
from escalation_engine.cli.screen import mark, show
from escalation_engine.core import Actor
from escalation_engine.runtime import Engine

__all__ = ["answer_by_hand"]


def answer_by_hand(chart: Chart, engine: Engine, case_id: str, *, by: Actor) -> None:
    """Ask which checklist and how its items are answered. Raises what the engine raises."""
    names = list(chart.checklists)
    if not names:
        show("This process has no checklists.")
        return
    titles = [checklist.title for checklist in chart.checklists.values()]
    name = names[0] if len(names) == 1 else choose("Checklist", names, titles=titles)
    if name is not None:
        checklist = chart.checklists[name]
        answers = _answers(checklist)
        behalf, evidence = _behalf(checklist)
        engine.record(
            case_id,
            by=by,
            checklists={name: answers},
            on_behalf_of=behalf,
            evidence=evidence,
        )


def _answers(checklist: Checklist) -> Mapping[str, tuple[str, str | None]]:
    show(mark(checklist.title, "title"))
    answers: dict[str, tuple[str, str | None]] = {}
    for item in checklist.items.values():
        answer = choose(f"{item.text}", item.answers, is_optional=True)
        if answer is not None:
            reason = ask_text("  because") if answer in item.reason_for else None
            answers[item.name] = (answer, reason)
    return answers


def _behalf(checklist: Checklist) -> tuple[str | None, str | None]:
    if all(item.recorded_by is None for item in checklist.items.values()):
        return None, None
    behalf = ask_text("On behalf of", is_optional=True)
    return (behalf, ask_text("Evidence")) if behalf else (None, None)
