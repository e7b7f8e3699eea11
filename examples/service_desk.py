"""A small service desk: its tickets and the engine's cases stand in one SQLite database.

Run it: python examples/service_desk.py [DATABASE]. Without a name the database is thrown away.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy

from escalation_engine import Actor, Case, Engine, EventRefused, Verdict, load
from escalation_engine.core import Act, Notify
from escalation_engine.store import SqlStore

HELP_DESK = Path(__file__).parents[1] / "processes" / "help_desk.yaml"
TABLES = (
    "CREATE TABLE IF NOT EXISTS ticket (case_id TEXT PRIMARY KEY, client TEXT)",
    "CREATE TABLE IF NOT EXISTS vendor_order (effect_id TEXT PRIMARY KEY)",
)


class Desk:
    """What the process asks of its host."""

    def __init__(self, database: sqlalchemy.Engine) -> None:
        self._database = database

    def resolvable_here(self, case: Case) -> Verdict:
        is_ours = "exchange" not in str(case.data["issue"]) or "tier1" not in case.state
        return Verdict(is_ours, "" if is_ours else "the exchange is not ours to reach")

    def engage_vendor(self, case: Case, effect: Act) -> None:  # noqa: ARG002 - a hook's shape
        # At least once: the effect's id is the table's key, so that a second call adds nothing.
        with self._database.begin() as connection:
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO vendor_order VALUES (?)", (effect.id,)
            )

    def notify(self, case: Case, effect: Notify) -> None:
        print(f"  mail to {case.data[effect.recipient]}: {effect.text}")


def main(database: sqlalchemy.Engine) -> None:
    """Take one ticket from the telephone to its end."""
    with database.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(table)
    ann, tom, uma = Actor("ann", {"service_desk"}), Actor("tom", {"tier1"}), Actor("uma", {"tier2"})

    with Engine(SqlStore(database), [load(HELP_DESK)], hooks=Desk(database)) as engine:
        with database.begin() as connection, engine.using(connection):  # both rows, or neither
            case = engine.open_case("help_desk", by=ann, data={"client": "C-7"}, channel="phone")
            connection.exec_driver_sql("INSERT INTO ticket VALUES (?, ?)", (case.id, "C-7"))

        engine.send(case.id, "document", by=ann, data={"issue": "The exchange is dead"})
        engine.send(case.id, "qualify", by=tom)
        engine.send(case.id, "engage_vendor", by=uma)
        engine.send(case.id, "qualify", by=uma)
        try:
            engine.send(case.id, "resolve", by=uma)
        except EventRefused as refused:
            print(refused)
        engine.send(case.id, "resolve", by=uma, data={"resolution": "Line card changed"})
        call = "call at 10:15"
        case = engine.send(case.id, "confirm", by=uma, on_behalf_of="C-7", evidence=call)
        print(f"closed: {case.outcome}, by {case.data['closed_at']}; {engine.tick()}")
        for entry in engine.journal(case.id):
            print(f"  {entry.revision} {entry.states['main']}")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        path = sys.argv[1] if len(sys.argv) > 1 else f"{folder}/desk.db"
        opened = sqlalchemy.create_engine(f"sqlite:///{path}")
        main(opened)
        opened.dispose()
