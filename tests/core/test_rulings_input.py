"""Rulings 1 to 6 of the execution model: what an input is, who sends it, what it brings and asks.

"Order within one event" and the rows of the concept table on events and transitions are here too.
Timers, clocks and duties, and the inputs that speak of them, are not built yet.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from escalation_engine.core import (
    EMPTY,
    Act,
    Actor,
    Answer,
    Ask,
    Corrected,
    Decision,
    Due,
    Forgotten,
    Found,
    Fulfilled,
    GuardQuestion,
    HolderQuestion,
    Input,
    Migrated,
    Noted,
    Notify,
    Opened,
    Question,
    Recalculated,
    Recorded,
    Reported,
    Sent,
    TaskChanged,
    Unavailable,
    Verdict,
    decide,
)
from escalation_engine.errors import DefinitionError
from tests.core.driving import (
    NOW,
    accepted,
    ann,
    blank,
    bob,
    cleo,
    drive,
    eve,
    kinds,
    refusal,
    replay,
    subjects,
)

ROLES = """
roles:
  desk: {title: Desk}
  chief: {title: Chief}
  client: {title: Client, side: customer}
"""

# ---- 1: one closed union of inputs -------------------------------------------------------------

EVERY_INPUT = """
data: {mood: {enum: [good, bad], changes: anytime}}
actions: {call: {title: Call, reports: [called]}}
start: new
states:
  new: {on: {take: {to: work, do: call}}}
  work: {on: {called: {to: rest}}}
  rest: {on: {finish: {to: over}}}
  over: {kind: end, outcome: over}
"""

LATER_INPUTS: list[Input] = [
    Sent("take", ann),
    Recorded(ann, {"mood": "good"}),
    Noted(ann, "the client is away"),
    Reported("case-1:2:1", "called"),
    Corrected(ann, "work", "main", "taken back by hand"),
]


def test_ruling_1_the_inputs_built_so_far_are_a_closed_union():
    by_people = {Opened, Sent, Recorded, Noted, Corrected, Fulfilled, TaskChanged, Recalculated}
    assert set(get_args(Input)) == by_people | {Due, Reported, Forgotten, Migrated}


def test_ruling_1_every_input_leads_to_one_entry_that_holds_it():
    desk = drive(EVERY_INPUT)
    case = desk.open()

    for revision, given in enumerate(LATER_INPUTS, start=2):
        case, entry, _ = accepted(desk.decide(case, given))

        assert (entry.input, entry.revision) == (given, revision)


def test_ruling_1_the_inputs_of_a_journal_lead_to_the_same_case():
    desk = drive(EVERY_INPUT)
    decision = desk.opened()
    entries = [decision.entry]
    for given in LATER_INPUTS:
        decision = accepted(desk.decide(decision.case, given))
        entries.append(decision.entry)

    assert replay(desk.chart, entries) == decision.case


# ---- 2: time ------------------------------------------------------------------------------------


def test_ruling_2_the_time_of_a_case_never_runs_backwards():
    desk = drive(EVERY_INPUT)
    case = desk.open()

    note = Noted(ann, "by another clock")
    earlier = accepted(desk.decide(case, note, now=NOW - timedelta(hours=1)))
    later = accepted(desk.decide(case, note, now=NOW + timedelta(hours=1)))

    assert (earlier.case.at, earlier.entry.at) == (NOW, NOW)
    assert later.case.at == NOW + timedelta(hours=1)


# ---- 3: the engine as an actor ------------------------------------------------------------------

SENDING = (
    ROLES
    + """
data: {who: {type: person}}
start: asking
states:
  asking:
    on:
      hurry: {send: yes_for_me}
      yes_for_me: {to: done, by: BY, set: {who: sender}}
  done: {}
"""
)


@pytest.mark.parametrize("by", ["[client]", "[customer]", "[desk]"])
def test_ruling_3_a_sent_event_is_nobodys_yes(by: str):
    desk = drive(SENDING.replace("BY", by))
    case = desk.open()

    for actor in (ann, cleo):
        assert kinds(desk.refused(case, "hurry", by=actor)) == {"wrong_role"}


def test_ruling_3_a_sent_event_passes_where_the_engine_is_listed():
    desk = drive(SENDING.replace("BY", "[client, engine]"))

    case = desk.open("hurry")

    assert (case.state, case.data["who"]) == ("done", "engine")


def test_ruling_3_nobody_can_call_himself_the_engine_by_a_role():
    desk = drive(SENDING.replace("BY", "[engine]"))

    refused = desk.refused(desk.open(), "yes_for_me", by=Actor("mallory", {"engine"}))

    assert kinds(refused) == {"wrong_role"}


REPORTING = """
roles: {client: {title: Client, side: client}}
data: {who: {type: person}}
actions: {call: {title: Call, reports: [reached, missed]}}
start: calling
states:
  calling:
    entry: {do: call}
    on:
      reached: {to: spoken, by: [engine], set: {who: sender}}
      missed: {to: spoken, by: [client]}
  spoken: {}
