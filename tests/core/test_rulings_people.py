"""Rulings 13 to 15 of the execution model: slots, roles, counts and checklists.

The rows of the concept table on roles, slots, notify, counts and checklists are here too.
"""

from __future__ import annotations

import pytest

from escalation_engine.core import (
    Actor,
    Alarm,
    Case,
    Decision,
    Holder,
    HolderQuestion,
    Notify,
    Recorded,
    Sent,
    Unavailable,
)
from tests.core.driving import (
    Drive,
    accepted,
    ann,
    bob,
    cleo,
    drive,
    eve,
    kinds,
    refusal,
    subjects,
)


def people(case: Case, slot: str) -> list[str | None]:
    """The persons who hold a slot."""
    return [holder.person for holder in case.slots.get(slot, ())]


# ---- 13: what a slot holds ----------------------------------------------------------------------

SLOTS = """
roles: {desk: {title: Desk}, chief: {title: Chief}}
data: {who: {type: person}}
start: a
states:
  a:
    on:
      to_desk: {assign: {owner: desk}}
      to_chief: {assign: {owner: chief}}
      to_me: {assign: {owner: sender}}
      to_who: {assign: {owner: who}, requires: {data: [who]}}
      to_nobody: {assign: {owner: nobody}}
      give_back: {assign: {owner: back}}
"""


@pytest.fixture(scope="module")
def slots() -> Drive:
    return drive(SLOTS, directory={"desk": "ann", "chief": "eve"})


def test_ruling_13_a_slot_is_given_to_a_role(slots: Drive):
    assert slots.open("to_desk").slots["owner"] == (Holder("desk", "ann"),)


def test_ruling_13_a_slot_is_given_to_the_sender(slots: Drive):
    assert people(slots.open("to_me", by=bob), "owner") == ["bob"]


def test_ruling_13_a_slot_is_given_to_the_person_in_a_field(slots: Drive):
    case = slots.sent(slots.open(), "to_who", data={"who": "zoe"}).case

    assert people(case, "owner") == ["zoe"]


def test_ruling_13_a_slot_is_given_to_nobody(slots: Drive):
    assert people(slots.open("to_desk", "to_nobody"), "owner") == []


def test_ruling_13_back_gives_a_slot_to_its_previous_holder(slots: Drive):
    assert people(slots.open("to_desk", "to_chief", "give_back"), "owner") == ["ann"]


def test_ruling_13_back_is_one_deep_and_swaps(slots: Drive):
    case = slots.open("to_desk", "to_me", "to_chief", "give_back", "give_back", by=bob)

    assert people(case, "owner") == ["eve"]
    assert people(slots.walk(case, "give_back"), "owner") == ["bob"]


def test_ruling_13_back_is_refused_when_there_is_none(slots: Drive):
    assert kinds(slots.refused(slots.open(), "give_back"))
    assert kinds(slots.refused(slots.open("to_desk"), "give_back"))


def test_ruling_13_what_cannot_be_given_back_is_no_option(slots: Drive):
    assert not slots.options(slots.open("to_desk"))["give_back"].is_possible
    assert slots.options(slots.open("to_desk", "to_chief"))["give_back"].is_possible


def test_ruling_13_back_after_nobody_gives_it_to_the_last_holder(slots: Drive):
    assert people(slots.open("to_desk", "to_nobody", "give_back"), "owner") == ["ann"]


def test_ruling_13_giving_a_slot_to_its_holder_again_forgets_nobody(slots: Drive):
    case = slots.open("to_desk", "to_chief", "to_chief", "give_back")

    assert people(case, "owner") == ["ann"]


ASSIGNEES = """
roles: {desk: {title: Desk}, chief: {title: Chief}}
start: a
states:
  a: {on: {go: {to: b}, go_mine: {to: b, assign: {assignee: sender}}, other: {to: b, assign: {poc: sender}}}}
  b:
    assignee: desk
    states: {inner: {assignee: chief, on: {down: {to: calm}}}, calm: {}}
"""  # noqa: E501 - a process, not prose


