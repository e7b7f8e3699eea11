"""Turns a path of the proof into calls on the real engine, and says where the case then stands.

Memory store, a clock moved by hand, and a host that answers as the path says: nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from escalation_engine import Engine, EventRefused
from escalation_engine.core import (
    Answers,
    Case,
    Due,
    Effect,
    Found,
    Fulfilled,
    GuardQuestion,
    HolderQuestion,
    Opened,
    Recorded,
    Reported,
    Sent,
    Unavailable,
    Verdict,
)
from escalation_engine.testing import ManualClock
from escalation_engine.verify import Edge, Graph, Happening, realised
from escalation_engine.verify.model import Model

__all__ = ["ended_where_it_says", "replay"]


@dataclass
class Host:
    """Answers guards and says who holds a role, as one step of a path has it."""

    model: Model
    answers: Answers = field(default_factory=dict)
    reports: str | None = None

    def __getattr__(self, name: str) -> Any:
        chart = self.model.original
        if name in {guard.replace(".", "_") for guard in chart.guards}:
            return lambda case: self._guard(name)  # noqa: ARG005 - the hook has this shape
        if name in {action.replace(".", "_") for action in chart.actions}:
            return self._act
        raise AttributeError(name)

    def holder(self, role: str, case: Case) -> str | Unavailable | None:
        for question, answer in self.answers.items():
            if isinstance(question, HolderQuestion) and question.role == role:
                return answer.person if isinstance(answer, Found) else Unavailable()
        return None

    def _guard(self, name: str) -> Verdict:
        for question, answer in self.answers.items():
            if isinstance(question, GuardQuestion) and question.guard.replace(".", "_") == name:
                assert isinstance(answer, Verdict)
                return answer
        return Verdict(True)

    def _act(self, case: Case, effect: Effect) -> str | None:
        return self.reports


def replay(graph: Graph, path: tuple[Edge, ...]) -> Case:
    """Return the case after the path has been walked on the engine."""
    happened = realised(graph, path)
    assert happened is not None, "no start makes the path come about"
    clock = ManualClock(happened[0].at)
    host = Host(graph.model)
    with Engine(
        "memory://", [graph.model.original], hooks=host, directory=host, clock=clock
    ) as engine:
        case_id = ""
        for one in happened:
            host.answers = one.answers
            case_id = _happens(engine, clock, host, case_id, one)
        return engine.case(case_id)


def _happens(engine: Engine, clock: ManualClock, host: Host, case_id: str, one: Happening) -> str:
    said = one.input
    if isinstance(said, Due):
        clock.move_to(one.at + timedelta(microseconds=1))
        engine.tick()
        return case_id
    clock.move_to(max(one.at, clock.now()))
    match said:
        case Opened():
            return engine.open_case(
                host.model.original.process, event=said.event, **_words(said)
            ).id
        case Sent():
            engine.send(case_id, said.event, **_words(said))
        case Recorded():
            engine.record(case_id, checklists=said.checklists, **_words(said))
        case Reported():
            host.reports = said.event
            engine.tick()
            host.reports = None
        case Fulfilled():
            engine.fulfil(case_id, said.duty, **_words(said))
        case _:
            raise AssertionError(said)
    return case_id


def _words(said: Opened | Sent | Recorded | Fulfilled) -> dict[str, Any]:
    return {
        "by": said.by, "data": dict(said.data), "note": said.note, "channel": said.channel,
        "evidence": said.evidence, "on_behalf_of": said.on_behalf_of,
    }  # fmt: skip


def ended_where_it_says(graph: Graph, path: tuple[Edge, ...], *, is_lost: bool = False) -> bool:
    """Return whether the engine comes to where the path says, or refuses what it says is lost."""
    last = path[-1]
    if is_lost:
        try:
            replay(graph, path)
        except EventRefused:
            return True
        return False
    case = replay(graph, path)
    return dict(case.states) == dict(graph.nodes[last.target].case.states)