"""


def test_ruling_3_a_report_acts_as_the_engine():
    desk = drive(REPORTING)

    case = desk.reported(desk.open(), "reached").case

    assert (case.state, case.data["who"]) == ("spoken", "engine")


def test_ruling_3_a_report_is_not_the_clients_yes():
    desk = drive(REPORTING)
    case = desk.open()

    decision = desk.reported(case, "missed")

    assert (decision.case.state, decision.entry.steps) == ("calling", ())
    assert "client" in decision.entry.problem


def test_ruling_3_a_refused_report_is_journaled_and_changes_nothing_else():
    desk = drive(REPORTING)
    case = desk.open()

    decision = desk.reported(case, "missed")

    assert decision.case == case._replace(revision=2)
    assert decision.effects == ()


def test_ruling_3_a_report_that_no_event_is_called_is_journaled_as_refused():
    desk = drive(REPORTING)
    case = desk.open()

    decision = desk.reported(case, "nonsense")

    assert (decision.case.state, decision.entry.steps) == ("calling", ())
    assert decision.entry.problem


# ---- 4: choosers choose, gates refuse -----------------------------------------------------------

CHOOSING = (
    ROLES
    + """
data: {size: {enum: [small, large]}, ready: {type: boolean}}
guards: {wise: Is it wise?, late: Is it late?}
events: {go: {may_bring: [size, ready]}}
start: here
states:
  here: {on: {go: BRANCHES}}
  one: {}
  two: {}
"""
)


def choosing(branches: str, **guards: bool | Verdict):
    return drive(CHOOSING.replace("BRANCHES", branches), guards=guards)


def test_ruling_4_a_branch_is_chosen_by_its_condition():
    desk = choosing("[{to: one, when: size == small}, {to: two, when: size == large}]")

    assert desk.sent(desk.open(), "go", data={"size": "large"}).case.state == "two"


@pytest.mark.parametrize(("wise", "target"), [(True, "one"), (False, "two")])
def test_ruling_4_a_branch_is_chosen_by_if(wise: bool, target: str):
    desk = choosing("[{to: one, if: wise}, {to: two}]", wise=wise)

    assert desk.open("go").state == target


@pytest.mark.parametrize(("late", "target"), [(True, "two"), (False, "one")])
def test_ruling_4_a_branch_is_chosen_by_unless(late: bool, target: str):
    desk = choosing("[{to: one, unless: late}, {to: two}]", late=late)

    assert desk.open("go").state == target


@pytest.mark.parametrize("when", ["size == small", "size == large"])
@pytest.mark.parametrize("wise", [True, False])
@pytest.mark.parametrize("late", [True, False])
def test_ruling_4_all_choosers_of_a_branch_must_hold(when: str, wise: bool, late: bool):
    desk = choosing(
        f"[{{to: one, when: {when}, if: wise, unless: late}}, {{to: two}}]", wise=wise, late=late
    )

    case = desk.sent(desk.open(), "go", data={"size": "small"}).case

    assert case.state == ("one" if when.endswith("small") and wise and not late else "two")


def test_ruling_4_the_first_branch_that_holds_wins_in_document_order():
    desk = choosing("[{to: one, if: wise}, {to: two, if: [wise, late]}]", wise=True, late=True)

    assert desk.open("go").state == "one"


def test_ruling_4_no_branch_that_holds_is_a_refusal():
    desk = choosing("[{to: one, if: wise}]", wise=False)

    refused = desk.refused(desk.open(), "go")

    assert (refused.what, refused.where) == ("go", "here")
    assert refused.reasons


@pytest.mark.parametrize("gate", ["by: [chief]", "requires: {data: [ready]}"])
def test_ruling_4_a_gate_refuses_and_nothing_falls_through(gate: str):
    desk = choosing(f"[{{to: one, {gate}}}, {{to: two}}]")

    assert kinds(desk.refused(desk.open(), "go"))


def test_ruling_4_a_gate_of_the_inner_state_is_not_passed_by_the_outer_one():
    desk = drive(
        ROLES
        + """
start: inside
on: {go: {to: outside}}
states:
  inside: {on: {go: {to: outside, by: [chief]}}}
  outside: {}
"""
    )

    assert kinds(desk.refused(desk.open(), "go")) == {"wrong_role"}


@pytest.mark.parametrize(("who", "target"), [(cleo, "one"), (ann, "two")])
@pytest.mark.parametrize("name", ["client", "customer"])
def test_ruling_4_a_condition_may_ask_for_the_role_or_side_of_the_sender(
    name: str, who: Actor, target: str
):
    desk = choosing(f"[{{to: one, when: sender is {name}}}, {{to: two}}]")

    assert desk.sent(desk.open(), "go", by=who).case.state == target


@pytest.mark.parametrize(("who", "target"), [(ann, "one"), (bob, "two")])
def test_ruling_4_a_condition_may_ask_whether_the_sender_holds_a_slot(who: Actor, target: str):
    desk = drive(
        """
start: here
states:
  here:
    on:
      take: {assign: {assignee: sender}}
      go: [{to: one, when: sender is assignee}, {to: two}]
  one: {}
  two: {}
