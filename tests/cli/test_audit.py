"""`escalate audit`: says whether journals are as they were written, and the first break if not."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest


@pytest.fixture
def file(escalate, desk, script, tmp_path):
    file = tmp_path / "desk.db"
    assert escalate("play", desk, "--script", script, "--db", f"sqlite:///{file}").exit_code == 0
    return file


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def test_a_database_that_nobody_touched_fits(escalate, file):
    result = escalate("audit", "--db", f"sqlite:///{file}")

    assert result.exit_code == 0
    assert result.stdout.startswith("fits ")
    assert result.stdout.endswith("1 cases, 0 broken\n")


def test_the_first_break_of_a_case_is_told(escalate, file):
    change(file, "UPDATE escalation_journal SET at = '2020' WHERE revision >= 2")
    result = escalate("audit", "T-1", "--db", f"sqlite:///{file}")

    assert result.exit_code == 1
    assert "at revision 2: `at` is not what its document says" in result.stdout


def test_json_has_what_was_found_of_each_case(escalate, file):
    change(file, "UPDATE escalation_cases SET state = 'done.'")
    result = escalate("audit", "--db", f"sqlite:///{file}", "--format", "json")

    assert result.exit_code == 1
    assert [case["broken"]["revision"] for case in json.loads(result.stdout)] == [0]


def test_an_export_is_audited_by_itself(escalate, file, tmp_path):
    export = tmp_path / "case.jsonl"
    told = escalate("journal", "T-1", "--db", f"sqlite:///{file}", "--format", "jsonl").stdout
    export.write_text(told)
    file.unlink()

    assert escalate("audit", "--file", export).exit_code == 0

    export.write_text(told.replace("Needs an expert", "Needs no expert"))

    assert escalate("audit", "--file", export).exit_code == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), "either --db URL or --file FILE"),
        (("--file", "none.jsonl"), "No such file"),
        (("--file", __file__), "line 1 is not as it was exported"),
        (("--db", "sqlite:///none.db"), "there is no database"),
    ],
)
def test_what_cannot_be_audited_is_refused(escalate, given, told):
    result = escalate("audit", *given)

    assert result.exit_code == 2
    assert told in result.stderr


def test_a_case_that_is_not_there_is_no_break(escalate, file):
    result = escalate("audit", "T-9", "--db", f"sqlite:///{file}")

    assert result.exit_code == 1
    assert "T-9" in result.stderr


def test_the_export_is_no_view_of_the_client(escalate, file):
    url = f"sqlite:///{file}"
    result = escalate("journal", "T-1", "--db", url, "--format", "jsonl", "--visibility", "client")

    assert result.exit_code == 2
