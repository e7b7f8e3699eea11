"""`escalate check`: exit codes, text for people, JSON for programs."""

from __future__ import annotations

import json
import os

import pytest


@pytest.fixture
def faulty(tmp_path):
    path = tmp_path / "faulty.yaml"
    path.write_text("process: faulty\nversion: 1\ntitle: Faulty\nstats: {}\nstart: nowhere\n")
    return path


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "sound.yaml"
    path.write_text(
        "process: sound\nversion: 1\ntitle: Sound\nstart: open\n"
        "ignore: {W401: Somebody looks at it daily}\n"
        "states:\n  open: {on: {close: {to: closed}}}\n  closed: {kind: end, outcome: done}\n"
    )
    return path


@pytest.fixture
def stuck(tmp_path):
    path = tmp_path / "stuck.yaml"
    path.write_text(
        "process: stuck\nversion: 1\ntitle: Stuck\nstart: open\n"
        "states:\n  open: {on: {close: {to: closed}, lose: {to: lost}}}\n"
        "  closed: {kind: end, outcome: done}\n  lost: {title: Lost}\n"
    )
    return path


def test_a_sound_file_exits_with_0_and_says_what_was_shown(escalate, sound):
    result = escalate("check", sound)

    assert result.exit_code == 0
    shown = "every fair path ends; silence lasts for ever somewhere; every path ends, however"
    assert result.stdout.splitlines() == [
        f"sound: 2 states, 2 transitions, 2 configurations; {shown} people choose",
        "  ignored W401 at line 5: Somebody looks at it daily",
        "1 file checked, no faults",
    ]


def test_a_path_that_does_not_end_exits_with_1_and_is_shown(escalate, stuck):
    result = escalate("check", stuck)

    assert result.exit_code == 1
    assert f"{stuck}:8:3: E201 a case can get stuck in `lost`" in result.stdout
    assert "  how to get there (2 steps, no shorter way):" in result.stdout.splitlines()
    assert "    2. lose by somebody -> lost" in result.stdout.splitlines()


def test_a_faulty_file_exits_with_1(escalate, faulty):
    assert escalate("check", faulty).exit_code == 1


def test_a_missing_file_exits_with_2_and_says_so(escalate, tmp_path):
    result = escalate("check", tmp_path / "nope.yaml")

    assert result.exit_code == 2
    assert "E100 the file cannot be read: No such file" in result.stdout


def test_a_missing_file_keeps_no_other_from_being_checked(escalate, tmp_path, faulty):
    result = escalate("check", tmp_path / "nope.yaml", faulty)

    assert result.exit_code == 2
    assert f"{faulty}:4:1: E110" in result.stdout
    assert result.stdout.splitlines()[-1].endswith("in 2 of 2 files")


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_regular_file_is_told_and_not_waited_for(escalate, tmp_path, kind):
    path = tmp_path / kind
    os.mkfifo(path) if kind == "pipe" else path.mkdir()
    result = escalate("check", path)

    assert result.exit_code == 2
    assert "E100 the file cannot be read: it is not a regular file" in result.stdout


def test_every_command_tells_a_fault_as_check_does(escalate, faulty):
    told = escalate("check", faulty).stdout

    for command in ("expand", "diagram", "hooks", "play"):
        assert escalate(command, faulty).stderr == told


def test_a_fault_shows_its_place_its_line_and_a_hint(escalate, faulty):
    lines = escalate("check", faulty).stdout.splitlines()

    assert lines[:4] == [
        f"{faulty}:4:1: E110 the key `stats` is not known here",
        "    stats: {}",
        "    ^",
        "  hint: did you mean `states`?",
    ]


def test_the_last_line_counts_what_was_found(escalate, sound, faulty):
    last = escalate("check", sound, faulty).stdout.splitlines()[-1]

    assert last.endswith("in 1 of 2 files")


def test_json_lists_every_finding_with_its_place(escalate, faulty):
    found = json.loads(escalate("check", faulty, "--format", "json").stdout)

    assert found[0] == {
        "code": "E110",
        "severity": "error",
        "message": "the key `stats` is not known here",
        "file": str(faulty),
        "line": 4,
        "column": 1,
        "hint": "did you mean `states`?",
    }


def test_json_of_a_sound_file_is_an_empty_list(escalate, sound):
    assert json.loads(escalate("check", sound, "--format", "json").stdout) == []