"""
    )

    assert desk.sent(desk.open("take"), "go", by=who).case.state == target


def test_ruling_4_the_host_says_no_with_its_verdicts_reason():
    desk = choosing("{to: one, requires: {guard: [wise]}}", wise=Verdict(False, "the shop is shut"))

    refused = desk.refused(desk.open(), "go")

    assert kinds(refused) == {"guard"}
    assert "the shop is shut" in refused.reasons[0].message


def test_ruling_4_a_guard_at_the_gate_lets_pass_when_the_host_says_yes():
    desk = choosing("{to: one, requires: {guard: [wise]}}", wise=True)

    assert desk.open("go").state == "one"


# ---- 5: what an event may bring -----------------------------------------------------------------

BRINGING = """
roles: {desk: {title: Desk}, client: {title: Client}}
data:
  what: {type: string}
  why: {type: string}
  how: {type: string}
  other: {type: string}
  mood: {enum: [good, bad], changes: anytime}
  cost: {type: integer, minimum: 0, changes: anytime, by: [desk]}
  born: {type: string, changes: never}
events:
  tell: {needs: [what], may_bring: [why, cost, born]}
start: here
states:
  here:
    on:
      tell:
        - {to: there, when: "why == 'moving'", requires: {data: [how]}}
        - {}
      hush: {}
      copy: {set: {why: {field: what}}}
      overrule: {set: {mood: good}, requires: {data: [mood]}}
  there: {}
"""


def test_ruling_5_an_event_brings_what_it_needs_may_bring_and_its_branches_require():
    desk = drive(BRINGING)

    case = desk.sent(desk.open(), "tell", data={"what": "a", "why": "b", "how": "c"}).case

    assert dict(case.data) == {"what": "a", "why": "b", "how": "c"}


@pytest.mark.parametrize(("event", "name"), [("tell", "other"), ("hush", "what"), ("hush", "x")])
def test_ruling_5_other_fields_are_refused(event: str, name: str):
    desk = drive(BRINGING)

    refused = desk.refused(desk.open(), event, data={"what": "a", name: "b"})

    assert kinds(refused) == {"unexpected_data"}
    assert name in subjects(refused)


def test_ruling_5_what_is_needed_comes_with_the_event_even_when_the_case_has_it():
    desk = drive(BRINGING)
    case = desk.sent(desk.open(), "tell", data={"what": "a"}).case

    refused = desk.refused(case, "tell")

    assert (kinds(refused), subjects(refused)) == ({"missing_data"}, {"what"})


def test_ruling_5_required_data_is_met_by_the_event():
    desk = drive(BRINGING)
    brought = {"what": "a", "why": "moving", "how": "by van"}

    assert desk.sent(desk.open(), "tell", data=brought).case.state == "there"


def test_ruling_5_required_data_is_met_by_the_case():
    desk = drive(BRINGING)
    case = desk.sent(desk.open(), "tell", data={"what": "a", "how": "by van"}).case

    assert desk.sent(case, "tell", data={"what": "b", "why": "moving"}).case.state == "there"


def test_ruling_5_required_data_met_by_neither_is_refused():
    desk = drive(BRINGING)

    refused = desk.refused(desk.open(), "tell", data={"what": "b", "why": "moving"})

    assert (kinds(refused), subjects(refused)) == ({"missing_data"}, {"how"})


def test_ruling_5_accepted_data_is_stored_before_set():
    desk = drive(BRINGING)

    overruled = desk.sent(desk.open(), "overrule", data={"mood": "bad"})

    assert overruled.case.data["mood"] == "good"


def test_ruling_5_set_sees_the_data_of_its_own_event():
    desk = drive(BRINGING.replace("- {}", "- {set: {other: {field: what}}}"))

    assert desk.sent(desk.open(), "tell", data={"what": "a"}).case.data["other"] == "a"


def test_ruling_5_record_changes_a_field_that_changes_anytime():
    desk = drive(BRINGING)

    assert desk.recorded(desk.open(), data={"mood": "bad"}).case.data == {"mood": "bad"}


@pytest.mark.parametrize("name", ["what", "born", "nothing"])
def test_ruling_5_record_changes_no_other_field(name: str):
    desk = drive(BRINGING)

    refused = refusal(desk.decide(desk.open(), Recorded(ann, {name: "x"})))

    assert (kinds(refused), subjects(refused)) == ({"unexpected_data"}, {name})


def test_ruling_5_a_field_may_say_who_sets_it():
    desk = drive(BRINGING)
    case = desk.open()
    data = {"what": "a", "cost": 3}

    assert desk.sent(case, "tell", data=data).case.data["cost"] == 3
    assert subjects(desk.refused(case, "tell", by=cleo, data=data)) == {"cost"}


def test_ruling_5_a_field_may_say_who_records_it():
    desk = drive(BRINGING)
    case = desk.open()

    refused = refusal(desk.decide(case, Recorded(cleo, {"cost": 3})))

    assert (kinds(refused), subjects(refused)) == ({"wrong_role"}, {"cost"})
    assert desk.recorded(case, data={"cost": 3}).case.data["cost"] == 3


CHECKLIST_BY = """
roles: {desk: {title: Desk}, client: {title: Client}}
checklists: {closing: {items: {agreed: {text: The client agrees, by: [client]}}}}
start: here
states: {here: {}}
"""


def test_ruling_5_a_checklist_item_may_say_who_answers_it():
    desk = drive(CHECKLIST_BY)
    case = desk.open()
    yes = {"closing": {"agreed": ("yes", None)}}

    refused = refusal(desk.decide(case, Recorded(ann, checklists=yes)))

    assert kinds(refused) == {"wrong_role"}
    assert (
        desk.recorded(case, by=cleo, checklists=yes).case.checklists["closing"]["agreed"].answer
        == "yes"
    )


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ("type: string", "x", 3),
        ("type: string, pattern: ^a", "ab", "b"),
        ("type: string, maxLength: 2", "ab", "abc"),
        ("type: integer", 3, "3"),
        ("type: integer", 3, True),
        ("type: integer, minimum: 1", 1, 0),
        ("type: number, exclusiveMaximum: 5", 4.5, 5),
        ("type: boolean", True, "yes"),
        ("enum: [low, high]", "low", "medium"),
        ("'type': array, items: {type: string}, minItems: 1", ["a"], []),
        ("'type': array, items: {type: string}", ["a"], [1]),
        ("type: object, required: [a]", {"a": 1}, {"b": 1}),
        ("type: date", "2026-06-08", "08.06.2026"),
        ("type: instant", "2026-06-08T09:00:00Z", "2026-06-08"),
        ("type: instant", "2026-06-08T09:00:00+02:00", "2026-06-08T09:00:00"),
        ("type: person", "ann", 7),
        ("type: role", "desk", "nobody_at_all"),
    ],
)
def test_data_must_fit_the_schema_or_the_type_of_its_field(schema: str, good: object, bad: object):
    desk = drive(
        f"""