def test_ruling_13_a_states_assignee_is_assigned_on_entry():
    desk = drive(ASSIGNEES.replace("assignee: chief, ", ""), directory={"desk": "ann"})

    assert desk.open("go").slots["assignee"] == (Holder("desk", "ann"),)


def test_ruling_13_the_inner_states_assignee_comes_after_the_outer_ones():
    desk = drive(ASSIGNEES, directory={"desk": "ann", "chief": "eve"})

    assert people(desk.open("go"), "assignee") == ["eve"]


def test_ruling_13_a_states_assignee_gives_way_to_the_transitions_own():
    desk = drive(ASSIGNEES, directory={"desk": "ann", "chief": "eve"})

    case = desk.open("go_mine", by=bob)

    assert people(case, "assignee") == ["bob"]
    assert desk.asked == []


def test_ruling_13_a_transition_that_assigns_another_slot_is_no_hindrance():
    desk = drive(ASSIGNEES, directory={"desk": "ann", "chief": "eve"})

    case = desk.open("other", by=bob)

    assert (people(case, "assignee"), people(case, "poc")) == (["eve"], ["bob"])


def test_ruling_13_a_state_that_is_not_entered_assigns_nobody():
    desk = drive(ASSIGNEES, directory={"desk": "ann", "chief": "eve"})

    case = desk.open("go", "down")

    assert people(case, "assignee") == ["eve"]


def test_a_point_of_contact_survives_three_escalations():
    desk = drive(
        """
roles: {desk: {title: Desk}, one: {title: One}, two: {title: Two}, three: {title: Three}}
opens: {open: {to: ladder, assign: {poc: sender}}}
states:
  ladder:
    levels: {one: {assignee: one}, two: {assignee: two}, three: {assignee: three}}
    each_level: {on: {up: {to: next_level}}}
    after_last_level: top
  top: {kind: decision, owner: three}
""",
        directory={"one": "u", "two": "v", "three": "w"},
    )

    case = desk.open("up", "up", "up", by=bob)

    assert (people(case, "poc"), people(case, "assignee"), people(case, "owner")) == (
        ["bob"],
        ["w"],
        ["w"],
    )


DIFFERENT = """
roles: {desk: {title: Desk}}
data: {writer: {type: person}}
start: a
states:
  a:
    on:
      write: {assign: {owner: sender}, set: {writer: sender}}
      to_role: {assign: {owner: desk}}
      check: {to: b, requires: {different_from: {sender: owner}}}
      check_field: {to: b, requires: {different_from: {sender: writer}}}
      check_slot: {to: b, assign: {assignee: sender}, requires: {different_from: {poc: owner}}}
      be_poc: {assign: {poc: sender}}
  b: {}
"""


@pytest.mark.parametrize("event", ["check", "check_field"])
def test_ruling_13_different_from_compares_persons(event: str):
    desk = drive(DIFFERENT)
    case = desk.open("write")

    assert kinds(desk.refused(case, event, by=ann)) == {"different_from"}
    assert desk.walk(case, event, by=bob).state == "b"


def test_ruling_13_different_from_compares_two_slots():
    desk = drive(DIFFERENT)
    case = desk.open("write")

    assert kinds(desk.refused(desk.walk(case, "be_poc", by=ann), "check_slot"))
    assert desk.walk(case, "be_poc", "check_slot", by=bob).state == "b"


def test_ruling_13_the_same_person_with_other_roles_is_the_same_person():
    desk = drive(DIFFERENT)
    case = desk.open("write")

    assert kinds(desk.refused(case, "check", by=Actor("ann", {"somebody_else"})))


def test_ruling_13_a_slot_that_only_a_role_holds_counts_as_unmet():
    desk = drive(DIFFERENT)

    assert kinds(desk.refused(desk.open("to_role"), "check", by=bob)) == {"different_from"}


# ---- roles, alternates, nobody ------------------------------------------------------------------

