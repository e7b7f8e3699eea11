"""Promises load into the chart with canonical names; every fault has its place.

Texts mark the place of a fault as those of test_time.py do: with « before it.
"""

from __future__ import annotations

import pytest

from escalation_engine import load
from escalation_engine.chart.expand import chart_document
from escalation_engine.chart.model import Amount, PromiseForm
from tests.chart.test_time import OFFICE, fault, faults, loaded, written

DESK = """
opens: {ask: {to: desk}}
data: {priority: {enum: [low, high]}, answer: {type: string}, both: {type: boolean}}
states:
  desk: {on: {solve: {to: closed}, up: {to: upstairs}}}
  upstairs: {on: {solve: {to: closed}, drop: {to: dropped}}}
  both: {on: {solve: {to: closed}}}
  closed: {kind: end, outcome: solved}
  dropped: {kind: end, outcome: dropped}
"""
HEAD = "process: desk\nversion: 1\ntitle: A desk\n"


def desk(promise: str) -> str:
    return f"{DESK}{OFFICE}promises:\n  p: {promise}\n"


def promised(promise: str):
    return loaded(desk(promise)).promises["p"]


@pytest.mark.parametrize(
    ("promise", "form", "subject"),
    [
        ("{never: closed and answer is unset}", "never", "in main.closed and answer is unset"),
        ("{whenever: event up, then: outcome solved}", "whenever", "event up"),
        ("{at_most: 2, of: entering upstairs}", "at_most", "entering main.upstairs"),
        ("{every_case: answer is set}", "every_case", "answer is set"),
        ("{possible: outcome dropped}", "possible", "in main.dropped"),
        ("{if_nobody_acts: closed, within: 1 day}", "if_nobody_acts", "in main.closed"),
    ],
)
def test_each_form_says_something_of_a_condition_with_canonical_names(promise, form, subject):
    found = promised(promise)

    assert (found.form, str(found.subject)) == (PromiseForm(form), subject)


def test_before_says_till_when_it_never_happens():
    found = promised("{never: outcome solved, before: event up}")

    assert (str(found.until), found.after, found.repeats) == ("event up", None, False)


def test_between_counts_again_each_time():
    found = promised("{at_most: 0, of: event up, between: [entering desk, leaving desk]}")

    assert (str(found.after), str(found.until), found.repeats) == (
        "entering main.desk",
        "leaving main.desk",
        True,
    )


def test_the_time_of_a_promise_counts_on_the_only_calendar():
    found = promised("{whenever: desk, then: closed, within: 2 working days, unless: dropped}")

    assert (found.within, found.calendar, str(found.unless)) == (
        Amount("2 working days"),
        "office",
        "in main.dropped",
    )


def test_a_promise_that_says_nothing_of_itself_has_its_name_in_words():
    assert loaded(f"{DESK}promises: {{never_lost: {{possible: closed}}}}").promises[
        "never_lost"
    ].title == ("never lost")


def test_a_bare_name_that_is_a_state_and_a_field_is_refused():
    found = fault(desk("{never: «both}"), "E113")

    assert "two meanings" in found.message
    assert found.hint == "write `in both` for the state"


def test_a_misspelled_state_gets_a_hint():
    found = fault(desk("{never: «upstars}"), "E113")

    assert found.hint == "did you mean `upstairs`?"


@pytest.mark.parametrize(
    ("promise", "says"),
    [
        ("{say: Nothing}", "says nothing that could be kept"),
        ("{never: desk, possible: closed}", "`never` and `possible` at once"),
        ("{whenever: desk}", "nothing without `then`"),
        ("{at_most: 1}", "nothing without `of`"),
        ("{if_nobody_acts: closed}", "nothing without `within`"),
    ],
)
def test_a_promise_without_a_whole_sentence_is_refused_at_its_name(promise, says):
    found = fault(desk(promise).replace("  p:", "  «p:"), "E502")

    assert says in found.message


@pytest.mark.parametrize(
    ("promise", "says"),
    [
        ("{never: desk, «then: closed}", "`then` has no meaning beside `never`"),
        ("{whenever: desk, then: closed, «calendar: office}", "without `within`"),
        ("{if_nobody_acts: desk, within: 1 hour, «after: event up}", "no meaning beside"),
        ("{never: desk, before: event up, «until: event up}", "both say when it counts"),
        ("{never: desk, «between: [event up]}", "names two things"),
        ("{never: «event up and channel == phone}", "`channel` has no answer"),
    ],
)
def test_what_has_no_meaning_in_a_promise_is_refused_where_it_stands(promise, says):
    found = fault(desk(promise), "E502")

    assert says in found.message


def test_all_faults_of_all_promises_come_together():
    text = written(f"{DESK}promises: {{a: {{never: clsed}}, b: {{}}, c: {{then: event ap}}}}")

    assert [found.code for found in faults(text)] == ["E113", "E502", "E502", "E113"]


def test_a_promise_of_a_track_file_speaks_of_its_own_names(tmp_path):
    (tmp_path / "aside.yaml").write_text(
        "process: aside\nkind: track\nversion: 1\ntitle: Aside\nstart: quiet\n"
        "states: {quiet: {kind: idle, on: {ring: {to: loud}}}, loud: {on: {hush: {to: quiet}}}}\n"
        "promises: {heard: {whenever: event ring, then: event hush, unless: outcome solved}}\n"
    )
    (tmp_path / "desk.yaml").write_text(f"{HEAD}{DESK}tracks: {{side: {{process: aside@1}}}}\n")

    found = load(tmp_path / "desk.yaml").promises["side.heard"]

    assert [str(one) for one in found.conditions] == [
        "event side.ring",
        "event side.hush",
        "in main.closed",
    ]


def test_the_expanded_form_prints_promises_as_they_are_checked():
    text = "{at_most: 2, of: event up, until: closed, say: Not too often}"

    assert chart_document(loaded(desk(text)))["promises"] == {
        "p": {
            "say": "Not too often",
            "at_most": 2,
            "of": "event up",
            "until": "in main.closed",
        }
    }