roles: {{desk: {{title: Desk}}}}
data: {{x: {{{schema}}}}}
events: {{tell: {{needs: [x]}}}}
start: here
states: {{here: {{on: {{tell: {{}}}}}}}}
"""
    )
    case = desk.open()

    refused = desk.refused(case, "tell", data={"x": bad})

    assert (kinds(refused), subjects(refused)) == ({"invalid_data"}, {"x"})
    assert desk.sent(case, "tell", data={"x": good}).case.data["x"] == (
        tuple(good) if isinstance(good, list) else good
    )


def test_a_field_that_never_changes_is_fixed_once_it_is_set():
    desk = drive(BRINGING)
    case = desk.sent(desk.open(), "tell", data={"what": "a", "born": "1970"}).case

    refused = desk.refused(case, "tell", data={"what": "a", "born": "1980"})

    assert (kinds(refused), subjects(refused)) == ({"fixed_data"}, {"born"})


@pytest.mark.parametrize("body", ["set: {n: note}", "clear: [n]"])
def test_a_field_that_never_changes_is_not_changed_by_a_transition_either(body: str):
    desk = drive(
        f"""
data: {{n: {{type: string, changes: never}}}}
start: a
states: {{a: {{on: {{go: {{{body}}}}}}}}}
"""
    )
    case = desk.open(data={"n": "one"})

    found = desk.decide(case, Sent("go", ann, note="two"))

    assert not isinstance(found, Decision) or found.case.data["n"] == "one"


@pytest.mark.parametrize("value", ["note", "{field: s}"])
@pytest.mark.parametrize(
    "schema", ["enum: [small, large]", "type: integer", "type: string, maxLength: 2"]
)
def test_a_value_that_is_set_never_breaks_the_schema_of_its_field(schema: str, value: str):
    text = f"""
data: {{x: {{{schema}}}, s: {{type: string}}}}
start: a
states: {{a: {{on: {{go: {{set: {{x: "{value}"}}}}}}}}}}
""".replace('"{field: s}"', "{field: s}").replace('"note"', "note")
    try:
        desk = drive(text)
    except DefinitionError:
        return  # Refused at load is as good.

    found = desk.decide(desk.open(data={"s": "a long text"}), Sent("go", ann, note="a long text"))

    assert not isinstance(found, Decision) or "x" not in found.case.data


def test_a_field_has_its_default_when_a_case_opens_without_one():
    desk = drive("data: {size: {enum: [small, large], default: small}}\nstart: x\nstates: {x: {}}")

    assert desk.open().data["size"] == "small"
    assert desk.open(data={"size": "large"}).data["size"] == "large"


# ---- how a case opens ---------------------------------------------------------------------------

OPENING = """
roles: {desk: {title: Desk}, client: {title: Client}}
data: {what: {type: string}, why: {type: string}, other: {type: string}}
opens:
  call: {to: new, needs: [what], may_bring: [why], by: [desk]}
  mail:
    - {to: urgent, when: channel == email}
    - {to: new}
states:
  new: {}
  urgent: {}
