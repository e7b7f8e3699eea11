"""The ladders of support: three procedures, and the base that two of them tailor.

Tests are named after the claims; what is told as a story is in the scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_engine import Actor, Case, Engine, EventRefused, load
from escalation_engine.chart import Chart
from escalation_engine.chart.model import Branch
from escalation_engine.chart.printed_order import Misprint, misprints
from escalation_engine.chart.traceability import inferences, statements
from escalation_engine.core import Alarm, Effect, Noted, Notify, Sent
from escalation_engine.loader import Loaded, check_text, read, read_text
from escalation_engine.testing.clock import ManualClock
from escalation_engine.verify import verify

PROCESSES = Path(__file__).parents[2] / "processes"
TAILORED = Path(__file__).parent / "tailored"
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

ann = Actor("ann", ["service_desk"])
tom = Actor("tom", ["tier1"])
uma = Actor("uma", ["tier2"])
vic = Actor("vic", ["tier3"])
olu = Actor("olu", ["onsite"])
max_ = Actor("max", ["it_manager"])
ines = Actor("ines", ["vcio"])
nora = Actor("nora", ["noc"])
carla = Actor("carla", ["client"])
cleo = Actor("cleo", ["client_approver"])

ALL_TOLD = {"activity_details": dict.fromkeys(("tier1", "tier2", "tier3", "onsite"), "yes")}


class Host:
    """The host application: it says that no level can, and keeps what it was asked to do."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, tuple[tuple[str, str | None], ...], str | None]] = []

    def resolvable_here(self, case: Case) -> bool:
        return True

    def raise_alarm(self, case: Case, effect: Effect) -> None:
        """It shows on the wall."""

    def notify(self, case: Case, effect: Effect) -> None:
        assert isinstance(effect, Notify)
        self.mails.append((effect.message, effect.contacts, case.outcome))

    def alarm(self, case: Case, effect: Alarm) -> None:
        """It shows on the wall as well."""


@pytest.fixture(scope="module")
def vcio() -> Loaded:
    return read(PROCESSES / "vcio_ladder.yaml")


# ---- one base ----------------------------------------------------------------------------------


def test_the_help_desk_is_what_it_adds_to_the_base():
    whole = load(PROCESSES / "help_desk.yaml")
    tailored = load(TAILORED / "help_desk.yaml", search=[PROCESSES])

    assert content(tailored) == content(whole)


@pytest.mark.parametrize(
    ("path", "nulls"),
    [
        (TAILORED / "help_desk.yaml", 0),
        (PROCESSES / "vcio_ladder.yaml", 0),
        (PROCESSES / "noc_ladder.yaml", 1),  # its top level needs no qualifying
    ],
    ids=lambda one: one.stem if isinstance(one, Path) else "",
)
def test_a_lean_base_is_added_to_and_hardly_taken_from(path: Path, nulls: int):
    assert path.read_text(encoding="utf-8").count(": null") == nulls


# ---- P01: up to the VCIO -----------------------------------------------------------------------


def test_a01_1_all_25_steps_are_traced_and_those_printed_twice_are_told_once(vcio: Loaded):
    steps = [one for one in statements(vcio.definition) if not one.is_furniture]

    assert [one.name for one in steps] == [str(number) for number in range(1, 26)]
    assert [one.name for one in steps if one.is_missing] == []
    assert {one.name: one.repeats for one in steps if one.repeats} == {"22": "20", "23": "21"}


def test_a01_1_a_step_printed_twice_is_not_taken_twice(vcio: Loaded):
    assert {one.name: one.elements for one in statements(vcio.definition)}["22"] == ()


@pytest.mark.parametrize("event", ["escalate", "escalate_at_once", "qualify", "reject"])
def test_a01_2_a_closed_ticket_goes_nowhere(vcio: Loaded, event: str):
    with Engine("memory://", [vcio.chart], hooks=Host(), clock=ManualClock(MONDAY)) as engine:
        case = closed_by_level_1(engine)

        with pytest.raises(EventRefused) as refused:
            engine.send(case.id, event, by=tom, note="After all")

    assert [one.kind for one in refused.value.reasons] == ["closed"]


