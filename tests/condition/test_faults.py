"""Every kind of fault: where it lies, what was found, what would be accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from escalation_engine.condition import (
    DEPTH_LIMIT,
    LENGTH_LIMIT,
    Condition,
    ConditionFault,
    Domain,
    FaultKind,
    Kind,
    Vocabulary,
    read_condition,
)
from tests.condition.desk import DESK, PROMISE, condition, faults

SMALL = Vocabulary(
    fields={
        "priority": Domain(Kind.ENUM, "priority", ("low", "high")),
        "urgent": Domain(Kind.BOOLEAN, "urgent"),
        "cost": Domain(Kind.NUMBER, "cost"),
        "plan": Domain(Kind.TEXT, "plan"),
        "issue": Domain(Kind.OPAQUE, "issue"),
    },
    counts={"rejections": "rejections"},
    parameters={"limit": 3, "when": object()},
    people={"client": "client"},
    state_names=("closed",),
    calendars={"office": "office"},
)
NAMES = "`priority`, `urgent`, `cost`, `plan`, `issue`, `rejections`, `channel`"

SYNTAX = [
    ("", 0, "the condition is empty", "write `true` for one that always holds"),
    ("cost = 3", 5, "`=` is no part of a condition", "write `==`"),
    ("urgent && urgent", 7, "`&&` is no part of a condition", "write `and`"),
    ("urgent || urgent", 7, "`||` is no part of a condition", "write `or`"),
    ("!urgent", 0, "`!` is no part of a condition", "write `not`"),
    (
        "cost * 2 > 3",
        5,
        "`*` is no part of a condition",
        "numbers can only be added and subtracted; anything richer is a guard",
    ),
    (
        "plan == 'x",
        8,
        "`'` is no part of a condition",
        "the text that begins here has no closing quote; a quote within a text is doubled",
    ),
    (
        "cost > 4h",
        7,
        "`4h` is no number; accepted are numbers like `3` and `2.5`",
        "a time limit is no condition: it belongs to a timer or a clock",
    ),
    (
        "1 < cost < 3",
        9,
        "`<` is not expected: a comparison has two sides",
        "write `a < b and b < c`",
    ),
    (
        "urgent ==",
        9,
        "the end of the condition is not expected: a name or a value stands here",
        "",
    ),
    (
        "(urgent",
        7,
        "the end of the condition is not expected: what `(` opened ends with `)`",
        "",
    ),
    ("urgent)", 6, "`)` is not expected: the condition could end here", ""),
    ("urgent AND urgent", 7, "`AND` is not expected: the condition could end here", "write `and`"),
    (
        "urgent 'and'",
        7,
        "the text 'and' is not expected: the condition could end here",
        "two conditions are joined by `and` or `or`, a text of several words is quoted",
    ),
    (
        "size(plan)",
        4,
        "`(` is not expected: the condition could end here",
        "nothing is called in a condition; what needs code is a guard",
    ),
    ("cost == [1]", 8, "`[` is not expected: one value is compared", "write `in [..]`"),
    (
        "cost in (1)",
        8,
        "`(` is not expected: a list in `[` and `]` follows `in`",
        "a list is written in `[` and `]`",
    ),
    ("cost in [1 2]", 11, "`2` is not expected: a list goes on with `,` or ends with `]`", ""),
    ("cost in []", 9, "`]` is not expected: a name or a value stands here", ""),
    ("cost not 3", 9, "`3` is not expected: `in [..]` follows `not` here", ""),
    ("cost is not in [1]", 12, "`in` is not expected: a value follows `is`", "write `not in [..]`"),
    (
        "in [closed]",
        3,
        "`[` is not expected: the name of a state follows `in`",
        "write `in a or in b`",
    ),
    ("- cost > 3", 0, "`-` is not expected: a name or a value stands here", "write `0 - x`"),
    (
        "priority == and",
        12,
        "`and` is not expected: a name or a value stands here",
        "a value of that name is quoted: 'and'",
    ),
    ("$limit $limit", 7, "`$limit` is not expected: the condition could end here", ""),
]

UNKNOWN_NAMES = [
    (
        "prioritty == low",
        0,
        f"`prioritty` is no name known here; accepted: {NAMES}",
        "did you mean `priority`?",
    ),
    (
        "prioritty is set",
        0,
        f"`prioritty` is no name known here; accepted: {NAMES}",
        "did you mean `priority`?",
    ),
    ("cost > 1 and zzz", 13, f"`zzz` is no name known here; accepted: {NAMES}", ""),
    (
        "cost > $limt",
        7,
        "`$limt` is no parameter; accepted: `$limit`, `$when`",
        "did you mean `$limit`?",
    ),
    (
        "sender is clinet",
        10,
        "`clinet` is no role, slot or side; accepted: `client`",
        "did you mean `client`?",
    ),
    (
        "not in clsed",
        7,
        "`clsed` is no state that is known here; accepted: `closed`",
        "did you mean `closed`?",
    ),
    (
        "during offce",
        7,
        "`offce` is not a calendar; accepted: `office`",
        "did you mean `office`?",
    ),
    ("event confirm", 6, "`event` has a meaning only in promises", ""),
    ("entering closed", 9, "`entering` has a meaning only in promises", ""),
    ("duty report missed", 5, "`duty` has a meaning only in promises", ""),
    ("outcome resolved", 8, "`resolved` is not an outcome; accepted: nothing", ""),
    ("this_level == tier1", 0, "`this_level` has a meaning only inside a ladder", ""),
    (
        "plan == foo",
        8,
        "`foo` is no name known here, and a text stands in quotes",
        "write 'foo'",
    ),
]

TYPES = [
    (
        "priority < high",
        0,
        "`priority` is one of its values; only numbers are ordered and added",
        "compare it by `==`, `!=` or `in [..]`",
    ),
    ("cost + urgent > 3", 7, "`urgent` is yes or no; only numbers are ordered and added", ""),
    (
        "cost == 'three'",
        8,
        "`cost` is a number and `three` is a text: they do not compare",
        "",
    ),
    (
        "plan == priority and cost == priority",
        29,
        "`cost` is a number and `priority` is one of its values: they do not compare",
        "",
    ),
    (
        "issue == 'x'",
        9,
        "`issue` is opaque (no condition looks into it) and `x` is a text: they do not compare",
        "write `issue is set`",
    ),
    (
        "rejections",
        0,
        "`rejections` is a whole number, not a condition by itself",
        "write `rejections > 0`",
    ),
    (
        "urgent and priority",
        11,
        "`priority` is one of its values, not a condition by itself",
        "write `priority == low`",
    ),
    (
        "plan",
        0,
        "`plan` is a text, not a condition by itself",
        "write `plan == '..'` or `plan is set`",
    ),
    (
        "issue",
        0,
        "`issue` is opaque (no condition looks into it), not a condition by itself",
        "write `issue is set`",
    ),
    (
        "sender",
        0,
        "`sender` is compared with a role, slot or side",
        "write `sender is NAME`, `sender is not NAME` or `sender in [..]`",
    ),
    ("sender is $limit", 10, "`sender` is compared with a role, slot or side only", ""),
    ("sender is 3", 10, "`sender` is compared with a role, slot or side only", ""),
    ("rejections is set", 0, "`rejections` is a count, which is always set", ""),
    (
        "3 is set",
        0,
        "only a data field, `channel` or a parameter can be set or unset",
        "",
    ),
    (
        "(cost > 1) == urgent",
        6,
        "a condition stands where a value is compared",
        "join conditions by `and`, `or`, `not`",
    ),
    ("cost in [rejections]", 9, "a list holds values; a name is compared with `==`", ""),
]

VALUES = [
    (
        "priority == hihg",
        12,
        "`hihg` is no value of `priority`; accepted: `low`, `high`",
        "did you mean `high`?",
    ),
    ("priority in [low, 3]", 18, "`3` is no value of `priority`; accepted: `low`, `high`", ""),
    (
        "priority == None",
        12,
        "`None` is no value of `priority`; accepted: `low`, `high`",
        "write `priority is unset`",
    ),
    ("cost == null", 8, "`null` is no value; `cost` is a number", "write `cost is unset`"),
]

EACH = [
    (FaultKind.SYNTAX, SYNTAX),
    (FaultKind.UNKNOWN_NAME, UNKNOWN_NAMES),
    (FaultKind.TYPE, TYPES),
    (FaultKind.VALUE, VALUES),
]


@pytest.mark.parametrize(
    ("kind", "text", "offset", "message", "hint"),
    [(kind, *row) for kind, rows in EACH for row in rows],
)
def test_a_fault_says_where_it_lies_and_what_would_be_accepted(kind, text, offset, message, hint):
    assert faults(text, SMALL) == (ConditionFault(kind, message, offset, hint),)


def test_all_faults_of_names_types_and_values_come_together_in_order():
    found = faults("sender is clinet and urgnt or cost == low and priority == hihg", SMALL)

    assert [(fault.kind, fault.offset) for fault in found] == [
        ("unknown_name", 10),
        ("unknown_name", 21),
        ("unknown_name", 38),
        ("value", 58),
    ]


def test_a_parameter_that_holds_no_plain_value_is_a_fault():
    (fault,) = faults("cost > $when", SMALL)

    assert (fault.kind, fault.offset) == ("type", 7)


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 10**400])
def test_a_parameter_must_be_a_number_that_can_be_written(number):
    (fault,) = faults("cost > $p", replace(SMALL, parameters={"p": number}))

    assert fault.kind == FaultKind.TYPE


@pytest.mark.parametrize("word", ["channel", "sender", "this_level", "unknown"])
def test_a_field_named_like_a_word_of_the_language_has_two_meanings(word):
    vocabulary = Vocabulary(fields={word: Domain(Kind.BOOLEAN, word)})

    (fault,) = faults(f"({word}) and true", vocabulary)

    assert fault.message == (
        f"`{word}` has two meanings here: a word of the language and a data field"
    )


def test_a_name_of_a_field_and_a_count_has_two_meanings():
    (fault,) = faults("cost > 1", replace(SMALL, counts={"cost": "cost"}))

    assert fault.message == "`cost` has two meanings here: a data field and a count"


def test_a_bare_name_of_a_state_and_a_field_is_a_fault_in_a_promise():
    fields = {"closed": Domain(Kind.BOOLEAN, "closed")}

    (fault,) = faults("closed", replace(PROMISE, fields=fields))

    assert fault.hint == "write `in closed` for the state"


def test_enums_without_a_common_value_do_not_compare():
    (fault,) = faults("decision == priority", DESK)

    assert (fault.kind, fault.offset) == ("type", 12)


def test_a_condition_of_the_greatest_length_is_read():
    text = "urgent and " * 181 + "urgent   "

    assert len(text) == LENGTH_LIMIT
    assert isinstance(read_condition(text, DESK), Condition)


def test_a_longer_condition_is_refused():
    (fault,) = faults("x" * (LENGTH_LIMIT + 1))

    assert (fault.kind, fault.offset, fault.message) == (
        "limit",
        2000,
        "the condition has 2001 characters; at most 2000 are accepted",
    )


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("not ", "")])
def test_nesting_is_read_down_to_the_limit(opening, closing):
    text = opening * DEPTH_LIMIT + "urgent" + closing * DEPTH_LIMIT

    assert condition(text).fields == {"urgent"}


@pytest.mark.parametrize("opening", ["(", "not "])
def test_deeper_nesting_is_refused_where_it_gets_too_deep(opening):
    (fault,) = faults(opening * (DEPTH_LIMIT + 1) + "urgent")

    assert (fault.kind, fault.offset) == ("limit", len(opening) * DEPTH_LIMIT)


@pytest.mark.parametrize("number", ["9" * 401, "9" * 400, "9" * 400 + ".0"])
def test_a_number_beyond_all_bounds_is_refused(number):
    (fault,) = faults(f"cost > {number}")

    assert (fault.kind, fault.offset) == ("limit", 7)


def test_a_sum_beyond_all_bounds_is_refused():
    (fault,) = faults(f"cost > {'9' * 308} + {'9' * 308} + 0.5")

    assert fault.kind == FaultKind.LIMIT


def test_at_most_twenty_faults_are_reported():
    assert len(faults(" and ".join(["prioritty"] * 100))) == 20
