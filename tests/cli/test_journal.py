"""`escalate journal`: what happened to a case, told from the database alone."""

from __future__ import annotations

import json
import sqlite3

import pytest


@pytest.fixture
def url(escalate, desk, script, tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    assert escalate("play", desk, "--script", script, "--db", url).exit_code == 0
    desk.unlink()
    return url


def test_a_case_is_found_by_its_reference_without_any_process_file(escalate, url):
    result = escalate("journal", "T-1", "--db", url)

    assert result.exit_code == 0
    assert "(T-1)" in result.stdout.splitlines()[0]


def test_a_case_is_found_by_its_id(escalate, url):
    first = escalate("journal", "T-1", "--db", url).stdout
    id = first.split()[1]

    assert escalate("journal", id, "--db", url).stdout == first


def test_an_entry_tells_who_did_what_and_all_that_it_changed(escalate, url):
    blocks = escalate("journal", "T-1", "--db", url).stdout.split("\n\n")

    assert blocks[2].splitlines() == [
        "   2 2026-01-05 09:00  The issue is solved (solve)  by ann (Service desk)",
        "     note        Needs an expert",
        "     state       In work → With an expert",
        "     held        Assignee: Service desk → Expert",
        "     count       Tries: 0 → 1",
        "     asked       Can the desk do it alone? no: Too hard",
    ]


def test_answers_effects_and_the_end_are_told(escalate, url):
    told = escalate("journal", "T-1", "--db", url).stdout

    assert "     checklist   The client was told yes" in told
    assert "     evidence    mail" in told
    assert "     then        tell Client: Your request is done" in told
    assert told.endswith("closed: solved, in Done\n")


def test_no_line_is_wider_than_80_columns(escalate, desk, script):
    long = "An expert with a title as long as titles in large companies are"
    desk.write_text(desk.read_text().replace("title: Expert", f"title: {long}"))

    told = escalate("play", desk, "--script", script, "--journal").stdout

    assert "     by          eve (An expert with" in told
    assert max(map(len, told.partition("Case ")[2].splitlines())) <= 80


def test_the_client_sees_only_what_is_meant_for_the_client(escalate, url):
    told = escalate("journal", "T-1", "--db", url, "--visibility", "client").stdout

    assert "With an expert → Done" in told
    assert not {"Too hard", "Needs an expert", "Tries", "mail"} & set(told.split("\n"))
    assert "evidence" not in told


def test_json_is_a_list_of_the_entries(escalate, url):
    entries = json.loads(escalate("journal", "T-1", "--db", url, "--format", "json").stdout)

    assert [entry["revision"] for entry in entries] == [1, 2, 3, 4]


def test_an_unknown_case_exits_with_1(escalate, url):
    result = escalate("journal", "T-2", "--db", url)

    assert (result.exit_code, result.stderr) == (1, "there is no case 'T-2'\n")


def test_a_database_that_is_not_there_is_not_made(escalate, tmp_path):
    missing = tmp_path / "missing.db"

    result = escalate("journal", "T-1", "--db", f"sqlite:///{missing}")

    assert result.exit_code == 2
    assert f"there is no database {missing}" in result.stderr
    assert not missing.exists()


def test_the_journal_changes_nothing_in_its_database(escalate, url, tmp_path):
    file = tmp_path / "desk.db"
    before = file.read_bytes(), sorted(tmp_path.iterdir())

    assert escalate("journal", "T-1", "--db", url).exit_code == 0
    assert (file.read_bytes(), sorted(tmp_path.iterdir())) == before


def test_a_database_of_somebody_else_is_told_as_such_and_left_alone(escalate, tmp_path):
    file = tmp_path / "any other.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE cases (id TEXT)")
    connection.close()
    before = file.read_bytes()
    result = escalate("journal", "T-1", "--db", f"sqlite:///{file}")

    assert result.exit_code == 2
    assert f"--db sqlite:///{file}: this is no escalation database" in result.stderr
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (before, [file])


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_case_is_told_and_exits_with_2(escalate, url, name):
    result = escalate("journal", name, "--db", url)

    assert (result.exit_code, "CASE is empty" in result.stderr) == (2, True)


@pytest.mark.parametrize("given", ["memory://", "nonsense://x", "desk.db"])
def test_what_is_no_database_to_read_is_told_by_the_name_of_its_option(escalate, given):
    result = escalate("journal", "T-1", "--db", given)

    assert result.exit_code == 2
    assert "--db" in result.stderr


def test_a_file_that_is_no_database_exits_with_2_from_journal_and_play(escalate, desk):
    for call in (("journal", "T-1"), ("play", desk, "--as", "ann:desk")):
        result = escalate(*call, "--db", f"sqlite:///{desk}")

        assert result.exit_code == 2
        assert f"--db sqlite:///{desk}: file is not a database" in result.stderr


@pytest.mark.parametrize("given", ["a\nb", "a\x1b]0;x\x07b", "a\x9b2Jb", "a\x1b[1mb", "a\u202eb"])
@pytest.mark.parametrize("at", ["ann", "Needs an expert", "No tone"])
def test_what_would_steer_the_terminal_is_written_out(escalate, desk, script, given, at):
    text = script.read_text().replace(at, json.dumps(given))
    script.write_text(text)

    told = escalate("play", desk, "--script", script, "--journal").stdout.partition("Case ")[2]

    assert given.encode("unicode_escape").decode() in told
    assert given not in told


@pytest.mark.parametrize("given", ["a\x1b]0;x\x07b", "a\x9b2Jb", "a\u202eb"])
def test_what_would_steer_the_terminal_is_written_out_in_an_error_too(
    escalate, desk, script, tmp_path, given
):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    escalate("play", desk, "--script", script, "--db", url)
    told = escalate("journal", given, "--db", url).stderr

    assert given.encode("unicode_escape").decode() in told
    assert given not in told


def test_a_sensitive_value_is_not_shown_to_people(escalate, desk, script):
    desk.write_text(desk.read_text().replace("issue: {type", "issue: {sensitive: true, type"))

    told = escalate("play", desk, "--script", script, "--journal").stdout

    assert "What the problem is: – → •••" in told