@pytest.mark.parametrize("tier", ["tier1", "tier2", "tier3", "vcio"])
def test_a01_3_a_tier_closes_from_its_quality_control_only_and_gets_there_by_work_only(
    vcio: Loaded, tier: str
):
    branches = vcio.chart.main.branches
    leading = {
        leaf: {way.leaf for ways in branches.values() for way in all_of(ways) if way.target == leaf}
        for leaf in ("closed", f"support.{tier}.quality_control")
    }

    inside = {leaf for leaf in leading["closed"] if leaf.startswith(f"support.{tier}.")}
    assert inside == {f"support.{tier}.quality_control"}
    assert leading[f"support.{tier}.quality_control"] == {f"support.{tier}.work"}


def test_a01_5_the_vcio_reads_who_wrote_what_at_every_tier(vcio: Loaded):
    with Engine("memory://", [vcio.chart], hooks=Host(), clock=ManualClock(MONDAY)) as engine:
        case = documented(engine)
        engine.send(case.id, "prioritise", by=ann, data={"priority": "normal"})
        engine.note(case.id, "Only mornings", by=tom, kind="condition")
        given = {"conditions": "Mornings only"}
        engine.send(case.id, "escalate", by=tom, note="Not the cable", data=given)
        engine.note(case.id, "We ask the vendor", by=uma, kind="decision")
        engine.send(case.id, "escalate", by=uma, note="Not the exchange")
        case = engine.send(case.id, "escalate", by=vic, note="Not the line")
        told = [
            (one.input.by.id, text)
            for one in engine.journal(case.id)
            if isinstance(one.input, Sent | Noted) and (text := written(one.input))
        ]

    assert case.state == "support.vcio.qualification"
    assert case.data["conditions"] == "Mornings only"
    assert told == [
        ("tom", "Only mornings"),
        ("tom", "Not the cable"),
        ("uma", "We ask the vendor"),
        ("uma", "Not the exchange"),
        ("vic", "Not the line"),
    ]


def test_a01_8_a_site_may_demand_that_somebody_else_verifies():
    text = (
        "tailoring: strict\nextends: vcio_ladder@1\nstates: {support: {each_level: {states: "
        "{quality_control: {on: {confirm: {requires: {different_from: {sender: resolved_by}}}}}}}}}"
    )
    chart = read_text(text, search=[PROCESSES]).chart
    with Engine("memory://", [chart], hooks=Host(), clock=ManualClock(MONDAY)) as engine:
        with pytest.raises(EventRefused, match="tom"):
            closed_by_level_1(engine, process="strict")

        toni = Actor("toni", ["tier1"])
        assert closed_by_level_1(engine, process="strict", verifier=toni).outcome == "resolved"


def test_a01_9_the_tail_that_the_text_lacks_is_told_as_inferred(vcio: Loaded):
    told = {one.element: one.why for one in inferences(vcio.definition)}

    assert {
        "support.vcio.work",
        "support.vcio.quality_control",
        "unresolved_at_top",
        "support.tier2.quality_control on confirm",
    } <= told.keys()
    assert all(told.values())


def test_a01_9_what_the_text_prints_before_its_time_is_told(vcio: Loaded):
    (found,) = misprints(vcio.chart, vcio.definition.sources)

    work, control = "support.tier3.work", "support.tier3.quality_control"
    assert found == Misprint(first=work, then=control, printed=("S1.19",))


def test_a01_9_a_repeated_step_may_not_be_cited_as_another():
    text = (PROCESSES / "vcio_ladder.yaml").read_text(encoding="utf-8")

    _, (finding,) = check_text(
        text.replace("work: {source: [S1.20]}", "work: {source: [S1.22]}"), search=[PROCESSES]
    )

    assert (finding.code, finding.message) == ("E126", "statement `22` only repeats `20`")


def test_a01_9_the_clause_as_it_stops_would_be_a_dead_end():
    text = (
        "tailoring: literal\nextends: vcio_ladder@1\nstates: {support: {levels: {vcio: "
        "{on: {escalate: null}, states: "
        "{qualification: {on: {qualify: [{to: work, by: [assignee]}]}}, "
        "work: {on: {resolve: null, contact_user: null}}}}}}}"
    )

    found = verify(read_text(text, search=[PROCESSES])).findings

    assert ("E201", "support.vcio.work") in {(one.code, named(one.message)) for one in found}


# ---- P10: up to the network operations center --------------------------------------------------