"""


def test_a_case_exists_by_one_of_its_opening_events():
    desk = drive(OPENING)

    case = desk.open(event="call", data={"what": "a", "why": "b"})

    assert (case.state, case.revision, dict(case.data)) == ("new", 1, {"what": "a", "why": "b"})


def test_an_opening_has_branches_like_any_event():
    desk = drive(OPENING)

    assert desk.open(event="mail", channel="email").state == "urgent"
    assert desk.open(event="mail", channel="phone").state == "new"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (Opened("call", ann), "missing_data"),
        (Opened("call", ann, {"what": "a", "other": "b"}), "unexpected_data"),
        (Opened("call", cleo, {"what": "a"}), "wrong_role"),
        (Opened("shout", ann), "unknown_event"),
    ],
)
def test_an_opening_is_refused_like_any_event(given: Opened, kind: str):
    desk = drive(OPENING)

    assert kinds(refusal(desk.decide(blank(desk.chart), given))) == {kind}


def test_opening_by_start_may_bring_any_field():
    desk = drive("data: {a: {type: string}, b: {type: integer}}\nstart: x\nstates: {x: {}}")

    assert dict(desk.open(data={"a": "x", "b": 1}).data) == {"a": "x", "b": 1}


# ---- 6: conditions, questions and answers -------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "data", "chosen"),
    [
        ("a == yes", {}, False),
        ("not (a == yes)", {}, False),
        ("a != yes", {}, False),
        ("a == yes or b == yes", {"b": "yes"}, True),
        ("a == yes and b == yes", {"b": "yes"}, False),
        ("not (a == yes and b == yes)", {"b": "no"}, True),
        ("not (a == yes or b == yes)", {"b": "no"}, False),
        ("a is unset", {}, True),
        ("a is set", {}, False),
        ("not (a is set)", {}, True),
        ("n > 1", {}, False),
        ("n <= 1", {}, False),
        ("a in [yes, no]", {}, False),
    ],
)
def test_ruling_6_a_condition_needs_true_and_unset_is_unknown(
    when: str, data: dict[str, object], chosen: bool
):
    desk = drive(
        f"""
data: {{a: {{enum: [yes, no]}}, b: {{enum: [yes, no]}}, n: {{type: integer}}}}
start: here
states:
  here: {{on: {{go: [{{to: one, when: "{when}"}}, {{to: two}}]}}}}
  one: {{}}
  two: {{}}
"""
    )

    assert desk.walk(desk.open(data=data), "go").state == ("one" if chosen else "two")


def test_ruling_6_a_missing_answer_is_asked_for_with_the_case_as_it_would_be():
    desk = choosing("[{to: one, if: wise}, {to: two}]")
    case = desk.open()

    asked = decide(desk.chart, case, Sent("go", ann, {"size": "large"}), now=NOW, answers=EMPTY)

    assert isinstance(asked, Ask)
    assert asked.question == GuardQuestion(0, "wise")
    assert (asked.case.data["size"], asked.case.state) == ("large", "here")


def test_ruling_6_a_guard_is_asked_once_within_a_microstep():
    desk = choosing(
        "[{to: one, if: [wise, late]}, {to: two, if: wise, requires: {guard: [wise]}}]",
        wise=True,
        late=False,
    )

    desk.open("go")

    assert desk.asked == [GuardQuestion(0, "wise"), GuardQuestion(0, "late")]


def test_ruling_6_a_guard_is_asked_once_for_all_tracks():
    desk = drive(
        """
guards: {wise: Is it wise?}
tracks:
  one: {start: a, states: {a: {on: {go: {to: b, if: wise}}}, b: {}}}
  two: {start: a, states: {a: {on: {go: {to: b, if: wise}}}, b: {}}}
""",
        guards={"wise": True},
    )

    case = desk.open("go")

    assert dict(case.states) == {"one": "b", "two": "b"}
    assert desk.asked == [GuardQuestion(0, "wise")]


def test_ruling_6_each_microstep_asks_anew():
    desk = drive(
        """
guards: {wise: Is it wise?}
start: here
states:
  here: {on: {go: {if: wise, send: more}, more: {to: there, if: wise}}}
  there: {}
""",
        guards={"wise": True},
    )

    desk.open("go")

    assert [question[0] for question in desk.asked] == [0, 1]
    assert {type(question) for question in desk.asked} == {GuardQuestion}


def test_ruling_6_only_guards_that_matter_are_asked():
    desk = choosing(
        "[{to: one, when: size == small, if: wise}, {to: two}, {to: one, if: late}]",
        wise=True,
        late=True,
    )

    assert desk.sent(desk.open(), "go", data={"size": "large"}).case.state == "two"
    assert desk.asked == []


HOLDING = """
roles:
  desk: {title: Desk, alternates: [chief]}
  chief: {title: Chief}
start: here
states:
  here: {on: {take: {to: held}}}
  held: {assignee: desk, on: {finish: {to: over, by: BY}}}
  over: {}
