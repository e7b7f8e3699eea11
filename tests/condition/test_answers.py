"""What conditions answer, told as small stories of a help desk."""

from __future__ import annotations

import pytest

from tests.condition.desk import DESK, PROMISE, CaseFacts, condition, holds


def test_the_manager_reassigns_and_the_branch_is_taken():
    facts = CaseFacts(data={"decision": "reassign"})

    assert holds("decision == reassign", facts) is True


def test_the_manager_closes_and_the_branch_is_not_taken():
    facts = CaseFacts(data={"decision": "close"})

    assert holds("decision == reassign", facts) is False


@pytest.mark.parametrize("data", [{}, {"decision": None}])
def test_before_the_manager_has_decided_the_answer_is_unknown(data):
    assert holds("decision == reassign", CaseFacts(data=data)) is None


def test_the_third_rejection_is_the_first_that_does_not_hold():
    answers = [holds("rejections < 2", CaseFacts(counts={"rejections": n})) for n in range(3)]

    assert answers == [True, True, False]


def test_a_count_that_never_rose_is_zero():
    assert holds("rejections == 0", CaseFacts()) is True


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("issue is set", False),
        ("issue is unset", True),
        ("issue is not set", True),
        ("issue is not unset", False),
        ("channel is unset", True),
    ],
)
def test_whether_a_fact_is_set_is_never_unknown(text, answer):
    assert holds(text, CaseFacts()) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("urgent", True),
        ("not urgent", False),
        ("paused", None),
        ("not paused", None),
        ("urgent and paused", None),
        ("not urgent and paused", False),
        ("urgent or paused", True),
        ("not urgent or paused", None),
        ("urgent == true", True),
        ("urgent is not true", False),
        ("paused is not true", None),
    ],
)
def test_an_unset_field_spreads_only_where_the_answer_depends_on_it(text, answer):
    assert holds(text, CaseFacts(data={"urgent": True})) is answer


def test_and_binds_tighter_than_or():
    facts = CaseFacts(data={"urgent": True, "paused": False})

    assert holds("urgent or urgent and paused", facts) is True


def test_not_binds_looser_than_a_comparison():
    facts = CaseFacts(data={"decision": "close"})

    assert holds("not decision == reassign", facts) is True


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("cost + rejections > 4.5", True),
        ("cost - rejections - 1 == 1.0", True),
        ("cost - (rejections - 1) == 3", True),
        ("0 - cost < -2.5", True),
        ("-2 < cost", True),
        ("tries + 1 > 0", None),
        ("cost in [1, 4.0]", True),
        ("cost + 1 in [4]", False),
        ("grade == 1", True),
    ],
)
def test_numbers_are_added_and_compared(text, answer):
    facts = CaseFacts(data={"cost": 4.0, "grade": 1}, counts={"rejections": 2})

    assert holds(text, facts) is answer


def test_an_integer_too_large_to_meet_a_decimal_is_unknown():
    facts = CaseFacts(data={"cost": 10**400})

    assert holds("cost + 0.5 > 1", facts) is None


@pytest.mark.parametrize("text", ["channel == phone", "channel is 'phone'", "channel in [phone]"])
def test_the_channel_is_compared_with_bare_words_and_texts(text):
    assert holds(text, CaseFacts(channel="phone")) is True


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("sender is client", False),
        ("sender is desk", True),
        ("sender == desk", True),
        ("sender is not client", True),
        ("sender in [client, desk]", True),
        ("sender not in [client, desk]", False),
        ("sender is $who", True),
        ("sender is 'desk'", True),
        ("sender is $unbound", None),
        ("sender in [desk, $unbound]", True),
    ],
)
def test_a_branch_may_depend_on_who_sends(text, answer):
    facts = CaseFacts(senders=frozenset({"service_desk"}))

    assert holds(text, facts) is answer


def test_one_track_watches_where_another_is():
    facts = CaseFacts(states=frozenset({"escalation.active"}))

    assert holds("in active and not in closed", facts) is True


