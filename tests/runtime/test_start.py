"""What a host gives at start is looked at there, on every store alike; closed is closed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_engine.core import Actor
from escalation_engine.errors import BadInput, EventRefused, HooksMismatch
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine
from escalation_engine.testing import ManualClock
from tests.runtime.desk import HELP_DESK, Desk, ann


class Naive:
    def now(self):
        return datetime(2026, 6, 8, 9)  # noqa: DTZ001 - what a careless host returns


@pytest.fixture
def chart():
    return load_text(HELP_DESK, name="process.yaml")


@pytest.mark.parametrize("clock", [object(), ManualClock, datetime.now(UTC)])
def test_a_clock_that_does_not_tell_the_time_is_refused_at_start(url, chart, clock):
    if isinstance(clock, datetime):
        clock = Naive()
    with pytest.raises(BadInput, match="clock: .* accepted: an.* aware datetime"):
        Engine(url, [chart], hooks=Desk(), clock=clock)


@pytest.mark.parametrize("given", [["p.yaml"], "p.yaml", None])
def test_what_is_no_list_of_charts_is_told_with_what_is_accepted(url, given):
    with pytest.raises(BadInput, match=r"charts: .*accepted: a list of charts"):
        Engine(url, given)


def test_a_chart_alone_is_told_to_be_put_in_a_list(url, chart):
    with pytest.raises(BadInput, match=r"charts: a value of type Chart; accepted: a list"):
        Engine(url, chart)


@pytest.mark.parametrize("given", [None, 7, object(), Engine])
def test_what_is_no_store_is_told_with_what_is_accepted(chart, given):
    with pytest.raises(BadInput, match=r"store: .* is no store; accepted: a URL"):
        Engine(given, [chart], hooks=Desk())


@pytest.mark.parametrize("directory", [object(), {"desk": "ann"}])
def test_a_directory_that_cannot_be_asked_is_found_at_start(url, chart, directory):
    with pytest.raises(HooksMismatch, match=r"def holder\(self, role, case\)"):
        Engine(url, [chart], hooks=Desk(), directory=directory)


def test_a_version_with_other_content_than_in_the_store_is_refused(make_engine):
    first = make_engine()
    changed = HELP_DESK.replace("title: Manager", "title: The manager")
    with pytest.raises(BadInput, match=r"raise `version`") as refused:
        make_engine(changed)

    hashes = [load_text(text).hash[:12] for text in (HELP_DESK, changed)]
    assert all(hash in str(refused.value) for hash in hashes)
    assert make_engine().open_case("help_desk", by=ann, data={"client": "C"}).id
    assert make_engine(changed.replace("version: 1", "version: 2"))
    assert first


CALLS = {
    "open_case": lambda e: e.open_case("help_desk", by=ann, data={"client": "C"}),
    "send": lambda e: e.send("c", "finish", by=ann),
    "record": lambda e: e.record("c", by=ann, data={"phone": "1"}),
    "note": lambda e: e.note("c", "x", by=ann),
    "correct": lambda e: e.correct("c", to="work", reason="x", by=ann),
    "options": lambda e: e.options("c", by=ann),
    "tick": lambda e: e.tick(),
    "retry": lambda e: e.retry("x"),
    "using": lambda e: e.using(None).__enter__(),
    "case": lambda e: e.case("c"),
    "cases": lambda e: e.cases(),
    "journal": lambda e: e.journal("c"),
    "notes": lambda e: e.notes("c"),
    "refusals": lambda e: e.refusals("c"),
    "outbox": lambda e: e.outbox("c"),
    "parked": lambda e: e.parked(),
    "next_due": lambda e: e.next_due(),
    "replay": lambda e: e.replay("c"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_closed_engine_says_so_whatever_is_asked_of_it(url, chart, name):
    engine = Engine(url, [chart], hooks=Desk())
    engine.close()
    engine.close()

    with pytest.raises(BadInput, match="engine: it was closed"):
        CALLS[name](engine)


def test_a_revision_and_a_limit_are_told_as_what_they_are(engine):
    case = engine.open_case("help_desk", by=ann, data={"client": "C"})

    with pytest.raises(BadInput, match="^as_of: 0 is no revision; accepted: 1 or more$"):
        engine.send(case.id, "finish", by=ann, as_of=0)
    with pytest.raises(BadInput, match="^limit: 0 is no limit; accepted: 1 to 1,000,000$"):
        engine.tick(limit=0)


def test_to_record_nothing_is_bad_input(engine):
    case = engine.open_case("help_desk", by=ann, data={"client": "C"})

    with pytest.raises(BadInput, match="there is nothing to record; accepted: data or checklists"):
        engine.record(case.id, by=ann, note="for nothing")


def test_none_is_no_value_in_both_messages_about_data(engine):
    with pytest.raises(EventRefused) as refused:
        engine.open_case("help_desk", by=ann, data={"client": None})
    with pytest.raises(BadInput) as bad:
        engine.open_case("help_desk", by=ann, data={"client": datetime.now(UTC)})

    assert [reason.message for reason in refused.value.reasons] == [
        "`client`: None is no value; a field is emptied by the process, not by its data"
    ]
    assert "None" not in str(bad.value)


def test_a_reference_that_is_taken_says_by_which_case_and_what_to_do(engine):
    first = engine.open_case("help_desk", by=ann, data={"client": "C"}, reference="LIFT-1")
    with pytest.raises(BadInput) as refused:
        engine.open_case("help_desk", by=ann, data={"client": "C"}, reference="LIFT-1")

    assert str(refused.value) == (
        f"reference: `LIFT-1` is already the reference of case {first.id}: "
        "choose another, or take the case up again"
    )


def test_a_refusal_does_not_offer_what_only_the_engine_may_send(engine):
    case = engine.open_case("help_desk", by=ann, data={"client": "C", "issue": "x"})
    engine.send(case.id, "ask_vendor", by=ann)
    with pytest.raises(EventRefused) as refused:
        engine.send(case.id, "escalate", by=Actor("ann", {"desk"}))

    assert refused.value.accepted == ("vendor_helped", "withdraw")