"""


def holding(by: str, **directory: str | Unavailable):
    return drive(HOLDING.replace("BY", by), directory=directory)


def test_ruling_6_the_directory_is_asked_who_holds_a_role():
    desk = holding("[desk]", desk="ann")

    case = desk.open("take")

    assert desk.asked == [HolderQuestion(0, "desk")]
    assert [(one.role, one.person, one.acting) for one in case.slots["assignee"]] == [
        ("desk", "ann", None)
    ]


def test_ruling_6_an_alternate_is_asked_for_when_the_first_is_away():
    desk = holding("[desk]", desk=Unavailable("ill"), chief="eve")

    case = desk.open("take")

    assert desk.asked == [HolderQuestion(0, "desk"), HolderQuestion(0, "chief")]
    assert [(one.role, one.person, one.acting) for one in case.slots["assignee"]] == [
        ("desk", "eve", "chief")
    ]


def test_ruling_6_all_answers_are_journaled_and_none_that_was_not_asked_for():
    desk = choosing("[{to: one, if: wise}, {to: two}]", wise=Verdict(True, "it is"))
    given: dict[Question, Answer] = {
        GuardQuestion(0, "wise"): Verdict(True, "it is"),
        GuardQuestion(0, "late"): Verdict(True),
        HolderQuestion(0, "desk"): Found("ann"),
    }

    found = decide(desk.chart, desk.open(), Sent("go", ann), now=NOW, answers=given)

    assert accepted(found).entry.answers == {GuardQuestion(0, "wise"): Verdict(True, "it is")}


def test_ruling_6_the_answers_to_a_refused_report_are_journaled_so_that_it_replays():
    desk = drive(
        """
guards: {wise: Is it wise?}
actions: {call: {title: Call, reports: [reached]}}
start: a
states: {a: {entry: {do: call}, on: {reached: {to: b, if: wise}}}, b: {}}
""",
        guards={"wise": False},
    )
    opened = desk.opened()

    reported = desk.reported(opened.case, "reached")

    assert reported.entry.answers == {GuardQuestion(0, "wise"): Verdict(False)}
    assert replay(desk.chart, [opened.entry, reported.entry]) == reported.case


def test_ruling_6_an_unavailable_holder_is_journaled_with_the_alternate():
    desk = holding("[desk]", desk=Unavailable("ill"), chief="eve")
    case = desk.open()

    decision = desk.sent(case, "take")

    assert decision.entry.answers == {
        HolderQuestion(0, "desk"): Unavailable("ill"),
        HolderQuestion(0, "chief"): Found("eve"),
    }


@pytest.mark.parametrize("by", ["[desk]", "[assignee]"])
def test_ruling_6_an_alternate_who_holds_the_slot_passes_for_the_role(by: str):
    desk = holding(by, desk=Unavailable(), chief="eve")

    assert desk.walk(desk.open("take"), "finish", by=eve).state == "over"


def test_ruling_6_an_alternate_passes_on_this_case_only():
    desk = holding("[desk]", desk="ann", chief="eve")

    assert kinds(desk.refused(desk.open("take"), "finish", by=eve)) == {"wrong_role"}


def test_ruling_6_options_may_depend_on_data_to_come():
    desk = drive(
        """
data: {decision: {enum: [again, close]}}
events: {decide: {needs: [decision]}}
start: here
states:
  here:
    on:
      decide: [{to: one, when: decision == again}, {to: two, when: decision == close}]
  one: {}
  two: {}
"""
    )

    option = desk.options(desk.open())["decide"]

    assert (option.is_possible, option.needs) == (True, ("decision",))
    assert (option.depends_on, set(option.targets)) == (("decision",), {"one", "two"})


def test_options_say_what_is_possible_and_for_the_rest_why_not():
    desk = drive(BRINGING)

    options = desk.options(desk.open(), by=ann)

    assert options["tell"].is_possible
    assert {"why", "cost", "born"} <= set(options["tell"].may_bring)
    assert options["hush"].is_possible


def test_an_option_of_one_track_is_not_blocked_by_another_track_that_does_not_choose():
    desk = drive(
        """
data: {x: {type: integer}}
tracks:
  one: {start: a, states: {a: {on: {go: {to: b, when: x == 1}}}, b: {}}}
  two: {start: a, states: {a: {on: {go: {to: b}}}, b: {}}}
"""
    )
    case = desk.open()

    assert dict(desk.walk(case, "go").states) == {"one": "a", "two": "b"}
    assert desk.options(case)["go"].is_possible


def test_options_of_another_state_are_not_possible():
    desk = drive(EVERY_INPUT)

    option = desk.options(desk.open())["finish"]

    assert not option.is_possible
    assert option.reasons


# ---- order within one event ---------------------------------------------------------------------


def test_conditions_see_the_case_as_it_was_with_the_events_data_laid_over_it():
    desk = drive(
        """
data: {size: {enum: [small, large]}}
events: {tell: {needs: [size]}}
start: here
states:
  here:
    on:
      tell:
        - {to: one, when: size == large, set: {size: small}}
        - {to: two}
  one: {}
  two: {}
"""
    )

    case = desk.sent(desk.open(data={"size": "small"}), "tell", data={"size": "large"}).case

    assert (case.state, case.data["size"]) == ("one", "small")


def test_guards_see_the_case_as_it_was_with_the_events_data_laid_over_it():
    desk = choosing("[{to: one, if: wise, set: {size: small}}, {to: two}]")
    desk.guards = {"wise": lambda case: (case.state, case.data.get("size")) == ("here", "large")}

    assert desk.sent(desk.open(), "go", data={"size": "large"}).case.state == "one"


def test_the_innermost_state_is_asked_first_then_outwards():
    desk = drive(
        """
guards: {wise: Is it wise?}
start: outer
on: {go: {to: far}}
states:
  outer:
    on: {go: {to: near, if: wise}}
    states:
      inner: {on: {go: {to: next_door, when: channel == phone}}}
      next_door: {}
  near: {}
  far: {}
