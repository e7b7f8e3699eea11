"""What a regional manager hears each day of the support requests that are escalated."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from escalation_engine import Actor, Case, Engine, load
from escalation_engine.core import Digest, Effect
from escalation_engine.testing.clock import ManualClock
from escalation_engine.testing.elapsing import pass_time

PROCESS = Path(__file__).parents[2] / "processes" / "support_request.yaml"
carla = Actor("carla", ["customer"])
eve = Actor("eve", ["escalation.escalation_engineer"])
MANAGERS = {"north": "nora", "south": "sam"}


class Directory:
    """One regional manager for each region."""

    def holder(self, role: str, case: Case) -> str | None:
        if role == "escalation.regional_manager":
            return MANAGERS[str(case.data["region"])]
        return {"technician": "tom", "escalation.escalation_engineer": "eve"}.get(role)


class Host:
    """Keeps who was sent which cases."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, list[str]]] = []

    def notify(self, case: Case, effect: Effect) -> None:
        """They are told."""

    def escalation_send_digest(self, digest: Digest) -> None:
        assert digest.holder is not None
        problems = [str(row.data["problem"]) for row in digest.rows]
        self.sent.append((str(digest.holder.person), problems))


def test_a12_5_each_manager_gets_one_list_of_the_escalations_of_the_region_at_that_time():
    host, clock = Host(), ManualClock(datetime(2026, 1, 5, 8, 50, tzinfo=UTC))
    with Engine(
        "memory://", [load(PROCESS)], hooks=host, directory=Directory(), clock=clock
    ) as engine:
        disk = _escalated(engine, "disk", "north")
        _escalated(engine, "mail", "north")
        _escalated(engine, "fan", "south")
        engine.open_case("support_request", by=carla, data=_asked("print", "south"))
        _de_escalate(engine, disk)

        pass_time(engine, clock, until=datetime(2026, 1, 5, 9, 0, tzinfo=UTC))
        _escalated(engine, "late", "south")
        pass_time(engine, clock, until=datetime(2026, 1, 5, 17, 0, tzinfo=UTC))

    assert sorted(host.sent) == [("nora", ["mail"]), ("sam", ["fan"])]


def _asked(problem: str, region: str) -> dict[str, str]:
    return {"problem": problem, "region": region}


def _escalated(engine: Engine, problem: str, region: str) -> str:
    case = engine.open_case("support_request", by=carla, data=_asked(problem, region))
    engine.send(case.id, "escalation.request", by=carla)
    return case.id


def _de_escalate(engine: Engine, case_id: str) -> None:
    manager = Actor("nora", ["escalation.regional_manager"])
    found = {
        "escalation.situation": "disk",
        "escalation.resources": "none needed",
        "escalation.process_correction": "none needed",
    }
    engine.send(case_id, "escalation.evaluate", by=manager, data=found)
    engine.send(case_id, "escalation.begin", by=eve)
    ours = {"plan": "yes", "on_track": "yes"}
    engine.record(case_id, by=eve, checklists={"escalation.before_de_escalation": ours})
    theirs = {"agreement": "yes"}
    engine.record(case_id, by=carla, checklists={"escalation.before_de_escalation": theirs})
    engine.send(case_id, "escalation.de_escalate", by=eve)


def test_a12_2_an_escalation_without_the_review_is_accepted_and_says_so():
    with Engine("memory://", [load(PROCESS)], hooks=Host(), directory=Directory()) as engine:
        case_id = _escalated(engine, "disk", "north")

        asked = engine.journal(case_id)[-1].asked
    assert [reason.subject for reason in asked] == [
        f"escalation.facts.{item}" for item in ("problem", "impact", "workaround", "milestone")
    ]


def test_a12_7_an_escalation_that_begins_without_its_plans_says_what_is_missing():
    with Engine("memory://", [load(PROCESS)], hooks=Host(), directory=Directory()) as engine:
        case_id = _escalated(engine, "disk", "north")
        _de_escalate(engine, case_id)

        (begun,) = [
            one for one in engine.journal(case_id) if one.asked and "begin" in repr(one.input)
        ]
    assert {reason.subject for reason in begun.asked} == {
        "escalation.call_record",
        "escalation.update_mode",
        "escalation.update_every",
        "escalation.update_attendees",
        "escalation.action_plan",
    }


def test_a_track_that_is_taken_in_has_the_title_that_its_taker_gives_it():
    chart = load(PROCESS)

    assert [track.title for track in chart.tracks] == ["Support request", "Escalation"]
