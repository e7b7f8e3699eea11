"""Versions: one content each, and the date from which on one opens cases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_engine.errors import BadInput, DefinitionError
from escalation_engine.loader import load_text
from escalation_engine.testing.clock import ManualClock
from tests.runtime.conftest import MakeEngine
from tests.runtime.desk import HELP_DESK, ann

DATED = HELP_DESK.replace("version: 1", "version: 2\nvalid_from: 2026-07-01")
BERLIN = DATED + (
    'calendars: {office: {timezone: Europe/Berlin, hours: {mon-fri: "09:00-17:00"}}}\n'
)
BY_DATE = DATED.replace("data:\n", "data:\n  received: {type: date}\n").replace(
    "2026-07-01", "2026-07-01\nvalid_by: received"
).replace("may_bring: [issue]", "may_bring: [issue, received]")  # fmt: skip


def opened(engine, **data):
    return engine.open_case("help_desk", data={"client": "C-7", **data}, by=ann)


def test_a_version_opens_cases_from_its_date_on(make_engine: MakeEngine, clock: ManualClock):
    engine = make_engine(HELP_DESK, DATED)
    before = opened(engine)
    clock.move_to(datetime(2026, 7, 1, tzinfo=UTC))
    after = opened(engine)

    assert (before.version, after.version) == (1, 2)
    assert engine.case(before.id).version == 1


def test_the_date_begins_at_midnight_of_the_first_calendar(
    make_engine: MakeEngine, clock: ManualClock
):
    engine = make_engine(HELP_DESK, BERLIN)
    clock.move_to(datetime(2026, 6, 30, 21, 59, tzinfo=UTC))
    before = opened(engine)
    clock.move_to(datetime(2026, 6, 30, 22, tzinfo=UTC))  # 00:00 in Berlin

    assert (before.version, opened(engine).version) == (1, 2)


def test_a_case_may_bring_the_date_that_chooses_its_version(make_engine: MakeEngine):
    older = BY_DATE.replace("version: 2\nvalid_from: 2026-07-01\nvalid_by: received", "version: 1")
    engine = make_engine(older, BY_DATE)

    assert opened(engine, received="2026-06-30").version == 1
    assert opened(engine, received="2026-07-01").version == 2
    assert opened(engine).version == 1


def test_no_case_is_opened_before_any_version_is_valid(make_engine: MakeEngine):
    engine = make_engine(DATED)

    with pytest.raises(BadInput, match="no loaded version of 'help_desk' is valid yet"):
        opened(engine)


def test_versions_tell_which_one_opens_cases(make_engine: MakeEngine, clock: ManualClock):
    make_engine(HELP_DESK)
    engine = make_engine(
        DATED, HELP_DESK.replace("version: 1", "version: 3\nvalid_from: 2027-01-01")
    )
    clock.move_to(datetime(2026, 8, 1, tzinfo=UTC))

    found = engine.versions("help_desk")

    assert [(one.version, one.is_loaded, one.opens_now) for one in found] == [
        (1, False, False),
        (2, True, True),
        (3, True, False),
    ]
    assert [one.valid_from for one in found] == ["", "2026-07-01", "2027-01-01"]


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("valid_from: soon", "`soon` is not a date"),
        ("valid_from: 2026-07-01\nvalid_by: issue", "`issue` is of type string"),
        ("valid_from: 2026-07-01\nvalid_by: nothing", "there is no data field `nothing`"),
        ("valid_by: issue", "there is none"),
    ],
)
def test_a_version_without_a_date_that_can_be_read_is_refused(head: str, problem: str):
    with pytest.raises(DefinitionError, match=problem):
        load_text(HELP_DESK.replace("version: 1", f"version: 2\n{head}"), name="x.yaml")


def test_a_changed_file_under_its_old_version_is_refused_with_what_has_changed(
    make_engine: MakeEngine,
):
    make_engine(HELP_DESK)
    changed = HELP_DESK.replace("withdraw: {to: work}", "withdraw: {to: decision}")
    names = [load_text(text, name="x.yaml").hash[:12] for text in (changed, HELP_DESK)]

    with pytest.raises(BadInput) as refused:
        make_engine(changed)

    told = str(refused.value)
    assert all(name in told for name in names)
    assert "event `withdraw` in `vendor`: target: work → decision" in told