ALTERNATES = """
data: {region: {enum: [north, south], changes: anytime}}
roles:
  a: {title: A, alternates: [b], WHEN}
  b: {title: B, alternates: [c]}
  c: {title: C, alternates: [a]}
  d: {title: D, alternates: [b, e]}
  e: {title: E}
  chosen: {title: Chosen, chosen_by: [region]}
start: start
states:
  start: {on: {go: {to: held}, other: {to: held_by_d}, choose: {to: held_by_chosen}}}
  held: {assignee: a}
  held_by_d: {assignee: d}
  held_by_chosen: {assignee: chosen}
"""


def alternates(when: str = "when_nobody: keep", **directory: str | Unavailable) -> Drive:
    away = dict.fromkeys("abcde", Unavailable("away"))
    return drive(ALTERNATES.replace("WHEN", when), directory={**away, **directory})


def test_the_next_alternate_stands_in_and_is_recorded():
    desk = alternates(b="bea")

    decision = desk.sent(desk.open(), "go")

    assert decision.case.slots["assignee"] == (Holder("a", "bea", "b"),)
    assert decision.entry.slots["assignee"] == ((), (Holder("a", "bea", "b"),))
    assert decision.effects == ()


def test_the_alternates_of_an_alternate_stand_in_too():
    assert alternates(c="cat").open("go").slots["assignee"] == (Holder("a", "cat", "c"),)


def test_alternates_of_each_other_end_the_chain():
    desk = alternates()

    desk.open("go")

    assert [question.role for question in desk.asked if isinstance(question, HolderQuestion)] == [
        "a",
        "b",
        "c",
    ]


def test_two_alternates_of_each_other_end_the_chain():
    desk = drive(
        """
roles: {a: {title: A, alternates: [b]}, b: {title: B, alternates: [a]}}
start: start
states: {start: {assignee: a}}
""",
        directory={"a": Unavailable(), "b": Unavailable()},
    )

    decision = desk.opened()

    assert decision.case.slots["assignee"] == (Holder("a", None),)
    assert desk.asked == [HolderQuestion(0, "a"), HolderQuestion(0, "b")]


def test_every_alternate_is_asked_before_it_is_nobody():
    desk = alternates(e="eli")

    assert desk.open("other").slots["assignee"] == (Holder("d", "eli", "e"),)


def test_when_nobody_is_there_the_role_keeps_the_case_and_an_alarm_is_raised():
    desk = alternates()

    decision = desk.sent(desk.open(), "go")

    assert decision.case.slots["assignee"] == (Holder("a", None),)
    assert [(e.kind, e.subject) for e in decision.effects if isinstance(e, Alarm)] == [
        ("nobody_available", "a")
    ]


def test_keeping_the_case_is_what_happens_unless_the_role_says_otherwise():
    desk = drive(ALTERNATES.replace(", WHEN", ""), directory=alternates().directory)

    assert desk.open("go").slots["assignee"] == (Holder("a", None),)


def test_when_nobody_is_there_a_role_may_refuse():
    desk = alternates("when_nobody: refuse")
    case = desk.open()

    assert subjects(desk.refused(case, "go")) == {"a"}
    assert alternates("when_nobody: refuse", c="cat").open("go").state == "held"


def test_a_host_without_a_directory_leaves_the_case_with_the_role():
    desk = drive(ALTERNATES.replace(", WHEN", ""))

    decision = desk.sent(desk.open(), "go")

    assert decision.case.slots["assignee"] == (Holder("a", None),)
    assert decision.effects == ()


def test_the_directory_sees_the_facts_that_choose_the_appropriate_one():
    desk = alternates()
    desk.directory = {"chosen": lambda case: {"north": "nora", "south": "sid"}[case.data["region"]]}  # type: ignore[index]
    case = desk.open(data={"region": "south"})

    assert people(desk.walk(case, "choose"), "assignee") == ["sid"]


# ---- who may: roles, sides, slots ---------------------------------------------------------------

BY = """
roles:
  desk: {title: Desk}
  client: {title: Client, side: customer}
  lawyer: {title: Lawyer, side: customer}
slots: {reviewer: {title: Reviewer, many: true}}
start: a
states:
  a:
    on:
      take: {assign: {assignee: sender}}
      hand: {assign: {assignee: desk}}
      join: {assign: {reviewer: sender}}
      review: {by: [reviewer]}
      go: {by: WHO}
"""