@pytest.mark.parametrize(
    ("calendars", "answer"), [({"office": True}, False), ({"office": False}, True), ({}, None)]
)
def test_outside_a_calendar_is_the_opposite_of_during_it(calendars, answer):
    assert holds("outside office", CaseFacts(calendars=calendars)) is answer


def test_a_promise_asks_for_events():
    facts = CaseFacts(event="support.reject")

    assert holds("event confirm or event reject", facts, PROMISE) is True


@pytest.mark.parametrize("text", ["entering active", "clock contact breached", "slot poc changes"])
def test_a_promise_asks_for_moments_which_hold_only_while_they_pass(text):
    asked = condition(text, PROMISE)

    (moment,) = asked.moments

    assert asked.holds(CaseFacts(moments=frozenset({moment}))) is True
    assert asked.holds(CaseFacts()) is False


def test_a_promise_names_a_state_without_in():
    facts = CaseFacts(states=frozenset({"closed"}))

    assert holds("closed and issue is unset", facts, PROMISE) is True


def test_an_outcome_is_reached_in_any_end_that_has_it():
    facts = CaseFacts(states=frozenset({"refused"}))

    answers = [holds(f"outcome {name}", facts, PROMISE) for name in ("resolved", "over")]

    assert answers == [False, True]


def test_an_inherited_condition_knows_the_level_it_stands_in():
    facts = CaseFacts(data={"goal": "tier1"})

    assert holds("goal == this_level and this_level == tier1", facts) is True


@pytest.mark.parametrize(
    ("text", "data", "answer"),
    [
        ("top == this_level", {"top": "tier3"}, False),
        ("not top == this_level", {"top": "tier3"}, True),
        ("top != this_level", {"top": "tier3"}, True),
        ("top == this_level", {}, None),
        ("not top == this_level", {}, None),
        ("top in [this_level, tier3]", {"top": "tier3"}, True),
    ],
)
def test_a_level_that_the_field_cannot_hold_is_just_never_equal(text, data, answer):
    assert holds(text, CaseFacts(data=data)) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("cost > $unbound", None),
        ("cost in [$unbound, 4]", True),
        ("cost in [$unbound, 5]", None),
        ("$unbound", None),
        ("$unbound is set", False),
        ("$limit is set", True),
        ("$unbound + 1 > 3", None),
    ],
)
def test_an_unbound_parameter_is_an_unknown_value(text, answer):
    assert holds(text, CaseFacts(data={"cost": 4})) is answer


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("this_level == tier1", "true"),
        ("this_level in [tier2, tier3]", "false"),
        ("$limit > 3", "false"),
        ("$limit + 1 > 3", "true"),
        ("$strict", "true"),
        ("$mode == calm", "true"),
        ("$limit > $unbound", "unknown"),
        ("not $strict or urgent", "urgent"),
        ("urgent and this_level == tier2", "false"),
        ("(urgent and paused) and $strict", "urgent and paused"),
    ],
)
def test_what_is_known_at_load_is_folded(text, folded):
    assert condition(text).text == folded


def test_a_bare_word_is_a_value_before_it_is_a_field():
    facts = CaseFacts(data={"severity": "low", "priority": "low"})

    assert (holds("severity == priority", facts), holds("severity == (priority)", facts)) == (
        False,
        True,
    )


@pytest.mark.parametrize("pending", ["decision", "issue"])
def test_what_an_event_will_bring_is_unknown_even_where_it_is_set(pending):
    facts = CaseFacts(data={"decision": "close", "issue": "No dial tone"})
    asked = condition("decision == close and issue is set")

    answer = asked.holds_with_pending(facts, frozenset({pending}))

    assert answer is None


def test_an_answer_that_does_not_depend_on_what_comes_is_given_at_once():
    facts = CaseFacts(data={"decision": "close", "urgent": False})
    asked = condition("urgent and decision == close")

    answer = asked.holds_with_pending(facts, frozenset({"decision"}))

    assert answer is False


def test_a_mapping_of_fields_is_vocabulary_enough():
    vocabulary = type(DESK)(fields={"urgent": DESK.fields["urgent"]})

    assert holds("urgent", CaseFacts(data={"urgent": True}), vocabulary) is True
