"""Events are sent: accepted once, refused without a trace in the case, and never on stale facts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from escalation_engine.core import Case, Verdict
from escalation_engine.errors import (
    BadInput,
    CaseNotFound,
    Conflict,
    EventRefused,
    HookError,
    KeyReused,
)
from escalation_engine.runtime import Engine
from escalation_engine.runtime.deciding import TRIES
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import Desk, ann, bob, mia


@pytest.fixture
def case(engine: Engine) -> Case:
    return engine.open_case("help_desk", data={"client": "C-7"}, by=ann)


def meddle(engine: Engine, desk: Desk, *, times: int) -> Callable[[Case], bool]:
    """A guard that changes the case while it is asked, so that its own decision is too late."""
    left = [times]

    def guard(asked: Case) -> bool:
        if left[0] > 0:
            left[0] -= 1
            engine.record(asked.id, data={"phone": str(left[0])}, by=bob)
        return True

    return guard


def test_an_accepted_event_moves_the_case_and_gives_a_receipt(engine: Engine, case: Case):
    moved = engine.send(case.id, "escalate", by=ann, note="too hard")

    assert (moved.state, moved.revision) == ("decision", 2)
    assert moved.receipt is not None
    assert moved.receipt == (2, False)
    assert engine.case(case.id).state == "decision"


def test_a_refused_event_changes_nothing(engine: Engine, case: Case):
    before, journal = engine.case(case.id), engine.journal(case.id)

    with pytest.raises(EventRefused) as refused:
        engine.send(case.id, "escalate", by=ann)

    assert "note" in str(refused.value)
    assert engine.case(case.id) == before
    assert engine.journal(case.id) == journal
    assert engine.outbox(case.id) == []


def test_a_refusal_is_kept_beside_the_journal(engine: Engine, case: Case, clock: ManualClock):
    with pytest.raises(EventRefused):
        engine.send(case.id, "escalate", by=ann)

    (kept,) = engine.refusals(case.id)
    assert (kept.by, kept.at) == ("ann", clock.now())
    assert kept.reasons


def test_a_guards_reason_reaches_the_journal(engine: Engine, case: Case, desk: Desk):
    desk.verdict = Verdict(yes=False, reason="no spare part")

    moved = engine.send(case.id, "finish", by=ann)

    assert moved.state == "decision"
    assert (
        Verdict(yes=False, reason="no spare part") in engine.journal(case.id)[-1].answers.values()
    )


def test_a_guard_sees_the_events_data_and_its_name(engine: Engine, case: Case, desk: Desk):
    engine.send(case.id, "finish", by=ann)

    ((asked, event),) = desk.asked
    assert (asked.id, event) == (case.id, "finish")


def test_a_raising_guard_changes_nothing(engine: Engine, case: Case, desk: Desk):
    def fall(asked: Case) -> bool:
        raise ConnectionError("no network")

    desk.verdict = fall
    before = engine.case(case.id)

    with pytest.raises(HookError, match="ConnectionError"):
        engine.send(case.id, "finish", by=ann)

    assert engine.case(case.id) == before
    assert engine.refusals(case.id) == []


def test_a_case_that_is_not_there_is_told(engine: Engine):
    with pytest.raises(CaseNotFound):
        engine.send("nothing", "finish", by=ann)


def test_the_same_key_again_gives_the_same_receipt_and_no_second_effect(engine: Engine, case: Case):
    first = engine.send(case.id, "escalate", by=ann, note="too hard", key="mail-8812")
    engine.send(case.id, "send_back", by=mia)
    again = engine.send(case.id, "escalate", by=ann, note="too hard", key="mail-8812")

    assert first.receipt is not None
    assert again.receipt == (first.receipt.revision, True)
    assert (again.state, again.revision) == ("work", 3)
    assert len(engine.outbox(case.id)) == 1


def test_the_same_key_with_another_payload_is_refused(engine: Engine, case: Case):
    engine.send(case.id, "escalate", by=ann, note="too hard", key="mail-8812")

    with pytest.raises(KeyReused) as refused:
        engine.send(case.id, "escalate", by=bob, note="too hard", key="mail-8812")

    assert refused.value.differs == ("actor",)


def test_a_refused_input_leaves_no_receipt(engine: Engine, case: Case):
    with pytest.raises(EventRefused):
        engine.send(case.id, "escalate", by=ann, key="mail-8812")

    moved = engine.send(case.id, "escalate", by=ann, note="now with a note", key="mail-8812")

    assert moved.receipt == (2, False)


def test_a_key_is_per_case(engine: Engine, case: Case):
    other = engine.open_case("help_desk", data={"client": "C-8"}, by=ann)

    engine.send(case.id, "escalate", by=ann, note="too hard", key="k")
    engine.send(other.id, "escalate", by=bob, note="other words", key="k")

    assert engine.case(other.id).state == "decision"


def test_two_who_press_escalate_at_once_escalate_once(engine: Engine, case: Case):
    engine.send(case.id, "escalate", by=ann, note="too hard", as_of=case.revision)

    with pytest.raises(Conflict) as refused:
        engine.send(case.id, "escalate", by=bob, note="too hard", as_of=case.revision)

    assert (refused.value.expected, refused.value.found) == (1, 2)
    assert engine.case(case.id).revision == 2


def test_as_of_is_never_decided_again(engine: Engine, case: Case, desk: Desk):
    desk.verdict = meddle(engine, desk, times=1)

    with pytest.raises(Conflict):
        engine.send(case.id, "finish", by=ann, as_of=case.revision)

    assert engine.case(case.id).state == "work"
    assert len(desk.asked) == 1


def test_a_key_that_comes_again_is_known_even_as_of_an_old_revision(engine: Engine, case: Case):
    engine.send(case.id, "escalate", by=ann, note="too hard", as_of=1, key="k")
    again = engine.send(case.id, "escalate", by=ann, note="too hard", as_of=1, key="k")

    assert again.receipt == (2, True)


def test_after_a_conflict_all_answers_are_discarded_and_the_input_is_decided_again(
    engine: Engine, case: Case, desk: Desk
):
    desk.verdict = meddle(engine, desk, times=2)

    moved = engine.send(case.id, "finish", by=ann)

    assert (moved.state, moved.revision) == ("closed", 4)
    assert [asked.data.get("phone") for asked, _ in desk.asked] == [None, "1", "0"]


def test_who_always_loses_is_told_in_the_end(engine: Engine, case: Case, desk: Desk):
    desk.verdict = meddle(engine, desk, times=TRIES)

    with pytest.raises(Conflict):
        engine.send(case.id, "finish", by=ann)

    assert len(desk.asked) == TRIES
    assert engine.case(case.id).state == "work"


def test_a_key_used_by_the_winner_of_a_race_is_known_to_the_loser(
    engine: Engine, case: Case, desk: Desk
):
    def twin(asked: Case) -> bool:
        desk.verdict = True
        engine.send(asked.id, "finish", by=ann, key="k")
        return True

    desk.verdict = twin

    loser = engine.send(case.id, "finish", by=ann, key="k")

    assert loser.receipt == (2, True)
    assert loser.is_closed


def test_senders_at_the_same_time_are_all_heard(engine: Engine, case: Case):
    with ThreadPoolExecutor(max_workers=4) as pool:
        sent = list(pool.map(lambda _: engine.send(case.id, "log", by=ann), range(8)))

    assert sorted(moved.revision for moved in sent) == list(range(2, 10))
    assert engine.case(case.id).revision == 9


def test_a_cases_time_never_runs_backwards(make_engine: MakeEngine, clock: ManualClock):
    engine = make_engine()
    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)

    clock.move_by(timedelta(hours=-1), may_go_back=True)
    moved = engine.send(case.id, "log", by=ann)

    assert moved.at == case.at


@pytest.mark.parametrize(
    "wrong",
    [
        {"occurred_at": datetime(2026, 6, 8)},  # noqa: DTZ001  the point of the test
        {"data": {"issue": {1}}},
        {"note": 7},
        {"key": ""},
        {"by": "ann"},
        {"channel": "x" * 201},
        {"as_of": "1"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_cannot_be_taken_is_told_before_anything_is_asked(
    engine: Engine, case: Case, desk: Desk, wrong: dict[str, object]
):
    with pytest.raises(BadInput):
        engine.send(case.id, "finish", **{"by": ann, **wrong})  # type: ignore[arg-type]  # the point

    assert desk.asked == []