@pytest.mark.parametrize(
    ("who", "passes"),
    [
        ("[client]", {"cleo"}),
        ("[customer]", {"cleo", "liz"}),
        ("[desk]", {"ann", "bob"}),
        ("[desk, client]", {"ann", "bob", "cleo"}),
        ("[engine]", set()),
    ],
)
def test_by_names_roles_and_sides(who: str, passes: set[str]):
    desk = drive(BY.replace("WHO", who))
    case = desk.open()
    actors = [ann, bob, cleo, eve, Actor("liz", {"lawyer"})]

    sent = {one.id for one in actors if isinstance(desk.decide(case, Sent("go", one)), Decision)}
    offered = {one.id for one in actors if desk.options(case, by=one)["go"].is_possible}

    assert (sent, offered) == (passes, passes)


def test_by_names_slots():
    desk = drive(BY.replace("WHO", "[assignee]"))
    case = desk.open("take", by=bob)

    assert desk.walk(case, "go", by=bob)
    assert kinds(desk.refused(case, "go", by=ann)) == {"wrong_role"}


def test_a_slot_that_a_role_holds_is_passed_by_everybody_of_that_role():
    desk = drive(BY.replace("WHO", "[assignee]"))
    case = desk.open("hand")

    assert desk.walk(case, "go", by=bob)
    assert kinds(desk.refused(case, "go", by=cleo))


def test_a_slot_that_nobody_holds_is_passed_by_nobody():
    desk = drive(BY.replace("WHO", "[assignee]"))

    assert kinds(desk.refused(desk.open(), "go")) == {"wrong_role"}


def test_a_slot_for_many_is_held_by_many():
    desk = drive(BY.replace("WHO", "[desk]"))
    case = desk.walk(desk.walk(desk.open(), "join", by=ann), "join", by=bob)

    assert people(case, "reviewer") == ["ann", "bob"]
    assert desk.walk(case, "review", by=ann)
    assert desk.walk(case, "review", by=bob)
    assert kinds(desk.refused(case, "review", by=eve))


def test_a_slot_for_many_holds_nobody_twice():
    desk = drive(BY.replace("WHO", "[desk]"))

    assert people(desk.open("join", "join"), "reviewer") == ["ann"]


# ---- notify -------------------------------------------------------------------------------------

NOTIFY = """
data: {what: {type: string}}
roles:
  desk: {title: Desk, contacts: [{channel: phone, address: $phone}, {channel: email, address: d@x}]}
  client: {title: Client}
parameters: {phone: {type: contact}}
slots: {reviewer: {many: true}}
messages:
  hello:
    subject: "About {case.id}"
    text: "It is about {data.what} in {case.state}"
    translations: {de: {subject: "Zu {case.id}", text: "Es geht um {data.what}"}}
  bye: Goodbye
start: a
states:
  a:
    on:
      tell: {notify: {desk: hello}}
      take: {assign: {owner: sender}}
      join: {assign: {reviewer: sender}}
      tell_owner: {notify: {owner: hello}}
      tell_reviewers: {notify: {reviewer: bye}}
      tell_client: {notify: {client: bye}}
      tell_all: {notify: {everyone_told: bye}}
"""


def told(decision: Decision) -> list[Notify]:
    """The messages of a decision."""
    return [effect for effect in decision.effects if isinstance(effect, Notify)]


def test_a_message_is_filled_in_and_goes_to_a_role_with_its_contacts_in_order():
    desk = drive(NOTIFY, phone="0123")

    (message,) = told(desk.sent(desk.open(data={"what": "tea"}), "tell"))

    assert (message.recipient, message.role, message.message) == ("desk", "desk", "hello")
    assert (message.subject, message.text) == ("About case-1", "It is about tea in a")
    assert message.contacts == (("phone", "0123"), ("email", "d@x"))


