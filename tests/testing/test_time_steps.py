"""Scenarios in which time passes: waiting, instants, duties, and what is expected of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_engine import load_text
from escalation_engine.errors import BadInput, DefinitionError
from escalation_engine.testing.elapsing import instant_after
from escalation_engine.testing.playing import Played, ScenarioFailed, play
from escalation_engine.testing.scenario import read_scenario

OFFICE = """
process: desk
version: 1
title: A desk
calendars:
  office: {timezone: Europe/London, hours: {mon-fri: 09:00-17:00}, holidays: GB-ENG}
data: {update: {type: string, title: Update}}
roles: {desk: {title: Desk}}
messages: {late: {subject: Late, text: Call back.}}
events: {lapse: {title: Time is up}}
clocks:
  contact: {starts: entering open, stops: event reach, target: 2 working days, warn: 50%,
    breach: {notify: {desk: late}}}
duties:
  weekly_update: {every: Friday 16:00, while: in open, needs: [update], owed_by: desk}
opens: {ring: {to: open}}
states:
  open:
    timers: {time_box: {after: 12 working hours, send: lapse}}
    on: {reach: {}, lapse: {to: late}, close: {to: done}}
  late: {on: {close: {to: done}}}
  done: {kind: end, outcome: solved}
"""

HEAD = """
scenario: Time passes
process: desk.yaml
starts: 2026-06-04T10:00:00+01:00
people: {ann: desk}
steps:
  - {open: ring, by: ann, then: {due: {contact: 2026-06-08T17:00:00+01:00,
      time_box: 2026-06-05T14:00:00+01:00, weekly_update: 2026-06-05T16:00:00+01:00},
      clocks: {contact: running}, duties: {weekly_update: waiting}}}
"""


def played(tmp_path: Path, *steps: str) -> Played:
    (tmp_path / "desk.yaml").write_text(OFFICE)
    script = tmp_path / "script.yaml"
    script.write_text(HEAD + "".join(f"  - {step}\n" for step in steps))
    return play(read_scenario(script))


def test_everything_happens_when_it_is_due_while_time_passes(tmp_path: Path):
    result = played(
        tmp_path,
        "{wait: 2 working days, then: {state: late, fired: [contact 50%, time_box], "
        "breached: [contact], notified: [desk], clocks: {contact: breached}}}",
    )

    ats = [entry.at for entry in result.journal if type(entry.input).__name__ == "Due"]
    assert [at.strftime("%d %H:%M") for at in ats] == ["05 12:30", "05 13:00", "08 16:00"]


def test_time_may_pass_until_a_schedule_or_an_instant(tmp_path: Path):
    played(
        tmp_path,
        "{send: reach, by: ann, then: {clocks: {contact: met}, due: {contact: null}}}",
        "{wait: until Friday 12:00, then: {fired: [], state: open}}",
        "{at: 2026-06-05T14:00:00+01:00, then: {fired: time_box, journal: time_box, state: late}}",
    )


def test_a_duty_is_done_by_a_step_and_needs_its_data(tmp_path: Path):
    played(
        tmp_path,
        "{fulfil: weekly_update, by: ann, refused: missing_data}",
        "{fulfil: weekly_update, by: ann, data: {update: Soon}, "
        "then: {duties: {weekly_update: done}, journal: weekly_update}}",
    )


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("{due: {contact: 2026-06-08T16:00:00+01:00}}", "due: expected contact due 2026-06-08T16"),
        ("{due: {nothing: 2026-06-08T16:00:00Z}}", "found nothing"),
        ("{clocks: {contact: met}}", "clocks: expected contact to be met; found running"),
        ("{duties: {weekly_update: done}}", "duties: expected weekly_update to be done"),
        ("{fired: time_box}", "fired: expected time_box; found nothing"),
        ("{breached: contact}", "breached: expected contact; found nothing"),
    ],
)
def test_what_is_not_as_told_is_said_with_its_place(tmp_path: Path, expected: str, told: str):
    with pytest.raises(ScenarioFailed, match=told):
        played(tmp_path, f"{{wait: 1 minute, then: {expected}}}")


def test_time_does_not_go_back(tmp_path: Path):
    with pytest.raises(ScenarioFailed, match="time goes on only"):
        played(tmp_path, "{at: 2026-06-01T10:00:00+01:00}")


def test_a_text_that_is_no_time_says_what_would_be(tmp_path: Path):
    with pytest.raises(ScenarioFailed, match="write `90 minutes`"):
        played(tmp_path, "{wait: a while}")


def test_an_instant_needs_its_offset(tmp_path: Path):
    with pytest.raises(DefinitionError, match="timezone"):
        played(tmp_path, "{at: 2026-06-05T14:00:00}")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("+90 minutes", "2026-06-04T10:30"),
        ("2 working days", "2026-06-08T16:00"),
        ("1 day", "2026-06-05T09:00"),
        ("to Monday 09:00", "2026-06-08T08:00"),
        ("until day at 12:00", "2026-06-04T11:00"),
        ("until 2026-06-04T12:00:00+01:00", "2026-06-04T11:00"),
        ("2026-06-04T12:00:00Z", "2026-06-04T12:00"),
    ],
)
def test_time_is_said_in_the_words_of_the_language(text: str, instant: str):
    chart = load_text(OFFICE)
    found = instant_after(chart, datetime(2026, 6, 4, 9, tzinfo=UTC), text)

    assert found.astimezone(UTC).isoformat().startswith(instant)


@pytest.mark.parametrize(
    "text", ["", "none", "until then", "2026-06-04T12:00:00", "2020-01-01T00:00:00Z", "x hours"]
)
def test_other_words_are_bad_input(text: str):
    with pytest.raises(BadInput):
        instant_after(load_text(OFFICE), datetime(2026, 6, 4, 9, tzinfo=UTC), text)


def test_without_a_calendar_time_is_that_of_utc():
    chart = load_text("process: p\nversion: 1\ntitle: P\nstart: a\nstates: {a: {on: {go: {}}}}\n")
    now = datetime(2026, 6, 4, 9, tzinfo=UTC)

    assert instant_after(chart, now, "to day at 12:00") == now.replace(hour=12)
