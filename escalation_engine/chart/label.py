"""Short words for diagrams: titles instead of names, conditions that fit on an arrow."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_engine.chart.model import Amount, Chart, State, Timer, Transition

__all__ = ["condition_label", "heading", "line", "state_title", "timer_label", "word"]

_LONGEST_CONDITION = 72


def word(name: str) -> str:
    """Return a name as words: `quality_control` is quality control."""
    return name.rpartition(".")[2].replace("_", " ").strip()


def state_title(state: State) -> str:
    """Return the title of a state, or its name as words, with a capital letter."""
    title = state.title or word(state.path)
    return title[:1].upper() + title[1:]


def heading(title: str, note: str) -> tuple[str, str]:
    """Return a title and what stands below it; where one says all of the other, it stands alone."""
    short, long = (text.replace(" ", "").lower() for text in (title, note))
    if long in short:
        return title, ""
    return (note, "") if short in long else (title, note)


def condition_label(chart: Chart, transition: Transition) -> str:
    """Return when this way is taken: nothing, a condition, or `else` for the last of several."""
    parts = [word(name) if wanted else f"not {word(name)}" for name, wanted in transition.guards]
    if transition.when is not None:
        parts.insert(0, _facts(chart, str(transition.when)))
    if parts:
        return " and ".join(parts)
    return "else" if transition.number > 1 else ""


def line(event: str, conditions: Sequence[str]) -> str:
    """Return the line of one event: its title, and in brackets when it goes this way."""
    asked = [] if "" in conditions else list(conditions)
    if not asked:
        return event
    return f"{event} [{' or '.join(asked)}]".lstrip()


def timer_label(timer: Timer) -> str:
    """Return what a timer does: after how long it sends which event."""
    return f"⏱ {_how_long(timer.after)} → {word(timer.send)}"


def _how_long(amount: Amount) -> str:
    if amount.agreed_in:
        return f"as {word(amount.agreed_in)} says"
    return f"by {word(amount.depends_on)}" if amount.depends_on else amount.text


def _facts(chart: Chart, text: str) -> str:
    for track in chart.tracks:
        text = text.replace(f"in {track.name}.", "in ")
    text = text.replace(" == ", " = ").replace("_", " ").replace("'", "")
    return text if len(text) <= _LONGEST_CONDITION else f"{text[: _LONGEST_CONDITION - 1]}…"