def test_a10_2_who_approved_when_and_on_what_evidence_is_recorded():
    host = Host()
    with noc_engine(host) as engine:
        case = at_the_decision_point(engine)
        engine.send(case.id, "ask_approval", by=max_)
        letter = "Her letter of Monday"
        case = engine.send(case.id, "approve", by=max_, on_behalf_of="cleo", evidence=letter)
        entry = engine.journal(case.id)[-1]

    assert isinstance(entry.input, Sent)
    assert (entry.input.on_behalf_of, entry.input.by.id, entry.at) == ("cleo", "max", MONDAY)
    assert (entry.input.evidence, case.state) == (letter, "support.noc.work")


def test_a10_2_no_other_way_leads_to_the_network_operations_center():
    chart = load(PROCESSES / "noc_ladder.yaml")

    leading = {
        (way.leaf, way.event)
        for events in chart.main.branches.values()
        for way in all_of(events)
        if "support.noc" in way.enters
    }
    assert leading == {("client_approval", "approve")}


def test_a10_4_the_e_mail_leaves_after_the_commit_and_once():
    host = Host()
    with noc_engine(host) as engine:
        case = closed_by_tier_1(engine)
        before = list(host.mails)
        engine.tick()
        engine.tick()

    assert (case.outcome, before) == ("resolved", [])
    assert host.mails == [("closed", (("email", "users@example.org"),), "resolved")]


def test_a10_4_a_request_taken_up_again_brings_one_more_when_it_is_closed():
    host = Host()
    with noc_engine(host) as engine:
        first = closed_by_tier_1(engine)
        closed_by_tier_1(engine, reopens=first.id)
        engine.tick()

    assert [message for message, *_ in host.mails] == ["closed", "closed"]


def test_a10_6_silence_alone_approves_nothing():
    chart = load(PROCESSES / "noc_ladder.yaml")

    by_engine = [
        way.event
        for way in all_of(chart.main.branches["client_approval"])
        if way.transition.by and way.target and "engine" in way.transition.by.roles
    ]
    assert by_engine == []


# ---- what the stories share --------------------------------------------------------------------


def named(message: str) -> str:
    """What a message names first."""
    return message.split("`")[1] if "`" in message else ""


def content(chart: Chart) -> dict[str, object]:
    """What a chart says, whatever text it was made from."""
    return {
        one.name: getattr(chart, one.name)
        for one in fields(chart)
        if one.name not in ("hash", "source")
    }


def written(given: Sent | Noted) -> str | None:
    return given.text if isinstance(given, Noted) else given.note


def all_of(ways: Mapping[str, tuple[Branch, ...]]) -> list[Branch]:
    return [way for listed in ways.values() for way in listed]


def documented(engine: Engine, process: str = "vcio_ladder") -> Case:
    case = engine.open_case(process, by=ann, data={"came_by": "phone"})
    engine.send(case.id, "review", by=ann)
    return engine.send(case.id, "document", by=ann, data={"issue": "No dial tone"})


def closed_by_level_1(
    engine: Engine, *, process: str = "vcio_ladder", verifier: Actor = tom
) -> Case:
    case = documented(engine, process)
    engine.send(case.id, "prioritise", by=ann, data={"priority": "normal"})
    engine.send(case.id, "qualify", by=tom)
    engine.send(case.id, "determine", by=tom, data={"contact_with": "nobody", "place": "remote"})
    engine.send(case.id, "resolve", by=tom)
    return engine.send(case.id, "confirm", by=verifier, data={"resolution": "Cable changed"})


def noc_engine(host: Host) -> Engine:
    chart = load(PROCESSES / "noc_ladder.yaml", parameters={"user_email": "users@example.org"})
    return Engine("memory://", [chart], hooks=host, clock=ManualClock(MONDAY))


def ticket(engine: Engine, reopens: str | None = None) -> Case:
    case = engine.open_case("noc_ladder", by=ann, reopens=reopens)
    engine.send(case.id, "create_ticket", by=ann, data={"client": "C-7", "user_id": "U-1"})
    return engine.send(case.id, "document", by=ann, data={"issue": "No network"})


def closed_by_tier_1(engine: Engine, reopens: str | None = None) -> Case:
    case = ticket(engine, reopens)
    engine.send(case.id, "qualify", by=tom)
    engine.send(case.id, "resolve", by=tom, data={"resolution": "Cable changed"})
    return engine.send(case.id, "confirm", by=carla)


def at_the_decision_point(engine: Engine) -> Case:
    case = ticket(engine)
    for tier in (tom, uma, vic, olu):
        engine.send(case.id, "escalate", by=tier, note="Not ours")
    return engine.record(case.id, by=max_, checklists=ALL_TOLD)