def test_a_message_has_its_words_in_every_language():
    desk = drive(NOTIFY)

    (message,) = told(desk.sent(desk.open(data={"what": "tea"}), "tell"))

    assert dict(message.translations) == {"de": ("Zu case-1", "Es geht um tea")}


def test_an_unbound_contact_stays_in_the_list_without_an_address():
    desk = drive(NOTIFY)

    (message,) = told(desk.sent(desk.open(data={"what": "tea"}), "tell"))

    assert message.contacts == (("phone", None), ("email", "d@x"))


def test_a_message_to_a_slot_goes_to_its_holder():
    desk = drive(NOTIFY)

    (message,) = told(desk.sent(desk.open("take", by=bob), "tell_owner"))

    assert (message.recipient, message.person) == ("owner", "bob")


def test_a_message_to_a_slot_of_many_goes_to_each():
    desk = drive(NOTIFY)
    case = desk.walk(desk.open("join", by=ann), "join", by=bob)

    assert [one.person for one in told(desk.sent(case, "tell_reviewers"))] == ["ann", "bob"]


def test_everyone_who_was_told_before_is_told_once():
    desk = drive(NOTIFY)
    case = desk.open("tell", "tell", "tell_client", data={"what": "tea"})

    messages = told(desk.sent(case, "tell_all"))

    assert sorted(str(one.role) for one in messages) == ["client", "desk"]
    assert {one.message for one in messages} == {"bye"}


def test_nobody_told_before_is_nobody_told_now():
    desk = drive(NOTIFY)

    assert told(desk.sent(desk.open(), "tell_all")) == []


def test_an_earlier_holder_who_was_told_is_one_of_those_told():
    desk = drive(NOTIFY)
    case = desk.walk(desk.open("take", "tell_owner", by=bob), "take", by=ann)

    assert "bob" in [one.person for one in told(desk.sent(case, "tell_all"))]


# ---- 14: counts ---------------------------------------------------------------------------------

COUNTS = """
roles: {desk: {title: Desk}}
counts:
  knocks: {up_on: event knock}
  sent_ones: {up_on: event inner}
  visits: {up_on: [entering b, event visit]}
  both: {up_on: event flash, reset_on: event flash}
  until_b: {up_on: event knock, reset_on: entering b}
  left: {up_on: leaving b}
  moves: {up_on: slot owner changes}
  persons: {up_on: event vote, once_per: person}
  few: {up_on: event try, at_most: 2, reset_on: entering b}
  ticked: {up_on: checklist done complete}
checklists: {done: {items: {one: One?, two: Two?}, reset_on: entering b}}
data: {x: {type: integer}}
start: a
states:
  a:
    on:
      knock: {}
      send_one: {send: inner}
      inner: {}
      visit: {to: b}
      flash: {}
      vote: {}
      try: {}
      gated: {requires: {data: [x]}, send: knock}
      take: {assign: {owner: sender}}
      go: {to: b}
  b: {on: {return: {to: a}, again: {to: b}}}
"""


@pytest.fixture(scope="module")
def counts() -> Drive:
    return drive(COUNTS)


@pytest.mark.parametrize(
    ("events", "count", "value"),
    [
        ([], "knocks", 0),
        (["knock"], "knocks", 1),
        (["knock", "knock"], "knocks", 2),
        (["send_one", "inner"], "sent_ones", 2),
        (["go"], "visits", 1),
        (["visit"], "visits", 1),
        (["go", "again"], "visits", 2),
        (["flash", "flash"], "both", 0),
        (["knock", "knock", "go"], "until_b", 0),
        (["knock", "go", "return", "knock"], "until_b", 1),
        (["go", "return"], "left", 1),
        (["go", "again", "return"], "left", 2),
        (["take", "take"], "moves", 1),
        (["vote", "vote"], "persons", 1),
        (["try", "try", "go", "return", "try"], "few", 1),
    ],
)
def test_ruling_14_a_count_rises_and_is_reset_by_its_moments(
    counts: Drive, events: list[str], count: str, value: int
):
    assert counts.open(*events).counts.get(count, 0) == value


