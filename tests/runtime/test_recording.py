"""Facts, answers, notes and corrections: what is said without an event."""

from __future__ import annotations

import pytest

from escalation_engine.core import Case
from escalation_engine.errors import BadInput, EventRefused, KeyReused
from escalation_engine.runtime import Engine, Note
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import ann, bob, mia

TWO_TRACKS = """
process: two_tracks
version: 1
title: Two tracks
tracks:
  ticket:
    opens:
      request: {to: work}
    states:
      work: {on: {wait: {to: waiting}}}
      waiting: {on: {done: {to: closed}}}
      closed: {kind: end, outcome: closed}
  escalation:
    start: off
    states:
      off: {kind: idle, on: {escalate: {to: on}}}
      on: {on: {stand_down: {to: off}}}
"""


@pytest.fixture
def case(engine: Engine) -> Case:
    return engine.open_case("help_desk", data={"client": "C-7"}, by=ann)


def test_a_fact_that_changes_anytime_is_recorded(engine: Engine, case: Case):
    recorded = engine.record(case.id, data={"phone": "555-0100"}, by=bob)

    assert (recorded.data["phone"], recorded.revision, recorded.state) == ("555-0100", 2, "work")


def test_a_fact_that_events_bring_is_not_recorded(engine: Engine, case: Case):
    with pytest.raises(EventRefused):
        engine.record(case.id, data={"client": "C-8"}, by=bob)

    assert engine.case(case.id) == case.with_receipt(None)


def test_a_checklist_is_answered_with_or_without_a_reason(engine: Engine, case: Case):
    recorded = engine.record(
        case.id, checklists={"agreement": {"agreed": ("na", "no contract")}}, by=ann
    )

    answered = recorded.checklists["agreement"]["agreed"]
    assert (answered.answer, answered.reason, answered.by) == ("na", "no contract", "ann")


def test_a_complete_checklist_opens_its_gate(engine: Engine, case: Case):
    engine.send(case.id, "escalate", by=ann, note="too hard")
    with pytest.raises(EventRefused):
        engine.send(case.id, "close", by=mia)

    engine.record(case.id, checklists={"agreement": {"agreed": "yes"}}, by=ann)

    assert engine.send(case.id, "close", by=mia).is_closed


def test_a_record_with_a_key_is_kept_once(engine: Engine, case: Case):
    engine.record(case.id, data={"phone": "1"}, by=ann, key="k")
    again = engine.record(case.id, data={"phone": "1"}, by=ann, key="k")

    assert again.receipt == (2, True)
    with pytest.raises(KeyReused):
        engine.record(case.id, data={"phone": "2"}, by=ann, key="k")


def test_notes_conditions_and_decisions_are_attributed(
    engine: Engine, case: Case, clock: ManualClock
):
    engine.note(case.id, "called twice", by=ann)
    engine.send(case.id, "escalate", by=ann, note="too hard")
    engine.note(case.id, "only with a written quote", by=mia, kind="condition")
    engine.note(case.id, "we repair it", by=mia, kind="decision")

    assert engine.notes(case.id) == [
        Note("note", "called twice", "ann", clock.now(), "work"),
        Note("condition", "only with a written quote", "mia", clock.now(), "decision"),
        Note("decision", "we repair it", "mia", clock.now(), "decision"),
    ]


def test_a_note_with_a_key_is_kept_once(engine: Engine, case: Case):
    engine.note(case.id, "called twice", by=ann, key="k")
    engine.note(case.id, "called twice", by=ann, key="k")

    assert len(engine.notes(case.id)) == 1


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"kind": "remark"}, {"visibility": "public"}], ids=str
)
def test_a_note_without_sense_is_refused(engine: Engine, case: Case, wrong: dict[str, str]):
    with pytest.raises(BadInput):
        engine.note(case.id, **{"text": "x", **wrong}, by=ann)


def test_a_stuck_case_is_corrected_and_the_reason_kept(engine: Engine, case: Case):
    corrected = engine.correct(case.id, to="decision", reason="the vendor is gone", by=mia)

    assert corrected.state == "decision"
    entry = engine.journal(case.id)[-1].input
    assert "the vendor is gone" in repr(entry)


def test_a_correction_means_the_main_track_unless_it_names_another(make_engine: MakeEngine):
    engine = make_engine(TWO_TRACKS)
    case = engine.open_case("two_tracks", by=ann)

    engine.correct(case.id, to="waiting", reason="stuck", by=mia)
    corrected = engine.correct(case.id, to="on", reason="stuck", by=mia, track="escalation")

    assert corrected.states == {"ticket": "waiting", "escalation": "on"}


def test_a_correction_takes_a_reason(engine: Engine, case: Case):
    with pytest.raises(BadInput, match="reason"):
        engine.correct(case.id, to="decision", reason="", by=mia)
