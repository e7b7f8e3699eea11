"""Titles for names: how states, events, fields and people of a chart are called in print."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from escalation_engine.chart.model import Chart
from escalation_engine.chart.time_model import Clock, Duty, Timer
from escalation_engine.core import FORGOTTEN, Actor, Holder

__all__ = ["HIDDEN", "NOTHING", "Words", "value_text"]

HIDDEN = "•••"
"""What stands for a sensitive value."""

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Words:
    """The titles of one chart; a name that it does not know stands for itself."""

    chart: Chart

    def state(self, track: str, path: str) -> str:
        """Return the titles from the outermost scope to the state."""
        found = next((one for one in self.chart.tracks if one.name == track), None)
        if found is None or path not in found.states:
            return path
        titles = [found.states[scope].title or scope for scope in found.scopes(path)]
        return " / ".join(_capital(title) for title in reversed(titles))

    def where(self, states: Iterable[tuple[str, str]]) -> str:
        """Return where a case stands, with the track's title where there are several."""
        told = []
        for track, path in states:
            found = next((one for one in self.chart.tracks if one.name == track), None)
            title = f"{found.title}: " if found and len(self.chart.tracks) > 1 else ""
            told.append(title + self.state(track, path))
        return "; ".join(told)

    def event(self, name: str) -> str:
        """Return the title of an event, with its name where that differs."""
        event = self.chart.events.get(name) or self.chart.openings.get(name)
        title = event.title if event is not None and event.title else name
        return title if title.replace(" ", "_").lower() == name.lower() else f"{title} ({name})"

    def field(self, name: str) -> str:
        """Return the title of a field."""
        field = self.chart.fields.get(name)
        return field.title if field is not None and field.title else name

    def value(self, name: str, value: object) -> str:
        """Return the value of a field; of a sensitive one only that there is one."""
        field = self.chart.fields.get(name)
        is_hidden = field is not None and field.sensitive and value not in (None, FORGOTTEN)
        return HIDDEN if is_hidden else value_text(value)

    def guard(self, name: str) -> str:
        """Return the question of a guard."""
        guard = self.chart.guards.get(name)
        return guard.title if guard is not None else name

    def timed(self, kind: str, key: str) -> str:
        """Return the title of a timer, clock or duty."""
        chart = self.chart
        kinds: dict[str, Mapping[str, Timer] | Mapping[str, Clock] | Mapping[str, Duty]]
        kinds = {"timer": chart.timers, "clock": chart.clocks, "duty": chart.duties}
        known = kinds.get(kind, {}).get(key)
        return known.title if known is not None else key.rpartition(":")[2]

    def role(self, name: str) -> str:
        """Return the title of a role."""
        role = self.chart.roles.get(name)
        return role.title if role is not None else name

    def task(self, tasks: str, text: str, owner: str | None, how: str) -> str:
        """Return a task with the title of its list, its owner, and how it stands."""
        found = self.chart.tasks.get(tasks)
        title = found.title if found is not None else tasks
        of = f", of {self.role(owner)}" if owner else ""
        return f"{title}: {text}{of}, {how.replace('_', ' ')}"

    def slot(self, name: str) -> str:
        """Return the title of a slot."""
        slot = self.chart.slots.get(name)
        return slot.title if slot is not None and slot.title else name

    def holders(self, holders: Iterable[Holder]) -> str:
        """Return who holds a slot."""
        return ", ".join(self._holder(holder) for holder in holders) or "nobody"

    def _holder(self, holder: Holder) -> str:
        role = self.role(holder.role) if holder.role else ""
        if holder.acting:
            role = f"{self.role(holder.acting)} for {role}"
        if holder.person is None:
            return role or "nobody"
        return f"{holder.person} ({role})" if role else holder.person

    def actor(self, actor: Actor) -> str:
        """Return who acted, with the roles."""
        roles = ", ".join(self.role(name) for name in sorted(actor.roles))
        return f"{actor.id} ({roles})" if roles else actor.id


def value_text(value: object) -> str:
    """Return a value of the data as people read it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]
