"""A finding points into the file that it comes from: the tailoring, or its base."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_engine.errors import Finding
from escalation_engine.loader import read, read_text
from escalation_engine.verify import verify

PROCESSES = Path(__file__).parents[2] / "processes"
BASE = """\
process: desk
version: 1
title: A desk
start: open
states:
  open: {on: {close: {to: closed}, wait: {to: waiting}}}
  waiting: {on: {resume: {to: open}}}
  closed: {kind: end, outcome: done}
"""
HEAD = "tailoring: our_desk\nextends: desk@1\ntitle: Our desk\n"


@pytest.fixture
def find(tmp_path: Path):
    def found(code: str, *, tailoring: str, base: str = BASE) -> Finding:
        (tmp_path / "desk.yaml").write_text(base)
        path = tmp_path / "our_desk.yaml"
        path.write_text(HEAD + tailoring)
        return next(one for one in verify(read(path)).findings if one.code == code)

    return found


def placed(finding: Finding) -> tuple[str, int]:
    return Path(finding.mark.file).name, finding.mark.line


def test_a_fault_that_a_tailoring_brings_in_stands_in_the_tailoring(find):
    finding = find(
        "E201",
        tailoring="states:\n  open: {on: {park: {to: parked}}}\n  parked: {title: Put aside}\n",
    )

    assert placed(finding) == ("our_desk.yaml", 6)
    assert finding.excerpt == "      parked: {title: Put aside}\n      ^"


def test_a_fault_of_the_base_stands_in_the_base(find):
    never = "  never: {on: {close: {to: closed}}}\n"
    finding = find("E203", tailoring="", base=BASE + never)

    assert placed(finding) == ("desk.yaml", 9)
    assert finding.excerpt == "      never: {on: {close: {to: closed}}}\n      ^"


def test_a_fault_by_what_was_taken_away_says_where_that_was(find):
    finding = find("E201", tailoring="states: {waiting: {on: {resume: null}}}\n")

    assert placed(finding) == ("our_desk.yaml", 4)
    assert "; `resume` was taken away at " in finding.hint
    assert finding.hint.endswith("our_desk.yaml:4")


def test_each_step_of_a_path_stands_in_the_file_that_says_what_follows(find):
    finding = find(
        "E201",
        tailoring="states:\n  waiting: {on: {park: {to: parked}}}\n  parked: {title: Put aside}\n",
    )
    places = [(Path(one.mark.file).name, one.mark.line) for one in finding.path if one.mark]

    assert places == [("desk.yaml", 4), ("desk.yaml", 6), ("our_desk.yaml", 5)]


def test_a_tailoring_can_say_that_a_finding_of_the_base_is_meant(find, tmp_path):
    tailoring = "ignore: {W401: Somebody looks at it daily}\n"
    with pytest.raises(StopIteration):
        find("W401", tailoring=tailoring)

    [one] = [one for one in verify(read(tmp_path / "our_desk.yaml")).ignored if one.code == "W401"]

    assert Path(one.place.mark.file).name == "our_desk.yaml"


def test_a_tailoring_without_quality_control_is_refused_with_the_promise_and_the_shortest_path():
    work = "{work: {on: {resolve: {to: closed}}}}"
    text = (
        "tailoring: hasty\nextends: help_desk@1\n"
        f"states: {{support: {{each_level: {{states: {work}}}}}}}\n"
    )
    findings = verify(read_text(text, name="hasty.yaml", search=[PROCESSES])).findings

    broken = {one.message.split("`")[1]: one for one in findings if one.code == "E501"}
    assert {"confirmed_before_closing", "every_fix_is_checked"} <= set(broken)
    path = broken["confirmed_before_closing"].path
    assert [step.what for step in path] == ["request", "document", "qualify", "resolve"]
