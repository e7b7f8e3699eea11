"""Time at the terminal: it passes by hand and by script, and the case and its journal tell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation_engine import Actor, Engine, load
from escalation_engine.testing import ManualClock

TIMED = """
process: desk
version: 1
title: A desk
data: {update: {type: string, title: What was told}}
roles: {desk: {title: Service desk}}
events: {lapse: {title: Time is up}}
clocks:
  contact:
    {title: First contact, starts: entering open, stops: event reach, target: 2 hours, warn: 50%}
duties:
  tell: {title: Tell the client, opens: entering open, due: 3 hours, needs: [update]}
opens: {ring: {to: open}}
states:
  open:
    title: In work
    timers: {time_box: {title: Time box, after: 4 hours, send: lapse}}
    on: {reach: {}, lapse: {to: late}, close: {to: done}}
  late: {title: Too late, on: {close: {to: done}}}
  done: {kind: end, outcome: solved}
"""

SCRIPT = """
scenario: Nobody calls back
process: desk.yaml
starts: 2026-06-04T09:00:00Z
people: {ann: desk}
steps:
  - {open: ring, by: ann}
  - {fulfil: tell, by: ann, data: {update: Soon}}
  - {wait: 90 minutes}
  - {at: 2026-06-04T13:00:00Z, then: {state: late}}
"""


PROMISES = """
promises:
  heard: {say: Who calls is reached, whenever: event ring, then: event reach, within: 90 minutes}
  told: {say: The client is told in the end, every_case: update is set}
  quiet: {never: late and update is unset}
"""


@pytest.fixture
def timed(tmp_path: Path) -> Path:
    path = tmp_path / "desk.yaml"
    path.write_text(TIMED)
    return path


def test_a_script_tells_what_fell_due_and_when(escalate, timed):
    script = timed.with_name("script.yaml")
    script.write_text(SCRIPT)
    result = escalate("play", timed, "--script", script)

    assert result.exit_code == 0, result.output
    told = result.stdout.splitlines()
    assert "   2  Tell the client done by ann" in told
    assert "   3  wait 90 minutes" in told
    assert "      2026-06-04 10:00 due: First contact, 50%" in told
    assert "   4  it is 2026-06-04 13:00+00:00" in told
    assert "      2026-06-04 11:00 due: First contact" in told
    assert "      2026-06-04 13:00 due: Time box" in told
    assert "      → Too late" in told


def test_the_journal_tells_what_became_of_timers_clocks_and_duties(escalate, timed):
    script = timed.with_name("script.yaml")
    script.write_text(SCRIPT)
    told = escalate("play", timed, "--script", script, "--journal").stdout

    assert "timer       Time box: armed" in told
    assert "due 2026-06-04 13:00" in told
    assert "done: Tell the client  by ann (Service desk)" in told
    assert "clock       First contact: breached" in told


def test_by_hand_time_passes_and_tells_what_fell_due(escalate, timed):
    typed = ("t", "+90 minutes", "t", "3 hours", "q")
    result = escalate("play", timed, "--as", "ann:desk", typed=typed)

    assert result.exit_code == 0, result.output
    assert "due: First contact, 50%" in result.stdout
    assert "due: Time box" in result.stdout
    assert "State    Too late" in result.stdout
    assert result.stdout.count("It is 20") == 2


def test_the_case_shows_what_is_due_when(escalate, timed):
    told = escalate("play", timed, "--as", "ann:desk", typed=("1", "q")).stdout

    assert "timer    Time box, due 20" in told
    assert "clock    First contact, due 20" in told
    assert "duty     Tell the client, due 20" in told


def test_a_time_that_cannot_be_read_is_told_and_the_case_goes_on(escalate, timed):
    told = escalate("play", timed, "--as", "ann:desk", typed=("t", "soon", "q")).stdout

    assert "No. time:" in told


def test_in_a_database_no_time_is_made_up(escalate, timed, tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    told = escalate("play", timed, "--as", "ann:desk", "--db", url, typed=("t", "q")).stdout

    assert "other cases would live through it" in told


def test_a_script_in_a_database_lets_no_other_case_live_through_its_time(escalate, timed, tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    long_ago = ManualClock(datetime(2026, 6, 1, tzinfo=UTC))
    with Engine(url, [load(timed)], clock=long_ago) as engine:
        other = engine.open_case("desk", by=Actor("bob"))
    script = timed.with_name("script.yaml")
    script.write_text(SCRIPT)
    result = escalate("play", timed, "--script", script, "--db", url)

    assert result.exit_code == 0, result.output
    with Engine(url, [load(timed)], clock=long_ago) as engine:
        assert engine.case(other.id) == other.with_receipt(None)
        (played,) = [case for case in engine.cases() if case.id != other.id]
        assert played.state == "late"


def test_a_script_leaves_what_other_cases_wait_for_in_the_outbox(escalate, timed, tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    clock = ManualClock(datetime(2026, 6, 1, tzinfo=UTC))
    with Engine(url, [load(timed)], clock=clock) as engine:
        other = engine.open_case("desk", by=Actor("bob"))
        clock.move_by(timedelta(minutes=90))
        engine.note(other.id, "Nobody there", by=Actor("bob"))
        waiting = engine.outbox(other.id)
    script = timed.with_name("script.yaml")
    script.write_text(SCRIPT.replace("{wait: 90 minutes}", "{deliver: {}}"))
    result = escalate("play", timed, "--script", script, "--db", url)

    assert result.exit_code == 0, result.output
    with Engine(url, [load(timed)], clock=clock) as engine:
        assert engine.outbox(other.id) == waiting


def test_a_script_tells_at_its_end_what_was_promised_and_is_open_or_broken(escalate, timed):
    timed.write_text(TIMED + PROMISES)
    script = timed.with_name("script.yaml")
    script.write_text(SCRIPT)

    told = escalate("play", timed, "--script", script).stdout.splitlines()

    assert [line for line in told if line.startswith("promise")] == [
        (
            "promise  Who calls is reached: broken 2026-06-04 10:30, after entry 3: "
            "`event reach` did not follow in time"
        ),
        "promise  The client is told in the end: open",
    ]


def test_a_case_played_by_hand_tells_what_is_owed_and_until_when(escalate, timed):
    timed.write_text(TIMED + PROMISES)

    told = escalate("play", timed, "--as", "ann:desk", typed=()).stdout

    assert "promise  Who calls is reached: open until " in told
