"""The commands around tailorings: tailor, diff, expand --origins, and where bases are found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    folder = tmp_path / "customers"
    folder.mkdir()
    path = folder / "acme.yaml"
    path.write_text("tailoring: acme\nextends: desk@1\nroles: {desk: {title: ACME desk}}\n")
    return path


def test_tailor_writes_a_file_that_loads(escalate, desk, tmp_path):
    path = tmp_path / "acme.yaml"

    result = escalate("tailor", desk, "-o", path)

    assert (result.exit_code, str(path) in result.stdout) == (0, True)
    assert "tailoring: acme\n" in path.read_text()
    assert escalate("check", path, "--search", desk.parent).exit_code == 0


def test_tailor_prints_where_no_file_is_named(escalate, desk):
    assert "tailoring: my_desk\n" in escalate("tailor", desk).stdout


def test_tailor_does_not_write_over_a_file(escalate, desk, acme):
    before = acme.read_text()

    assert escalate("tailor", desk, "-o", acme).exit_code == 2
    assert acme.read_text() == before


def test_diff_says_what_is_different_in_words(escalate, desk, acme):
    result = escalate("diff", desk, acme, "--search", desk.parent)

    assert result.stdout == "role `desk`: title: Service desk → ACME desk\n"


def test_diff_says_that_nothing_is_different(escalate, desk):
    assert escalate("diff", desk, desk).stdout == "no differences\n"


def test_diff_writes_json(escalate, desk, acme):
    (found,) = json.loads(
        escalate("diff", desk, acme, "--search", desk.parent, "--format", "json").stdout
    )

    assert (found["kind"], found["element"], found["name"]) == ("changed", "role", "desk")
    assert (found["before"], found["after"]) == ("Service desk", "ACME desk")


@pytest.mark.parametrize("arguments", [["diff"], ["diagram", "--changes-from"]])
def test_changes_are_drawn(escalate, desk, acme, arguments):
    acme.write_text("tailoring: acme\nextends: desk@1\nstates: {rest: {}}\n")
    search = ["--search", desk.parent]

    result = (
        escalate("diff", desk, acme, *search, "--format", "mermaid")
        if arguments == ["diff"]
        else escalate("diagram", acme, "--changes-from", desk, *search)
    )

    assert 'state "+ rest" as main__rest' in result.stdout.replace("Rest", "rest")


def test_expand_prints_the_origin_of_each_value(escalate, desk, acme):
    lines = escalate("expand", acme, "--origins", "--search", desk.parent).stdout.splitlines()

    assert f"roles.desk.title: ACME desk  # {acme}:3:23" in lines
    assert any(line.startswith("roles.desk.when_nobody: keep  # default") for line in lines)


def test_a_base_is_found_in_the_folder_above(escalate, desk, acme):
    (acme.parents[1] / "desk.yaml").write_text(desk.read_text())

    assert escalate("check", acme).exit_code == 0


def test_a_base_that_is_nowhere_is_a_fault(escalate, tmp_path):
    path = tmp_path / "alone.yaml"
    path.write_text("tailoring: alone\nextends: nobody@1\n")

    result = escalate("check", path)

    assert result.exit_code == 1
    assert "E133" in result.stdout