""",
        guards={"wise": lambda case: case.data == {}},
    )
    case = desk.open()

    assert desk.sent(case, "go", channel="phone").case.state == "outer.next_door"
    assert desk.sent(case, "go").case.state == "near"
    desk.guards = {"wise": False}
    assert desk.sent(case, "go").case.state == "far"


PHASES = """
data: {x: {type: integer}, y: {type: integer, default: 1}}
roles: {desk: {title: Desk}}
messages: {told: "{data.x} {data.y}"}
actions:
  out: {title: Out, arguments: {x: {type: integer}, where: {type: string}}}
  way: {title: Way, arguments: {x: {type: integer}}}
  into: {title: Into, arguments: {x: {type: integer}, where: {type: string}}}
start: a
states:
  a:
    exit: {do: {out: {where: a, x: {field: x}}}}
    states:
      b:
        exit: {do: {out: {where: b, x: {field: x}}}}
        on:
          go:
            to: c
            set: {x: 7}
            clear: [y]
            assign: {owner: sender}
            do: {way: {x: {field: x}}}
            notify: {owner: told}
            send: more
  c:
    entry: {do: {into: {where: c, x: {field: x}}}, set: {x: 8}}
    states:
      d:
        entry: {do: {into: {where: d, x: {field: x}}}}
        always: {to: e, when: x == 8}
      e:
        entry: {do: {into: {where: e}}}
        on: {more: {to: f}}
      f: {entry: {do: {into: {where: f}}}}
"""


def test_exits_go_outwards_entries_go_inwards_then_always_then_sent_events():
    desk = drive(PHASES)

    decision = desk.sent(desk.open(), "go")

    shown = [
        effect.arguments.get("where", effect.name) if isinstance(effect, Act) else "told"
        for effect in decision.effects
    ]
    assert shown == ["b", "a", "way", "told", "c", "d", "e", "f"]


def test_exits_see_data_before_set_and_actions_and_entries_after_it():
    desk = drive(PHASES)

    decision = desk.sent(desk.open(data={"x": 1}), "go")

    seen = [
        (effect.name, effect.arguments["x"])
        for effect in decision.effects
        if isinstance(effect, Act) and "x" in effect.arguments
    ]
    assert seen == [("out", 1), ("out", 1), ("way", 7), ("into", 8), ("into", 8)]


def test_a_message_is_worded_after_set_clear_and_assign():
    desk = drive(PHASES)

    decision = desk.sent(desk.open(), "go")

    (message,) = [effect for effect in decision.effects if isinstance(effect, Notify)]

    assert message.text.strip() == "7"
    assert message.person == "ann"


def test_counts_rise_before_notify_and_after_conditions():
    desk = drive(
        """
counts: {rejections: {up_on: event reject}}
start: here
states:
  here:
    on:
      reject: [{when: rejections < 2}, {to: there}]
  there: {}
"""
    )

    case = desk.open("reject", "reject")
    third = desk.walk(case, "reject")

    assert (case.state, case.counts["rejections"]) == ("here", 2)
    assert (third.state, third.counts["rejections"]) == ("there", 3)


def test_a_refused_event_leaves_the_case_unchanged():
    desk = drive(BRINGING)
    case = desk.open(data={"what": "a"})
    before = case._replace()

    desk.refused(case, "tell", data={"what": "b", "why": "moving"})

    assert case == before


# ---- the transition row -------------------------------------------------------------------------


def test_a_refusal_lists_everything_that_is_missing():
    desk = drive(
        """
roles: {chief: {title: Chief}}
data: {a: {type: string}, b: {type: string}}
checklists: {done: {items: {one: Is one done?, two: Is two done?}}}
guards: {wise: Is it wise?}
start: here
states:
  here:
    on:
      go:
        to: there
        by: [chief]
        requires: {data: [a, b], note: true, evidence: true, checklist: [done], guard: [wise]}
  there: {}
""",
        guards={"wise": False},
    )

    refused = desk.refused(desk.open(), "go")

    assert {"a", "b", "note", "evidence", "done.one", "done.two", "wise"} <= subjects(refused)
    assert "wrong_role" in kinds(refused)


@pytest.mark.parametrize("gate", ["note", "evidence"])
def test_a_note_or_evidence_that_is_required_must_come_along(gate: str):
    desk = drive(f"start: here\nstates: {{here: {{on: {{go: {{requires: {{{gate}: true}}}}}}}}}}")
    case = desk.open()

    assert subjects(desk.refused(case, "go")) == {gate}
    blank_words: dict[str, Any] = {gate: "  "}
    assert subjects(desk.refused(case, "go", **blank_words)) == {gate}
    words: dict[str, Any] = {gate: "mail of Friday"}
    assert desk.sent(case, "go", **words)


def test_a_last_branch_says_no_in_words():
    desk = choosing("[{to: one, when: size == small}, {refuse: Only small ones}]")
    case = desk.open()

    refused = desk.refused(case, "go", data={"size": "large"})

    assert [reason.message for reason in refused.reasons] == ["Only small ones"]
    assert desk.sent(case, "go", data={"size": "small"}).case.state == "one"


def test_what_is_asked_never_blocks_and_is_recorded():
    desk = choosing("{to: one, asks: {note: true, data: [ready], guard: [wise]}}", wise=False)

    decision = desk.sent(desk.open(), "go")

    assert decision.case.state == "one"
    assert {reason.subject for reason in decision.entry.asked} == {"note", "ready", "wise"}


def test_what_is_asked_and_met_is_not_recorded():
    desk = choosing("{to: one, asks: {note: true}}")

    assert desk.sent(desk.open(), "go", note="here it is").entry.asked == ()


BEHALF = (
    ROLES
    + """
