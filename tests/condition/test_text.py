"""The canonical text, and what a condition tells about itself."""

from __future__ import annotations

import copy
import pickle

import pytest

from tests.condition.desk import CANONICAL, PROMISE, CaseFacts, condition


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("decision is close", "decision == close"),
        ("close == decision", "decision == close"),
        ("3 < cost", "cost > 3"),
        ("cost > 2.50", "cost > 2.5"),
        ("((urgent))", "urgent"),
        ("urgent and (paused or urgent)", "urgent and (paused or urgent)"),
        ("not (urgent and paused)", "not (urgent and paused)"),
        ("not not urgent", "not not urgent"),
        ("not decision in [close]", "decision not in [close]"),
        ("plan is not set", "escalation.plan is unset"),
        ("plan == 'it''s'", 'escalation.plan == "it\'s"'),
        ('plan == "it\'s ""so"""', "escalation.plan == 'it''s \"so\"'"),
        ("priority == set", "priority == 'set'"),
        ("priority == 'two words'", "priority == 'two words'"),
        ("severity == (priority)", "severity == (priority)"),
        ("channel == phone", "channel == 'phone'"),
        ("1 + cost - $limit > 0 - tries", "cost - 2 > 0 - tries"),
        ("reworks < $limit", "support.reworks < 3"),
        ("cost > $fee", "cost > 2.5"),
        ("sender in [desk]", "sender is service_desk"),
        ("not sender in [desk, client]", "sender not in [service_desk, client]"),
        ("not during office", "outside office"),
        ("event reject and active", "event support.reject and in escalation.active"),
        ("outcome over and urgent", "(in closed or in refused) and urgent"),
        ("goal == this_level", "goal == tier1"),
        ("team == desk", "team == service_desk"),
        ("cost > $unbound or urgent", "unknown or urgent"),
    ],
)
def test_a_condition_is_written_with_canonical_names(written, canonical):
    assert condition(written, PROMISE).text == canonical


@pytest.mark.parametrize("number", [1e300, 5e-324, 0.1, 10**300, -3, -2.5e-7])
def test_a_number_from_a_parameter_reads_back_as_it_is(number):
    vocabulary = type(PROMISE)(fields=PROMISE.fields, parameters={"p": number})
    first = condition("cost > $p", vocabulary)

    again = condition(first.text, CANONICAL)

    assert again.constants == {"cost": {number}}


def test_conditions_of_one_text_are_equal():
    assert {condition("decision == close"), condition("close is (decision)")} == {
        condition("decision is close")
    }


def test_a_condition_tells_what_it_reads():
    asked = condition(
        "plan is set and reworks < 2 and in active and sender is desk and outside office"
        " and event reject",
        PROMISE,
    )

    read = [
        asked.fields,
        asked.counts,
        asked.states,
        asked.people,
        asked.calendars,
        asked.events,
    ]

    assert [sorted(names) for names in read] == [
        ["escalation.plan"],
        ["support.reworks"],
        ["escalation.active"],
        ["service_desk"],
        ["office"],
        ["support.reject"],
    ]


@pytest.mark.parametrize(
    ("text", "constants"),
    [
        ("decision == close or decision in [reassign]", {"decision": {"close", "reassign"}}),
        ("rejections < 2 or rejections >= $limit", {"rejections": {2, 3}}),
        ("rejections + 1 > 3", {"rejections": {2}}),
        ("5 - rejections in [3, 1]", {"rejections": {2, 4}}),
        ("urgent", {"urgent": {True}}),
        ("channel == phone", {"channel": {"phone"}}),
        ("issue is set", {}),
        ("tries < rejections", {}),
    ],
)
def test_the_constants_are_where_an_answer_can_turn(text, constants):
    assert condition(text).constants == constants


def test_fields_that_are_compared_with_each_other_are_related():
    asked = condition("tries + cost > rejections or tries > 2")

    assert asked.related == {frozenset({"tries", "cost", "rejections"})}


def test_a_condition_survives_copying_and_pickling():
    asked = condition("decision == close")

    copies = [copy.deepcopy(asked), pickle.loads(pickle.dumps(asked))]  # noqa: S301 - our own bytes

    assert [one.holds(CaseFacts(data={"decision": "close"})) for one in copies] == [True, True]
