"""`escalate migrate`: the plan, the mapping that is edited, and what is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_engine.core import Actor
from escalation_engine.loader import load
from escalation_engine.runtime import Engine

ONE = """
process: desk
version: 1
title: A desk
opens: {ring: {to: open}}
states:
  open: {on: {ask: {to: asking}, close: {to: done}}}
  asking: {on: {close: {to: done}}}
  done: {kind: end, outcome: solved}
"""
TWO = """
process: desk
version: 2
title: A desk
opens: {ring: {to: open}}
states:
  open: {on: {close: {to: done}}}
  done: {kind: end, outcome: solved}
"""
ann = Actor("ann")
Escalate = Callable[..., Any]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "one.yaml").write_text(ONE)
    (tmp_path / "two.yaml").write_text(TWO)
    return tmp_path


@pytest.fixture
def url(desk: Path) -> str:
    url = f"sqlite:///{desk / 'desk.db'}"
    with Engine(url, [load(desk / "one.yaml")]) as engine:
        engine.open_case("desk", by=ann, reference="T-1")
        asked = engine.open_case("desk", by=ann, reference="T-2")
        engine.send(asked.id, "ask", by=ann)
    return url


def version_of(url: str, desk: Path, reference: str) -> int:
    with Engine(url, [load(desk / "one.yaml")]) as engine:
        return engine.cases(reference=reference)[0].version


def test_a_dry_run_tells_what_would_be_and_writes_nothing(escalate: Escalate, desk: Path, url: str):
    before = (desk / "desk.db").read_bytes()

    told = escalate("migrate", "--from", 1, "--to", desk / "two.yaml", "--db", url, "--dry-run")

    assert told.exit_code == 1
    assert "desk: version 1 → 2, 2 open cases" in told.stdout
    assert "states without a place: main.asking" in told.stdout
    assert "refused: E701 `main.asking` has no place in version 2" in told.stdout
    assert (desk / "desk.db").read_bytes() == before


def test_a_mapping_is_written_edited_and_followed(escalate: Escalate, desk: Path, url: str):
    given = ("migrate", "--from", desk / "one.yaml", "--to", desk / "two.yaml", "--db", url)
    file = desk / "map.yaml"
    escalate(*given, "--write-map", file)
    written = file.read_text()
    file.write_text(written.replace("main.asking: null", "main.asking: main.open"))

    done = escalate(*given, "--map", file, "--by", "otto", "--reason", "no more asking")

    assert "main.asking: null" in written
    assert done.exit_code == 0, done.output
    assert "state main: asking → open" in done.stdout
    assert "2 migrated" in done.stdout
    assert version_of(url, desk, "T-2") == 2


def test_nothing_is_done_where_a_case_is_refused_unless_partly(
    escalate: Escalate, desk: Path, url: str
):
    given = ("migrate", "--from", 1, "--to", desk / "two.yaml", "--db", url)
    said = ("--by", "otto", "--reason", "no more asking")

    refused = escalate(*given, *said)
    untouched = version_of(url, desk, "T-1")
    partly = escalate(*given, *said, "--partly")

    assert (refused.exit_code, untouched) == (1, 1)
    assert partly.exit_code == 1
    assert "1 migrated, 1 refused" in partly.stdout
    assert [version_of(url, desk, it) for it in ("T-1", "T-2")] == [2, 1]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ("main.asking: main.nowhere", "states: version 2 has no `main.nowhere`"),
        ("main.oops: main.open", "states: version 1 has no `main.oops`"),
    ],
)
def test_a_mapping_with_an_unknown_name_is_refused(
    escalate: Escalate, desk: Path, url: str, wrong: str, problem: str
):
    file = desk / "map.yaml"
    file.write_text(f"migration: desk\nfrom: 1\nto: 2\nstates:\n  {wrong}\n")

    told = escalate(
        "migrate", "--from", 1, "--to", desk / "two.yaml", "--db", url, "--map", file, "--dry-run"
    )

    assert told.exit_code == 1
    assert problem in told.output


def test_whoever_migrates_says_who_and_why(escalate: Escalate, desk: Path, url: str):
    told = escalate("migrate", "--from", 1, "--to", desk / "two.yaml", "--db", url)

    assert told.exit_code == 2
    assert "--by and --reason" in told.output


def test_a_version_that_was_never_published_is_told(escalate: Escalate, desk: Path, url: str):
    told = escalate("migrate", "--from", 7, "--to", desk / "two.yaml", "--db", url, "--dry-run")

    assert told.exit_code == 2
    assert "desk@7 was never published here; published: 1" in told.output
