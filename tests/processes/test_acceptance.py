"""What each procedure must do, claim by claim; tests are named after the claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_engine import Actor, Case, Engine, EventRefused, Unavailable, load, load_text
from escalation_engine.chart.sources import citations
from escalation_engine.core import Alarm, Effect, HolderQuestion, Notify, Sent
from escalation_engine.definition import Process
from escalation_engine.loader.yaml import parse
from escalation_engine.testing.clock import ManualClock

PROCESSES = Path(__file__).parents[2] / "processes"
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

ann = Actor("ann", ["service_desk"])
tom = Actor("tom", ["tier1"])
uma = Actor("uma", ["tier2"])
olu = Actor("olu", ["onsite"])
max_ = Actor("max", ["it_manager"])
carla = Actor("carla", ["client"])
TIERS = [tom, uma, Actor("vic", ["tier3"]), olu]

rita = Actor("rita", ["csr"])
eva = Actor("eva", ["csm"])
bob = Actor("bob", ["alternate_csm"])
sol = Actor("sol", ["solutions"])
cem = Actor("cem", ["customer"])

cora = Actor("cora", ["customer"])
dora = Actor("dora", ["commercial_director"])
rex = Actor("rex", ["contractor_representative"])


class Host:
    """The host application: its answers are set by hand, what it was asked to do is kept."""

    def __init__(self) -> None:
        self.is_resolvable = False
        self.engaged: list[str] = []
        self.reached: list[tuple[str | None, tuple[tuple[str, str | None], ...]]] = []

    def resolvable_here(self, case: Case) -> bool:
        return self.is_resolvable

    def engage_vendor(self, case: Case, effect: Effect) -> None:
        self.engaged.append(case.state)

    def notify(self, case: Case, effect: Effect) -> None:
        assert isinstance(effect, Notify)
        self.reached.append((effect.person, effect.contacts))

    def alarm(self, case: Case, effect: Effect) -> None:
        """It shows on the wall."""


class Directory:
    """Who holds a role now; a role that it does not know has nobody."""

    def __init__(self, **holders: str | Unavailable) -> None:
        self.holders = holders

    def holder(self, role: str, case: Case) -> str | Unavailable | None:
        return self.holders.get(role)


class Desk:
    """One engine with the help desk, and a ticket on it."""

    def __init__(self, engine: Engine, host: Host) -> None:
        self.engine = engine
        self.host = host
        self.ticket = engine.open_case("help_desk", by=ann, data={"client": "C-7"}).id
        self.send("document", ann, issue="No dial tone")

    @property
    def state(self) -> str:
        return self.engine.case(self.ticket).state

    def send(self, event: str, by: Actor, **data: str) -> Case:
        note = "What is known so far" if event == "escalate" else None
        return self.engine.send(self.ticket, event, by=by, data=data, note=note)

    def climb(self) -> None:
        for tier in TIERS:
            self.send("escalate", tier)

    def tell_all(self) -> None:
        answers = dict.fromkeys(("tier1", "tier2", "tier3", "onsite"), "yes")
        self.engine.record(self.ticket, by=max_, checklists={"activity_details": answers})


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def desk(host: Host) -> Iterator[Desk]:
    with engine_for("help_desk", host) as engine:
        yield Desk(engine, host)


def engine_for(
    process: str, host: Host, directory: Directory | None = None, **parameters
) -> Engine:
    chart = load(PROCESSES / f"{process}.yaml", parameters=parameters)
    clock = ManualClock(MONDAY)
    return Engine("memory://", [chart], hooks=host, directory=directory, clock=clock)


# ---- every procedure --------------------------------------------------------------------------

ALL = sorted(path.stem for path in PROCESSES.glob("*.yaml"))


@pytest.mark.parametrize("process", ALL)
def test_every_statement_of_the_text_is_cited(process: str):
    definition = definition_of(process)
    cited = {citation for citation, _ in citations(definition)}

    missing = {
        f"{name}.{statement}"
        for name, source in definition.sources.items()
        for statement in source.statements
    } - cited
    assert missing == set()


@pytest.mark.parametrize("process", ALL)
def test_every_state_and_way_on_comes_from_the_text_or_says_why_it_was_added(process: str):
    chart = load(PROCESSES / f"{process}.yaml")

    states = [state for state in chart.main.states.values() if not (state.source or state.inferred)]
    ways = [
        way.transition
        for events in chart.main.branches.values()
        for ways in events.values()
        for way in ways
        if not (way.transition.source or way.transition.inferred)
    ]
    assert (states, ways) == ([], [])


# ---- P03: the escalation path of a contract ----------------------------------------------------


def test_a03_1_the_order_is_enforced(host: Host):
    with engine_for("contract_escalation", host) as engine:
        case = engine.open_case("contract_escalation", event="report", by=cora, data=ISSUE)
        further = [
            engine.send(case.id, "escalate", by=cora, channel="phone").state for _ in range(3)
        ]

    assert [case.state, *further] == [
        "path.project_manager",
        "path.account_manager",
        "path.commercial_director",
        "unresolved_at_top",
    ]


@pytest.mark.parametrize("channel", [None, "letter"])
def test_a03_1_the_next_is_contacted_by_phone_or_email(host: Host, channel: str | None):
    with engine_for("contract_escalation", host) as engine:
        case = engine.open_case("contract_escalation", event="report", by=cora, data=ISSUE)

        with pytest.raises(EventRefused, match="phone or email"):
            engine.send(case.id, "escalate", by=cora, channel=channel)


def test_a03_1_a_bypass_at_the_start_is_recorded_and_goes_to_the_project_manager(host: Host):
    with engine_for("contract_escalation", host) as engine:
        case = engine.open_case(
            "contract_escalation",
            event="bypass",
            by=dora,
            on_behalf_of="cora",
            evidence="Her call of Monday",
            data={**ISSUE, "went_to": "commercial_director"},
        )

    assert case.state == "path.project_manager"
    assert (case.counts["bypasses"], case.data["went_to"]) == (1, "commercial_director")


def test_a03_1_a_bypass_on_the_way_is_recorded_and_moves_nothing(host: Host):
    with engine_for("contract_escalation", host) as engine:
        case = engine.open_case("contract_escalation", event="report", by=cora, data=ISSUE)
        before = case.slots
        went_to = {"went_to": "commercial_director"}
        case = engine.send(case.id, "bypass", by=cora, channel="phone", data=went_to)

    assert (case.state, case.slots) == ("path.project_manager", before)
    assert case.counts["bypasses"] == 1


def test_a03_6_replacing_a_person_reroutes_future_contacts_and_history_keeps_the_old_name(
    host: Host,
):
    directory = Directory(project_manager="paul", account_manager="anna")
    phones = {"project_manager_phone": "100", "account_manager_phone": "200"}
    with engine_for("contract_escalation", host, directory, **phones) as engine:
        case = engine.open_case("contract_escalation", event="report", by=cora, data=ISSUE)
        engine.tick()

        directory.holders |= {"project_manager": "petra", "account_manager": "bea"}
        engine.send(case.id, "replace", by=rex)
        engine.tick()
        engine.send(case.id, "escalate", by=cora, channel="phone")
        engine.tick()

        given = [
            str(holder.person)
            for entry in engine.journal(case.id)
            if "assignee" in entry.slots
            for holder in entry.slots["assignee"][1]
        ]
    assert given == ["paul", "petra", "bea"]
    assert host.reached == [
        ("paul", (("phone", "100"),)),
        ("petra", (("phone", "100"),)),
        ("bea", (("phone", "200"),)),
    ]


# ---- P05: the help desk ------------------------------------------------------------------------


def test_a05_4_the_vendor_is_engaged_exactly_once(desk: Desk):
    desk.send("engage_vendor", tom)
    desk.send("escalate", tom)
    with pytest.raises(EventRefused, match="The vendor is engaged already"):
        desk.send("engage_vendor", uma)
    desk.engine.tick()
    desk.engine.tick()

    assert len(desk.host.engaged) == 1


def test_a05_4_with_the_vendor_engaged_the_ladder_continues(desk: Desk):
    desk.send("engage_vendor", tom)

    desk.climb()

    assert desk.state == "manager_decision"


def test_a05_5_the_case_arrives_at_the_manager_without_any_details(desk: Desk):
    desk.climb()

    assert desk.state == "manager_decision"


DECISIONS = [
    {"decision": "reassign", "reassign_to": "tier2"},
    {"decision": "engage_vendor"},
    {"decision": "close_unresolved"},
]


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision["decision"])
@pytest.mark.parametrize("missing", ["tier1", "tier2", "tier3", "onsite"])
def test_a05_5_the_manager_cannot_decide_before_all_details_are_there(
    desk: Desk, decision: dict[str, str], missing: str
):
    desk.climb()
    desk.tell_all()
    desk.engine.record(desk.ticket, by=max_, checklists={"activity_details": {missing: "no"}})

    with pytest.raises(EventRefused) as refused:
        desk.send("decide", max_, **decision)

    assert f"activity_details.{missing}" in [reason.subject for reason in refused.value.reasons]
    assert desk.state == "manager_decision"


def test_a05_6_quality_control_needs_the_clients_confirmation(desk: Desk):
    desk.host.is_resolvable = True
    desk.send("qualify", tom)
    desk.send("resolve", tom, resolution="Loose cable plugged in")

    with pytest.raises(EventRefused):
        desk.send("confirm", tom)
    assert desk.state == "support.tier1.quality_control"
    assert desk.send("confirm", carla).outcome == "resolved"


def test_a05_6_the_clients_word_is_recorded_with_both_names_and_evidence(desk: Desk):
    desk.host.is_resolvable = True
    desk.send("qualify", tom)
    desk.send("resolve", tom, resolution="Loose cable plugged in")

    desk.engine.send(
        desk.ticket, "confirm", by=tom, on_behalf_of="carla", evidence="Call of Monday, 10:15"
    )

    confirmed = desk.engine.journal(desk.ticket)[-1].input
    assert isinstance(confirmed, Sent)
    assert (confirmed.by.id, confirmed.on_behalf_of) == ("tom", "carla")
    assert confirmed.evidence == "Call of Monday, 10:15"


def test_a05_6_a_rejected_resolution_goes_back_to_work_at_the_same_level(desk: Desk):
    desk.send("qualify", tom)
    desk.host.is_resolvable = True
    desk.send("qualify", uma)
    desk.send("resolve", uma, resolution="Line card changed")

    case = desk.send("reject", carla)

    assert (case.state, case.counts["reworks"]) == ("support.tier2.work", 1)
    assert "resolution" not in case.data


def test_a05_7_one_template_makes_all_tiers_alike():
    chart = load(PROCESSES / "help_desk.yaml")

    assert len({ways_of(chart, tier) for tier in ("tier1", "tier2", "tier3", "onsite")}) == 1


def test_a05_7_a_fifth_tier_is_one_line():
    text = (PROCESSES / "help_desk.yaml").read_text(encoding="utf-8")
    line = "      onsite: {title: Onsite"

    chart = load_text(
        text.replace(line, f"      lab: {{title: Laboratory, assignee: tier3}}\n{line}")
    )

    assert ways_of(chart, "lab") == ways_of(chart, "tier1")


# ---- P11: complaints ---------------------------------------------------------------------------


def test_a11_1_an_alternate_stands_in_and_the_reason_is_recorded(host: Host):
    directory = Directory(csr="rita", csm=Unavailable("on leave"), alternate_csm="bob")
    with engine_for("complaint", host, directory) as engine:
        case = at_the_manager(engine)
        answers = engine.journal(case.id)[-1].answers

    assert str(case.slots["assignee"][0]) == "bob (alternate_csm for csm)"
    assert Unavailable("on leave") in [
        answer for question, answer in answers.items() if isinstance(question, HolderQuestion)
    ]


def test_a11_1_the_alternate_has_the_managers_powers_and_keeps_the_complaint(host: Host):
    directory = Directory(csr="rita", csm=Unavailable("on leave"), alternate_csm="bob")
    directory.holders["solutions"] = "sol"
    with engine_for("complaint", host, directory) as engine:
        case = at_the_manager(engine)
        directory.holders["csm"] = "eva"

        engine.send(case.id, "respond", by=bob, data={"response": "Both bills are right"})
        with pytest.raises(EventRefused):
            engine.send(case.id, "refer", by=eva)
        assert engine.send(case.id, "refer", by=bob).state == "solutions"


def test_a11_1_with_nobody_there_the_role_keeps_the_complaint_and_an_alarm_is_raised(host: Host):
    with engine_for("complaint", host, Directory(csr="rita")) as engine:
        case = at_the_manager(engine)
        alarms = [one.effect for one in engine.outbox(case.id) if isinstance(one.effect, Alarm)]

    assert str(case.slots["assignee"][0]) == "csm"
    assert [alarm.subject for alarm in alarms] == ["csm"]


def test_a11_3_neither_note_nor_answer_nor_resolution_is_contact(host: Host):
    with engine_for("complaint", host) as engine:
        case = at_solutions(engine)
        engine.note(case.id, "Tried to call, nobody there", by=sol)
        engine.send(case.id, "respond", by=sol, data={"response": "The meter was wrong"})
        case = engine.send(case.id, "satisfied", by=cem)

    assert (case.outcome, case.counts.get("contacts", 0)) == ("resolved", 0)


def test_a11_3_contact_is_contact(host: Host):
    with engine_for("complaint", host) as engine:
        case = at_solutions(engine)
        case = engine.send(case.id, "contact_made", by=sol, data={"contact": "Called him"})

    assert (case.state, case.counts["contacts"]) == ("solutions", 1)


def test_a11_5_avenues_outside_are_not_a_resolution_in_reports(host: Host):
    with engine_for("complaint", host) as engine:
        case = at_solutions(engine)
        engine.send(case.id, "respond", by=sol, data={"response": "Both bills are right"})
        engine.send(case.id, "discuss_avenues", by=sol, data={"avenues": "The ombudsman"})

        assert [one.id for one in engine.cases(outcome="external_avenues_discussed")] == [case.id]
        assert list(engine.cases(outcome="resolved")) == []


def test_a11_6_the_manager_cannot_refer_before_responding(host: Host):
    with engine_for("complaint", host) as engine:
        case = at_the_manager(engine)

        with pytest.raises(EventRefused) as refused:
            engine.send(case.id, "refer", by=eva)

    assert [(one.kind, one.subject) for one in refused.value.reasons] == [
        ("missing_data", "response")
    ]


def test_a11_6_the_answer_given_at_first_contact_is_not_the_managers(host: Host):
    with engine_for("complaint", host) as engine:
        case = engine.open_case("complaint", by=rita, data=COMPLAINT)
        engine.send(case.id, "respond", by=rita, data={"response": "Both bills are right"})
        engine.send(case.id, "escalate", by=rita)

        with pytest.raises(EventRefused, match="`response`"):
            engine.send(case.id, "refer", by=eva)


# ---- what the stories share --------------------------------------------------------------------

ISSUE = {"issue": "Delivery is late"}
COMPLAINT = {"complaint": "Billed twice"}


def at_the_manager(engine: Engine) -> Case:
    case = engine.open_case("complaint", by=rita, data=COMPLAINT)
    return engine.send(case.id, "escalate", by=rita)


def at_solutions(engine: Engine) -> Case:
    case = at_the_manager(engine)
    engine.send(case.id, "respond", by=eva, data={"response": "Both bills are right"})
    return engine.send(case.id, "refer", by=eva)


def definition_of(process: str) -> Process:
    path = PROCESSES / f"{process}.yaml"
    tree, _ = parse(path.read_bytes(), str(path))
    return Process.model_validate(tree)


def ways_of(chart, tier: str) -> frozenset[tuple[str, str]]:
    """State and event of everything that can happen at a tier, without the tier's name."""
    inside = f"support.{tier}."
    return frozenset(
        (leaf.removeprefix(inside), event)
        for leaf, events in chart.main.branches.items()
        if leaf.startswith(inside)
        for event in events
    )