def test_ruling_14_a_count_rises_once_however_many_tracks_take_the_event():
    desk = drive(
        """
counts: {knocks: {up_on: event knock}}
tracks:
  one: {start: a, states: {a: {on: {knock: {}}}}}
  two: {start: a, states: {a: {on: {knock: {}}}}}
"""
    )

    assert desk.open("knock").counts["knocks"] == 1


def test_ruling_14_a_slot_that_changes_hands_on_entry_is_a_moment_too():
    desk = drive(
        """
roles: {desk: {title: Desk}, chief: {title: Chief}}
counts: {moves: {up_on: slot assignee changes}}
start: a
states: {a: {assignee: desk, on: {go: {to: b}}}, b: {assignee: chief}}
""",
        directory={"desk": "ann", "chief": "eve"},
    )
    case = desk.open()

    assert desk.walk(case, "go").counts.get("moves", 0) == case.counts.get("moves", 0) + 1


def test_ruling_14_a_refused_event_raises_nothing(counts: Drive):
    case = counts.open("knock")

    counts.refused(case, "gated")

    assert case.counts["knocks"] == 1


def test_ruling_14_a_sent_event_that_nobody_takes_raises_nothing():
    desk = drive(
        """
counts: {knocks: {up_on: event knock}}
start: a
states: {a: {on: {go: {to: b, send: knock}, knock: {}}}, b: {}}
"""
    )

    assert desk.open("go").counts.get("knocks", 0) == 0


def test_ruling_14_changes_of_counts_are_journaled(counts: Drive):
    case = counts.open("knock")

    assert counts.sent(case, "knock").entry.counts == {"knocks": (1, 2), "until_b": (1, 2)}
    assert counts.sent(case, "go").entry.counts["until_b"] == (1, 0)


def test_each_person_raises_a_count_per_person_once(counts: Drive):
    case = counts.walk(counts.open("vote", "vote"), "vote", by=bob)

    assert counts.walk(case, "vote", by=ann).counts["persons"] == 2


def test_an_event_that_would_raise_a_count_above_its_limit_is_refused(counts: Drive):
    case = counts.open("try", "try")

    assert subjects(counts.refused(case, "try")) == {"few"}
    assert not counts.options(case)["try"].is_possible


def test_a_count_per_person_starts_anew_for_everybody_when_it_is_reset():
    desk = drive(
        """
counts: {votes: {up_on: event vote, once_per: person, reset_on: event restart}}
start: a
states: {a: {on: {vote: {}, restart: {}}}}
"""
    )

    assert desk.open("vote", "restart", "vote").counts["votes"] == 1


def test_a_loop_can_run_out():
    desk = drive(
        """
counts: {reworks: {up_on: event reject}}
start: work
states:
  work: {on: {resolve: {to: check}}}
  check:
    on:
      reject: [{to: work, when: reworks < 1}, {to: decision}]
  decision: {kind: decision}
"""
    )

    assert desk.open("resolve", "reject", "resolve", "reject").state == "decision"


# ---- 15: checklists -----------------------------------------------------------------------------

CHECKLIST = """
roles: {desk: {title: Desk}, client: {title: Client}}
checklists:
  closing:
    reset_on: entering b
    items:
      told: {text: The client is told, passes: [yes, na], answers: [yes, no, na], reason_for: [na]}
      agreed: {text: The client agrees, by: [client], recorded_by: [desk]}
counts: {completed: {up_on: checklist closing complete}}
start: a
states:
  a:
    on:
      close: {to: over, requires: {checklist: closing}}
      soft: {to: over, asks: {checklist: closing}}
      go: {to: b}
  b: {on: {return: {to: a}}}
  over: {}
"""


@pytest.fixture(scope="module")
def listed() -> Drive:
    return drive(CHECKLIST)


def answer(
    desk: Drive, case: Case, item: str, said: str, reason: str | None = None, *, by: Actor = ann
) -> Case:
    """Answer one item, by the client where it is his."""
    who = cleo if item == "agreed" and by is ann else by
    return desk.recorded(case, by=who, checklists={"closing": {item: (said, reason)}}).case


