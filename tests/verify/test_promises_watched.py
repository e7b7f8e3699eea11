"""Each sentence kept, broken and open, on dated journeys; the journal tells where it broke."""

from __future__ import annotations

import pytest

from escalation_engine.verify import Verdict
from tests.verify.playground import instant, play, text_of

SOLVED = "{never: outcome solved, before: event ping}"
FACTS = "{never: closed and answer is unset}"
PINGED = "{whenever: event ask, then: event ping}"
IN_TIME = "{whenever: b, then: c, within: 2 working hours, unless: priority == low}"
TWICE = "{at_most: 2, of: event ping}"
ANSWERED = "{every_case: answer is set}"
ASKED = "{every_case: event ask and priority == high}"
ALONE = "{if_nobody_acts: b or closed, within: 4 hours}"

KEPT = [
    (SOLVED, "Mon 09:00 open; Mon 10:00 ping; Mon 11:00 close"),
    (SOLVED, "Mon 09:00 open; Mon 10:00 drop"),
    (FACTS, "Mon 09:00 open; Mon 10:00 answer=yes; Mon 11:00 close"),
    (PINGED, "Mon 09:00 open; Mon 10:00 ask; Mon 11:00 ping"),
    (PINGED, "Mon 09:00 open; Mon 10:00 ask; Mon 10:30 ask; Mon 11:00 relay; Mon 12:00 close"),
    (IN_TIME, "Fri 09:00 open; Fri 16:00 go_b; Fri 17:00 go_c"),
    (IN_TIME, "Mon 09:00 open; Mon 10:00 go_b; Mon 12:00 go_c"),  # at the very instant
    (IN_TIME, "Mon 09:00 open; Mon 10:00 go_b; Mon 10:30 priority=low; Fri 12:00"),
    (IN_TIME, "Mon 09:00 open; Mon 10:00 pass_through; Mon 10:30 go_c; Fri 12:00"),
    (TWICE, "Mon 09:00 open; Mon 10:00 ping; Mon 10:00 ping; Mon 11:00 close"),
    (ANSWERED, "Mon 09:00 open; Mon 10:00 answer=yes; Mon 11:00 close"),
    (ASKED, "Mon 09:00 open; Mon 10:00 ask; Mon 11:00 priority=high; Mon 12:00 close"),
    (ALONE, "Mon 09:00 open; Mon 10:00 wait; Mon 18:00"),
    (ALONE, "Mon 09:00 open; Mon 12:00 ping; Mon 15:59 close"),
    ("{never: closed, before: event ping}", "Mon 09:00 open; Mon 10:00 ping; Mon 11:00 close"),
    ("{never: priority == high}", "Mon 09:00 open; Mon 10:00 close"),  # unknown is not true
    ("{never: b, after: event ask}", "Mon 09:00 open; Mon 10:00 go_b; Mon 11:00 go_c"),
    ("{at_most: 0, of: event ping, until: b}", "Mon 09:00 open; Mon 10:00 go_b; Mon 11:00 ping"),
    ("{at_most: 1, of: b}", "Mon 09:00 open; Mon 10:00 go_b; Mon 11:00 ping; Mon 12:00 go_b"),
    ("{never: event ping, until: event relay}", "Mon 09:00 open; Mon 10:00 relay"),
    (
        "{at_most: 1, of: event ping, between: [entering a, leaving a]}",
        "Mon 09:00 open; Mon 10:00 ping; Mon 11:00 again; Mon 12:00 ping; Mon 13:00 go_b",
    ),
]
BROKEN = [  # the revision after which it broke, and when
    (SOLVED, "Mon 09:00 open; Mon 10:00 close", 2, "Mon 10:00"),
    (FACTS, "Mon 09:00 open; Mon 10:00 ping; Mon 11:00 close", 3, "Mon 11:00"),
    (PINGED, "Mon 09:00 open; Mon 10:00 ask; Mon 11:00 close", 3, "Mon 11:00"),
    (PINGED, "Mon 09:00 open; Mon 10:00 ping; Mon 10:30 ask; Mon 11:00 drop", 4, "Mon 11:00"),
    (IN_TIME, "Fri 09:00 open; Fri 16:00 go_b; Mon2 10:00:01", 2, "Mon2 10:00"),
    (IN_TIME, "Mon 09:00 open; Mon 10:00 go_b; Mon 11:00 ping; Mon 12:00:01", 3, "Mon 12:00"),
    (IN_TIME, "Mon 09:00 open; Mon 10:00 go_b; Mon 12:01 go_c", 2, "Mon 12:00"),
    (IN_TIME, "Mon 09:00 open; Mon 10:00 go_b; Mon 11:00 close", 3, "Mon 11:00"),
    (TWICE, "Mon 09:00 open; Mon 10:00 ping; Mon 10:01 relay; Mon 10:02 ping", 4, "Mon 10:02"),
    (ANSWERED, "Mon 09:00 open; Mon 10:00 ping; Mon 11:00 close", 3, "Mon 11:00"),
    (ASKED, "Mon 09:00 open; Mon 10:00 ask; Mon 11:00 close", 3, "Mon 11:00"),  # unknown
    (ASKED, "Mon 09:00 open; Mon 10:00 priority=high; Mon 11:00 close", 3, "Mon 11:00"),
    (ALONE, "Mon 09:00 open; Mon 10:00 ping; Mon 14:00:01", 2, "Mon 14:00"),
    (ALONE, "Mon 09:00 open; Mon 10:00 drop", 2, "Mon 10:00"),
    ("{never: entering c}", "Mon 09:00 open; Mon 10:00 pass_through", 2, "Mon 10:00"),
    (
        "{never: b, after: event ask}",
        "Mon 09:00 open; Mon 10:00 go_b; Mon 11:00 ask",
        3,
        "Mon 11:00",
    ),
    ("{never: slot poc changes}", "Mon 09:00 open; Mon 10:00 take", 2, "Mon 10:00"),
    ("{never: checklist sure complete}", "Mon 09:00 open; Mon 10:00 sure", 2, "Mon 10:00"),
    (
        "{never: clock reply breached}",
        "Mon 09:00 open; Mon 10:00 ask; Mon 12:30 go_b",
        3,
        "Mon 12:00",
    ),
    (
        "{at_most: 1, of: b}",
        "Mon 09:00 open; Mon 10:00 go_b; Mon 11:00 go_a; Mon 12:00 go_b",
        4,
        "Mon 12:00",
    ),
    (
        "{at_most: 1, of: event ping, between: [entering a, leaving a]}",
        "Mon 09:00 open; Mon 10:00 ping; Mon 11:00 ping; Mon 13:00 go_b",
        3,
        "Mon 11:00",
    ),
    (
        "{whenever: event ask, then: event ping, until: b}",
        "Mon 09:00 open; Mon 10:00 ask; Mon 11:00 go_b; Mon 12:00 ping",
        3,
        "Mon 11:00",
    ),
]
OPEN = [  # until when
    (PINGED, "Mon 09:00 open; Mon 10:00 ask", None),
    (IN_TIME, "Fri 09:00 open; Fri 16:00 go_b; Sun 12:00", "Mon2 10:00"),
    (IN_TIME, "Mon 09:00 open; Mon 10:00 go_b; Mon 11:00 ping", "Mon 12:00"),
    (IN_TIME, "Mon 09:00 open; Mon 10:00 go_b; Mon 12:00", "Mon 12:00"),  # the very instant
    (ANSWERED, "Mon 09:00 open; Mon 10:00 answer=yes", None),
    (ALONE, "Mon 09:00 open; Mon 10:00 ping", "Mon 14:00"),
    (
        "{whenever: event ask, then: b, within: $limit}",
        "Mon 09:00 open; Mon 10:00 ask; Sun 09:00",
        None,
    ),
]


