"""Tables of every earlier version are brought up to date, with the cases in them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect

from escalation_engine.core import Actor
from escalation_engine.errors import StoreError
from escalation_engine.runtime import Engine as Desk
from escalation_engine.runtime import Ticked
from escalation_engine.store import SqlStore, open_store, open_to_read, upgrade_tables
from escalation_engine.store.migrations import upgrade
from escalation_engine.store.tables import METADATA, SCHEMA_VERSION
from escalation_engine.testing.clock import ManualClock
from tests.postgres import schema_on

EARLIER = Path(__file__).parent / "schemas"
VERSIONS = range(1, SCHEMA_VERSION)
NEXT_DAY = datetime(2026, 6, 9, 12, tzinfo=UTC)
ann = Actor("ann", {"desk"})


class Hooks:
    def easy(self, case: object) -> bool:
        return True

    def log(self, case: object, effect: object) -> None:
        return

    def ring(self, case: object, effect: object) -> None:
        return


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/desk.db"
        return
    with schema_on(request.getfixturevalue("postgres_server")) as made:
        yield made


@pytest.fixture
def earlier(url: str, engine: Engine, version: int) -> str:
    """A database of an earlier version with cases in it, as that version left it."""
    with engine.begin() as connection:
        fill(connection, version)
    return url


def fill(connection: Connection, version: int) -> None:
    """Make the tables of a version, and put in the rows that it left."""
    upgrade(connection, since=0, to=version)
    dump = (EARLIER / f"revision_{version}.sql").read_text(encoding="utf-8")
    rows = [line for line in dump.splitlines() if line.startswith("INSERT")]
    for table in METADATA.sorted_tables:  # those that others refer to come first
        for row in rows:
            if f'"{table.name}"' in row:
                connection.exec_driver_sql(row)
    if connection.dialect.name == "postgresql":  # the rows brought their own positions
        for name in ("escalation_outbox", "escalation_refusals"):
            sequence = f"pg_get_serial_sequence('{name}', 'position')"
            connection.exec_driver_sql(f"SELECT setval({sequence}, 1000)")


def test_a_dump_of_every_earlier_version_is_kept():
    assert sorted(path.stem for path in EARLIER.iterdir()) == [
        f"revision_{version}" for version in VERSIONS
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_an_earlier_version_opens_with_its_cases(tmp_path: Path, version: int):
    file = tmp_path / "old.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((EARLIER / f"revision_{version}.sql").read_text(encoding="utf-8"))

    assert_goes_on(f"sqlite:///{file}")


@pytest.mark.parametrize("version", VERSIONS)
def test_tables_of_an_earlier_version_go_on_with_their_cases(earlier: str):
    assert_goes_on(earlier)


def assert_goes_on(url: str) -> None:
    """The cases stand where their journals lead, and what is due in them happens."""
    with Desk(url, [], hooks=Hooks(), clock=ManualClock(NEXT_DAY)) as desk:
        assert {case.id: case.state for case in desk.cases()} == {
            "c-1": "late", "c-2": "open", "c-3": "done",
        }  # fmt: skip
        assert all(desk.replay(case.id) == case for case in desk.cases())
        assert len(desk.refusals("c-1")) == 1
        repeated = desk.send("c-1", "log", by=ann, key="mail-2", note="heard")
        assert repeated.receipt is not None
        assert repeated.receipt.repeated
        assert desk.tick() == Ticked(delivered=2, fired=2)
        assert desk.case("c-1").outcome == "solved"


@pytest.mark.parametrize("version", VERSIONS)
def test_migrated_tables_are_those_of_a_new_database(earlier: str, engine: Engine):
    open_store(earlier).close()

    assert differences(engine) == []


def test_the_steps_lead_to_the_tables_that_a_new_database_gets(url: str, engine: Engine):
    with engine.begin() as connection:
        upgrade(connection, since=0, to=SCHEMA_VERSION)

    assert differences(engine) == []


def test_a_table_that_no_step_makes_is_seen(url: str, engine: Engine):
    with engine.begin() as connection:
        upgrade(connection, since=0, to=1)

    assert len(differences(engine)) == 6  # of version 2 and 3: two tables, an index, and columns


@pytest.mark.parametrize("version", VERSIONS)
def test_many_that_open_an_earlier_version_at_once_all_succeed(earlier: str):
    def opened(_number: int) -> None:
        open_store(earlier).close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(opened, range(4))) == [None] * 4


@pytest.mark.parametrize("version", VERSIONS)
def test_a_migration_that_the_host_rolls_back_has_not_been(
    earlier: str, engine: Engine, version: int
):
    with engine.connect() as connection:
        SqlStore.create_tables(connection)
        connection.rollback()

    assert upgrade_tables(earlier)[0] == version


@pytest.mark.parametrize("version", VERSIONS)
def test_who_only_reads_is_told_how_to_upgrade(earlier: str):
    with pytest.raises(StoreError, match="escalate upgrade --db URL"):
        open_to_read(earlier)


def test_an_upgrade_says_from_what_to_what(url: str):
    assert upgrade_tables(url) == (0, SCHEMA_VERSION)
    assert upgrade_tables(url) == (SCHEMA_VERSION, SCHEMA_VERSION)


def test_a_database_that_is_up_to_date_loads_no_alembic(url: str):
    open_store(url).close()
    script = "import sys; from escalation_engine.store import open_store; open_store(sys.argv[1])"
    script += "; sys.exit('alembic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script, url], check=False).returncode == 0


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic shall look at it: tests of others may have tables beside ours."""
    return kind != "table" or (name or "").startswith("escalation_")


def differences(engine: Engine) -> list[object]:
    """What Alembic would change to come to the tables that the code declares."""
    with engine.connect() as connection:
        options = {"include_name": is_ours}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
        assert inspect(connection).has_table("escalation_cases")
    return list(found)