def test_ruling_15_a_checklist_is_complete_when_each_item_has_a_passing_answer(listed: Drive):
    case = answer(listed, listed.open(), "told", "yes")
    refused = listed.refused(case, "close")

    assert (kinds(refused), subjects(refused)) == ({"checklist"}, {"closing.agreed"})
    assert listed.walk(answer(listed, case, "agreed", "yes"), "close").state == "over"


def test_ruling_15_an_answer_that_does_not_pass_leaves_the_checklist_incomplete(listed: Drive):
    case = answer(listed, answer(listed, listed.open(), "told", "no"), "agreed", "yes")

    assert subjects(listed.refused(case, "close")) == {"closing.told"}


def test_ruling_15_any_of_the_passing_answers_will_do(listed: Drive):
    case = answer(listed, answer(listed, listed.open(), "told", "na", "by letter"), "agreed", "yes")

    assert listed.walk(case, "close").state == "over"


def test_ruling_15_a_later_answer_replaces_the_earlier_one(listed: Drive):
    case = answer(listed, answer(listed, listed.open(), "told", "yes"), "agreed", "yes")

    assert kinds(listed.refused(answer(listed, case, "told", "no"), "close"))


def test_a_checklist_that_is_asked_for_never_blocks_and_is_recorded(listed: Drive):
    decision = listed.sent(listed.open(), "soft")

    assert decision.case.state == "over"
    assert {reason.subject for reason in decision.entry.asked} == {"closing.told", "closing.agreed"}


def test_a_checklist_is_emptied_by_its_moments(listed: Drive):
    case = answer(listed, answer(listed, listed.open(), "told", "yes"), "agreed", "yes")

    case = listed.walk(case, "go", "return")

    assert subjects(listed.refused(case, "close")) == {"closing.told", "closing.agreed"}


def test_completing_a_checklist_is_a_moment_of_its_own(listed: Drive):
    case = answer(listed, listed.open(), "told", "yes")
    assert case.counts.get("completed", 0) == 0

    case = answer(listed, case, "agreed", "yes")
    assert case.counts["completed"] == 1

    assert answer(listed, case, "told", "yes").counts["completed"] == 1


@pytest.mark.parametrize(
    ("checklists", "subject"),
    [
        ({"closing": {"told": ("maybe", None)}}, "closing.told"),
        ({"closing": {"told": ("na", None)}}, "closing.told"),
        ({"closing": {"told": ("na", "  ")}}, "closing.told"),
        ({"closing": {"nothing": ("yes", None)}}, "closing.nothing"),
        ({"opening": {"told": ("yes", None)}}, "opening"),
    ],
)
def test_an_answer_that_may_not_be_given_is_refused(
    listed: Drive, checklists: dict[str, dict[str, tuple[str, str | None]]], subject: str
):
    case = listed.open()

    refused = refusal(listed.decide(case, Recorded(ann, checklists=checklists)))

    assert subjects(refused) == {subject}


def test_an_answer_is_recorded_on_anothers_behalf_with_evidence_and_both_names(listed: Drive):
    yes = {"closing": {"agreed": ("yes", None)}}
    case = listed.open()

    bare = refusal(listed.decide(case, Recorded(ann, checklists=yes)))
    full = accepted(
        listed.decide(
            case,
            Recorded(ann, checklists=yes, on_behalf_of="cleo", evidence="mail of Friday"),
        )
    )

    kept = full.case.checklists["closing"]["agreed"]
    assert subjects(bare) == {"on_behalf_of", "evidence"}
    assert (kept.by, kept.on_behalf_of, kept.evidence) == ("ann", "cleo", "mail of Friday")


def test_answers_are_journaled(listed: Drive):
    decision = listed.recorded(listed.open(), checklists={"closing": {"told": ("no", None)}})

    assert decision.entry.answered == (("closing", "told", "no"),)


def test_one_bad_answer_refuses_the_whole_record(listed: Drive):
    both = {"closing": {"told": ("yes", None), "nothing": ("yes", None)}}

    assert kinds(refusal(listed.decide(listed.open(), Recorded(ann, checklists=both))))
