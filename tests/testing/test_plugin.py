"""The pytest plugin: what it collects, what it leaves alone, and how it tells a failure."""

from __future__ import annotations

import subprocess
import sys

import pytest

from escalation_engine.errors import Finding, Mark, Severity
from escalation_engine.loader import read
from escalation_engine.testing.proving import RULES, breaking
from escalation_engine.verify import verify
from tests.testing.hosts import REWORK

pytest_plugins = "pytester"

PLUGIN = "escalation_engine.testing.plugin"
QUIET = ("-p", PLUGIN, "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist")

STORY = """\
scenario: Simple work is done
process: ../rework.yaml
people: {w: [worker], c: [checker]}
guards: {simple: yes}
steps:
  - {open: ask, by: w}
  - {send: sort, by: w}
  - {send: finish, by: w, data: {result: Done}}
  - {send: confirm, by: c}
then: {outcome: done}
"""


@pytest.fixture
def folder(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a process and a scenario of it."""
    (pytester.path / "rework.yaml").write_text(REWORK)
    stories = pytester.mkdir("scenarios")
    (stories / "simple.yaml").write_text(STORY)
    return pytester


def test_a_process_and_its_scenarios_are_tests(folder):
    result = folder.runpytest(*QUIET, "-v")

    result.stdout.fnmatch_lines([
        "rework.yaml::it loads PASSED*",
        "scenarios/simple.yaml::it goes as told PASSED*",
    ])  # fmt: skip
    assert result.ret == 0


def test_files_that_are_no_processes_are_left_alone(folder):
    (folder.path / "compose.yaml").write_text("process: web\nservices: {}\n")
    (folder.path / "broken.yaml").write_bytes(b"process: \xff\nstates:\n")
    (folder.path / "notes.txt").write_text(REWORK)

    result = folder.runpytest(*QUIET, "--collect-only", "-q")

    collected = {line.partition("::")[0] for line in result.outlines if "::" in line}
    assert collected == {"rework.yaml", "scenarios/simple.yaml"}


def test_what_is_collected_is_a_setting(folder):
    folder.makeini("[pytest]\nescalation_files = *.process.yaml\n")
    (folder.path / "rework.yaml").rename(folder.path / "rework.process.yaml")

    result = folder.runpytest(*QUIET, "--collect-only", "-q")

    assert {line.partition("::")[0] for line in result.outlines if "::" in line} == {
        "rework.process.yaml"
    }


def test_with_an_empty_setting_nothing_is_collected(folder):
    folder.makeini("[pytest]\nescalation_files =\n")

    assert folder.runpytest(*QUIET).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_fault_of_the_file_is_told_with_its_place_and_no_python(folder):
    path = folder.path / "rework.yaml"
    path.write_text(REWORK.replace("{to: closed, by", "{to: clsed, by"))

    result = folder.runpytest(*QUIET, "rework.yaml")

    assert failure(result, "it loads") == [
        f"{path}:23:21: E113 there is no state `clsed`",
        "          confirm: {to: clsed, by: [checker]}",
        "                        ^",
        "  hint: did you mean `closed`?",
    ]


def test_a_story_that_goes_otherwise_is_told_with_its_place(folder):
    path = folder.path / "scenarios" / "simple.yaml"
    path.write_text(STORY.replace("outcome: done", "outcome: undone"))

    result = folder.runpytest(*QUIET, "scenarios")

    assert failure(result, "it goes as told") == [
        f"{path}:10: Simple work is done: the end does not go as told",
        "  outcome: expected undone; found done",
        "  the case stands in: closed",
        "  journal so far: ask, sort, finish, confirm",
    ]


def test_the_number_of_configurations_is_pinned_by_a_scenario(folder):
    path = folder.path / "scenarios" / "simple.yaml"
    path.write_text(STORY + "configurations: 99\n")

    result = folder.runpytest(*QUIET, "scenarios")

    told = failure(result, "its process has as many configurations")
    assert told[0].startswith(f"{path}:11: the process can reach ")
    count = told[0].removesuffix(" configurations, not 99").rpartition(" ")[2]
    assert told[1] == f"  hint: if the change of ../rework.yaml is meant, write {count}"

    path.write_text(STORY + f"configurations: {count}\n")
    assert folder.runpytest(*QUIET, "scenarios").ret == 0


def test_each_rule_of_soundness_is_a_test_and_a_broken_one_tells_its_place(folder):
    path = folder.path / "rework.yaml"
    path.write_text(
        REWORK.replace(
            "  closed: {kind", "  forgotten: {on: {confirm: {to: closed}}}\n  closed: {kind"
        )
    )

    result = folder.runpytest(*QUIET, "rework.yaml", "-v")

    result.stdout.fnmatch_lines(["rework.yaml::every case can end PASSED*"])
    assert failure(result, "every part is used")[0].startswith(f"{path}:25:3: E203 ")


def test_a_track_file_only_loads(folder):
    path = folder.path / "side.yaml"
    path.write_text("process: side\nversion: 1\ntitle: A side\nkind: track\nstart: rest\n"
                    "states: {rest: {kind: idle}}\n")  # fmt: skip

    result = folder.runpytest(*QUIET, "side.yaml", "-v")

    result.assert_outcomes(passed=1)


PROMISES = """\
promises:
  checked: {say: Nothing closes unchecked, never: outcome done, before: event confirm}
  quick: {say: Work is never sent back, never: event reject}
"""


def test_each_promise_is_a_test_and_a_broken_one_tells_the_shortest_way(folder):
    path = folder.path / "rework.yaml"
    path.write_text(REWORK + PROMISES)

    result = folder.runpytest(*QUIET, "rework.yaml", "-v")

    result.stdout.fnmatch_lines(["rework.yaml::promise checked PASSED*"])
    told = failure(result, "promise quick")
    assert told[0].startswith(f"{path}:28:3: E501 ")
    assert "  how to get there (4 steps, no shorter way):" in told
    assert told[-1].startswith("    4. reject by checker -> work")


def test_an_item_tells_a_finding_as_the_command_line_does(folder):
    path = folder.path / "rework.yaml"
    path.write_text(REWORK + PROMISES)
    [finding] = [one for one in verify(read(path)).findings if one.code == "E501"]

    result = folder.runpytest(*QUIET, "rework.yaml")

    assert failure(result, "promise quick") == [line.rstrip() for line in str(finding).splitlines()]


def test_a_promise_that_is_meant_to_be_broken_fails_no_test(folder):
    path = folder.path / "rework.yaml"
    meant = "never: event reject, ignore: {E501: It is watched only}}"
    path.write_text(REWORK + PROMISES.replace("never: event reject}", meant))

    result = folder.runpytest(*QUIET, "rework.yaml", "-v")

    result.stdout.fnmatch_lines(["rework.yaml::promise quick PASSED*"])


def test_one_item_can_be_chosen_by_its_name(folder):
    result = folder.runpytest(*QUIET, "rework.yaml::it loads")

    result.assert_outcomes(passed=1)


def test_no_warning_of_its_own_comes_up(folder):
    assert folder.runpytest(*QUIET, "-W", "error").ret == 0


def test_a_run_without_processes_imports_nothing_of_the_package():
    script = f"import sys, {PLUGIN}; print(*sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    ours = {name for name in finished.stdout.split() if name.startswith("escalation_engine")}
    assert ours == {"escalation_engine", "escalation_engine.testing", PLUGIN}


def test_an_error_breaks_the_first_rule_that_has_its_code():
    broken = {
        code: [rule.claim for rule in RULES if breaking(rule, [finding(code)])]
        for code in ("E202", "E207", "E503", "E999", "X901")
    }

    assert broken == {
        "E202": ["every case can end"],
        "E207": ["somebody answers at every decision point"],
        "E503": ["every promise is kept"],
        "E999": ["nothing else is found"],
        "X901": ["every case can end"],
    }


def test_a_warning_breaks_no_rule():
    assert not any(breaking(rule, [finding("E201", Severity.WARNING)]) for rule in RULES)


def finding(code: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(code, "something", Mark("desk.yaml", 1, 1), severity)


def failure(result: pytest.RunResult, name: str) -> list[str]:
    """The lines that are told of a failed item."""
    lines = result.outlines
    start = next(i for i, line in enumerate(lines) if line.strip("_ ") == name)
    rest = lines[start + 1 :]
    end = next(i for i, line in enumerate(rest) if line.startswith(("____", "====")))
    return rest[:end]
