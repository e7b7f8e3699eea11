"""`escalate check`: exit codes, text for people, and what programs and code hosts read."""

from __future__ import annotations

import json
import os
import re
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from escalation_engine.verify import explained
from tests.cli.sarif_schema import SARIF


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
    first, *others = result.stdout.splitlines()
    assert re.fullmatch(r"sound: 2 states, 2 transitions, 2 configurations, \d\.\d s", first)
    assert others == [
        "  fair     yes  from wherever it is, every case can still come to an end or a decision",
        "  silent   no   when nobody acts, some case waits for ever (W401, meant)",
        "  bounded  yes  every case ends, however people choose",
        "  ignored  W401 Somebody looks at it daily (line 5)",
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
        "path": [],
    }


def test_json_has_the_path_of_a_finding_as_objects(escalate, stuck):
    found = json.loads(escalate("check", stuck, "--format", "json").stdout)
    path = next(one["path"] for one in found if one["code"] == "E201")

    assert [step["what"] for step in path] == ["open", "lose"]
    assert path[1] == {
        "what": "lose",
        "by": "somebody",
        "after": "",
        "states": {"main": "lost"},
        "changes": {},
        "answers": {},
        "place": {"file": str(stuck), "line": 6, "column": 36},
    }


def test_json_of_a_sound_file_is_an_empty_list(escalate, sound):
    assert json.loads(escalate("check", sound, "--format", "json").stdout) == []


def test_sarif_holds_what_its_schema_demands_with_paths_as_code_flows(escalate, stuck, monkeypatch):
    monkeypatch.chdir(stuck.parent)
    log = json.loads(escalate("check", stuck.name, "--format", "sarif").stdout)
    [run] = log["runs"]
    [flow] = next(one for one in run["results"] if one["ruleId"] == "E201")["codeFlows"]

    Draft202012Validator(SARIF).validate(log)
    assert all(
        run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        for one in run["results"]
    )
    steps = [one["location"] for one in flow["threadFlows"][0]["locations"]]
    assert [one["message"]["text"] for one in steps] == [
        "open by somebody -> open",
        "lose by somebody -> lost",
    ]
    assert steps[1]["physicalLocation"] == {
        "artifactLocation": {"uri": "stuck.yaml"},
        "region": {"startLine": 6, "startColumn": 36},
    }


def test_sarif_tells_what_is_ignored_as_suppressed_with_its_reason(escalate, sound):
    log = json.loads(escalate("check", sound, "--format", "sarif").stdout)
    [result] = log["runs"][0]["results"]

    assert result["ruleId"] == "W401"
    assert result["suppressions"] == [
        {"kind": "inSource", "justification": "Somebody looks at it daily"}
    ]


def test_sarif_names_a_finding_alike_when_lines_are_added_above_it(escalate, stuck, monkeypatch):
    monkeypatch.chdir(stuck.parent)

    def fingerprints():
        log = json.loads(escalate("check", stuck.name, "--format", "sarif").stdout)
        return [one["partialFingerprints"] for one in log["runs"][0]["results"]]

    before = fingerprints()
    stuck.write_text(f"# A comment\n\n{stuck.read_text()}")

    assert fingerprints() == before


@pytest.mark.parametrize("name", ["a desk.yaml", "50%.yaml", "a#b.yaml"])
def test_sarif_names_files_by_uris(escalate, stuck, monkeypatch, name):
    monkeypatch.chdir(stuck.parent)
    stuck.rename(stuck.with_name(name))
    log = json.loads(escalate("check", name, "--format", "sarif").stdout)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]

    assert unquote(place["artifactLocation"]["uri"]) == name
    assert re.fullmatch(r"[A-Za-z0-9%._-]+", place["artifactLocation"]["uri"])


def test_github_gets_one_line_for_each_finding(escalate, stuck, monkeypatch):
    monkeypatch.chdir(stuck.parent)
    lines = escalate("check", stuck.name, "--format", "github").stdout.splitlines()

    assert lines[0].startswith(
        "::error file=stuck.yaml,line=8,col=3,title=E201%3A a case can get stuck::"
        "a case can get stuck in `lost`"
    )
    assert "%0A  how to get there (2 steps, no shorter way):%0A" in lines[0]
    assert {line.partition(" ")[0] for line in lines} == {"::error", "::warning"}


def test_github_reads_what_could_end_a_property_as_text(escalate, stuck, monkeypatch):
    monkeypatch.chdir(stuck.parent)
    stuck.rename(stuck.with_name("a,b:c%.yaml"))
    line = escalate("check", "a,b:c%.yaml", "--format", "github").stdout.splitlines()[0]

    assert line.startswith("::error file=a%2Cb%3Ac%25.yaml,line=8,")


def test_what_could_not_be_decided_exits_with_1(escalate, tmp_path):
    path = tmp_path / "undecided.yaml"
    about = explained("X901")
    assert about is not None
    path.write_text(about.faulty()["example.yaml"])
    result = escalate("check", path)

    assert "X901 not decided" in result.stdout
    assert result.exit_code == 1


def test_verbose_lists_how_long_silence_lasts_in_each_state(escalate, tmp_path):
    path = tmp_path / "silent.yaml"
    path.write_text(
        "process: silent\nversion: 1\ntitle: Silent\nstart: open\nstates:\n"
        "  open: {timers: {late: {after: 4 hours, send: close}}, on: {close: {to: closed}}}\n"
        "  closed: {kind: end, outcome: done}\n"
    )

    assert "    open  4 hours" in escalate("check", "-v", path).stdout.splitlines()
    assert "4 hours" not in escalate("check", path).stdout.replace("remark", "").split("silent:")[1]


def test_what_is_ignored_at_one_place_is_told_once(escalate):
    lines = escalate("check", "processes/support_request.yaml").stdout.splitlines()
    told = [line for line in lines if "escalated and calmed down" in line]

    assert len(told) == 1


def test_what_is_ignored_in_a_tailoring_and_its_base_is_told_with_its_file(escalate):
    lines = escalate("check", "processes/tailorings/acme_help_desk.yaml").stdout.splitlines()
    told = [line.rpartition("(")[2] for line in lines if line.startswith("  ignored ")]

    assert "acme_help_desk.yaml:10)" in told
    assert any(line.startswith("help_desk.yaml:10, ") for line in told)


def test_a_code_is_explained_with_an_example(escalate):
    result = escalate("check", "--explain", "e201")

    assert result.exit_code == 0
    assert result.stdout.startswith("E201: a case can get stuck\n")
    assert "  -  parked: {title: Put aside}" in result.stdout.splitlines()


def test_an_unknown_code_and_no_file_are_refused(escalate):
    assert escalate("check", "--explain", "E999").exit_code == 2
    assert escalate("check").exit_code == 2
