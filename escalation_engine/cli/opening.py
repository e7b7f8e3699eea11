"""The opening of a case that is played by hand: who may, by which event, and with what."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.chart.model import Chart, Passing
from escalation_engine.cli.bringing import Brought, complete
from escalation_engine.cli.person_host import PersonHost
from escalation_engine.cli.prompt import choose
from escalation_engine.cli.screen import mark, show
from escalation_engine.cli.words import Words
from escalation_engine.core import Actor, Case
from escalation_engine.runtime import Engine

__all__ = ["open_by_hand", "who_may_open"]


def open_by_hand(chart: Chart, engine: Engine, host: PersonHost, *, by: Actor) -> Case:
    """Return the new case. Raises EventRefused, and Back where somebody goes back."""
    words = Words(chart)
    names = [name for name in chart.openings if _may(chart, name, by)]
    event = names[0]
    if len(names) > 1:
        event = choose("Open by", names, titles=[words.event(it) for it in names]) or event
    show(f"\n{mark(words.event(event), 'title')} opens the case.")
    opening = chart.openings[event]
    brought = Brought(chart)
    brought.ask(opening.needs)
    brought.ask(sorted(opening.brings - set(opening.needs)), is_optional=True)

    def act(brought: Brought) -> Case:
        return engine.open_case(
            chart.process,
            event=event,
            by=by,
            data=brought.data,
            note=brought.along.get("note"),
            evidence=brought.along.get("evidence"),
            on_behalf_of=brought.along.get("on_behalf_of"),
        )

    return complete(brought, host, act)


def who_may_open(chart: Chart, by: Actor) -> str:
    """Return who could open a case where this person may not; empty where they may."""
    if any(_may(chart, event, by) for event in chart.openings):
        return ""
    words = Words(chart)
    passing = (passing for event in chart.openings for passing in _passing(chart, event))
    roles = {name: words.role(name) for one in passing if one for name in sorted(one.roles)}
    listed = [title if title == name else f"{title} ({name})" for name, title in roles.items()]
    return ", ".join(listed) or "the engine alone"


def _may(chart: Chart, event: str, by: Actor) -> bool:
    return any(one is None or by.roles & one.roles for one in _passing(chart, event))


def _passing(chart: Chart, event: str) -> Iterator[Passing | None]:
    """Yield whom each way of opening lets pass; None: anybody."""
    for branch in chart.openings[event].branches:
        transition = branch.transition
        yield transition.by
        if transition.recorded_by is not None:
            yield transition.recorded_by
