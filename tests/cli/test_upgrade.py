"""`escalate upgrade`: says what it did, does it once, and refuses what is newer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from escalation_engine.store import open_store
from escalation_engine.store.tables import SCHEMA_VERSION

FIRST = Path(__file__).parents[1] / "store" / "schemas" / "revision_1.sql"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


def test_an_upgrade_is_told_and_then_there_is_nothing_to_do(escalate, file: Path):
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
    said = [escalate("upgrade", "--db", f"sqlite:///{file}").stdout for _ in range(2)]

    assert said == [
        f"schema version {SCHEMA_VERSION}, before: 1\n",
        f"schema version {SCHEMA_VERSION}: nothing to do\n",
    ]


def test_a_new_database_gets_its_tables(escalate, file: Path):
    result = escalate("upgrade", "--db", f"sqlite:///{file}")

    assert result.stdout == f"schema version {SCHEMA_VERSION}, before: no tables\n"
    assert file.exists()


def test_a_newer_database_is_refused_and_left_as_it_is(escalate, file: Path):
    open_store(f"sqlite:///{file}").close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE escalation_schema_version SET version = 99")
    result = escalate("upgrade", "--db", f"sqlite:///{file}")

    assert result.exit_code == 2
    assert "version 99" in result.stderr
    assert "a newer one" in result.stderr


def test_what_is_no_database_is_refused(escalate, file: Path):
    file.write_text("Dear Sir or Madam, " * 100)

    assert escalate("upgrade", "--db", f"sqlite:///{file}").exit_code == 2
    assert escalate("upgrade", "--db", "memory://").exit_code == 2
