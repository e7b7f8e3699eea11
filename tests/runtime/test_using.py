"""Inside the host's transaction: all or nothing, with the host's own work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from escalation_engine.core import Case
from escalation_engine.errors import BadInput, Conflict, EventRefused
from escalation_engine.loader import load_text
from escalation_engine.runtime import Engine, Ticked
from escalation_engine.testing.clock import ManualClock
from tests.runtime.desk import HELP_DESK, Desk, ann


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    opened = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    yield opened
    opened.dispose()


@pytest.fixture
def engine(database: sqlalchemy.Engine, desk: Desk, clock: ManualClock) -> Iterator[Engine]:
    chart = load_text(HELP_DESK, name="help_desk.yaml")
    with Engine(str(database.url), [chart], hooks=desk, clock=clock) as opened:
        yield opened


@pytest.fixture
def case(engine: Engine) -> Case:
    return engine.open_case("help_desk", data={"client": "C-7"}, by=ann)


def test_what_the_host_commits_is_there(engine: Engine, case: Case, database: sqlalchemy.Engine):
    with database.connect() as connection, engine.using(connection) as joined:
        joined.send(case.id, "log", by=ann)
        connection.commit()

    assert engine.case(case.id).revision == 2
    assert engine.tick() == Ticked(delivered=1)


def test_what_the_host_rolls_back_has_not_happened(
    engine: Engine, case: Case, database: sqlalchemy.Engine
):
    with database.connect() as connection, engine.using(connection):
        assert engine.send(case.id, "log", by=ann).revision == 2
        connection.rollback()

    assert engine.case(case.id).revision == 1
    assert engine.tick() == Ticked()


def test_what_is_written_after_a_commit_inside_is_the_hosts_next_transaction(
    engine: Engine, database: sqlalchemy.Engine
):
    with database.connect() as connection, engine.using(connection):
        engine.open_case("help_desk", data={"client": "C-1"}, by=ann)
        connection.commit()
        engine.open_case("help_desk", data={"client": "C-2"}, by=ann)
        connection.rollback()
        engine.open_case("help_desk", data={"client": "C-3"}, by=ann)
        connection.commit()

    assert {case.data["client"] for case in engine.cases()} == {"C-1", "C-3"}


def test_a_connection_that_is_closed_cannot_be_used(engine: Engine, database: sqlalchemy.Engine):
    connection = database.connect()
    connection.close()

    with pytest.raises(BadInput, match="it is closed"), engine.using(connection):
        pass


def test_a_connection_that_is_closed_inside_is_used_no_more(
    engine: Engine, case: Case, database: sqlalchemy.Engine
):
    with database.connect() as connection, engine.using(connection):
        connection.close()

        with pytest.raises(BadInput, match="it is closed"):
            engine.case(case.id)
        with pytest.raises(BadInput, match="it is closed"):
            engine.send(case.id, "log", by=ann)

    assert engine.send(case.id, "log", by=ann).revision == 2


def test_effects_are_not_delivered_before_the_hosts_commit(
    engine: Engine, case: Case, database: sqlalchemy.Engine
):
    with database.connect() as connection:
        with engine.using(connection):
            engine.send(case.id, "log", by=ann)

        assert engine.tick() == Ticked()

        connection.commit()
    assert engine.tick() == Ticked(delivered=1)


def test_nothing_is_delivered_inside(engine: Engine, case: Case, database: sqlalchemy.Engine):
    with (
        database.connect() as connection,
        engine.using(connection),
        pytest.raises(BadInput, match="after commit"),
    ):
        engine.tick()


def test_a_conflict_is_raised_and_not_decided_again(
    engine: Engine, case: Case, database: sqlalchemy.Engine, desk: Desk
):
    def meddle(asked: Case) -> bool:
        desk.verdict = True
        engine.record(asked.id, data={"phone": "1"}, by=ann)
        return True

    desk.verdict = meddle

    with (
        database.connect() as connection,
        engine.using(connection),
        pytest.raises(Conflict),
    ):
        engine.send(case.id, "finish", by=ann)

    assert len(desk.asked) == 1


def test_a_refusal_inside_leaves_the_hosts_transaction_usable(
    engine: Engine, case: Case, database: sqlalchemy.Engine
):
    with database.connect() as connection, engine.using(connection):
        with pytest.raises(EventRefused):
            engine.send(case.id, "escalate", by=ann)
        engine.send(case.id, "log", by=ann)
        connection.commit()

    assert engine.case(case.id).revision == 2
    assert len(engine.refusals(case.id)) == 1


def test_after_the_block_a_conflict_is_decided_again(
    engine: Engine, case: Case, database: sqlalchemy.Engine, desk: Desk
):
    with database.connect() as connection, engine.using(connection):
        pass

    def meddle(asked: Case) -> bool:
        desk.verdict = True
        engine.record(asked.id, data={"phone": "1"}, by=ann)
        return True

    desk.verdict = meddle

    assert engine.send(case.id, "finish", by=ann).is_closed
