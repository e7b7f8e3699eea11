"""What is worth trying next in a case: events with senders and data, records, duties and waits.

Nothing here decides. Whether a step is accepted is for the core to say; these only look promising.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation_engine.chart.model import Branch, Chart, Item, Passing
from escalation_engine.core import Actor, Case, Decision, Fulfilled, Opened, Recorded, Sent
from escalation_engine.core.why import accepted_events
from escalation_engine.testing.journey.journey import Doing, Waiting
from escalation_engine.testing.journey.model import Model
from escalation_engine.testing.journey.people import passes, people_of
from escalation_engine.testing.journey.values import Values
from escalation_engine.testing.scenario import START

__all__ = ["MOMENT", "Moves", "Sender"]

MOMENT = timedelta(seconds=1)
"""Just before and just after a due time."""

NOTE, EVIDENCE = "noted", "seen"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends an event; with `on_behalf_of` it is another's word."""

    actor: Actor
    on_behalf_of: str | None = None


class Moves:
    """The steps that look promising in the cases of one chart.

    `values` are values of the host's own for fields that need them, simplest first.
    """

    def __init__(
        self,
        chart: Chart,
        *,
        starts: datetime = START,
        values: Mapping[str, Sequence[object]] | None = None,
    ) -> None:
        self.chart = chart
        self.people = people_of(chart)
        ids = [actor.id for actor in self.people]
        self.values = Values(chart, people=ids, around=starts, given=values)

    def events(self, case: Case | None) -> tuple[str, ...]:
        """Return the events that open a case, or that its states take of people."""
        return tuple(self.chart.openings) if case is None else accepted_events(self.chart, case)

    def branches(self, case: Case | None, event: str) -> tuple[Branch, ...]:
        """Return the branches that an event may take from where the case is."""
        if case is None:
            opening = self.chart.openings.get(event)
            return () if opening is None else opening.branches
        return tuple(
            branch
            for track in self.chart.tracks
            for branch in track.branches.get(case.states[track.name], {}).get(event, ())
        )

    def senders(self, case: Case | None, event: str) -> tuple[Sender, ...]:
        """Return who passes for some branch: first those who pass themselves, then recorders."""
        transitions = [
            branch.transition
            for branch in self.branches(case, event)
            if not branch.transition.refuse
        ]
        themselves = [
            Sender(actor)
            for transition in transitions
            for actor in self._passing(case, transition.by)
        ]
        recorders = [
            Sender(actor, said_by.id)
            for transition in transitions
            if transition.recorded_by is not None
            for said_by in self._passing(case, transition.by)[:1]
            for actor in self._passing(case, transition.recorded_by)[:1]
        ]
        return tuple(dict.fromkeys([*themselves, *recorders])) or (Sender(self.people[0]),)

    def telling_senders(self, case: Case | None, event: str) -> tuple[Sender, ...]:
        """Return only those senders that the process may tell apart here."""
        senders = self.senders(case, event)
        whens = [branch.transition.when for branch in self.branches(case, event)]
        if len(self.people) > len(self.chart.roles) or any(when and when.people for when in whens):
            return senders
        recorders = [sender for sender in senders if sender.on_behalf_of is not None]
        return (*senders[:1], *recorders[:1])

    def needed(self, case: Case | None, event: str) -> tuple[str, ...]:
        """Return the fields that the event must bring, or that a gate in its way misses."""
        needs, brings = self._brings(case, event)
        known: Mapping[str, object] = {} if case is None else case.data
        missing = [
            name
            for branch in self.branches(case, event)
            if (requires := branch.transition.requires) is not None
            for name in requires.data
            if name in brings and known.get(name) is None
        ]
        return tuple(dict.fromkeys([*needs, *missing]))

    def optional(self, case: Case | None, event: str) -> tuple[str, ...]:
        """Return the other fields that may come along."""
        _, brings = self._brings(case, event)
        return tuple(sorted(brings.difference(self.needed(case, event))))

    def channels(self, case: Case | None, event: str) -> tuple[str | None, ...]:
        """Return the channels that conditions tell apart here, and none."""
        whens = [branch.transition.when for branch in self.branches(case, event)]
        found = {str(one) for when in whens if when for one in when.constants.get("channel", ())}
        return (*sorted(found), None)

    def sending(
        self,
        case: Case | None,
        event: str,
        sender: Sender,
        *,
        data: Mapping[str, object],
        channel: str | None = None,
        has_note: bool = True,
    ) -> Doing:
        """Return the step, with a note and evidence where a branch wants one."""
        asked = [
            part
            for branch in self.branches(case, event)
            for part in (branch.transition.requires, branch.transition.asks)
            if part is not None
        ]
        wants_note = any(part.note for part in asked)
        wants_evidence = sender.on_behalf_of is not None or any(part.evidence for part in asked)
        kind = Opened if case is None else Sent
        said = kind(
            event,
            sender.actor,
            dict(data),
            note=NOTE if wants_note and has_note else None,
            channel=channel,
            evidence=EVIDENCE if wants_evidence else None,
            on_behalf_of=sender.on_behalf_of,
        )
        return Doing(said)

    def plain(self, case: Case | None, event: str, sender: Sender | None = None) -> Doing:
        """Return the event with all that it needs and nothing more."""
        needs = self.needed(case, event)
        data = {name: fitting[0] for name in needs if (fitting := self.values.of(name))}
        by = sender or self.senders(case, event)[0]
        channel = self.channels(case, event)[0]
        return self.sending(case, event, by, data=data, channel=channel)

    def promising(self, model: Model) -> list[tuple[Doing, Decision]]:
        """Return one step for each event that the process accepts now, if the guards say yes."""
        found = []
        for event in self.events(model.case):
            for sender in self.senders(model.case, event):
                doing = self.plain(model.case, event, sender)
                decision = model.foresee(doing)
                if isinstance(decision, Decision):
                    found.append((doing, decision))
                    break
        return found

    def records(self, case: Case | None) -> Iterator[Doing]:
        """Yield what can be recorded: each checklist's open items per person, each free field."""
        if case is None or case.is_closed:
            return
        for checklist in self.chart.checklists.values():
            answered = case.checklists.get(checklist.name, {})
            open_items = [
                item
                for item in checklist.items.values()
                if item.name not in answered or answered[item.name].answer not in item.passes
            ]
            yield from self._answering(case, checklist.name, open_items)
        for field in self.chart.fields.values():
            if field.changes == "anytime":
                for actor in self._passing(case, field.by)[:1]:
                    for value in self.values.of(field.name):
                        if case.data.get(field.name) != value:
                            yield Doing(Recorded(actor, {field.name: value}))

    def fulfilments(self, case: Case | None) -> Iterator[Doing]:
        """Yield a step for each duty that is open."""
        for name, owed in ({} if case is None or case.is_closed else case.duties).items():
            duty = self.chart.duties[name]
            if owed.status not in {"open", "waiting"}:
                continue
            data = {need: value for need in duty.needs for value in self.values.of(need)[:1]}
            roles, slots = frozenset({duty.owed_by}), frozenset({duty.owed_by})
            owing = Passing((duty.owed_by,), roles, slots) if duty.owed_by else None
            for actor in self._passing(case, owing)[:1]:
                yield Doing(Fulfilled(name, actor, data))

    def waits(self, model: Model) -> tuple[Waiting, ...]:
        """Return waits until just before, at and just after each due time, earliest first."""
        found = [
            Waiting(due_at + shift, why=f"{word} {name}")
            for due_at, name in due_times(model.case)
            for shift, word in ((timedelta(), "to"), (-MOMENT, "to before"), (MOMENT, "to after"))
        ]
        ahead = [wait for wait in found if wait.until > model.now]
        return tuple(sorted(ahead, key=lambda wait: wait.until))

    def _answering(self, case: Case, checklist: str, items: Iterable[Item]) -> Iterator[Doing]:
        by_person: dict[Actor, dict[str, tuple[str, str | None]]] = {}
        for item in items:
            answer = next((one for one in item.answers if one in item.passes), None)
            actor = next(iter(self._passing(case, item.by)), None)
            if answer is not None and actor is not None:
                reason = NOTE if answer in item.reason_for else None
                by_person.setdefault(actor, {})[item.name] = (answer, reason)
        for actor, answers in by_person.items():
            yield Doing(Recorded(actor, checklists={checklist: answers}))

    def _passing(self, case: Case | None, passing: Passing | None) -> list[Actor]:
        return [actor for actor in self.people if passes(case, actor, passing)]

    def _brings(self, case: Case | None, event: str) -> tuple[tuple[str, ...], frozenset[str]]:
        opening = self.chart.openings.get(event)
        if case is None and opening is not None:
            return opening.needs, opening.brings
        declared = self.chart.events.get(event)
        return ((), frozenset()) if declared is None else (declared.needs, declared.brings)


def due_times(case: Case | None) -> list[tuple[datetime, str]]:
    """Return every threshold of a case with what falls due then."""
    if case is None:
        return []
    found = [
        (threshold.at, f"{key} ({threshold.label})")
        for watches in (case.timers, case.clocks)
        for key, watch in watches.items()
        for threshold in watch.pending
    ]
    found += [(owed.due_at, name) for name, owed in case.duties.items() if owed.due_at is not None]
    return sorted(found)
