"""A complaint office whose manager is on leave: the directory, alternates, and an alarm.

Run it: python examples/complaint_office.py
"""

from __future__ import annotations

from pathlib import Path

from escalation_engine import Actor, Case, Engine, EventRefused, Unavailable, load
from escalation_engine.core import Alarm

COMPLAINT = Path(__file__).parents[1] / "processes" / "complaint.yaml"


class Rota:
    """Who holds a role today: here a mapping, in an application the rota or the sign-in."""

    def __init__(self, today: dict[str, str | Unavailable]) -> None:
        self.today = today

    def holder(self, role: str, case: Case) -> str | Unavailable | None:  # noqa: ARG002 - a shape
        return self.today.get(role)


class Office:
    """The complaint process names no guard and no action; only alarms want a hook."""

    def alarm(self, case: Case, effect: Alarm) -> None:  # noqa: ARG002 - a hook's shape
        print(f"  alarm: {effect.text}")


def main() -> None:
    """Two complaints: one meets the alternate, one meets nobody."""
    rota = Rota({"csr": "rita", "csm": Unavailable("on leave"), "alternate_csm": "bob"})
    rita, bob = Actor("rita", {"csr"}), Actor("bob", {"alternate_csm"})
    eva, cem = Actor("eva", {"csm"}), Actor("cem", {"customer"})

    with Engine("memory://", [load(COMPLAINT)], hooks=Office(), directory=rota) as engine:
        case = engine.open_case("complaint", by=rita, data={"complaint": "Billed twice"})
        case = engine.send(case.id, "escalate", by=rita)
        print(f"with {case.slots['assignee'][0]}")

        rota.today["csm"] = "eva"  # she is back, and bob keeps what he has
        try:
            engine.send(case.id, "respond", by=eva, data={"response": "We refund it"})
        except EventRefused as refused:
            print(refused.reasons[0].message)
        engine.send(case.id, "respond", by=bob, data={"response": "We refund it"})
        print(engine.send(case.id, "satisfied", by=cem).outcome)

        rota.today |= {"csm": Unavailable("ill"), "alternate_csm": Unavailable("ill")}
        case = engine.open_case("complaint", by=rita, data={"complaint": "Billed again"})
        case = engine.send(case.id, "escalate", by=rita)
        print(f"with {case.slots['assignee'][0]}, for nobody is there")
        engine.tick()
        for found in engine.cases(held_by="csm", is_closed=False):
            print(f"  waits for a manager: {found.data['complaint']}")


if __name__ == "__main__":
    main()
