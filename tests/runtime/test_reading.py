"""Reading: the journal for us and for the client, options, and a case again from its journal."""

from __future__ import annotations

import pytest

from escalation_engine.core import Case, Noted, Sent, Unavailable
from escalation_engine.errors import BadInput, CaseNotFound, EventRefused, StoreError
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine, StaticDirectory
from escalation_engine.runtime.replay import replayed
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import HELP_DESK, Desk, ann, bob, mia


@pytest.fixture
def case(engine: Engine) -> Case:
    return engine.open_case("help_desk", data={"client": "C-7"}, by=ann, reference="T-1")


def test_cases_are_found_by_what_is_known_of_them(engine: Engine, case: Case):
    engine.send(case.id, "escalate", by=ann, note="too hard")
    engine.open_case("help_desk", data={"client": "C-8"}, by=ann)

    found = [
        engine.cases(state="decision"),
        engine.cases(reference="T-1"),
        engine.cases(held_by="manager"),
    ]

    assert [[it.id for it in cases] for cases in found] == [[case.id]] * 3
    assert engine.cases(is_closed=True) == []
    assert engine.cases(outcome="resolved") == []


def test_cases_come_in_pages(engine: Engine):
    for number in range(3):
        engine.open_case("help_desk", data={"client": str(number)}, by=ann)

    first = engine.cases(limit=2)
    second = engine.cases(limit=2, after=first[-1].id)

    assert (len(first), len(second)) == (2, 1)


@pytest.mark.parametrize("read", ["case", "journal", "notes", "refusals", "outbox", "replay"])
def test_what_is_not_there_is_told(engine: Engine, read: str):
    with pytest.raises(CaseNotFound):
        getattr(engine, read)("nothing")


def test_the_client_sees_only_what_is_for_the_client(engine: Engine, case: Case):
    engine.send(case.id, "describe", data={"issue": "secret"}, by=ann)
    engine.send(case.id, "escalate", by=ann, note="too hard")
    engine.note(case.id, "they are difficult", by=ann)
    engine.note(case.id, "we will call you", by=ann, visibility="client")

    sent, noted = engine.journal(case.id, visibility="client")

    assert isinstance(sent.input, Sent)
    assert sent.input.event == "escalate"
    assert isinstance(noted.input, Noted)
    assert noted.input.text == "we will call you"


def test_the_client_sees_no_answers_holders_effects_and_data(engine: Engine, case: Case):
    engine.send(case.id, "escalate", by=ann, note="too hard")
    (internal,) = (entry for entry in engine.journal(case.id) if entry.revision == 2)
    assert internal.effects
    assert internal.slots

    (shown,) = engine.journal(case.id, visibility="client")

    hidden = (shown.answers, shown.slots, shown.effects, shown.data, shown.counts)
    assert [len(part) for part in hidden] == [0] * 5
    assert shown.states == {"main": "decision"}


def test_a_visibility_that_is_not_known_is_refused(engine: Engine, case: Case):
    with pytest.raises(BadInput, match="accepted: internal, client"):
        engine.journal(case.id, visibility="public")


def test_options_say_what_can_happen_and_for_the_rest_why_not(engine: Engine, case: Case):
    found = {option.event: option for option in engine.options(case.id, by=ann)}

    assert found["finish"].is_possible
    assert found["escalate"].needs == ("note",)
    assert not found["close"].is_possible
    assert found["close"].reasons


def test_asking_for_options_changes_nothing(engine: Engine, case: Case):
    before = engine.case(case.id)

    engine.options(case.id, by=ann)

    assert engine.case(case.id) == before


def test_a_directory_fills_the_slots(make_engine: MakeEngine):
    engine = make_engine(directory=StaticDirectory({"desk": "ann", "manager": Unavailable("ill")}))

    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann)

    assert [holder.person for holder in case.slots["assignee"]] == ["ann"]
    assert [found.id for found in engine.cases(held_by="ann")] == [case.id]


def test_a_journal_replays_to_its_case(make_engine: MakeEngine, desk: Desk):
    engine = make_engine(directory=StaticDirectory({"desk": "ann"}))
    case = engine.open_case("help_desk", data={"client": "C-7"}, by=ann, reference="T-1")
    desk.verdict = False
    desk.returns["engage_vendor"] = "vendor_declined"
    engine.record(case.id, data={"phone": "1"}, by=bob)
    engine.note(case.id, "called", by=bob)
    engine.send(case.id, "ask_vendor", by=ann)
    engine.tick()
    engine.send(case.id, "escalate", by=ann, note="too hard")
    engine.tick()
    engine.send(case.id, "send_back", by=mia)
    engine.correct(case.id, to="vendor", reason="wrong", by=mia)
    engine.send(case.id, "withdraw", by=ann)
    with pytest.raises(EventRefused):
        engine.send(case.id, "escalate", by=ann)
    engine.send(case.id, "finish", by=ann)
    engine.record(case.id, checklists={"agreement": {"agreed": "yes"}}, by=ann)
    engine.send(case.id, "close", by=mia)
    engine.tick()
    desk.verdict = True

    assert engine.case(case.id).is_closed
    assert engine.replay(case.id) == engine.case(case.id)


def test_a_replay_asks_nobody(engine: Engine, case: Case, desk: Desk):
    engine.send(case.id, "finish", by=ann)
    desk.asked.clear()

    engine.replay(case.id)

    assert desk.asked == []


def test_a_journal_with_a_gap_is_the_operators(engine: Engine, case: Case):
    engine.send(case.id, "escalate", by=ann, note="too hard")
    gap = engine.journal(case.id)[1:]

    with pytest.raises(StoreError, match="entry 2 of its journal does not follow on 0"):
        replayed(load_text(HELP_DESK, name="x.yaml"), case.identity, gap)


def test_a_journal_that_has_lost_an_answer_is_the_operators(engine: Engine, case: Case):
    engine.send(case.id, "finish", by=ann)
    opened, finished = engine.journal(case.id)

    with pytest.raises(StoreError, match="entry 2 of its journal does not replay: Ask"):
        replayed(
            load_text(HELP_DESK, name="x.yaml"),
            case.identity,
            [opened, finished._replace(answers={})],
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"process": 1},
        {"state": {}},
        {"is_closed": "yes"},
        {"outcome": b"x"},
        {"reference": "\0"},
        {"held_by": ann},
        {"after": 0},
        {"limit": 10**30},
    ],
    ids=str,
)
def test_a_filter_of_another_type_is_refused(engine: Engine, wrong: dict[str, object]):
    with pytest.raises(BadInput):
        engine.cases(**wrong)  # type: ignore[arg-type]  # the point of the test


def test_refusals_of_no_case_at_all_are_refused(engine: Engine):
    with pytest.raises(BadInput):
        engine.refusals(None)  # type: ignore[arg-type]  # the point of the test


def test_an_id_that_is_no_text_is_refused(make_engine: MakeEngine):
    engine = make_engine(ids=lambda: 7)

    with pytest.raises(BadInput, match="ids"):
        engine.open_case("help_desk", data={"client": "C-7"}, by=ann)
