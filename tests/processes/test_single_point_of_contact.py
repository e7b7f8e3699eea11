"""What the client of an incident sees, and what becomes of its service level."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from escalation_engine import Actor, Engine, load
from escalation_engine.core import Notify, Sent
from escalation_engine.testing.clock import ManualClock

PROCESS = Path(__file__).parents[2] / "processes" / "single_point_of_contact.yaml"
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
carla = Actor("carla", ["client"])
clem = Actor("clem", ["classifier"])
INSIDE = [
    Actor("rob", ["representative"]),
    Actor("hana", ["higher_representative"]),
    Actor("theo", ["highest_representative"]),
]


def test_a07_1_three_escalations_inside_tell_the_client_nothing():
    with Engine("memory://", [load(PROCESS)]) as engine:
        case = engine.open_case(
            "single_point_of_contact", event="request", by=carla, data={"issue": "Mail is slow"}
        )
        poc = case.slots["poc"]
        for one in INSIDE:
            case = engine.send(case.id, "involve_higher", by=one, note="Not here")

        seen = [one.input for one in engine.journal(case.id, visibility="client")]
        told = [one.effect.role for one in engine.outbox(case.id) if isinstance(one.effect, Notify)]

    assert (case.states["incident"], case.slots["poc"]) == ("unresolved_at_top", poc)
    assert [one for one in seen if isinstance(one, Sent)] == []
    assert "client" not in told


def test_a07_4_the_service_level_before_stays_in_the_journal():
    bound = {"resolve_normal": "4 hours", "resolve_high": "1 hour"}
    clock = ManualClock(MONDAY)
    with Engine("memory://", [load(PROCESS, parameters=bound)], clock=clock) as engine:
        case = engine.open_case(
            "single_point_of_contact", event="request", by=carla, data={"issue": "Mail is slow"}
        )
        engine.send(case.id, "ask_to_escalate", by=carla, channel="phone")
        views = {"client_view": "Urgent", "our_view": "Urgent", "new_priority": "high"}
        engine.send(case.id, "re_evaluate", by=clem, data=views)
        changes = [
            (change.was, change.at)
            for entry in engine.journal(case.id)
            for change in entry.timing
            if change.key == "service_level"
        ]

    assert changes[-1] == (MONDAY + timedelta(hours=4), MONDAY + timedelta(hours=1))
