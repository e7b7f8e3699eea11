"""What becomes of a call that left the house."""

from __future__ import annotations

from pathlib import Path

from escalation_engine import Actor, Case, Engine, load
from escalation_engine.core import Effect

PROCESS = Path(__file__).parents[2] / "processes" / "call_transfer.yaml"
ed = Actor("ed", ["erep"])
cho = Actor("cho", ["client_department"])


class Exchange:
    """The telephone exchange: every call gets through."""

    def transfer_call(self, case: Case, effect: Effect) -> str:
        return "put_through"


def test_a06_2_a_later_word_of_the_client_is_linked_to_the_call_that_was_transferred():
    chart = load(PROCESS, parameters={"toll_free_number": "800-555-0100"})
    with Engine("memory://", [chart], hooks=Exchange()) as engine:
        call = engine.open_case("call_transfer", event="call", by=ed, data={"issue": "A refund"})
        engine.send(call.id, "transfer", by=ed, data={"topic": "refunds"}, note="Not ours")
        engine.tick()
        assert engine.case(call.id).outcome == "transferred_out"

        word = {"resolution": "Refunded"}
        later = engine.open_case(
            "call_transfer", event="report_outcome", by=cho, data=word, reopens=call.id
        )

    assert (later.outcome, later.identity.reopens) == ("resolved_by_client", call.id)