def standing(promise: str, journey: str):
    engine, case = play(text_of(promise), journey)
    (found,) = engine.promises(case.id)
    return found


@pytest.mark.parametrize(("promise", "journey"), KEPT)
def test_a_promise_is_kept(promise, journey):
    found = standing(promise, journey)

    assert (found.verdict, found.why) == (Verdict.KEPT, "")


@pytest.mark.parametrize(("promise", "journey", "revision", "at"), BROKEN)
def test_a_broken_promise_says_after_which_revision_and_when(promise, journey, revision, at):
    found = standing(promise, journey)

    assert (found.verdict, found.revision, found.at) == (Verdict.BROKEN, revision, instant(at))
    assert found.why


@pytest.mark.parametrize(("promise", "journey", "until"), OPEN)
def test_an_open_promise_says_until_when(promise, journey, until):
    found = standing(promise, journey)

    assert (found.verdict, found.until) == (Verdict.OPEN, until and instant(until))


@pytest.mark.parametrize(("promise", "journey", "revision", "at"), BROKEN)
def test_what_is_broken_stays_broken(promise, journey, revision, at):
    later = standing(promise, f"{journey}; Mon2 12:00")

    assert (later.verdict, later.revision, later.at) == (Verdict.BROKEN, revision, instant(at))


@pytest.mark.parametrize(
    ("promise", "journey", "why"),
    [
        (SOLVED, BROKEN[0][1], "`in main.closed` is true, and `event ping` has not happened"),
        (PINGED, BROKEN[2][1], "`event ping` did not follow while it counted"),
        (IN_TIME, BROKEN[5][1], "`in main.c` did not follow in time"),
        (TWICE, BROKEN[8][1], "`event ping` has happened more often than 2 times"),
        (ANSWERED, BROKEN[9][1], "`answer is set` was not true at the end"),
        (
            ALONE,
            BROKEN[12][1],
            "nobody acted, and `in main.b or in main.closed` did not come in time",
        ),
    ],
)
def test_a_broken_promise_says_why(promise, journey, why):
    assert standing(promise, journey).why == why


def test_what_was_owed_names_the_entry_since_which_it_was():
    found = standing(IN_TIME, "Mon 09:00 open; Mon 10:00 go_b; Mon 11:00 ping; Mon 13:00")

    assert (found.since, found.revision, found.until) == (2, 3, instant("Mon 12:00"))


def test_a_promise_of_a_closed_case_is_settled():
    found = standing(SOLVED, "Mon 09:00 open; Mon 10:00 drop")

    assert found.is_settled


def test_a_promise_that_an_input_may_still_break_is_not_settled():
    found = standing(SOLVED, "Mon 09:00 open; Mon 09:30 go_b")

    assert (found.verdict, found.is_settled) == (Verdict.KEPT, False)


def test_what_is_possible_is_said_of_no_single_case():
    engine, case = play(text_of("{possible: closed}", FACTS), "Mon 09:00 open")

    assert [found.name for found in engine.promises(case.id)] == ["p1"]
