"""What each procedure must do, claim by claim; tests are named after the claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation_engine import Actor, Case, Engine, EventRefused, Unavailable, load, load_text
from escalation_engine.chart.traceability import statements
from escalation_engine.core import Alarm, Due, Effect, HolderQuestion, Notify, Sent
from escalation_engine.loader import read
from escalation_engine.runtime.standing import standings
from escalation_engine.testing.clock import ManualClock
from escalation_engine.testing.elapsing import pass_time

PROCESSES = Path(__file__).parents[2] / "processes"
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 1, 9, 16, 0, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)

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

    def __init__(self, engine: Engine, host: Host, clock: ManualClock | None = None) -> None:
        self.engine = engine
        self.host = host
        self.clock = clock or ManualClock(MONDAY)
        self.ticket = engine.open_case("help_desk", by=ann, data={"client": "C-7"}).id
        self.send("document", ann, issue="No dial tone")

    @property
    def state(self) -> str:
        return self.engine.case(self.ticket).state

    def send(self, event: str, by: Actor, **data: str) -> Case:
        note = "What is known so far" if event == "escalate" else None
        return self.engine.send(self.ticket, event, by=by, data=data, note=note)

    def until(self, instant: str) -> Case:
        pass_time(self.engine, self.clock, until=datetime.fromisoformat(instant))
        return self.engine.case(self.ticket)

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


@pytest.fixture
def boxed(host: Host) -> Iterator[Desk]:
    """A help desk on which a level has two hours, with a ticket at Monday, 09:00."""
    clock = ManualClock(MONDAY)
    with engine_for(
        "help_desk", host, clock=clock, parameters={"tier_time_box": "2 hours"}
    ) as engine:
        yield Desk(engine, host, clock)


def engine_for(
    process: str,
    host: Host,
    directory: Directory | None = None,
    *,
    clock: ManualClock | None = None,
    parameters: dict[str, str] | None = None,
) -> Engine:
    chart = load(PROCESSES / f"{process}.yaml", parameters=parameters)
    clock = clock or ManualClock(MONDAY)
    return Engine("memory://", [chart], hooks=host, directory=directory, clock=clock)


# ---- every procedure --------------------------------------------------------------------------

ALL = sorted(
    path.stem for path in PROCESSES.glob("*.yaml") if read(path).definition.sources
)  # a base cites no text; its tailorings do


@pytest.mark.parametrize("process", ALL)
def test_every_statement_of_the_text_is_cited(process: str):
    listed = statements(read(PROCESSES / f"{process}.yaml").definition)

    assert [one.name for one in listed if one.is_missing] == []


@pytest.mark.parametrize("process", ALL)
def test_every_state_and_way_on_comes_from_the_text_or_says_why_it_was_added(process: str):
    chart = load(PROCESSES / f"{process}.yaml")

    states = [
        state
        for track in chart.tracks
        for state in track.states.values()
        if not (state.source or state.inferred)
    ]
    ways = [
        way.transition
        for track in chart.tracks
        for events in track.branches.values()
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


def test_a03_2_an_update_without_costs_is_refused_and_the_duty_stays_due(host: Host):
    clock = ManualClock(MONDAY)
    with engine_for("contract_escalation", host, clock=clock) as engine:
        case = engine.open_case("contract_escalation", event="report", by=cora, data=ISSUE)
        pass_time(engine, clock, until=FRIDAY)
        before = engine.case(case.id)

        with pytest.raises(EventRefused, match="`incurred_costs`"):
            engine.send(case.id, "update_status", by=rex, data={"progress": "On its way"})
        with pytest.raises(EventRefused, match="`incurred_costs`"):
            engine.fulfil(case.id, "status_update", by=rex)

        assert engine.case(case.id) == before
    assert before.duties["status_update"].status == "open"


def test_a03_2_the_costs_of_last_week_do_not_fulfil_the_update_of_this_week(host: Host):
    clock = ManualClock(MONDAY)
    with engine_for("contract_escalation", host, clock=clock) as engine:
        case = engine.open_case("contract_escalation", event="report", by=cora, data=ISSUE)
        pass_time(engine, clock, until=FRIDAY)
        engine.send(case.id, "update_status", by=rex, data=UPDATE)
        pass_time(engine, clock, until=FRIDAY + WEEK)

        with pytest.raises(EventRefused, match="`incurred_costs`"):
            engine.send(case.id, "update_status", by=rex, data={"progress": "On its way"})
        assert engine.case(case.id).duties["status_update"].status == "open"


def test_a03_3_a_change_of_level_neither_resets_nor_duplicates_the_duty(host: Host):
    clock = ManualClock(MONDAY)
    with engine_for("contract_escalation", host, clock=clock) as engine:
        case = engine.open_case("contract_escalation", event="report", by=cora, data=ISSUE)
        waiting = case.duties
        pass_time(engine, clock, until=FRIDAY - DAY)
        assert engine.send(case.id, "escalate", by=cora, channel="phone").duties == waiting

        pass_time(engine, clock, until=FRIDAY)
        owed = engine.case(case.id).duties
        for _ in range(2):
            assert engine.send(case.id, "escalate", by=cora, channel="phone").duties == owed
        fallen_due = [one.at for one in engine.journal(case.id) if isinstance(one.input, Due)]

    assert fallen_due == [FRIDAY]


@pytest.mark.parametrize(
    ("later", "status", "told"),
    [(0 * DAY, "skipped", 0), (DAY, "missed", 1)],
    ids=["due at that moment", "due since yesterday"],
)
def test_a03_4_the_duty_stops_on_resolution(host: Host, later: timedelta, status: str, told: int):
    clock = ManualClock(MONDAY)
    with engine_for("contract_escalation", host, clock=clock) as engine:
        case = engine.open_case("contract_escalation", event="report", by=cora, data=ISSUE)
        pass_time(engine, clock, until=FRIDAY + later)
        case = engine.send(case.id, "resolve", by=cora, data={"resolution": "Delivered"})
        missing = [
            one.effect
            for one in engine.outbox(case.id)
            if isinstance(one.effect, Notify) and one.effect.message == "update_missed"
        ]

        revision = case.revision
        pass_time(engine, clock, until=FRIDAY + 4 * WEEK)
        assert engine.case(case.id).revision == revision
    assert (case.duties["status_update"].status, len(missing)) == (status, told)
    assert case.duties["status_update"].due_at is None


def test_a03_5_the_update_stays_due_at_the_same_local_time(host: Host):
    clock = ManualClock(datetime(2026, 3, 23, 9, tzinfo=UTC))
    with engine_for("contract_escalation", host, clock=clock) as engine:
        case = engine.open_case("contract_escalation", event="report", by=cora, data=ISSUE)
        pass_time(engine, clock, until=datetime(2026, 4, 10, 15, tzinfo=UTC))
        due = [one.at for one in engine.journal(case.id) if isinstance(one.input, Due)]

    # Summer time from 29 March; 3 April is Good Friday, so the update is due the day before.
    assert [f"{at:%d %b %H:%M}" for at in due] == ["27 Mar 16:00", "02 Apr 15:00", "10 Apr 15:00"]


def test_a03_6_replacing_a_person_reroutes_future_contacts_and_history_keeps_the_old_name(
    host: Host,
):
    directory = Directory(project_manager="paul", account_manager="anna")
    phones = {"project_manager_phone": "100", "account_manager_phone": "200"}
    with engine_for("contract_escalation", host, directory, parameters=phones) as engine:
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


def test_a05_1_a_box_that_runs_out_passes_the_issue_on_to_a_fresh_box(boxed: Desk):
    case = boxed.until("2026-01-05T11:00:00Z")

    assert (case.state, str(case.slots["assignee"][0])) == ("support.tier2.qualification", "tier2")
    assert due_of(case) == {"main.support.tier2:time_box": "05 13:00"}
    assert fired(boxed, case) == ["support.tier1:time_box 75%", "support.tier1:time_box"]


def test_a05_1_a_box_does_not_touch_the_clock_of_the_ticket(host: Host):
    text = (PROCESSES / "help_desk.yaml").read_text(encoding="utf-8")
    sla = "clocks:\n  sla: {starts: entering support, stops: entering closed, target: 9 hours}\n"
    chart = load_text(f"{text}\n{sla}", parameters={"tier_time_box": "2 hours"})
    clock = ManualClock(MONDAY)
    with Engine("memory://", [chart], hooks=host, clock=clock) as engine:
        desk = Desk(engine, host, clock)
        before = engine.case(desk.ticket).clocks["sla"]
        after = desk.until("2026-01-05T13:00:00Z")

    assert after.state == "support.tier3.qualification"
    assert after.clocks["sla"] == before


def test_a05_2_passing_the_issue_on_in_time_cancels_the_box(boxed: Desk):
    boxed.until("2026-01-05T10:00:00Z")
    old = boxed.engine.case(boxed.ticket)
    boxed.send("escalate", tom)

    case = boxed.until("2026-01-05T11:15:00Z")

    assert (case.state, fired(boxed, case)) == ("support.tier2.qualification", [])
    assert due_of(old) == {"main.support.tier1:time_box": "05 11:00"}
    assert due_of(case) == {"main.support.tier2:time_box": "05 12:00"}


def test_a05_2_a_late_firing_of_a_cancelled_box_does_nothing(boxed: Desk):
    boxed.until("2026-01-05T10:59:59Z")
    boxed.send("escalate", tom)
    boxed.clock.move_to(datetime(2026, 1, 5, 11, 30, tzinfo=UTC))

    assert not any(boxed.engine.tick())
    assert boxed.state == "support.tier2.qualification"


def test_a05_3_time_in_which_the_client_is_waited_for_does_not_consume_the_box(boxed: Desk):
    boxed.host.is_resolvable = True
    boxed.send("qualify", tom)
    boxed.until("2026-01-05T10:00:00Z")
    boxed.send("resolve", tom, resolution="Loose cable plugged in")

    waiting = boxed.until("2026-01-07T15:00:00Z")
    assert (waiting.state, fired(boxed, waiting)) == ("support.tier1.quality_control", [])

    assert due_of(boxed.send("reject", carla)) == {"main.support.tier1:time_box": "07 16:00"}


@pytest.mark.parametrize(
    ("engage_on", "engaged_in"),
    [
        ("ladder_exhausted", ["manager_decision"]),
        ("any_tier_timeout", ["support.tier2.qualification"]),
        ("manual", []),
    ],
)
def test_a05_4_a_time_box_engages_the_vendor_exactly_once(
    host: Host, engage_on: str, engaged_in: list[str]
):
    clock = ManualClock(MONDAY)
    turned = {"tier_time_box": "2 hours", "engage_vendor_on": engage_on}
    with engine_for("help_desk", host, clock=clock, parameters=turned) as engine:
        case = Desk(engine, host, clock).until("2026-01-06T09:00:00Z")

    assert case.state == "manager_decision"
    assert host.engaged == engaged_in


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


def test_a05_5_silence_alone_brings_the_case_to_the_manager(boxed: Desk):
    case = boxed.until("2026-01-05T17:00:00Z")
    alarms = [one for one in boxed.engine.outbox(case.id) if isinstance(one.effect, Alarm)]

    assert (case.state, alarms) == ("manager_decision", [])


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


@pytest.mark.parametrize(
    ("referred", "due"),
    [
        ("2026-04-02T15:00+01:00", "2026-04-08T17:00+01:00"),  # Good Friday, Easter Monday
        ("2026-12-24T14:00+00:00", "2026-12-30T17:00+00:00"),  # Christmas, Boxing Day on Monday
        ("2026-12-31T10:00+00:00", "2027-01-05T17:00+00:00"),  # New Year's Day, a weekend
        ("2026-06-05T18:30+01:00", "2026-06-09T17:00+01:00"),  # after closing time
        ("2026-06-06T11:00+01:00", "2026-06-09T17:00+01:00"),  # on a Saturday
        ("2026-06-08T10:00+01:00", "2026-06-10T17:00+01:00"),
        ("2026-03-27T16:00+00:00", "2026-03-31T17:00+01:00"),  # summer time begins
        ("2026-10-23T16:00+01:00", "2026-10-27T17:00+00:00"),  # and ends
    ],
)
def test_a11_2_contact_is_due_at_the_close_of_the_second_working_day(
    host: Host, referred: str, due: str
):
    clock = ManualClock(datetime.fromisoformat(referred))
    with engine_for("complaint", host, clock=clock) as engine:
        case = at_solutions(engine)

    assert case.clocks["contact"].due_at == datetime.fromisoformat(due)


@pytest.mark.parametrize(("minutes", "verdict"), [(-1, "met"), (0, "met"), (1, "breached")])
def test_a11_2_contact_when_it_is_due_is_in_time(host: Host, minutes: int, verdict: str):
    clock = ManualClock(MONDAY)
    with engine_for("complaint", host, clock=clock) as engine:
        case = at_solutions(engine)
        due_at = case.clocks["contact"].due_at
        assert due_at is not None
        clock.move_to(due_at + timedelta(minutes=minutes))
        case = engine.send(case.id, "contact_made", by=sol, data={"contact": "Called him"})

    assert [one.status for one in standings(case)] == [verdict]


def test_a11_3_neither_note_nor_answer_stops_the_clock_and_contact_does(host: Host):
    with engine_for("complaint", host) as engine:
        case = at_solutions(engine)
        running = case.clocks
        engine.note(case.id, "Tried to call, nobody there", by=sol)
        case = engine.send(case.id, "respond", by=sol, data={"response": "The meter was wrong"})
        assert case.clocks == running

        case = engine.send(case.id, "contact_made", by=sol, data={"contact": "Called him"})
    assert [one.verdict for one in case.cycles["contact"]] == ["met"]


def test_a11_3_a_resolution_without_contact_does_not_meet_the_clock(host: Host):
    with engine_for("complaint", host) as engine:
        case = at_solutions(engine)
        engine.send(case.id, "respond", by=sol, data={"response": "The meter was wrong"})
        case = engine.send(case.id, "satisfied", by=cem)

    assert "met" not in [one.status for one in standings(case)]


def test_a11_4_a_missed_contact_is_recorded_once_and_the_process_goes_on(host: Host):
    clock = ManualClock(MONDAY)
    with engine_for("complaint", host, clock=clock) as engine:
        case = at_solutions(engine)
        pass_time(engine, clock, until=MONDAY + 4 * WEEK)
        journal = engine.journal(case.id)
        breaches = [
            (change.key, f"{entry.at:%d %b %H:%M}")
            for entry in journal
            for change in entry.timing
            if change.what == "breached"
        ]
        told = [
            one.effect.role
            for one in engine.outbox(case.id)
            if isinstance(one.effect, Notify) and one.effect.message == "contact_missed"
        ]
        still = engine.case(case.id)
        engine.send(case.id, "contact_made", by=sol, data={"contact": "Called him at last"})
        engine.send(case.id, "respond", by=sol, data={"response": "The meter was wrong"})
        case = engine.send(case.id, "satisfied", by=cem)

    assert breaches == [("contact", "07 Jan 17:00")]
    assert told == ["csm", "solutions_lead"]
    assert (still.state, str(still.slots["assignee"][0])) == ("solutions", "solutions")
    assert (case.outcome, [one.verdict for one in case.cycles["contact"]]) == (
        "resolved", ["breached"],
    )  # fmt: skip


def test_a11_3_neither_note_nor_answer_nor_nor_answer_nor_resolution_is_contact(host: Host):
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
UPDATE = {"progress": "On its way", "incurred_costs": "2 days"}
COMPLAINT = {"complaint": "Billed twice"}


def due_of(case: Case) -> dict[str, str]:
    """Day and time at which each timer is due."""
    return {
        one.key: f"{one.due_at:%d %H:%M}"
        for one in standings(case)
        if one.kind == "timer" and one.due_at is not None
    }


def fired(desk: Desk, case: Case) -> list[str]:
    """The timers and warnings that have fired, in order."""
    said = [entry.input for entry in desk.engine.journal(case.id)]
    return [
        one.key.removeprefix("main.") + ("" if one.label == "due" else f" {one.label}")
        for one in said
        if isinstance(one, Due)
    ]


def at_the_manager(engine: Engine) -> Case:
    case = engine.open_case("complaint", by=rita, data=COMPLAINT)
    return engine.send(case.id, "escalate", by=rita)


def at_solutions(engine: Engine) -> Case:
    case = at_the_manager(engine)
    engine.send(case.id, "respond", by=eva, data={"response": "Both bills are right"})
    return engine.send(case.id, "refer", by=eva)


def ways_of(chart, tier: str) -> frozenset[tuple[str, str]]:
    """State and event of everything that can happen at a tier, without the tier's name."""
    inside = f"support.{tier}."
    return frozenset(
        (leaf.removeprefix(inside), event)
        for leaf, events in chart.main.branches.items()
        if leaf.startswith(inside)
        for event in events
    )