start: here
states:
  here: {on: {confirm: {to: over, by: [client], recorded_by: [desk]}}}
  over: {}
"""
)


def test_the_one_who_may_needs_no_evidence():
    desk = drive(BEHALF)

    assert desk.sent(desk.open(), "confirm", by=cleo).case.state == "over"


def test_a_yes_is_recorded_on_anothers_behalf_with_evidence_and_both_names():
    desk = drive(BEHALF)

    decision = desk.sent(
        desk.open(), "confirm", by=ann, on_behalf_of="cleo", evidence="mail of Friday"
    )

    assert decision.case.state == "over"
    given = decision.entry.input
    assert isinstance(given, Sent)
    assert (given.by.id, given.on_behalf_of, given.evidence) == ("ann", "cleo", "mail of Friday")


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"on_behalf_of": "cleo"}, {"evidence"}),
        ({"evidence": "mail of Friday"}, {"on_behalf_of"}),
        ({}, {"evidence", "on_behalf_of"}),
    ],
)
def test_anothers_yes_is_not_recorded_without_evidence_or_name(
    said: dict[str, Any], missing: set[str]
):
    desk = drive(BEHALF)

    assert subjects(desk.refused(desk.open(), "confirm", **said)) == missing


def test_not_everybody_may_record_anothers_yes():
    desk = drive(BEHALF)

    refused = desk.refused(
        desk.open(), "confirm", by=eve, on_behalf_of="cleo", evidence="mail of Friday"
    )

    assert kinds(refused) == {"wrong_role"}


@pytest.mark.parametrize("visibility", ["internal", "client"])
def test_a_transition_says_whether_the_client_sees_it(visibility: str):
    desk = drive(
        f"start: a\nstates: {{a: {{on: {{go: {{to: b, visibility: {visibility}}}}}}}, b: {{}}}}"
    )

    assert desk.sent(desk.open(), "go").entry.visibility == visibility


def test_a_transition_is_internal_unless_it_says_otherwise():
    desk = drive("start: a\nstates: {a: {on: {go: {to: b}}}, b: {}}")

    assert desk.sent(desk.open(), "go").entry.visibility == "internal"


def test_a_reason_is_journaled_with_its_move():
    desk = drive("start: a\nstates: {a: {on: {go: {to: b, reason: It was time}}}, b: {}}")

    (step,) = desk.sent(desk.open(), "go").entry.steps

    assert [(move.source, move.target, move.reason) for move in step.moves] == [
        ("a", "b", "It was time")
    ]


def test_set_takes_values_from_the_input_the_case_and_the_level():
    desk = drive(
        """
data:
  a: {type: string}
  b: {type: string}
  c: {type: string}
  d: {type: person}
  e: {type: instant}
  f: {type: string}
  g: {type: level}
  h: {type: person}
  i: {type: integer}
parameters: {answer: {type: integer, default: 42}}
roles: {desk: {title: Desk}}
start: ladder
states:
  ladder:
    levels: {low: {}, high: {}}
    each_level:
      on:
        go:
          assign: {owner: sender}
          set:
            a: note
            b: channel
            c: evidence
            d: sender
            e: now
            f: {field: given}
            g: this_level
            h: {slot: poc}
            i: $answer
    after_last_level: ladder
""".replace("  i: {type", "  given: {type: string}\n  i: {type"),
        directory={"desk": "ann"},
    )
    case = desk.open(data={"given": "words"})

    data = desk.sent(case, "go", note="n", channel="phone", evidence="e", by=bob).case.data

    assert (data["a"], data["b"], data["c"], data["d"]) == ("n", "phone", "e", "bob")
    assert (data["f"], data["g"], data["i"]) == ("words", "low", 42)
    assert str(data["e"]).startswith("2026-06-08T09:00")


def test_clear_empties_fields():
    desk = drive(
        "data: {a: {type: string}}\nstart: x\nstates: {x: {on: {go: {clear: [a]}}}}",
    )

    decision = desk.sent(desk.open(data={"a": "x"}), "go")

    assert dict(decision.case.data) == {}
    assert decision.entry.data == {"a": ("x", None)}


def test_an_event_that_nobody_knows_is_refused():
    desk = drive(EVERY_INPUT)

    assert kinds(desk.refused(desk.open(), "shout")) == {"unknown_event"}


def test_a_refusal_says_what_would_be_accepted():
    desk = drive(EVERY_INPUT)

    refused = desk.refused(desk.open(), "finish")

    assert refused.accepted == ("take",)
    assert refused.reasons[0].message
